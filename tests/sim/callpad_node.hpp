// A callpad in the simulated world: the real core and store, and around them what
// firmware/callpad/shell does with timers and sockets.
#pragma once

#include "firmware/callpad/core.hpp"
#include "firmware/callpad/store.hpp"
#include "tests/sim/device_node.hpp"

#include <memory>
#include <optional>
#include <string>

namespace antrean::sim {

class CallpadNode final : public DeviceNode {
public:
    CallpadNode(World& world, Network& network, Checker& checker, DeviceId callpad,
                std::size_t device, Random random);

    void start();
    bool is_up() const override { return life_ != nullptr; }

    void pressed(callpad::Key key);
    // A key, and what is typed behind it, ended with Enter.
    void entered(callpad::Key key, const std::string& text);
    // As shown last; none while it is down.
    const std::optional<callpad::Screen>& screen() const { return screen_; }

private:
    struct Life {
        callpad::Store store;
        callpad::Core core;
        std::unique_ptr<Timer> timer;
    };

    template <class Input>
    void step(Input&& input);
    void perform(const callpad::Action& action);
    database::result<void> save(const callpad::Action& action);
    void on_message(const proto::Message& message);
    void forget() override {
        life_.reset();
        screen_.reset();
    }

    std::optional<callpad::Screen> screen_;
    std::unique_ptr<Life> life_;
};

}  // namespace antrean::sim
