// What a good engineer writes in an afternoon for W4, in C++: the same as rust/src/bin/supermarket.rs, with std::priority_queue.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "agenda.hpp"
#include "random.hpp"

constexpr std::size_t servers = 10000;
constexpr double service = 0.095;
constexpr double rate = 100000;

enum class What : std::uint8_t { next_of_stream, served };

struct Counts {
    std::uint64_t requests = 0, served = 0, waited = 0;
    // The instants at which customers left a queue less those at which they joined it.
    double waiting_s = 0;
};

class Simulation {
public:
    Simulation(double close, std::uint64_t seed) : close(close), random(seed), customers(servers) {}

    Counts run() {
        expect_stream();
        while (!agenda.empty()) {
            const Event<What> event = agenda.next();
            now = event.time;
            if (event.what == What::served) {
                served(event.row);
            } else {
                expect_stream();
                arrive();
            }
        }
        return counts;
    }

private:
    void expect_stream() {
        const double time = now + random.exponential() / rate;
        if (time < close) agenda.schedule(time, What::next_of_stream, 0);
    }

    void arrive() {
        ++counts.requests;
        const std::size_t server = shorter_of_two();
        if (++customers[server] > 1) {
            ++counts.waited;
            counts.waiting_s -= now;
        } else {
            serve(server);
        }
    }

    // The server with fewer customers of two different ones drawn at random; among equals the first drawn.
    std::size_t shorter_of_two() {
        const auto first = static_cast<std::size_t>(random.uniform() * servers);
        auto second = static_cast<std::size_t>(random.uniform() * (servers - 1));
        if (second >= first) ++second;
        return customers[second] < customers[first] ? second : first;
    }

    void serve(std::size_t server) {
        agenda.schedule(now + random.exponential() * service, What::served, static_cast<std::uint32_t>(server));
    }

    void served(std::uint32_t server) {
        ++counts.served;
        if (--customers[server] > 0) {
            counts.waiting_s += now;
            serve(server);
        }
    }

    const double close;
    Random random;
    double now = 0;
    Agenda<What> agenda;
    // By server, those in service and in the queue.
    std::vector<std::uint32_t> customers;
    Counts counts;
};

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    const double size = argc > 2 ? std::atof(argv[2]) : 1;
    const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    if (name != "w4") {
        std::fprintf(stderr, "usage: supermarket w4 [SIZE [SEED]]\n");
        return 2;
    }
    const Counts counts = Simulation(100 * size, seed).run();
    const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
    std::printf("{\"workload\":\"w4\",\"size\":%g,\"requests\":%llu,\"attempts\":%llu,\"served\":%llu,"
                "\"rejected_503\":0,\"timed_out_504\":0,\"gave_up\":0,\"waited\":%llu,\"waiting_s\":%.3f,\"events\":%llu}\n",
                size, number(counts.requests), number(counts.requests), number(counts.served), number(counts.waited),
                counts.waiting_s, number(counts.requests + counts.served));
    return 0;
}
