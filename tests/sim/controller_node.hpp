// The controller in the simulated world: the real hub, engine, hall and journal, and around them
// what controller/main.cpp and controller/server do with sockets, a clock and a writer thread.
#pragma once

#include "controller/journal/journal.hpp"
#include "controller/sessions/hub.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/machine_clock.hpp"
#include "tests/sim/memory_vfs.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/sites.hpp"
#include "tests/sim/wall_clock.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace antrean::sim {

class ControllerNode {
public:
    struct Manner {
        Time flush{3000};  // about so long is a batch on its way to the disk
        std::chrono::minutes utc_offset{420};
        WallTime starts{};  // of the wall clock
        WallClock clock = WallClock::right;
    };
    enum class Death {
        stopped,          // asked to: it says goodbye
        killed,           // the process
        power_cut,        // the machine
        cut_in_flush,     // the machine, somewhere inside the next flush
        killed_in_flush,  // the process, likewise
        cut_after_flush,  // the machine, right after the next flush
    };
    static constexpr const char* journal_file = "queue.journal";

    ControllerNode(World& world, Network& network, Checker& checker, SharedSite site, Random random,
                   const Manner& manner);
    ~ControllerNode();
    ControllerNode(const ControllerNode&) = delete;
    ControllerNode& operator=(const ControllerNode&) = delete;

    // Broken if the journal cannot be folded.
    void start();
    // A death in or after a flush happens with the next one; the others at once.
    void die(Death how);
    // No death is planned any more.
    void spare() { dies_in_flush_.reset(); }
    // Called after each death.
    void on_death(std::function<void()> call) { on_death_ = std::move(call); }
    bool is_up() const { return life_ != nullptr; }
    // All that was decided is on disk and told.
    bool is_quiet() const;
    // The wall clock is set; nobody's steady clock notices.
    void jump(Time by) {
        wall_jump_ += by;
        checker_.wall_clock_set();
    }

    // The operator at the controller. Nothing while it is down.
    void ask(engine::Action action, CounterId counter = {});
    // The site file is another one from now on, and a running controller is told to read it.
    void change_site(SharedSite site);
    const SharedSite& site() const { return site_; }

    // A snapshot of its files; false while it is down.
    bool take_backup();
    // Of the last event in it; none without one.
    std::optional<std::uint64_t> backup_seq() const;
    // The process is killed, and finds the backup in the place of its journal when it starts, with
    // or without the sign that tells it so.
    void put_backup_back(bool leaves_sign);

    MemoryDisk& disk() { return disk_; }

private:
    struct Life {
        std::unique_ptr<journal::Journal> journal;
        std::unique_ptr<sessions::Hub> hub;
        std::map<sessions::ConnectionId, StreamId> streams;
        sessions::ConnectionId last_connection;
        bool pumping = false;
        std::span<const engine::Event> flying;
        bool appended = false;  // FLYING is on disk, the hub has not been told
        std::unique_ptr<Timer> ticker;
        std::map<sessions::AskId, RequestId> asks;
    };
    struct Backup {
        std::uint64_t seq = 0;
        std::string journal, log;
    };

    void restore();
    sessions::Moment moment() const;
    WallTime wall() const;
    void accepted(StreamId stream);
    void received(sessions::ConnectionId id, std::span<const std::byte> bytes);
    void lost(sessions::ConnectionId id);
    void drop(sessions::ConnectionId id);
    void pump_soon();
    void pump();
    void flush();
    void committed();
    void tick();
    // Runs WHAT after WAIT if this life still lasts then.
    void later(Time wait, void (ControllerNode::*what)());
    void bury(Death how);

    World& world_;
    Network& network_;
    Checker& checker_;
    SharedSite site_;
    Random random_;
    const Manner manner_;
    MachineClock clock_;
    MemoryDisk disk_;
    Time wall_jump_{0};
    SteadyTime began_;
    std::optional<Death> dies_in_flush_;
    std::optional<Backup> backup_;
    std::optional<bool> restore_;  // is due with the next start, and whether it leaves its sign
    bool sign_ = false;            // lies beside the journal
    std::function<void()> on_death_;
    std::uint64_t lives_ = 0;
    std::unique_ptr<Life> life_;
};

}  // namespace antrean::sim
