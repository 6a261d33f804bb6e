#include "tests/sim/device_link.hpp"

#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;

DeviceLink::DeviceLink(World& world, Network& network, const MachineClock& clock,
                       std::size_t device, Random random, Handlers handlers)
    : world_{world},
      network_{network},
      clock_{clock},
      device_{device},
      random_{random},
      handlers_{std::move(handlers)},
      timer_{world, [this] {
                 const auto what = on_timer_;
                 what();
             }} {}

void DeviceLink::connect() {
    const auto attempt = ++attempt_;
    on_timer_ = [this] { down("no answer within 5 s"); };
    timer_.set(world_.now() + 5s);
    network_.connect(device_, [this, attempt, weak = std::weak_ptr{alive_},
                               &network = network_](std::optional<StreamId> stream) {
        const bool wanted = !weak.expired() && is(attempt);
        if (!wanted) {
            if (stream) network.close(*stream, End::device);
        } else if (stream) {
            connected(*stream);
        } else {
            down("refused");
        }
    });
}

void DeviceLink::connected(StreamId stream) {
    stream_ = stream;
    network_.attach(stream, End::device,
                    {[this](std::span<const std::byte> bytes) { received(bytes); },
                     [this] {
                         stream_.reset();
                         down("the controller closed the connection");
                     }});
    peer_ = proto::Peer::device(handlers_.hello(), clock_.now());
    write();
    arm();
}

void DeviceLink::received(std::span<const std::byte> bytes) {
    const auto attempt = attempt_;
    const auto messages = peer_->receive(bytes, clock_.now());
    for (const auto& message : messages) {
        if (const auto* welcome = std::get_if<proto::Welcome>(&message)) {
            backoff_.connected(clock_.now());
            last_reason_.clear();
            handlers_.on_welcome(*welcome);
        } else {
            handlers_.on_message(message);
        }
        if (!is(attempt)) return;
    }
    if (finish_if_closed()) return;
    write();
    arm();
}

bool DeviceLink::finish_if_closed() {
    if (peer_->state() != proto::Peer::State::closed) return false;
    const auto why = peer_->why();
    if (why.reason == proto::GoodbyeReason::silent) world_.mark(Mark::silent_connection_noticed);
    write();
    down(fmt::format("{}: {}", proto::to_text(why.reason), why.text));
    return true;
}

void DeviceLink::send(const proto::Message& message) {
    if (!is_open()) return;
    peer_->send(message, clock_.now());
    write();
}

void DeviceLink::write() {
    if (!stream_) return;
    auto bytes = peer_->take_output();
    if (is_open() && !bytes.empty()) has_spoken_ = true;
    network_.send(*stream_, End::device, std::move(bytes));
}

void DeviceLink::arm() {
    const auto deadline = peer_->deadline();
    if (!deadline) return;
    on_timer_ = [this] {
        peer_->tick(clock_.now());
        if (finish_if_closed()) return;
        write();
        arm();
    };
    timer_.set(clock_.in_world(*deadline));
}

void DeviceLink::down(const std::string& why) {
    ++attempt_;
    has_spoken_ = false;
    peer_.reset();
    if (stream_) network_.close(*std::exchange(stream_, std::nullopt), End::device);
    on_timer_ = [this] { connect(); };
    const auto random = static_cast<std::uint32_t>(random_.next());
    timer_.set(world_.now() + backoff_.next(clock_.now(), random));
    if (why == last_reason_) return;
    last_reason_ = why;
    handlers_.on_down(why);
}

void DeviceLink::die(Death how) {
    alive_.reset();
    timer_.set(std::nullopt);
    if (!stream_) return;
    switch (how) {
        case Death::stopped:
            peer_->close(proto::GoodbyeReason::stopping, "the device stops");
            write();
            network_.close(*stream_, End::device);
            break;
        case Death::killed:
            network_.kill(*stream_, End::device);
            break;
        case Death::power_cut:
            network_.vanish(*stream_, End::device);
            break;
    }
}

}  // namespace antrean::sim
