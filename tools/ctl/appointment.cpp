#include "tools/ctl/appointment.hpp"

#include "controller/appointments/code.hpp"
#include "drivers/tty/escape.hpp"
#include "proto/day.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <random>
#include <string_view>

#include <fmt/format.h>

namespace antrean::ctl {
namespace {

// "09:00".
std::optional<std::chrono::minutes> parse_time(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || !digit(0) || !digit(1) || text[2] != ':' || !digit(3) || !digit(4)) {
        return std::nullopt;
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (hour > 23 || minute > 59) return std::nullopt;
    return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::string any_nonce() {
    constexpr std::string_view characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    constexpr int size = 12;
    std::random_device random;
    std::uniform_int_distribution<std::size_t> any{0, characters.size() - 1};
    std::string nonce;
    for (int i = 0; i < size; ++i)
        nonce += characters[any(random)];
    return nonce;
}

ExitCode wrong(ExitCode code, std::string_view option, std::string_view value,
               std::string_view remedy) {
    fmt::print(stderr, "{}: '{}' {}\n", option, tty::escaped(value), remedy);
    return code;
}

}  // namespace

ExitCode make_code(const Appointment& wanted) {
    std::ifstream file{wanted.key_file, std::ios::binary};
    // One more than the longest key with its line end, to tell of a longer file.
    std::string text(appointments::max_key_size + 3, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || !file.is_open()) {
        return wrong(exit_storage, "--key", wanted.key_file.string(),
                     "cannot be read: name the key_file of the site's [appointments]");
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    const auto key = appointments::Key::parse(text);
    if (!key) {
        return wrong(exit_bad_file, "--key", wanted.key_file.string(),
                     "holds no key: make one with 'openssl rand -hex 32'");
    }
    const auto service = ServiceId::parse(wanted.service);
    if (!service) {
        return wrong(exit_usage, "--service", wanted.service,
                     "is no id of a service: write it as in the site file, such as ktp-el");
    }
    const auto day = parse_day(wanted.day);
    if (!day) {
        return wrong(exit_usage, "--day", wanted.day, "is no date: write one like 2026-11-23");
    }
    const auto time = parse_time(wanted.time);
    if (!time) {
        return wrong(exit_usage, "--time", wanted.time, "is no time of day: write one like 09:00");
    }
    const auto nonce = wanted.nonce.empty() ? any_nonce() : wanted.nonce;
    const auto code = appointments::make(*service, *day, *time, nonce, *key);
    if (!code) {
        return wrong(exit_usage, "--nonce", nonce, "is not 1 to 16 characters of A-Z and 0-9");
    }
    return std::printf("%s\n", code->c_str()) < 0 || std::fflush(stdout) != 0 ? exit_storage
                                                                              : exit_ok;
}

}  // namespace antrean::ctl
