#include "proto/codec.hpp"

#include "proto/frame_reader.hpp"
#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

#include <algorithm>
#include <set>

namespace antrean::proto {
namespace {

using samples::decoded;
using samples::Random;
using samples::refusal;

// Whatever decodes is a message that keeps its bounds, so encoding it cannot fail, and says the
// same. Returns whether BODY decodes.
bool decodes_soundly(std::span<const std::byte> body) {
    const auto message = decoded(body);
    if (!message) return false;
    const auto again = decoded(samples::body(*message));
    REQUIRE(again == message);
    return true;
}

TEST_CASE("there is a sample of every message", "[proto][codec]") {
    std::set<std::size_t> kinds;
    for (const auto& message : samples::messages())
        kinds.insert(message.index());
    CHECK(kinds.size() == std::variant_size_v<Message::variant>);
}

TEST_CASE("every message comes back as it was sent", "[proto][codec]") {
    for (const auto& message : samples::messages()) {
        INFO(samples::name(message));
        CHECK(decoded(samples::body(message)) == message);
    }
}

TEST_CASE("encoding appends to what is there", "[proto][codec]") {
    Bytes out = samples::bytes({0x55});
    encode(Heartbeat{}, out);
    encode(Done{RequestId{43}}, out);
    CHECK(out == samples::bytes({0x55, 0x02, 0x0a, 0x00, 0x05, 0xb2, 0x01, 0x02, 0x08, 0x2b}));
}

TEST_CASE("the longest of each message fits a frame", "[proto][codec]") {
    std::size_t longest = 0;
    for (const auto& message : samples::messages()) {
        INFO(samples::name(message));
        const auto size = samples::body(message).size();
        CHECK(size <= max_body_bytes);
        longest = std::max(longest, size);
    }
    // The longest menu is among them: the bound has not become a matter of chance.
    CHECK(longest > max_buttons * 3 * max_text_bytes);
}

TEST_CASE("fields that this version does not know are skipped", "[proto][codec]") {
    using namespace samples;
    const auto unknown = joined({number(99, 7), text(98, "new"), bytes({0x9d, 0x06, 1, 2, 3, 4}),
                                 bytes({0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8})});
    const Message issue = Issue{RequestId{42}, id<ServiceId>("ktp-el")};
    CHECK(decoded(message(10, {unknown, number(1, 42), text(2, "ktp-el"), unknown})) == issue);
    CHECK(decoded(joined({unknown, body(issue), unknown})) == issue);
    // A known number of another type is a field that is not known.
    CHECK(decoded(message(10, {number(1, 42), text(2, "ktp-el"), text(1, "x")})) == issue);
}

TEST_CASE("fields may come in any order, as zeros, and twice", "[proto][codec]") {
    using namespace samples;
    CHECK(decoded(message(10, {text(2, "ktp-el"), number(1, 42)})) ==
          Message{Issue{RequestId{42}, id<ServiceId>("ktp-el")}});
    CHECK(
        decoded(message(10, {number(1, 41), text(2, "npwp"), text(2, "ktp-el"), number(1, 42)})) ==
        Message{Issue{RequestId{42}, id<ServiceId>("ktp-el")}});
    CHECK(decoded(message(
              11, {number(1, 1), number(2, 2), number(3, 1), number(4, 0), number(5, 0)})) ==
          Message{PrintReport{RequestId{1}, TicketId{2}, PrintOutcome::printed}});
}

TEST_CASE("a body without a known message is refused", "[proto][codec]") {
    for (const auto& body : {Bytes{}, samples::message(100, {}), samples::number(1, 1)}) {
        const auto refusal = samples::refusal(body);
        CHECK(refusal.code == codec_errc::empty_frame);
        CHECK_FALSE(refusal.text().empty());
    }
}

TEST_CASE("a body that is no sequence of fields is refused", "[proto][codec]") {
    using namespace samples;
    const auto body = GENERATE(
        bytes({0x52}), bytes({0x52, 0x05, 0x08}), bytes({0x52, 0x80}), bytes({0x00}), bytes({0x0f}),
        bytes({0x52, 0x02, 0x08, 0x80}), bytes({0x52, 0xff, 0xff, 0xff, 0xff, 0x0f}),
        bytes({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}));
    CHECK(refusal(body).code == codec_errc::not_protobuf);
}

TEST_CASE("a text that is no UTF-8 is refused", "[proto][codec][R16][F23]") {
    using namespace samples;
    for (const std::string_view wrong : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "a\x80"}) {
        CHECK(refusal(message(2, {number(1, 1), text(2, wrong)})).code == codec_errc::not_protobuf);
    }
    CHECK(decoded(message(2, {number(1, 1), text(2, "Pelayanan é 日本 \x1b[2J")})));
}

TEST_CASE("a body longer than a frame may be is refused", "[proto][codec][R13][F23]") {
    const auto longest = samples::text(99, std::string(max_body_bytes - 5, 'x'));
    REQUIRE(longest.size() == max_body_bytes);
    CHECK(refusal(longest).code == codec_errc::empty_frame);
    CHECK(refusal(samples::text(99, std::string(max_body_bytes - 4, 'x'))).code ==
          codec_errc::not_protobuf);
}

TEST_CASE("a frame that is cut off anywhere is refused or sound", "[proto][codec][F23]") {
    for (const auto& message : samples::messages()) {
        const auto body = samples::body(message);
        // The longest bodies are cut near both ends, and here and there between.
        const std::size_t step = body.size() > 2000 ? 997 : 1;
        for (std::size_t size = 0; size < body.size();
             size += size < 400 || size + 400 > body.size() ? 1 : step) {
            decodes_soundly(std::span{body}.first(size));
        }
    }
    CHECK(decodes_soundly(samples::body(Heartbeat{})));
}

TEST_CASE("a frame with wrong bytes in it is refused or sound", "[proto][codec][F23]") {
    Random random{1};
    int sound = 0;
    for (const auto& message : samples::messages()) {
        const auto right = samples::body(message);
        for (int round = 0; round < (right.size() > 2000 ? 5 : 200); ++round) {
            auto wrong = right;
            for (std::size_t hits = 1 + random.below(3); hits > 0; --hits) {
                wrong[random.below(wrong.size())] = static_cast<std::byte>(random.next());
            }
            if (decodes_soundly(wrong)) ++sound;
        }
    }
    CHECK(sound > 100);
}

TEST_CASE("random bytes are refused or sound", "[proto][codec][F23]") {
    Random random{2};
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        Bytes body(random.below(80));
        for (auto& byte : body)
            byte = static_cast<std::byte>(random.next());
        if (!decodes_soundly(body)) ++refused;
    }
    CHECK(refused > 10'000);
}

}  // namespace
}  // namespace antrean::proto
