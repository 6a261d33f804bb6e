// A device's connection to the controller in the simulated world: what firmware/common/link does
// with sockets and timers, done with the network of this folder, by the same peer and backoff.
#pragma once

#include "firmware/common/backoff.hpp"
#include "proto/peer.hpp"
#include "tests/sim/machine_clock.hpp"
#include "tests/sim/network.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace antrean::sim {

class DeviceLink {
public:
    struct Handlers {
        std::function<proto::Hello()> hello;
        std::function<void(const proto::Welcome&)> on_welcome;
        std::function<void(const proto::Message&)> on_message;
        std::function<void(const std::string& why)> on_down;
    };
    // How the device's program ends.
    enum class Death { stopped, killed, power_cut };

    DeviceLink(World& world, Network& network, const MachineClock& clock, std::size_t device,
               Random random, Handlers handlers);
    DeviceLink(const DeviceLink&) = delete;
    DeviceLink& operator=(const DeviceLink&) = delete;

    void connect();
    void send(const proto::Message& message);
    // Last: nothing else is called afterwards.
    void die(Death how);

    bool is_open() const { return peer_ && peer_->state() == proto::Peer::State::open; }
    // It said something behind its welcome.
    bool has_spoken() const { return has_spoken_; }

private:
    bool is(std::uint64_t attempt) const { return attempt == attempt_; }
    void connected(StreamId stream);
    void received(std::span<const std::byte> bytes);
    bool finish_if_closed();
    void write();
    void arm();
    void down(const std::string& why);

    World& world_;
    Network& network_;
    const MachineClock& clock_;
    const std::size_t device_;
    Random random_;
    Handlers handlers_;
    Timer timer_;
    std::function<void()> on_timer_;
    std::optional<StreamId> stream_;
    std::optional<proto::Peer> peer_;
    std::uint64_t attempt_ = 0;
    bool has_spoken_ = false;
    common::Backoff backoff_;
    std::string last_reason_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace antrean::sim
