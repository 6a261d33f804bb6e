// A callpad in the simulated world: the real core and store, and around them what
// firmware/callpad/shell does with timers and sockets.
#pragma once

#include "firmware/callpad/core.hpp"
#include "firmware/callpad/store.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/device_link.hpp"
#include "tests/sim/memory_vfs.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace antrean::sim {

class CallpadNode {
public:
    using Death = DeviceLink::Death;

    CallpadNode(World& world, Network& network, Checker& checker, const site::Counter& counter,
                std::size_t device, Random random);
    CallpadNode(const CallpadNode&) = delete;
    CallpadNode& operator=(const CallpadNode&) = delete;

    void start();
    // As KioskNode has them.
    void on_death(std::function<void()> call) { on_death_ = std::move(call); }
    void die_after(std::uint64_t actions, Death how);
    void die(Death how);
    void spare() { doom_.reset(); }
    bool is_up() const { return life_ != nullptr; }

    void pressed(callpad::Key key);
    bool is_quiet() const;

private:
    struct Doom {
        std::uint64_t actions = 0;
        Death how{};
    };
    struct Life {
        callpad::Store store;
        callpad::Core core;
        std::unique_ptr<DeviceLink> link;
        std::unique_ptr<Timer> timer;
        std::optional<RequestId> unanswered;
    };

    template <class Input>
    void step(Input&& input);
    void perform(const callpad::Action& action);
    void on_message(const proto::Message& message);
    [[noreturn]] void fall(Death how);
    void bury(Death how);

    World& world_;
    Network& network_;
    Checker& checker_;
    const site::Counter& counter_;
    const std::size_t device_;
    Random random_;
    MachineClock clock_;
    MemoryDisk disk_;
    std::optional<Doom> doom_;
    std::function<void()> on_death_;
    std::unique_ptr<Life> life_;
};

}  // namespace antrean::sim
