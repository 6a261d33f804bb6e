#include "tools/benchmark/idle.hpp"

#include "tools/benchmark/fleet.hpp"

#include <atomic>
#include <exception>
#include <thread>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds warm_up{500};
// Long enough that every device has sent and got a heartbeat, and some time beyond.
constexpr std::chrono::seconds idle_time{8};

// The fleet that rests, on a thread of its own: its heartbeats go on while another fleet presses.
// What goes wrong there is thrown by end().
class Resting {
public:
    explicit Resting(Fleet& fleet)
        : thread_{[this, &fleet] {
              try {
                  while (!ended_)
                      fleet.rest_until(Clock::now() + std::chrono::milliseconds{200});
              } catch (...) {
                  error_ = std::current_exception();
              }
          }} {}
    ~Resting() { join(); }
    Resting(const Resting&) = delete;
    Resting& operator=(const Resting&) = delete;

    void end() {
        join();
        if (error_) std::rethrow_exception(error_);
    }

private:
    void join() {
        ended_ = true;
        if (thread_.joinable()) thread_.join();
    }

    std::atomic<bool> ended_ = false;
    std::exception_ptr error_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace

IdleCrowd run_idle(const Settings& settings, std::size_t devices) {
    IdleCrowd result;
    result.devices = devices;
    const auto dir = settings.dir / "idle";
    {
        ServedSite site{settings.controller, dir, 1, devices};
        Fleet one{site.port(), 1, false};
        Sample warming;
        one.press_until(Clock::now() + warm_up, warming);

        Sample alone;
        one.press_until(Clock::now() + settings.measure, alone);
        one.finish();
        result.alone = alone.summary();
        result.memory_alone = site.controller().memory();

        const auto began = Clock::now();
        Fleet crowd{site.port(), devices, false, 1};
        result.greeting_seconds = std::chrono::duration<double>{Clock::now() - began}.count();
        Resting resting{crowd};
        const auto idle_began = Clock::now();
        const auto usage = site.controller().usage();
        one.rest_until(idle_began + idle_time);
        result.idle_cpu_share =
            load_between(usage, site.controller().usage(), Clock::now() - idle_began, 0, {})
                .cpu_share;

        Sample among;
        one.press_until(Clock::now() + settings.measure, among);
        one.finish();
        result.among = among.summary();
        result.memory = site.controller().memory();
        resting.end();
        site.controller().stop();
        result.tickets = one.told().tickets;
        result.problem = audit(site.journal(), one.told());
    }
    std::filesystem::remove_all(dir);
    return result;
}

}  // namespace antrean::benchmark
