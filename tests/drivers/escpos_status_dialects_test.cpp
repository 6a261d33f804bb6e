#include "drivers/escpos/commands.hpp"
#include "drivers/escpos/status.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <initializer_list>
#include <random>
#include <string_view>

namespace {

using namespace antrean::escpos;
using antrean::SteadyTime;
using namespace std::chrono_literals;

constexpr SteadyTime start{std::chrono::hours{1}};

std::vector<Reply> feed(ReplyParser& parser, std::initializer_list<int> values,
                        SteadyTime now = start) {
    std::vector<std::byte> bytes;
    for (const int value : values)
        bytes.push_back(static_cast<std::byte>(value));
    std::vector<Reply> replies;
    parser.feed(bytes, now, replies);
    return replies;
}
std::vector<Reply> feed(ReplyParser& parser, std::string_view text, SteadyTime now = start) {
    std::vector<Reply> replies;
    parser.feed(std::as_bytes(std::span{text}), now, replies);
    return replies;
}
FullStatus full(int parts, int paper, int user, int recoverable, int unrecoverable) {
    return {static_cast<std::uint8_t>(parts),
            {static_cast<std::byte>(paper), static_cast<std::byte>(user),
             static_cast<std::byte>(recoverable), static_cast<std::byte>(unrecoverable)}};
}
StarStatus star(std::initializer_list<int> values) {
    StarStatus status;
    for (const int value : values)
        status.bytes[status.size++] = static_cast<std::byte>(value);
    return status;
}

TEST_CASE("a Custom full status is read with whatever bits", "[escpos][status]") {
    ReplyParser parser{Dialect::custom};
    CHECK(feed(parser, {0x10, 0x0f, 0x25, 0x0b, 0x41, 0xff}) ==
          std::vector<Reply>{full(0x0f, 0x25, 0x0b, 0x41, 0xff)});
    CHECK(feed(parser, {0x10, 0x05, 0x21, 0x40, 0x10, 0x08, 0x01}) ==
          std::vector<Reply>{full(0x05, 0x21, 0, 0x40, 0), full(0x08, 0, 0, 0, 0x01)});
    CHECK(parser.dropped() == 0);
}

TEST_CASE("a Custom status that breaks off does not swallow the next reply", "[escpos][status]") {
    ReplyParser parser{Dialect::custom};
    CHECK(feed(parser, {0x10, 0x0f, 0x25}).empty());
    CHECK(feed(parser, {0x10, 0x0f, 0, 0, 0, 0}, start + 2s) ==
          std::vector<Reply>{full(0x0f, 0, 0, 0, 0)});
    CHECK(parser.dropped() == 3);
    // Which parts follow is told by one to fifteen.
    CHECK(feed(parser, {0x10, 0x10, 0x01, 0x01}, start + 4s) ==
          std::vector<Reply>{full(0x01, 0x01, 0, 0, 0)});
}

TEST_CASE("Custom counters are read by what was asked", "[escpos][status]") {
    ReplyParser parser{Dialect::custom};
    for (const int n : {custom_paper_left, custom_cuts, custom_printed, custom_retracted})
        parser.asked_counter(n);
    CHECK(feed(parser, "510cm785cuts38890cm512ret") ==
          std::vector<Reply>{CounterReply{custom_paper_left, 510}, CounterReply{custom_cuts, 785},
                             CounterReply{custom_printed, 38890},
                             CounterReply{custom_retracted, 512}});
    CHECK(parser.queries_outstanding() == 0);
    parser.asked_counter(custom_power_ons);
    CHECK(feed(parser, "12on").empty());
    CHECK(feed(parser, "\r") == std::vector<Reply>{CounterReply{custom_power_ons, 12}});
    parser.asked_counter(custom_power_ons);
    CHECK(feed(parser, "13").empty());
    CHECK(feed(parser, "", start + 2s) == std::vector<Reply>{CounterReply{custom_power_ons, 13}});
    CHECK(parser.dropped() == 0);
}

TEST_CASE("no byte of a counter is taken for another answer", "[escpos][status]") {
    ReplyParser parser{Dialect::custom};
    SECTION("its digits equal headers of blocks and of status") {
        parser.asked_counter(custom_cuts);
        CHECK(feed(parser, "7235").empty());
        CHECK(feed(parser, "cuts") == std::vector<Reply>{CounterReply{custom_cuts, 7235}});
    }
    SECTION("one that nobody waits for any more") {
        parser.asked_query();
        CHECK(feed(parser, "77cuts\r").empty());
        CHECK(parser.queries_outstanding() == 1);
        CHECK(parser.dropped() > 0);
    }
    SECTION("an end of the text that no manual tells of") {
        parser.asked_counter(custom_cuts);
        parser.asked_query();
        using namespace std::string_view_literals;
        CHECK(feed(parser, "8cuts\0"sv) == std::vector<Reply>{CounterReply{custom_cuts, 8}});
        CHECK(parser.queries_outstanding() == 1);
    }
    SECTION("a wrong unit") {
        parser.asked_counter(custom_cuts);
        CHECK(feed(parser, "8cm").empty());
    }
    SECTION("more digits than any counter has") {
        parser.asked_counter(custom_cuts);
        CHECK(feed(parser, "99999999999999999999cuts").empty());
    }
}

TEST_CASE("a one-byte id may have any value, even that of a header", "[escpos][status]") {
    ReplyParser parser;
    const int id = GENERATE(0x20, 0x3d, 0x35, 0x02, 0xe9);
    parser.asked_id(1);
    CHECK(feed(parser, {id}) == std::vector<Reply>{IdReply{1, static_cast<std::byte>(id)}});
    CHECK(feed(parser, {0x3d, 'x', 0}) == std::vector<Reply>{BlockReply{std::byte{0x3d}, "x"}});
    CHECK(feed(parser, {0x5f, 'C', 'T', 0}) ==
          std::vector<Reply>{BlockReply{std::byte{0x5f}, "CT"}});
}

TEST_CASE("queued questions are answered in their order", "[escpos][status]") {
    ReplyParser parser;
    parser.asked_query();
    parser.asked_id(2);
    parser.asked_query();
    CHECK(feed(parser, {0x00, 0x02, 0x0c}) == std::vector<Reply>{QueryReply{std::byte{0x00}},
                                                                 IdReply{2, std::byte{0x02}},
                                                                 QueryReply{std::byte{0x0c}}});
}

TEST_CASE("a Star status is told from an answer to GS r", "[escpos][status]") {
    ReplyParser parser{Dialect::star};
    parser.asked_query();
    CHECK(feed(parser, {0x23, 0x02, 0x08, 0x08, 0, 0x0c, 0, 0x6e, 0x02}) ==
          std::vector<Reply>{star({0x23, 0x02, 0x08, 0x08, 0, 0x0c, 0, 0x6e, 0x02})});
    CHECK(feed(parser, {0x0c}) == std::vector<Reply>{QueryReply{std::byte{0x0c}}});
    // Seven bytes begin like an answer "near end and end": then it is no answer.
    parser.asked_query();
    CHECK(feed(parser, {0x0f, 0, 0, 0, 0, 0, 0}) ==
          std::vector<Reply>{star({0x0f, 0, 0, 0, 0, 0, 0})});
    CHECK(parser.queries_outstanding() == 1);
    CHECK(star({0x23, 0, 0, 0, 0, 0, 0, 0x6e, 0}).etb_count() == 31);
    CHECK(star({0x0f, 0, 0, 0, 0, 0, 0}).etb_count() == -1);
}

TEST_CASE("splitting the stream anywhere changes nothing in any dialect", "[escpos][status]") {
    const Dialect dialect = GENERATE(Dialect::epson, Dialect::custom, Dialect::star);
    std::mt19937 random{17};
    static constexpr int likely[] = {0x10, 0x0f, 0x23, 0x12, 0x37, '1', 'c', 'u', 't', 's', 0};
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::byte> stream(random() % 64);
        for (auto& b : stream)
            b = static_cast<std::byte>(random() % 2 ? likely[random() % std::size(likely)]
                                                    : static_cast<int>(random() % 256));
        ReplyParser whole{dialect};
        ReplyParser pieces{dialect};
        for (ReplyParser* parser : {&whole, &pieces})
            for (int i = 0; i < 8; ++i) {
                if (round % 2) parser->asked_status(i % 4 + 1);
                parser->asked_query();
                parser->asked_counter(custom_paper_left + i % 5);
                parser->asked_id(1);
            }
        std::vector<Reply> expected;
        whole.feed(stream, start, expected);
        std::vector<Reply> replies;
        for (std::size_t at = 0; at < stream.size();) {
            const std::size_t size = std::min<std::size_t>(random() % 5, stream.size() - at);
            pieces.feed(std::span{stream}.subspan(at, size), start, replies);
            at += size;
        }
        REQUIRE(replies == expected);
        REQUIRE(pieces.dropped() == whole.dropped());
    }
}

TEST_CASE("a Custom full status sets what it tells of", "[escpos][status]") {
    struct Row {
        FullStatus told;
        bool PrinterStatus::*flag;
    };
    const auto row = GENERATE(values<Row>({
        {full(0x0f, 0x01, 0, 0, 0), &PrinterStatus::paper_out},
        {full(0x0f, 0x04, 0, 0, 0), &PrinterStatus::paper_low},
        {full(0x0f, 0x40, 0, 0, 0), &PrinterStatus::paper_low},
        {full(0x0f, 0x20, 0, 0, 0), &PrinterStatus::in_output},
        {full(0x0f, 0, 0x01, 0, 0), &PrinterStatus::cover_open},
        {full(0x0f, 0, 0x02, 0, 0), &PrinterStatus::cover_open},
        {full(0x0f, 0, 0x08, 0, 0), &PrinterStatus::moving},
        {full(0x0f, 0, 0, 0x01, 0), &PrinterStatus::head_hot},
        {full(0x0f, 0, 0, 0x08, 0), &PrinterStatus::recoverable},
        {full(0x0f, 0, 0, 0x40, 0), &PrinterStatus::paper_jam},
        {full(0x0f, 0, 0, 0, 0x01), &PrinterStatus::cutter_error},
        {full(0x0f, 0, 0, 0, 0x04), &PrinterStatus::unrecoverable},
    }));
    PrinterStatus expected;
    expected.*row.flag = true;
    PrinterStatus status;
    status.apply(row.told);
    CHECK(status == expected);
    const bool harmless = row.flag == &PrinterStatus::paper_low ||
                          row.flag == &PrinterStatus::in_output ||
                          row.flag == &PrinterStatus::moving;
    CHECK(status.clean() == harmless);
    // A report of one part leaves the others as they were.
    const bool of_paper = row.flag == &PrinterStatus::paper_out ||
                          row.flag == &PrinterStatus::paper_low ||
                          row.flag == &PrinterStatus::in_output;
    status.apply(full(of_paper ? 0x0e : 0x01, 0, 0, 0, 0));
    CHECK(status == expected);
    status.apply(full(0x0f, 0, 0, 0x22, 0));  // an unknown command and a serial error are past
    CHECK(status == PrinterStatus{});
}

TEST_CASE("a Star status sets what it tells of", "[escpos][status]") {
    struct Row {
        StarStatus told;
        bool PrinterStatus::*flag;
    };
    const auto row = GENERATE(values<Row>({
        {star({0x23, 0, 0x08, 0, 0, 0, 0, 0, 0}), &PrinterStatus::offline},
        {star({0x23, 0, 0x20, 0, 0, 0, 0, 0, 0}), &PrinterStatus::cover_open},
        {star({0x23, 0, 0, 0x04, 0, 0, 0, 0, 0}), &PrinterStatus::recoverable},
        {star({0x23, 0, 0, 0x08, 0, 0, 0, 0, 0}), &PrinterStatus::cutter_error},
        {star({0x23, 0, 0, 0x20, 0, 0, 0, 0, 0}), &PrinterStatus::unrecoverable},
        {star({0x23, 0, 0, 0x40, 0, 0, 0, 0, 0}), &PrinterStatus::head_hot},
        {star({0x23, 0, 0, 0, 0x04, 0, 0, 0, 0}), &PrinterStatus::paper_jam},
        {star({0x23, 0, 0, 0, 0, 0x04, 0, 0, 0}), &PrinterStatus::paper_low},
        {star({0x23, 0, 0, 0, 0, 0x08, 0, 0, 0}), &PrinterStatus::paper_out},
        {star({0x23, 0, 0, 0, 0, 0, 0, 0, 0x02}), &PrinterStatus::in_output},
    }));
    PrinterStatus expected;
    expected.*row.flag = true;
    PrinterStatus status;
    status.apply(row.told);
    CHECK(status == expected);
    // The drawer, and that a document has ended, are no trouble.
    status.apply(star({0x23, 0, 0x06, 0, 0, 0, 0, 0x20, 0}));
    CHECK(status == PrinterStatus{});
}

TEST_CASE("paper is judged with the cover closed alone, and low paper by a sensor that is there",
          "[escpos][status]") {
    PrinterStatus told;
    told.cover_open = told.paper_out = told.paper_low = told.stopped = true;
    PrinterStatus open;
    open.cover_open = true;
    CHECK(told.judged(true) == open);
    told.cover_open = false;
    CHECK(told.judged(true) == told);
    CHECK_FALSE(told.judged(false).paper_low);
    CHECK(told.judged(false).paper_out);
}

}  // namespace
