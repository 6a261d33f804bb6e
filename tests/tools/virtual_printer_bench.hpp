// A virtual printer on the bench, with its clock, for the tests in this folder.
#pragma once

#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::virtual_printer {

using namespace std::chrono_literals;

// Bytes written as numbers.
inline std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values)
        out += static_cast<char>(value);
    return out;
}

inline std::string hex(std::span<const std::byte> values) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const std::byte value : values) {
        if (!out.empty()) out += ' ';
        out += digits[std::to_integer<unsigned>(value) >> 4];
        out += digits[std::to_integer<unsigned>(value) & 15];
    }
    return out;
}

inline const std::string init = bytes({0x1b, '@', 0x1c, '.'});
inline const std::string cut = bytes({0x1d, 'V', 66, 0});
inline const std::string barrier = bytes({0x1d, 'r', 1});
inline const std::string clear_buffers =
    bytes({0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08});
inline const std::string all_automatic_status = bytes({0x1d, 'a', 0xff});

inline std::string process_id(std::string_view id) {
    return bytes({0x1d, '(', 'H', 6, 0, '0', '0'}) + std::string{id};
}

inline Profile instantaneous(Profile profile) {
    profile.speed_mm_per_s = 0;
    return profile;
}

struct Bench {
    explicit Bench(const Profile& profile) : machine{profile} {}

    // Returns how many bytes were taken.
    std::size_t offer(std::string_view data) {
        return machine.receive(std::as_bytes(std::span{data}), now);
    }
    void send(std::string_view data) { REQUIRE(offer(data) == data.size()); }
    std::string replies() { return hex(machine.take_replies()); }
    std::string ask(std::string_view data) {
        send(data);
        return replies();
    }
    // The answers to DLE EOT 1 to 4.
    std::string statuses() {
        for (int n = 1; n <= 4; ++n)
            send(bytes({0x10, 0x04, n}));
        return replies();
    }
    void wait(std::chrono::nanoseconds time) {
        now += time;
        machine.advance(now);
    }
    // Until nothing is left to happen; returns how long that took.
    std::chrono::nanoseconds settle() {
        const SteadyTime start = now;
        while (const auto next = machine.next_event()) {
            now = std::max(now, *next);
            machine.advance(now);
        }
        return now - start;
    }
    std::vector<Paper> papers() { return machine.take_papers(); }
    // Precondition: exactly one paper was cut or torn off since the last call.
    Paper paper() {
        auto all = papers();
        REQUIRE(all.size() == 1);
        return all.front();
    }

    SteadyTime now{std::chrono::hours{1}};
    Machine machine;
};

}  // namespace antrean::virtual_printer
