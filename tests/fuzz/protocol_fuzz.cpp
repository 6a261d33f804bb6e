// Any bytes at either end of a connection: frames and messages are the same however the stream is
// split, what was read is written and reads the same again, and of what is wrong an end closes with
// a reason, and with no more kept than one frame.
#include "proto/codec.hpp"
#include "proto/frame_reader.hpp"
#include "proto/peer.hpp"
#include "tests/fuzz/changed_sample.hpp"
#include "tests/fuzz/must.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean;
using namespace antrean::proto;
using fuzz::changed_sample;
using fuzz::must;

std::vector<std::byte> frame_around(const Bytes& body) {
    auto frame = samples::varint(body.size());
    frame.insert(frame.end(), body.begin(), body.end());
    return frame;
}

void check_body(const Bytes& body) {
    const auto message = decode(body);
    if (!message) {
        fuzz::must_be_plain(message.error().text());
        return;
    }
    const Bytes frame = encode(*message);
    FrameReader reader;
    reader.feed(frame);
    const auto found = reader.next();
    must(found && *found);
    const auto again = decode(**found);
    must(again && *again == *message);
    must(encode(*again) == frame);
    must(reader.at_boundary());
    const auto request = message_as<Request>(*message);
    must(!request || to_message(*request) == *message);
}

struct Read {
    std::vector<Bytes> bodies;
    std::optional<frame_errc> error;
    bool operator==(const Read&) const = default;
};

void read_all(FrameReader& reader, Read& read) {
    while (!read.error) {
        const auto body = reader.next();
        if (!body) {
            read.error = body.error();
            must(to_text(body.error())[0] != '\0');
        } else if (*body) {
            must(!(*body)->empty() && (*body)->size() <= max_body_bytes_of_device);
            read.bodies.emplace_back((*body)->begin(), (*body)->end());
        } else {
            return;
        }
    }
}

void check_stream(std::span<const std::byte> stream) {
    FrameReader whole{max_body_bytes_of_device}, pieces{max_body_bytes_of_device};
    Read of_whole, of_pieces;
    whole.feed(stream);
    read_all(whole, of_whole);
    for (std::size_t i = 0; i < stream.size() && !of_pieces.error; ++i) {
        pieces.feed(stream.subspan(i, 1));
        read_all(pieces, of_pieces);
    }
    must(of_whole == of_pieces);
    must(of_whole.error || whole.at_boundary() == pieces.at_boundary());
}

const SteadyTime start{std::chrono::hours{1}};

Peer greeted(bool is_device) {
    const Hello hello{1, Role::kiosk, samples::id<DeviceId>("kiosk-1"), RequestId{41}, "kiosk"};
    const Welcome welcome{};
    Peer device = Peer::device(hello, start);
    Peer controller = Peer::controller(start);
    controller.receive(device.take_output(), start);
    controller.welcome(welcome, start);
    device.receive(controller.take_output(), start);
    must(device.state() == Peer::State::open && controller.state() == Peer::State::open);
    return is_device ? device : controller;
}

void check_peer(FuzzedDataProvider& input) {
    const bool is_device = input.ConsumeBool();
    const bool is_greeted = input.ConsumeBool();
    const auto make = [&] {
        if (is_greeted) return greeted(is_device);
        return is_device
                   ? Peer::device({1, Role::callpad, samples::id<DeviceId>("p"), {}, ""}, start)
                   : Peer::controller(start);
    };
    std::vector<std::byte> stream;
    for (int i = 0; i < 4 && input.remaining_bytes() > 0; ++i) {
        const bool is_sample = input.ConsumeBool();
        const auto more =
            is_sample
                ? frame_around(changed_sample(input))
                : input.ConsumeBytes<std::byte>(input.ConsumeIntegralInRange<std::size_t>(0, 300));
        stream.insert(stream.end(), more.begin(), more.end());
    }
    Peer whole = make(), pieces = make();
    const auto at_once = whole.receive(stream, start);
    std::vector<Message> one_by_one;
    for (const auto& byte : stream) {
        for (auto& message : pieces.receive(std::span{&byte, 1}, start))
            one_by_one.push_back(std::move(message));
    }
    must(at_once == one_by_one);
    must(whole.state() == pieces.state());
    must(whole.take_output() == pieces.take_output());
    if (whole.state() == Peer::State::closed) {
        must(whole.why().reason == pieces.why().reason && whole.why().text == pieces.why().text);
        must(whole.closed_by_other() == pieces.closed_by_other());
        must(!whole.deadline());
    }
    // Only what this end may hear reaches its owner.
    for (const auto& message : at_once) {
        must(!std::holds_alternative<Heartbeat>(message));
        must(!std::holds_alternative<Goodbye>(message));
        must(!is_device || !message_as<Request>(message));
        must(is_device || !message_as<Answer>(message));
    }
    whole.tick(start + silence_limit);
    must(whole.state() == Peer::State::closed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    switch (input.ConsumeIntegralInRange(0, 3)) {
        case 0:
            check_body(input.ConsumeRemainingBytes<std::byte>());
            break;
        case 1:
            check_body(changed_sample(input));
            break;
        case 2:
            check_stream(input.ConsumeRemainingBytes<std::byte>());
            break;
        default:
            check_peer(input);
    }
    return 0;
}
