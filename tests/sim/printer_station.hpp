// A kiosk's printer in the simulated world: the virtual printer, the cable to it, and the hands
// that open its cover, let it run out of paper and pull its plug.
//
// The cable is a pipe as drivers/printer/transport has it. By USB the printer itself takes each
// byte; by TCP the kernels between take some more, and pass them on even when their program is
// dead.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/printer/machine.hpp"
#include "tests/sim/box.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/world.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace antrean::sim {

class PrinterStation {
public:
    struct Manner {
        escpos::Profile driver;            // what the kiosk believes
        virtual_printer::Profile printer;  // what is so
        bool tcp = false;
        bool estimates = true;  // papers say how long the wait may be
    };
    // Called from the world's events alone, never after close() or host_died().
    struct Host {
        std::function<void()> opened;
        std::function<void(std::span<const std::byte>)> received;
        std::function<void(std::uint64_t total)> taken;
        std::function<void(printer::Reason why)> closed;
    };

    PrinterStation(World& world, Checker& checker, const PrinterPlace& place, Random random,
                   const Manner& manner);

    bool prints_estimates() const { return manner_.estimates; }
    const escpos::Profile& driver_profile() const { return manner_.driver; }

    // The kiosk's side. open() may take for ever; closed() follows once, unless the host closes.
    void open(Host host);
    void write(std::span<const std::byte> bytes);
    void close();
    void host_died(bool power_cut);

    // Hands. Each fault mends itself after HOW_LONG.
    void cut_power(Time how_long);
    void open_cover(Time how_long);
    void jam(Time how_long);
    void overheat(Time how_long);
    // The roll ends after LEFT_MM more; HOW_LONG after that somebody has put in a new one. Hands
    // are not faster than some seconds.
    void run_out(double left_mm, Time how_long);
    void tear_off();
    // A person takes the ticket that has come out; nothing to be torn where there is a cutter.
    void take_ticket();
    // What hangs out at the end is paper as well.
    void collect_hanging();
    bool is_in_mid_ticket() const { return machine_.condition().busy; }

private:
    enum class State { closed, waiting, open };
    void changed();
    void settle();
    void pump_soon();
    void pump();
    void offer_opening(Time wait);
    void deliver_replies();
    void end_link(printer::Reason why, Time wait);
    void load_paper();
    void tell(std::string_view what);

    World& world_;
    Checker& checker_;
    const PrinterPlace place_;
    Random random_;
    const Manner manner_;
    virtual_printer::Machine machine_;
    Timer timer_;
    State state_ = State::closed;
    bool severed_ = false;    // the printer lost power: what is sent now reaches nobody
    std::uint64_t link_ = 0;  // counts openings; events of an older one are ignored
    Host host_;
    std::string queue_;  // written by the host, not taken yet
    std::string wire_;   // taken, but not by the printer: TCP only
    std::uint64_t taken_ = 0;
    bool pumping_ = false;
    std::string replies_;
    bool replying_ = false;
    bool was_out_ = false;
    std::optional<SteadyTime> reloaded_;
    Time until_reload_{std::chrono::seconds{10}};
};

}  // namespace antrean::sim
