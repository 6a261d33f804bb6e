#include "tools/benchmark/kiosk_program.hpp"

#include "tools/benchmark/site_file.hpp"

#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("making a pipe");
    return ends;
}

}  // namespace

KioskProgram::KioskProgram(const std::filesystem::path& program, const std::filesystem::path& dir,
                           std::uint16_t controller_port, PrinterPort& printer)
    : KioskProgram{make_pipe(), program, dir, controller_port, printer} {}

KioskProgram::KioskProgram(std::array<int, 2> pipe_ends, const std::filesystem::path& program,
                           const std::filesystem::path& dir, std::uint16_t controller_port,
                           PrinterPort& printer)
    : printer_{printer},
      keys_read_{pipe_ends[0], "making a pipe"},
      keys_{pipe_ends[1], "making a pipe"},
      child_{{program.string(), "--press-limit", "1000/0.01", "--device",
              std::string{kiosk_id(0).view()}, "--controller",
              fmt::format("127.0.0.1:{}", controller_port), "--store",
              (dir / "kiosk.store").string(), "--printer",
              fmt::format("tcp:127.0.0.1:{}", printer.port()), "--profile", "epson-tm-t20iii"},
             dir / "kiosk.log",
             keys_read_.get()} {}

void KioskProgram::press(std::size_t count) {
    const char key = static_cast<char>('1' + count % buttons_per_kiosk);
    if (write(keys_.get(), &key, 1) != 1) fail("pressing a key");
}

Nanoseconds KioskProgram::press_for_paper(std::size_t count, std::chrono::milliseconds interval) {
    const auto pressed = Clock::now();
    press(count);
    const auto began = printer_.serve(pressed + patience, &HealthyPrinter::Heard::text);
    if (!began) throw std::runtime_error{"no paper came after a press"};
    if (!printer_.confirmed() &&
        !printer_.serve(*began + patience, &HealthyPrinter::Heard::confirmed)) {
        throw std::runtime_error{"the kiosk does not ask whether its paper is through"};
    }
    printer_.serve(pressed + interval, nullptr);
    return *began - pressed;
}

}  // namespace antrean::benchmark
