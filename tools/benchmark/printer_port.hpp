// The printer's end of a TCP connection: a HealthyPrinter behind a port of its own, which tells
// when it read what. One thread at a time. What the system refuses is thrown.
#pragma once

#include "tools/benchmark/healthy_printer.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace antrean::benchmark {

using Clock = std::chrono::steady_clock;

inline constexpr std::chrono::seconds patience{10};  // for a connection, or a paper

// Throws what errno says, DOING what.
[[noreturn]] void fail(const char* doing);

// A descriptor that closes itself.
class Fd {
public:
    // What a call returned; a negative FD is thrown as the failure of DOING.
    explicit Fd(int fd, const char* doing);
    ~Fd();
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

class PrinterPort {
public:
    PrinterPort();  // listens on a free port of loopback

    std::uint16_t port() const { return port_; }
    void wait_for_client();

    // Answers what comes, until UNTIL or until a feed() of the printer heard what WANTED tells.
    // Returns when the bytes were read in which it did.
    std::optional<Clock::time_point> serve(Clock::time_point until,
                                           bool HealthyPrinter::Heard::*wanted);
    // When the latest serve() read its first bytes; none if it read nothing.
    std::optional<Clock::time_point> first_read() const { return first_read_; }
    // All that was read since wait_for_client().
    const std::string& heard() const { return heard_; }
    // The bytes that serve() stopped at held the question behind the paper as well.
    bool confirmed() const { return confirmed_; }

private:
    Fd listener_;
    std::uint16_t port_ = 0;
    std::optional<Fd> link_;
    HealthyPrinter printer_;
    std::optional<Clock::time_point> first_read_;
    std::string heard_;
    bool confirmed_ = false;
};

}  // namespace antrean::benchmark
