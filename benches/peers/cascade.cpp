// W5 as one loop around std::priority_queue: the same as rust/src/bin/cascade.rs.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

#include "agenda.hpp"
#include "random.hpp"

constexpr std::size_t layers_count = 3;
constexpr double servers[layers_count] = {2000, 2000, 270};
constexpr double service[layers_count] = {0.001, 0.005, 0.020};
constexpr double failure = 0.2;
constexpr unsigned attempts_of_call = 3;
constexpr double backoff = 0.010;
constexpr double rate = 10000;
constexpr double close_at = 1000;
// The budget of a layer, in thousandths of a token.
constexpr std::uint64_t earn = 100, retry = 1000;
constexpr double most_of_server = 5000;

enum class What : std::uint8_t { arrival, served, retry };

// An attempt that is not over yet; tries counts the attempts of its own call.
struct Attempt {
    std::uint32_t caller;
    std::uint32_t layer;
    unsigned tries;
};

struct Layer {
    std::size_t servers = 0, busy = 0;
    std::deque<std::uint32_t> queue;
    std::uint64_t tokens = 0, most = 0;
};

struct Counts {
    std::uint64_t requests = 0, attempts = 0, served = 0, gave_up = 0, waited = 0;
    double waiting_s = 0;
};

class Simulation {
public:
    Simulation(double size, std::uint64_t seed) : per_second(rate * size), random(seed) {
        for (std::size_t i = 0; i < layers_count; ++i) {
            layers[i].servers = std::lround(servers[i] * size);
            layers[i].tokens = layers[i].most = static_cast<std::uint64_t>(most_of_server * servers[i] * size);
        }
    }

    Counts run() {
        expect();
        while (!agenda.empty()) {
            const Event<What> event = agenda.next();
            now = event.time;
            switch (event.what) {
                case What::arrival:
                    expect();
                    ++counts.requests;
                    send(0, 0);
                    break;
                case What::served: served(event.row); break;
                case What::retry: send(attempts[event.row].layer + 1, event.row); break;
            }
        }
        return counts;
    }

private:
    void expect() {
        const double time = now + random.exponential() / per_second;
        if (time < close_at) agenda.schedule(time, What::arrival, 0);
    }

    void send(std::uint32_t layer, std::uint32_t caller) {
        ++counts.attempts;
        std::uint32_t attempt;
        if (free.empty()) {
            attempt = static_cast<std::uint32_t>(attempts.size());
            attempts.push_back({caller, layer, 0});
        } else {
            attempt = free.back();
            free.pop_back();
            attempts[attempt] = {caller, layer, 0};
        }
        if (layers[layer].busy < layers[layer].servers) {
            ++layers[layer].busy;
            serve(attempt);
        } else {
            layers[layer].queue.push_back(attempt);
            ++counts.waited;
            counts.waiting_s -= now;
        }
    }

    void serve(std::uint32_t attempt) {
        agenda.schedule(now + random.exponential() * service[attempts[attempt].layer], What::served, attempt);
    }

    // The own service of an attempt ends: it calls the next layer, or fails by chance at the last.
    void served(std::uint32_t attempt) {
        const std::uint32_t layer = attempts[attempt].layer;
        if (layer + 1 == layers_count) return finish(attempt, random.uniform() < failure);
        attempts[attempt].tries = 1;
        layers[layer].tokens = std::min(layers[layer].tokens + earn, layers[layer].most);
        send(layer + 1, attempt);
    }

    // An attempt leaves its slot to the next, and its caller learns of its end.
    void finish(std::uint32_t attempt, bool failed) {
        const auto [caller, layer, tries] = attempts[attempt];
        counts.served += !failed;
        free.push_back(attempt);
        if (auto& queue = layers[layer].queue; queue.empty()) {
            --layers[layer].busy;
        } else {
            counts.waiting_s += now;
            const std::uint32_t next = queue.front();
            queue.pop_front();
            serve(next);
        }
        if (layer > 0) {
            answered(caller, failed);
        } else {
            counts.gave_up += failed;
        }
    }

    void answered(std::uint32_t caller, bool failed) {
        if (!failed) return finish(caller, false);
        Attempt& row = attempts[caller];
        Layer& budget = layers[row.layer];
        if (row.tries == attempts_of_call || budget.tokens < retry) return finish(caller, true);
        budget.tokens -= retry;
        const double longest = backoff * static_cast<double>(1u << (row.tries - 1));
        ++row.tries;
        agenda.schedule(now + random.uniform() * longest, What::retry, caller);
    }

    const double per_second;
    Random random;
    double now = 0;
    Agenda<What> agenda;
    std::vector<Attempt> attempts;
    std::vector<std::uint32_t> free;
    Layer layers[layers_count];
    Counts counts;
};

int main(int argc, char** argv) {
    if (argc < 2 || std::string(argv[1]) != "w5") {
        std::fprintf(stderr, "usage: cascade w5 [SIZE [SEED]]\n");
        return 2;
    }
    const double size = argc > 2 ? std::atof(argv[2]) : 1;
    const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    const Counts counts = Simulation(size, seed).run();
    const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
    std::printf("{\"workload\":\"w5\",\"size\":%g,\"requests\":%llu,\"attempts\":%llu,\"served\":%llu,"
                "\"rejected_503\":0,\"timed_out_504\":0,\"gave_up\":%llu,\"waited\":%llu,\"waiting_s\":%.3f,\"events\":%llu}\n",
                size, number(counts.requests), number(counts.attempts), number(counts.served), number(counts.gave_up),
                number(counts.waited), counts.waiting_s, number(counts.attempts + counts.served));
    return 0;
}
