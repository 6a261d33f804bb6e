#include "tools/benchmark/press.hpp"

#include "tools/benchmark/healthy_printer.hpp"
#include "tools/benchmark/site_file.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{10};  // for a connection, or a paper
constexpr std::size_t warm_up_presses = 5;
constexpr std::chrono::seconds idle_time{3};

[[noreturn]] void fail(const char* doing) {
    throw std::system_error{errno, std::generic_category(), doing};
}

// A descriptor that closes itself.
class Fd {
public:
    explicit Fd(int fd, const char* doing) : fd_{fd} {
        if (fd_ < 0) fail(doing);
    }
    ~Fd() { close(fd_); }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

// The printer's end of a TCP connection, on a port of its own.
class PrinterPort {
public:
    PrinterPort() : listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "making a socket"} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_.get(), any, size) != 0 || listen(listener_.get(), 4) != 0 ||
            getsockname(listener_.get(), any, &size) != 0) {
            fail("listening as a printer");
        }
        port_ = ntohs(address.sin_port);
    }
    std::uint16_t port() const { return port_; }

    void wait_for_kiosk() {
        pollfd ready{listener_.get(), POLLIN, 0};
        const auto limit = std::chrono::milliseconds{patience};
        if (poll(&ready, 1, static_cast<int>(limit.count())) != 1) {
            throw std::runtime_error{"the kiosk does not connect to its printer"};
        }
        link_.emplace(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC),
                      "accepting the kiosk");
        const int on = 1;
        setsockopt(link_->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }

    // Answers what comes, until UNTIL or until a feed() of the printer heard what WANTED tells.
    // Returns when the bytes were read in which it did.
    std::optional<Clock::time_point> serve(Clock::time_point until,
                                           bool HealthyPrinter::Heard::*wanted) {
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
            if (left.count() <= 0) return std::nullopt;
            pollfd ready{link_->get(), POLLIN, 0};
            const int count = poll(&ready, 1, static_cast<int>(left.count()));
            if (count < 0 && errno != EINTR) fail("waiting for the kiosk");
            if (count <= 0) continue;
            std::array<char, 4096> bytes;
            const auto size = read(link_->get(), bytes.data(), bytes.size());
            const auto at = Clock::now();
            if (size <= 0) throw std::runtime_error{"the kiosk dropped its printer"};
            const auto heard =
                printer_.feed(std::span{bytes}.first(static_cast<std::size_t>(size)));
            if (!heard.answers.empty() &&
                write(link_->get(), heard.answers.data(), heard.answers.size()) < 0) {
                fail("answering as a printer");
            }
            if (wanted && heard.*wanted) {
                confirmed_ = heard.confirmed;
                return at;
            }
        }
    }
    // The bytes that serve() stopped at held the question behind the paper as well.
    bool confirmed() const { return confirmed_; }

private:
    Fd listener_;
    std::uint16_t port_ = 0;
    std::optional<Fd> link_;
    HealthyPrinter printer_;
    bool confirmed_ = false;
};

// One press; returns the time until its paper began. Ends at INTERVAL after the press, or when the
// paper is through, whichever is later.
Nanoseconds press(PrinterPort& printer, int keys, std::size_t count,
                  std::chrono::milliseconds interval) {
    const char key = static_cast<char>('1' + count % buttons_per_kiosk);
    const auto pressed = Clock::now();
    if (write(keys, &key, 1) != 1) fail("pressing a key");
    const auto began = printer.serve(pressed + patience, &HealthyPrinter::Heard::text);
    if (!began) throw std::runtime_error{"no paper came after a press"};
    if (!printer.confirmed() &&
        !printer.serve(*began + patience, &HealthyPrinter::Heard::confirmed)) {
        throw std::runtime_error{"the kiosk does not ask whether its paper is through"};
    }
    printer.serve(pressed + interval, nullptr);
    return *began - pressed;
}

double share(const Usage& begin, const Usage& end, Clock::duration lasted) {
    return std::chrono::duration<double>{end.cpu - begin.cpu} / lasted;
}

double us_each(const Usage& begin, const Usage& end, std::size_t count) {
    const std::chrono::duration<double, std::micro> cpu = end.cpu - begin.cpu;
    return cpu.count() / static_cast<double>(count);
}

}  // namespace

Press run_press(const Settings& settings, const PressSettings& press_settings, Machine& machine,
                Baseline& baseline) {
    Press result;
    const auto dir = settings.dir / "press";
    {
        ServedSite site{settings.controller, dir, 1};
        PrinterPort printer;
        std::array<int, 2> pipe_ends{};
        if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) fail("making a pipe");
        const Fd keys_read{pipe_ends[0], "making a pipe"};
        const Fd keys{pipe_ends[1], "making a pipe"};
        Child kiosk{
            {press_settings.kiosk.string(), "--device", std::string{kiosk_id(0).view()},
             "--controller", fmt::format("127.0.0.1:{}", site.port()), "--store",
             (dir / "kiosk.store").string(), "--printer",
             fmt::format("tcp:127.0.0.1:{}", printer.port()), "--profile", "epson-tm-t20iii"},
            dir / "kiosk.log",
            keys_read.get()};
        printer.wait_for_kiosk();
        kiosk.wait_for_line("connected to the controller", patience);
        printer.serve(Clock::now() + std::chrono::seconds{1}, nullptr);

        for (std::size_t i = 0; i < warm_up_presses; ++i) {
            press(printer, keys.get(), i, press_settings.interval);
        }
        Sample sample;
        const auto kiosk_begin = kiosk.usage();
        const auto controller_begin = site.controller().usage();
        for (std::size_t i = 0; i < press_settings.presses; ++i) {
            sample.add(press(printer, keys.get(), warm_up_presses + i, press_settings.interval));
        }
        const auto kiosk_end = kiosk.usage();
        const auto controller_end = site.controller().usage();
        result.latency = sample.summary();
        result.kiosk_cpu_us = us_each(kiosk_begin, kiosk_end, press_settings.presses);
        result.controller_cpu_us =
            us_each(controller_begin, controller_end, press_settings.presses);

        printer.serve(Clock::now() + std::chrono::seconds{1}, nullptr);
        const auto idle_begin = Clock::now();
        const auto kiosk_idle = kiosk.usage();
        const auto controller_idle = site.controller().usage();
        printer.serve(idle_begin + idle_time, nullptr);
        const auto idle = Clock::now() - idle_begin;
        result.kiosk = {share(kiosk_idle, kiosk.usage(), idle), kiosk.memory()};
        result.controller = {share(controller_idle, site.controller().usage(), idle),
                             site.controller().memory()};
        kiosk.stop();
        site.controller().stop();
        const auto papers = warm_up_presses + press_settings.presses;
        result.problem = audit(site.journal(), {papers, std::nullopt, papers});
    }
    auto after = machine.measure();
    baseline.add(after);
    result.machine = times_of(baseline);
    baseline = std::move(after);
    std::filesystem::remove_all(dir);
    return result;
}

}  // namespace antrean::benchmark
