// What a good engineer writes in an afternoon, in C++: the same as rust/src/bin/heap.rs, with std::priority_queue.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "agenda.hpp"
#include "random.hpp"

// A workload; times are in seconds. See rust/src/lib.rs for what each number means.
struct Workload {
    std::string name;
    double size = 1;
    std::size_t servers = 100;
    double service = 0.09;
    std::size_t queue_limit = std::numeric_limits<std::size_t>::max();
    std::optional<double> queue_timeout;
    unsigned attempts = 1;
    double backoff = 0;
    double rate = 1000;
    std::uint64_t crowd = 0;
    double crowd_mean = 1;
    double close = 10000;
};

std::optional<Workload> workload_of(const std::string& name, double size) {
    Workload w;
    w.name = name;
    w.size = size;
    if (name == "w1") {
        w.close *= size;
        return w;
    }
    if (name != "w2" && name != "w2b") return std::nullopt;
    w.servers = std::lround(1000 * size);
    w.service = 0.1;
    w.queue_limit = std::lround((name == "w2" ? 5000 : 50000) * size);
    w.queue_timeout = 2;
    w.attempts = 5;
    w.backoff = 1;
    w.rate = 5000 * size;
    w.crowd_mean = 120;
    w.close = 600;
    w.crowd = std::llround(4.8e6 * size * (1 - std::exp(-w.close / w.crowd_mean)));
    return w;
}

enum class What : std::uint8_t { next_of_stream, next_of_crowd, retry, served, timed_out };

constexpr std::uint64_t not_waiting = std::numeric_limits<std::uint64_t>::max();

// A request that is not over yet. The ticket is the number of its timer while it waits; it voids timers and places in
// the queue that were left.
struct Request {
    std::uint64_t ticket = not_waiting;
    unsigned attempts = 0;
};

struct Place {
    std::uint32_t request;
    std::uint64_t ticket;
};

struct Counts {
    std::uint64_t requests = 0, attempts = 0, served = 0, rejected_503 = 0, timed_out_504 = 0, gave_up = 0, waited = 0;
    // The instants at which attempts left the queue less those at which they joined it.
    double waiting_s = 0;
};

class Simulation {
public:
    Simulation(const Workload& workload, std::uint64_t seed)
        : workload(workload),
          random(seed),
          crowd_left(workload.crowd),
          after_close(std::exp(-workload.close / workload.crowd_mean)) {}

    Counts run() {
        expect_stream();
        expect_crowd();
        while (!agenda.empty()) {
            const Event<What> event = agenda.next();
            now = event.time;
            switch (event.what) {
                case What::next_of_stream: expect_stream(); arrive(); break;
                case What::next_of_crowd: expect_crowd(); arrive(); break;
                case What::retry: attempt(event.row); break;
                case What::served: served(event.row); break;
                case What::timed_out: timed_out(event.row, event.number); break;
            }
        }
        return counts;
    }

private:
    void expect_stream() {
        const double time = now + random.exponential() / workload.rate;
        if (time < workload.close) agenda.schedule(time, What::next_of_stream, 0);
    }

    // The arrivals of a crowd in order: what is left of a sample's order statistics, given those passed, is a sample
    // again, so the logarithm of the uniform variable moves by an exponential over the number of those left.
    void expect_crowd() {
        if (crowd_left == 0) return;
        crowd_sum += random.exponential() / static_cast<double>(crowd_left--);
        const double time = -workload.crowd_mean * std::log(after_close + (1 - after_close) * std::exp(-crowd_sum));
        agenda.schedule(time, What::next_of_crowd, 0);
    }

    void arrive() {
        ++counts.requests;
        std::uint32_t request;
        if (free.empty()) {
            request = static_cast<std::uint32_t>(requests.size());
            requests.emplace_back();
        } else {
            request = free.back();
            free.pop_back();
            requests[request] = Request{};
        }
        attempt(request);
    }

    void attempt(std::uint32_t request) {
        ++counts.attempts;
        ++requests[request].attempts;
        if (busy < workload.servers) {
            ++busy;
            serve(request);
        } else if (waiting < workload.queue_limit) {
            wait(request);
        } else {
            ++counts.rejected_503;
            failed(request);
        }
    }

    void wait(std::uint32_t request) {
        ++counts.waited;
        counts.waiting_s -= now;
        ++waiting;
        const std::uint64_t ticket =
            workload.queue_timeout ? agenda.schedule(now + *workload.queue_timeout, What::timed_out, request) : 0;
        requests[request].ticket = ticket;
        queue.push_back({request, ticket});
    }

    void leave_queue(std::uint32_t request) {
        counts.waiting_s += now;
        --waiting;
        requests[request].ticket = not_waiting;
    }

    void serve(std::uint32_t request) {
        agenda.schedule(now + random.exponential() * workload.service, What::served, request);
    }

    void served(std::uint32_t request) {
        ++counts.served;
        free.push_back(request);
        while (!queue.empty()) {
            const Place place = queue.front();
            queue.pop_front();
            if (requests[place.request].ticket == place.ticket) {
                leave_queue(place.request);
                serve(place.request);
                return;
            }
        }
        --busy;
    }

    void timed_out(std::uint32_t request, std::uint64_t ticket) {
        if (requests[request].ticket != ticket) return;
        leave_queue(request);
        ++counts.timed_out_504;
        failed(request);
    }

    void failed(std::uint32_t request) {
        const unsigned attempts = requests[request].attempts;
        if (attempts == workload.attempts) {
            ++counts.gave_up;
            free.push_back(request);
        } else {
            const double longest = workload.backoff * static_cast<double>(1u << (attempts - 1));
            agenda.schedule(now + random.uniform() * longest, What::retry, request);
        }
    }

    const Workload workload;
    Random random;
    std::uint64_t crowd_left;
    const double after_close;
    double crowd_sum = 0;
    double now = 0;
    Agenda<What> agenda;
    std::vector<Request> requests;
    std::vector<std::uint32_t> free;
    std::deque<Place> queue;
    std::size_t waiting = 0;
    std::size_t busy = 0;
    Counts counts;
};

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    const double size = argc > 2 ? std::atof(argv[2]) : 1;
    const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    const auto workload = workload_of(name, size);
    if (!workload) {
        std::fprintf(stderr, "usage: heap w1|w2|w2b [SIZE [SEED]]\n");
        return 2;
    }
    const Counts counts = Simulation(*workload, seed).run();
    const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
    std::printf("{\"workload\":\"%s\",\"size\":%g,\"requests\":%llu,\"attempts\":%llu,\"served\":%llu,"
                "\"rejected_503\":%llu,\"timed_out_504\":%llu,\"gave_up\":%llu,\"waited\":%llu,\"waiting_s\":%.3f,\"events\":%llu}\n",
                name.c_str(), size, number(counts.requests), number(counts.attempts), number(counts.served),
                number(counts.rejected_503), number(counts.timed_out_504), number(counts.gave_up),
                number(counts.waited), counts.waiting_s, number(counts.attempts + counts.served + counts.timed_out_504));
    return 0;
}
