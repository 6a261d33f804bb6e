#include "tests/sim/network.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;

void Network::listen(std::function<void(StreamId)> accepted) {
    accepted_ = std::move(accepted);
    listener_ = Listener::listens;
}

void Network::stop_listening(Listener as) {
    accepted_ = {};
    listener_ = as;
}

void Network::connect(std::size_t device, std::function<void(std::optional<StreamId>)> connected) {
    world_.after(delay() * 2, [this, device, connected = std::move(connected)] {
        const auto isolated = isolated_until_.find(device);
        const bool reachable =
            isolated == isolated_until_.end() || isolated->second <= world_.now();
        if (!reachable || listener_ == Listener::absent) return;
        if (listener_ == Listener::refuses) {
            connected(std::nullopt);
            return;
        }
        for (const auto& [other_id, other] : streams_) {
            const bool half_open = other.device == device && other.open[index(End::controller)];
            if (half_open) world_.mark(Mark::connection_replaced);
        }
        last_ = last_.next();
        auto& stream = streams_[last_];
        stream.device = device;
        if (random_.chance(manner_.late_greeting_per_mille)) {
            stream.greets_late = true;
            stream.to[index(End::controller)].stalled_until =
                world_.now() + random_.between(1s, 20s);
        }
        const auto id = last_;
        accepted_(id);
        connected(id);
        forget_if_over(id);
    });
}

void Network::attach(StreamId id, End end, Endpoint endpoint) {
    if (auto* stream = find(id)) stream->ends[index(end)] = std::move(endpoint);
}

void Network::send(StreamId id, End from, std::span<const std::byte> bytes) {
    auto* stream = find(id);
    if (!stream || !stream->open[index(from)] || bytes.empty()) return;
    auto& pipe = stream->to[index(other(from))];
    if (pipe.dead || pipe.eof) return;
    pipe.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    schedule(id, *stream, other(from));
}

void Network::close(StreamId id, End end) {
    auto* stream = find(id);
    if (!stream || !stream->open[index(end)]) return;
    stream->open[index(end)] = false;
    stream->ends[index(end)] = {};
    stream->to[index(other(end))].eof = true;
    schedule(id, *stream, other(end));
    forget_if_over(id);
}

void Network::kill(StreamId id, End end) {
    // A kernel that closes with bytes unread resets the stream, and both directions lose.
    if (auto* stream = find(id); stream && random_.chance(300)) {
        auto& pipe = stream->to[index(other(end))];
        pipe.bytes.resize(random_.below(pipe.bytes.size() + 1));
    }
    close(id, end);
}

void Network::vanish(StreamId id, End end) {
    auto* stream = find(id);
    if (!stream || !stream->open[index(end)]) return;
    stream->open[index(end)] = false;
    stream->ends[index(end)] = {};
    auto& pipe = stream->to[index(other(end))];
    pipe.dead = true;
    pipe.bytes.clear();
    // Whoever sends to the machine once it runs again is told that it knows of no such stream.
    if (random_.chance(500)) {
        const auto to = other(end);
        world_.after(random_.between(Time{0}, 20s), [this, id, to] { tell_end(id, to); });
    }
    forget_if_over(id);
}

void Network::cut_one() {
    const auto id = draw();
    if (!id) return;
    auto& stream = *find(*id);
    world_.tell("network", "stream {} is cut", id->value());
    for (const auto end : {End::device, End::controller}) {
        auto& pipe = stream.to[index(end)];
        const auto kept = random_.below(pipe.bytes.size() + 1);
        if (kept > 0 && kept < pipe.bytes.size()) world_.mark(Mark::cut_in_mid_frame);
        pipe.bytes.resize(kept);
        pipe.eof = true;
        if (random_.chance(200)) pipe.dead = true;  // this end is not told
        schedule(*id, stream, end);
    }
}

void Network::stall_one() {
    const auto id = draw();
    if (!id) return;
    auto& stream = *find(*id);
    const auto end = random_.chance(500) ? End::device : End::controller;
    const auto time = random_.between(100ms, 25s);
    stream.to[index(end)].stalled_until = world_.now() + time;
    world_.tell("network", "stream {} stalls for {} ms", id->value(), time / 1ms);
}

void Network::silence_one() {
    const auto id = draw();
    if (!id) return;
    auto& stream = *find(*id);
    world_.tell("network", "stream {} falls silent", id->value());
    const auto which = random_.below(3);  // one direction, the other, or both
    if (which != 0) stream.to[index(End::device)].dead = true;
    if (which != 1) stream.to[index(End::controller)].dead = true;
}

void Network::isolate(std::size_t device, SteadyTime until) {
    isolated_until_[device] = until;
    for (auto& [id, stream] : streams_) {
        if (stream.device != device) continue;
        for (auto& pipe : stream.to) {
            pipe.stalled_until = std::max(pipe.stalled_until, until);
        }
    }
}

void Network::heal() {
    manner_.slow_per_mille = manner_.late_greeting_per_mille = 0;
    isolated_until_.clear();
    for (auto& [id, stream] : streams_) {
        for (const auto end : {End::device, End::controller}) {
            auto& pipe = stream.to[index(end)];
            pipe.stalled_until = {};
            if (pipe.dead) {
                const auto dead = id;
                world_.after(delay(), [this, dead, end] { tell_end(dead, end); });
            } else {
                pipe.scheduled = false;  // that may be far ahead
                schedule(id, stream, end);
            }
        }
    }
}

Network::Stream* Network::find(StreamId id) {
    const auto it = streams_.find(id);
    return it == streams_.end() ? nullptr : &it->second;
}

std::optional<StreamId> Network::draw() {
    if (streams_.empty()) return std::nullopt;
    auto it = streams_.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(random_.below(streams_.size())));
    return it->first;
}

bool Network::has_newer(StreamId id, const Stream& stream) const {
    return std::any_of(streams_.upper_bound(id), streams_.end(),
                       [&](const auto& other) { return other.second.device == stream.device; });
}

Time Network::delay() {
    auto time = random_.between(manner_.delay_low, manner_.delay_high);
    if (random_.chance(manner_.slow_per_mille)) time += random_.between(Time{0}, 1s);
    return time;
}

void Network::schedule(StreamId id, Stream& stream, End to) {
    auto& pipe = stream.to[index(to)];
    if (pipe.scheduled || pipe.dead || (pipe.bytes.empty() && !pipe.eof)) return;
    pipe.scheduled = true;
    world_.at(std::max(world_.now() + delay(), pipe.stalled_until),
              [this, id, to] { deliver(id, to); });
}

void Network::deliver(StreamId id, End to) {
    auto* stream = find(id);
    if (!stream) return;
    auto& pipe = stream->to[index(to)];
    pipe.scheduled = false;
    if (pipe.dead) return;
    if (pipe.stalled_until > world_.now()) {
        schedule(id, *stream, to);
        return;
    }
    if (pipe.bytes.empty()) {
        if (pipe.eof) tell_end(id, to);
        return;
    }
    if (to == End::controller && std::exchange(stream->greets_late, false) &&
        has_newer(id, *stream)) {
        world_.mark(Mark::greeting_came_late);
    }
    auto size = pipe.bytes.size();
    if (random_.chance(manner_.split_per_mille)) size = random_.between(1, size);
    const auto part = pipe.bytes.substr(0, size);
    pipe.bytes.erase(0, size);
    schedule(id, *stream, to);
    if (const auto received = stream->ends[index(to)].received) {
        received(std::as_bytes(std::span{part}));
    }
    forget_if_over(id);
}

void Network::tell_end(StreamId id, End to) {
    auto* stream = find(id);
    if (!stream || !stream->open[index(to)]) return;
    stream->open[index(to)] = false;
    stream->to[index(other(to))].eof = true;
    schedule(id, *stream, other(to));
    const auto closed = std::exchange(stream->ends[index(to)], {}).closed;
    if (closed) closed();
    forget_if_over(id);
}

void Network::forget_if_over(StreamId id) {
    const auto* stream = find(id);
    if (stream && !stream->open[0] && !stream->open[1]) streams_.erase(id);
}

}  // namespace antrean::sim
