// The events of the programs in C++ that are to come, in a std::priority_queue.

#pragma once

#include <cstdint>
#include <queue>
#include <vector>

// An event, in 24 bytes; `row` is the request, attempt or server that it is about. Those of one instant happen in the order in
// which they were scheduled.
template <typename What>
struct Event {
    double time;
    std::uint64_t number;
    std::uint32_t row;
    What what;
};

template <typename What>
class Agenda {
public:
    bool empty() const { return events.empty(); }

    // Schedules an event, and returns its number.
    std::uint64_t schedule(double time, What what, std::uint32_t row) {
        events.push({time, numbers, row, what});
        return numbers++;
    }

    // Takes the earliest event.
    Event<What> next() {
        const Event<What> event = events.top();
        events.pop();
        return event;
    }

private:
    struct Later {
        bool operator()(const Event<What>& a, const Event<What>& b) const {
            return a.time > b.time || (a.time == b.time && a.number > b.number);
        }
    };

    std::priority_queue<Event<What>, std::vector<Event<What>>, Later> events;
    std::uint64_t numbers = 0;
};
