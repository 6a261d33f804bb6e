#include "drivers/escpos/status.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <initializer_list>

namespace {

using namespace antrean::escpos;
using antrean::SteadyTime;
using namespace std::chrono_literals;

constexpr SteadyTime start{std::chrono::hours{1}};

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> result;
    for (const int value : values)
        result.push_back(static_cast<std::byte>(value));
    return result;
}

AutoStatus automatic(int a, int b, int c, int d) {
    return {{static_cast<std::byte>(a), static_cast<std::byte>(b), static_cast<std::byte>(c),
             static_cast<std::byte>(d)}};
}

std::vector<Reply> feed(ReplyParser& parser, std::initializer_list<int> values,
                        SteadyTime now = start) {
    std::vector<Reply> replies;
    parser.feed(bytes(values), now, replies);
    return replies;
}

TEST_CASE("answers are matched to the oldest question", "[escpos][status]") {
    ReplyParser parser;
    for (int n = 1; n <= 4; ++n)
        parser.asked_status(n);
    const auto replies = feed(parser, {0x16, 0x12, 0x12, 0x7e});
    REQUIRE(replies.size() == 4);
    CHECK(replies[0] == Reply{StatusReply{1, std::byte{0x16}}});
    CHECK(replies[3] == Reply{StatusReply{4, std::byte{0x7e}}});
    CHECK(feed(parser, {0x12}).empty());
    CHECK(parser.dropped() == 1);
}

TEST_CASE("answers, unasked status, queries and blocks share one stream", "[escpos][status]") {
    ReplyParser parser;
    parser.asked_status(4);
    parser.asked_query();
    const auto replies = feed(parser, {0x14, 0x00, 0x00, 0x0f,  // unasked, drawer high
                                       0x11, 0x13,              // XON, XOFF
                                       0x37, 0x22, 'a', 'b', 'c', 'd', 0x00,  //
                                       0x12,                                  //
                                       0x0c,                                  // GS r: paper end
                                       0x5f, 'T', 'M', 0x00});
    CHECK(replies ==
          std::vector<Reply>{automatic(0x14, 0, 0, 0x0f), BlockReply{std::byte{0x37}, "\"abcd"},
                             StatusReply{4, std::byte{0x12}}, QueryReply{std::byte{0x0c}},
                             BlockReply{std::byte{0x5f}, "TM"}});
    CHECK(parser.dropped() == 0);
}

TEST_CASE("nothing inside a block is taken for something else", "[escpos][status]") {
    ReplyParser parser;
    parser.asked_status(1);
    parser.asked_query();
    CHECK(feed(parser, {0x37, 0x72, 0x30, 0x7e, 0x32}).empty());
    CHECK(feed(parser, {0x00}) == std::vector<Reply>{BlockReply{std::byte{0x37}, "r0~2"}});
}

TEST_CASE("an answer to a query that was not asked is dropped", "[escpos][status]") {
    ReplyParser parser;
    CHECK(feed(parser, {0x00, 0x0c}).empty());
    CHECK(parser.dropped() == 2);
}

TEST_CASE("a broken reply does not swallow the next one", "[escpos][status]") {
    ReplyParser parser;
    parser.asked_status(1);
    SECTION("unasked status that breaks off") {
        CHECK(feed(parser, {0x10, 0x00, 0x12}) ==
              std::vector<Reply>{StatusReply{1, std::byte{0x12}}});
        CHECK(parser.dropped() == 2);
    }
    SECTION("a block that breaks off") {
        CHECK(feed(parser, {0x37, 0x22, 'a', 0x12}) ==
              std::vector<Reply>{StatusReply{1, std::byte{0x12}}});
        CHECK(parser.dropped() == 3);
    }
    SECTION("an end that does not come in time") {
        CHECK(feed(parser, {0x37, 0x22}).empty());
        CHECK(feed(parser, {0x72}, start + 2s) ==
              std::vector<Reply>{StatusReply{1, std::byte{0x72}}});
    }
    SECTION("a block without end") {
        std::vector<Reply> replies;
        parser.feed(bytes({0x37}), start, replies);
        parser.feed(std::vector<std::byte>(100, std::byte{'x'}), start, replies);
        parser.feed(bytes({0x32, 0x12}), start, replies);
        CHECK(replies == std::vector<Reply>{StatusReply{1, std::byte{0x32}}});
    }
}

TEST_CASE("answers to DLE EOT set what they tell of", "[escpos][status]") {
    struct Row {
        int n;
        int bits;
        bool PrinterStatus::*flag;
    };
    const auto row = GENERATE(values<Row>({
        {1, 0x1a, &PrinterStatus::offline},
        {2, 0x16, &PrinterStatus::cover_open},
        {2, 0x32, &PrinterStatus::stopped},
        {2, 0x52, &PrinterStatus::error},
        {3, 0x16, &PrinterStatus::recoverable},
        {3, 0x1a, &PrinterStatus::cutter_error},
        {3, 0x32, &PrinterStatus::unrecoverable},
        {3, 0x52, &PrinterStatus::head_hot},
        {4, 0x1e, &PrinterStatus::paper_low},
        {4, 0x72, &PrinterStatus::paper_out},
        {4, 0x32, &PrinterStatus::paper_out},
    }));
    PrinterStatus expected;
    expected.*row.flag = true;
    PrinterStatus status;
    status.apply(StatusReply{row.n, static_cast<std::byte>(row.bits)});
    CHECK(status == expected);
    CHECK(status.clean() == (row.flag == &PrinterStatus::paper_low));
    status.apply(StatusReply{row.n, std::byte{0x12}});
    CHECK(status == PrinterStatus{});
}

TEST_CASE("the drawer is no trouble", "[escpos][status]") {
    PrinterStatus status;
    status.apply(StatusReply{1, std::byte{0x16}});
    status.apply(automatic(0x14, 0, 0, 0x0f));
    CHECK(status == PrinterStatus{});
}

TEST_CASE("unasked status sets what it tells of", "[escpos][status]") {
    struct Row {
        AutoStatus bytes;
        bool PrinterStatus::*flag;
    };
    const auto row = GENERATE(values<Row>({
        {automatic(0x18, 0, 0, 0), &PrinterStatus::offline},
        {automatic(0x30, 0, 0, 0), &PrinterStatus::cover_open},
        {automatic(0x10, 0x04, 0, 0), &PrinterStatus::recoverable},
        {automatic(0x10, 0x08, 0, 0), &PrinterStatus::cutter_error},
        {automatic(0x10, 0x20, 0, 0), &PrinterStatus::unrecoverable},
        {automatic(0x10, 0x40, 0, 0), &PrinterStatus::head_hot},
        {automatic(0x10, 0, 0x03, 0), &PrinterStatus::paper_low},
        {automatic(0x10, 0, 0x0c, 0), &PrinterStatus::paper_out},
    }));
    PrinterStatus expected;
    expected.*row.flag = true;
    PrinterStatus status;
    status.apply(row.bytes);
    CHECK(status == expected);
    status.apply(automatic(0x10, 0, 0, 0));
    CHECK(status == PrinterStatus{});
}

}  // namespace
