// What kiosks and callpads in the simulated world have in common: the small computer that they are,
// with its clock, its disk and its link, and the ways in which it dies. It can die between any two
// actions of its core, and in the middle of a save.
#pragma once

#include "tests/sim/checker.hpp"
#include "tests/sim/device_link.hpp"
#include "tests/sim/memory_vfs.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace antrean::sim {

class DeviceNode {
public:
    using Death = DeviceLink::Death;

    DeviceNode(const DeviceNode&) = delete;
    DeviceNode& operator=(const DeviceNode&) = delete;

    // Called after each death.
    void on_death(std::function<void()> call) { on_death_ = std::move(call); }
    // Dies after ACTIONS more actions, whenever those come; in the middle of the next one if that
    // is a save.
    void die_after(std::uint64_t actions, Death how);
    void die(Death how);
    // No death is planned any more.
    void spare() { doom_.reset(); }
    virtual bool is_up() const = 0;
    std::string_view name() const { return box_.view(); }
    std::size_t device() const { return device_; }  // to the network
    // Connected, with no request on its way.
    bool is_quiet() const { return link_ && link_->is_open() && !unanswered_; }
    // Said something behind its welcome, by which the controller knows that its greeting was no
    // old one that came late.
    bool was_heard() const { return link_ && link_->has_spoken(); }

protected:
    struct Doom {
        std::uint64_t actions = 0;
        Death how{};
    };

    DeviceNode(World& world, Network& network, Checker& checker, const Box& box, std::size_t device,
               Random random);
    ~DeviceNode() = default;

    // The link of this life. The checker hears of what goes over it, the story of its end.
    void make_link(DeviceLink::Handlers handlers);
    void connect() { link_->connect(); }
    RequestId send(const proto::Request& request);
    void tell(const proto::Message& message) { link_->send(message); }
    void note(const proto::Answer& answer);
    // An action is about to be performed; true if the device is to die by it.
    bool is_doomed();
    // The next writes of the disk are the last.
    void tear_save() { disk_.cut_power(random_.between(1, 8)); }
    [[noreturn]] void fall();

    // What ends at once beside the link: cables.
    virtual void cut_off(Death) {}
    // Memory is gone.
    virtual void forget() = 0;

    World& world_;
    Checker& checker_;
    const Box box_;
    const DeviceId id_ = box_.device;
    Random random_;
    MachineClock clock_;
    MemoryDisk disk_;
    std::optional<Doom> doom_;

private:
    void bury(Death how);
    void lose_power();

    Network& network_;
    const std::size_t device_;
    std::unique_ptr<DeviceLink> link_;
    std::optional<RequestId> unanswered_;
    std::function<void()> on_death_;
};

}  // namespace antrean::sim
