// Conversations between the two ends, and what each end makes of what it must not hear.
#include "proto/peer.hpp"

#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

#include <set>

namespace antrean::proto {
namespace {

using namespace std::chrono_literals;
using samples::bytes;
using samples::id;
using State = Peer::State;

SteadyTime at(std::chrono::milliseconds ms) {
    return SteadyTime{} + 1h + ms;
}

const Hello hello{1, Role::kiosk, id<DeviceId>("kiosk-1"), RequestId{41}, "kiosk 0.1"};
const Welcome welcome{1, RequestId{41}, WallTime{1'795'312'825'123ms},
                      ServiceDay{std::chrono::days{20779}}, "antrean 0.1"};
const Issue issue{RequestId{42}, id<ServiceId>("ktp-el")};
const Done done{RequestId{43}};
const Goodbye goodbye{GoodbyeReason::stopping, "bye"};

// What OUTPUT says.
std::vector<Message> said(const Bytes& output) {
    FrameReader reader;
    reader.feed(output);
    std::vector<Message> messages;
    for (;;) {
        const auto body = reader.next();
        REQUIRE(body.has_value());
        if (!*body) break;
        messages.push_back(samples::decoded(**body).value());
    }
    CHECK(reader.at_boundary());
    return messages;
}

std::vector<Message> hear(Peer& peer, std::initializer_list<Message> messages,
                          std::chrono::milliseconds when = 0ms) {
    Bytes stream;
    for (const auto& message : messages)
        encode(message, stream);
    return peer.receive(stream, at(when));
}

Peer open_controller() {
    auto peer = Peer::controller(at(0ms));
    hear(peer, {hello});
    peer.welcome(welcome, at(0ms));
    peer.take_output();
    REQUIRE(peer.state() == State::open);
    return peer;
}

Peer open_device() {
    auto peer = Peer::device(hello, at(0ms));
    peer.take_output();
    hear(peer, {welcome});
    REQUIRE(peer.state() == State::open);
    return peer;
}

// PEER has closed by itself for REASON, and its last frame says so.
void check_closed(Peer& peer, GoodbyeReason reason) {
    REQUIRE(peer.state() == State::closed);
    CHECK_FALSE(peer.closed_by_other());
    CHECK(peer.why().reason == reason);
    CHECK_FALSE(peer.why().text.empty());
    CHECK_FALSE(peer.deadline());
    const auto last = said(peer.take_output());
    REQUIRE_FALSE(last.empty());
    CHECK(last.back() == Message{peer.why()});
}

TEST_CASE("a device says hello first and is open once welcomed", "[proto][peer]") {
    auto peer = Peer::device(hello, at(0ms));
    CHECK(peer.state() == State::greeting);
    CHECK(said(peer.take_output()) == std::vector<Message>{hello});
    CHECK(peer.output_bytes() == 0);
    CHECK(hear(peer, {welcome, Menu{}}) == std::vector<Message>{welcome, Menu{}});
    CHECK(peer.state() == State::open);
    CHECK(peer.output_bytes() == 0);
}

TEST_CASE("a controller says nothing before the hello and welcomes once", "[proto][peer]") {
    auto peer = Peer::controller(at(0ms));
    CHECK(peer.output_bytes() == 0);
    CHECK(hear(peer, {hello}) == std::vector<Message>{hello});
    CHECK(peer.state() == State::deciding);
    peer.welcome(welcome, at(0ms));
    CHECK(peer.state() == State::open);
    CHECK(said(peer.take_output()) == std::vector<Message>{welcome});
    CHECK(hear(peer, {issue}) == std::vector<Message>{issue});
    peer.send(done, at(0ms));
    CHECK(said(peer.take_output()) == std::vector<Message>{done});
}

TEST_CASE("a controller may refuse the hello", "[proto][peer]") {
    auto peer = Peer::controller(at(0ms));
    hear(peer, {hello});
    peer.close(GoodbyeReason::unknown_device, "not in the site file");
    check_closed(peer, GoodbyeReason::unknown_device);
}

TEST_CASE("a controller hears out a device of a newer protocol", "[proto][peer]") {
    auto newer = hello;
    newer.protocol = 7;
    auto peer = Peer::controller(at(0ms));
    CHECK(hear(peer, {newer}) == std::vector<Message>{newer});
    CHECK(peer.state() == State::deciding);
}

TEST_CASE("a device does not speak a protocol that it does not know", "[proto][peer]") {
    auto newer = welcome;
    newer.protocol = GENERATE(0u, 2u);
    auto peer = Peer::device(hello, at(0ms));
    CHECK(hear(peer, {newer}).empty());
    check_closed(peer, GoodbyeReason::unsupported_version);
}

TEST_CASE("the two ends understand each other however their bytes are cut", "[proto][peer][F11]") {
    for (const std::size_t piece : {1u, 2u, 7u, 1000u}) {
        auto device = Peer::device(hello, at(0ms));
        auto controller = Peer::controller(at(0ms));
        std::vector<Message> to_controller;
        std::vector<Message> to_device;
        const auto carry = [&](Peer& from, Peer& to, std::vector<Message>& heard) {
            const auto output = from.take_output();
            for (std::size_t i = 0; i < output.size(); i += piece) {
                const auto size = std::min(piece, output.size() - i);
                for (auto& m : to.receive(std::span{output}.subspan(i, size), at(0ms))) {
                    heard.push_back(std::move(m));
                }
            }
        };
        carry(device, controller, to_controller);
        controller.welcome(welcome, at(0ms));
        controller.send(Menu{}, at(0ms));
        carry(controller, device, to_device);
        device.send(issue, at(0ms));
        carry(device, controller, to_controller);
        controller.send(done, at(0ms));
        controller.close(GoodbyeReason::stopping, "bye");
        carry(controller, device, to_device);
        CHECK(to_controller == std::vector<Message>{hello, issue});
        CHECK(to_device == std::vector<Message>{welcome, Menu{}, done});
        CHECK(device.state() == State::closed);
        CHECK(device.closed_by_other());
        CHECK(device.why() == goodbye);
    }
}

TEST_CASE("a quiet end sends a heartbeat every five seconds", "[proto][peer][F13]") {
    auto peer = GENERATE(0, 1) == 0 ? open_device() : open_controller();
    CHECK(peer.deadline() == at(5s));
    peer.tick(at(4999ms));
    CHECK(peer.output_bytes() == 0);
    peer.tick(at(5s));
    CHECK(said(peer.take_output()) == std::vector<Message>{Heartbeat{}});
    CHECK(peer.deadline() == at(10s));
    peer.tick(at(9s));
    CHECK(peer.output_bytes() == 0);
}

TEST_CASE("what is sent stands for a heartbeat", "[proto][peer]") {
    auto peer = open_controller();
    peer.send(done, at(3s));
    peer.take_output();
    peer.tick(at(5s));
    CHECK(peer.output_bytes() == 0);
    CHECK(peer.deadline() == at(8s));
}

TEST_CASE("a heartbeat keeps the connection and is not told to the owner", "[proto][peer]") {
    auto peer = GENERATE(0, 1) == 0 ? open_device() : open_controller();
    for (auto now = 0ms; now < 60s; now += 5s) {
        CHECK(hear(peer, {Heartbeat{}}, now).empty());
        peer.tick(at(now));
        CHECK(peer.state() == State::open);
    }
}

TEST_CASE("an end that hears nothing for fifteen seconds closes", "[proto][peer][F13]") {
    auto peer = GENERATE(0, 1) == 0 ? open_device() : open_controller();
    hear(peer, {Heartbeat{}}, 2s);
    for (const auto now : {5s, 10s, 15s})
        peer.tick(at(now));
    CHECK(peer.deadline() == at(17s));
    peer.tick(at(16999ms));
    REQUIRE(peer.state() == State::open);
    peer.tick(at(17s));
    check_closed(peer, GoodbyeReason::silent);
}

TEST_CASE("a part of a frame breaks the silence too, and no bytes do not", "[proto][peer]") {
    auto peer = open_controller();
    peer.receive(bytes({0x02}), at(10s));
    peer.receive({}, at(20s));
    peer.tick(at(24s));
    REQUIRE(peer.state() == State::open);
    peer.tick(at(25s));
    check_closed(peer, GoodbyeReason::silent);
}

TEST_CASE("an end that is not greeted within five seconds closes", "[proto][peer][R13][F16]") {
    auto peer = GENERATE(0, 1) == 0 ? Peer::device(hello, at(0ms)) : Peer::controller(at(0ms));
    peer.take_output();
    CHECK(peer.deadline() == at(5s));
    // Bytes alone, one by one, do not stretch it.
    peer.receive(bytes({0x20}), at(4s));
    peer.tick(at(4999ms));
    REQUIRE(peer.state() == State::greeting);
    CHECK(peer.output_bytes() == 0);
    peer.tick(at(5s));
    check_closed(peer, GoodbyeReason::silent);
}

TEST_CASE("a goodbye closes in every state and is not answered", "[proto][peer]") {
    auto peer = [] {
        switch (GENERATE(0, 1, 2, 3, 4)) {
            case 0:
                return Peer::controller(at(0ms));
            case 1:
                return Peer::device(hello, at(0ms));
            case 2:
                return open_controller();
            case 3:
                return open_device();
            default:
                break;
        }
        auto deciding = Peer::controller(at(0ms));
        hear(deciding, {hello});
        return deciding;
    }();
    peer.take_output();
    CHECK(hear(peer, {goodbye, Heartbeat{}}).empty());
    CHECK(peer.state() == State::closed);
    CHECK(peer.closed_by_other());
    CHECK(peer.why() == goodbye);
    CHECK(peer.output_bytes() == 0);
    CHECK_FALSE(peer.deadline());
}

TEST_CASE("a closed end does nothing more", "[proto][peer]") {
    auto peer = open_controller();
    peer.close(GoodbyeReason::replaced, "first");
    CHECK(said(peer.take_output()) ==
          std::vector<Message>{Goodbye{GoodbyeReason::replaced, "first"}});
    peer.close(GoodbyeReason::stopping, "second");
    peer.send(done, at(1s));
    peer.tick(at(1h));
    CHECK(hear(peer, {issue}).empty());
    CHECK(peer.output_bytes() == 0);
    CHECK(peer.why().text == "first");
}

TEST_CASE("what came before the end of a connection is still told", "[proto][peer]") {
    auto controller = open_controller();
    CHECK(hear(controller, {issue, goodbye, issue}) == std::vector<Message>{issue});
    auto device = open_device();
    CHECK(hear(device, {done, goodbye}) == std::vector<Message>{done});
}

TEST_CASE("an owner may welcome a device that has not waited for it", "[proto][peer]") {
    auto peer = Peer::controller(at(0ms));
    const Message too_early = GENERATE(Message{Heartbeat{}}, Message{issue}, Message{hello});
    CHECK(hear(peer, {hello, too_early}) == std::vector<Message>{hello});
    peer.welcome(welcome, at(0ms));
    peer.send(Menu{}, at(0ms));
    check_closed(peer, GoodbyeReason::out_of_turn);
    CHECK(peer.output_bytes() == 0);
}

TEST_CASE("only the other side's messages may come, each in its state", "[proto][peer]") {
    for (const auto& message : samples::messages()) {
        if (std::holds_alternative<Goodbye>(message)) continue;
        const bool beats = std::holds_alternative<Heartbeat>(message);
        const bool asks =
            message_as<Request>(message).has_value() || std::holds_alternative<KioskState>(message);
        const bool says_hello = std::holds_alternative<Hello>(message);
        const bool says_welcome = std::holds_alternative<Welcome>(message);
        const bool tells = !beats && !asks && !says_hello && !says_welcome;
        const auto check = [&](Peer peer, bool allowed) {
            INFO(samples::name(message) << " in state " << static_cast<int>(peer.state()));
            peer.take_output();
            const auto heard = hear(peer, {message});
            if (allowed) {
                CHECK(peer.state() != State::closed);
                CHECK(heard.size() == (beats ? 0 : 1));
            } else {
                CHECK(heard.empty());
                check_closed(peer, GoodbyeReason::out_of_turn);
            }
        };
        // A device has no use for longer frames, and the controller does not take them.
        if (samples::body(message).size() <= max_body_bytes_of_device) {
            check(Peer::controller(at(0ms)), says_hello);
            check(open_controller(), asks || beats);
        }
        check(open_device(), tells || beats);
        if (!says_welcome) check(Peer::device(hello, at(0ms)), false);
    }
}

TEST_CASE("bytes that are no frame close with the reason", "[proto][peer][F23]") {
    const auto stream = GENERATE(bytes({0x00}), bytes({0x80, 0x80, 0x80}),
                                 bytes({0x81, 0x80, 0x18}), bytes({0x01, 0x52}),
                                 bytes({0x04, 0xa2, 0x06, 0x01, 0x00}), bytes({0x02, 0x62, 0x00}));
    auto peer = GENERATE(0, 1) == 0 ? open_device() : open_controller();
    CHECK(peer.receive(stream, at(0ms)).empty());
    check_closed(peer, GoodbyeReason::malformed);
}

TEST_CASE("a device takes longer frames than the controller", "[proto][peer]") {
    const auto stream = bytes({0x81, 0x80, 0x06});
    auto device = open_device();
    device.receive(stream, at(0ms));
    CHECK(device.state() == State::open);
    auto controller = open_controller();
    controller.receive(stream, at(0ms));
    check_closed(controller, GoodbyeReason::malformed);
}

TEST_CASE("the text of a malformed field names it", "[proto][peer]") {
    auto peer = open_controller();
    peer.receive(bytes({0x02, 0x62, 0x00}), at(0ms));
    CHECK(peer.why().text == "field call_next.request is out of its range");
}

TEST_CASE("random bytes close a connection or leave it waiting for more", "[proto][peer][F23]") {
    samples::Random random{3};
    int closed = 0;
    for (int round = 0; round < 2000; ++round) {
        auto peer = round % 2 == 0 ? open_device() : open_controller();
        Bytes stream(1 + random.below(300));
        for (auto& byte : stream)
            byte = static_cast<std::byte>(random.next());
        peer.receive(stream, at(0ms));
        if (peer.state() == State::closed) ++closed;
    }
    CHECK(closed > 500);
}

TEST_CASE("every reason has a word of its own", "[proto][peer]") {
    const auto words = [](auto last, int first) {
        std::set<std::string> seen;
        for (int i = first; i <= static_cast<int>(last); ++i) {
            seen.insert(to_text(static_cast<decltype(last)>(i)));
        }
        CHECK_FALSE(seen.contains(""));
        return seen.size();
    };
    CHECK(words(GoodbyeReason::silent, 1) == 9);
    CHECK(words(RefusalReason::appointment_used, 1) == 32);
    CHECK(words(PrintOutcome::not_printed, 1) == 3);
    CHECK(words(PrintReason::restarted, 0) == 9);
}

}  // namespace
}  // namespace antrean::proto
