// The generator of the programs in C++, and the two laws that they draw from.

#pragma once

#include <cmath>
#include <cstdint>

// xoshiro256++ by D. Blackman and S. Vigna, seeded by their splitmix64.
class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (auto& word : state) {
            std::uint64_t z = (seed += 0x9e3779b97f4a7c15);
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            word = z ^ (z >> 31);
        }
    }

    // Uniform on [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

    // Exponential, of mean 1.
    double exponential() { return -std::log1p(-uniform()); }

private:
    static std::uint64_t rotated(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

    std::uint64_t next() {
        const std::uint64_t result = rotated(state[0] + state[3], 23) + state[0];
        const std::uint64_t t = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= t;
        state[3] = rotated(state[3], 45);
        return result;
    }

    std::uint64_t state[4];
};
