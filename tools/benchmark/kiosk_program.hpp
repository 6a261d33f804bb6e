// A real kiosk of the bench: its buttons are a pipe that the bench writes keys to, its printer is a
// PrinterPort. One thread; what the system refuses, and a kiosk that does not do its work, is
// thrown.
#pragma once

#include "tools/benchmark/child.hpp"
#include "tools/benchmark/printer_port.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace antrean::benchmark {

class KioskProgram {
public:
    // Starts PROGRAM as the first kiosk of a site_file() whose controller is at CONTROLLER_PORT of
    // loopback. Store and log are in DIR. PRINTER must outlive it.
    KioskProgram(const std::filesystem::path& program, const std::filesystem::path& dir,
                 std::uint16_t controller_port, PrinterPort& printer);

    Child& child() { return child_; }

    // The key of button COUNT, counted round and round.
    void press(std::size_t count);
    // The same; returns the time from the key until the first bytes of its paper were read. Ends at
    // INTERVAL after the press, or when the paper is through, whichever is later.
    Nanoseconds press_for_paper(std::size_t count, std::chrono::milliseconds interval);

private:
    explicit KioskProgram(std::array<int, 2> pipe_ends, const std::filesystem::path& program,
                          const std::filesystem::path& dir, std::uint16_t controller_port,
                          PrinterPort& printer);

    PrinterPort& printer_;
    Fd keys_read_;
    Fd keys_;
    Child child_;
};

}  // namespace antrean::benchmark
