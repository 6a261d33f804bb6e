// Every field at and past the ends of its range, by bytes that the codec itself would never write.
#include "proto/codec.hpp"
#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

namespace antrean::proto {
namespace {

using namespace samples;

struct Case {
    std::string field;  // that is named by the refusal
    Bytes body;
};

const std::string too_long_id(32, 'a');

std::vector<Case> numbers_out_of_range() {
    const auto ticket = [](std::initializer_list<Bytes> more) {
        return message(20, {number(1, 1), number(2, 1), text(3, "A-001"), text(4, "ktp-el"),
                            text(8, "2026-11-22"), joined(more)});
    };
    const auto button = [](std::uint64_t n) {
        return message(30, {message(4, {number(1, n), text(2, "ktp-el")})});
    };
    const std::uint64_t after_9999 = 253'402'300'800'000;
    const auto minus_one = ~std::uint64_t{0};
    return {
        {"hello.protocol", message(3, {number(2, 1), text(3, "kiosk-1")})},
        {"welcome.now_ms", message(4, {number(1, 1), number(3, after_9999)})},
        {"welcome.now_ms", message(4, {number(1, 1), number(3, minus_one)})},
        {"issue.request", message(10, {text(2, "ktp-el")})},
        {"print_report.request", message(11, {number(2, 1), number(3, 1)})},
        {"print_report.ticket", message(11, {number(1, 1), number(3, 1)})},
        {"call_next.request", message(12, {})},
        {"recall.request", message(13, {number(2, 1)})},
        {"recall.ticket", message(13, {number(1, 1)})},
        {"finish.request", message(14, {number(2, 1)})},
        {"finish.ticket", message(14, {number(1, 1)})},
        {"no_show.request", message(15, {number(2, 1)})},
        {"no_show.ticket", message(15, {number(1, 1)})},
        {"ticket.request", message(20, {number(2, 1), text(3, "A-001"), text(4, "ktp-el")})},
        {"ticket.ticket", message(20, {number(1, 1), text(3, "A-001"), text(4, "ktp-el")})},
        {"ticket.issued_ms", ticket({number(5, after_9999)})},
        {"ticket.issued_ms", ticket({number(5, minus_one)})},
        {"ticket.utc_offset_min", ticket({number(6, 2 * 1081)})},      // zigzag: 1081
        {"ticket.utc_offset_min", ticket({number(6, 2 * 1081 - 1)})},  // zigzag: -1081
        {"ticket.service_day", ticket({text(8, "22.11.2026")})},
        {"ticket.service_day", ticket({text(8, "")})},
        {"welcome.service_day", message(4, {text(4, "2026-02-30")})},
        {"called.request", message(21, {number(2, 1), text(3, "A-001")})},
        {"called.ticket", message(21, {number(1, 1), text(3, "A-001")})},
        {"done.request", message(22, {})},
        {"refused.request", message(23, {number(2, 1)})},
        {"menu.buttons.number", button(0)},
        {"menu.buttons.number", button(0x10000)},
    };
}

std::vector<Case> enums_out_of_range() {
    const auto hello = [](std::uint64_t role) {
        return message(3, {number(1, 1), number(2, role), text(3, "kiosk-1")});
    };
    const auto report = [](std::uint64_t outcome, std::uint64_t reason) {
        return message(11, {number(1, 1), number(2, 1), number(3, outcome), number(4, reason)});
    };
    const auto view = [](std::uint64_t paper) {
        return message(31, {text(1, "loket-3"), number(4, 1), text(5, "A-001"), number(7, paper)});
    };
    const auto minus_one = ~std::uint64_t{0};
    return {
        {"goodbye.reason", message(2, {})},
        {"goodbye.reason", message(2, {number(1, 10)})},
        {"goodbye.reason", message(2, {number(1, minus_one)})},
        {"hello.role", hello(0)},
        {"hello.role", hello(3)},
        {"print_report.outcome", report(0, 0)},
        {"print_report.outcome", report(4, 0)},
        {"print_report.reason", report(1, 9)},
        {"print_report.reason", report(1, minus_one)},
        {"refused.reason", message(23, {number(1, 1)})},
        {"refused.reason", message(23, {number(1, 1), number(2, 8)})},
        {"counter_view.paper", view(0)},
        {"counter_view.paper", view(4)},
    };
}

std::vector<Case> ids_out_of_range() {
    std::vector<Case> cases;
    for (const std::string& wrong :
         {std::string{}, too_long_id, std::string{"-a"}, std::string{".a"}, std::string{"KTP"},
          std::string{"a_b"}, std::string{"a b"}, std::string{"a\0", 2}, std::string{"\xc3\xa9"}}) {
        cases.push_back({"hello.device", message(3, {number(1, 1), number(2, 1), text(3, wrong)})});
        cases.push_back({"issue.service", message(10, {number(1, 1), text(2, wrong)})});
        cases.push_back({"ticket.service", message(20, {number(1, 1), number(2, 1),
                                                        text(3, "A-001"), text(4, wrong)})});
        cases.push_back(
            {"menu.buttons.service", message(30, {message(4, {number(1, 1), text(2, wrong)})})});
        cases.push_back({"counter_view.counter", message(31, {text(1, wrong)})});
    }
    return cases;
}

TEST_CASE("a field out of its range is refused by its name", "[proto][codec]") {
    auto cases = numbers_out_of_range();
    for (auto more : {enums_out_of_range(), ids_out_of_range()}) {
        cases.insert(cases.end(), more.begin(), more.end());
    }
    for (const auto& wrong : cases) {
        INFO(wrong.field);
        const auto error = refusal(wrong.body);
        CHECK(error.code == codec_errc::bad_field);
        CHECK(error.field == wrong.field);
        CHECK(error.text() == "field " + wrong.field + " is out of its range");
    }
}

TEST_CASE("of several wrong fields the first is named", "[proto][codec]") {
    CHECK(std::string{refusal(message(13, {})).field} == "recall.request");
}

// BODY_WITH is the message that is right but for one text.
struct TextCase {
    std::string field;
    Bytes (*body_with)(std::string_view);
    bool may_be_empty;
};

const TextCase texts[] = {
    {"goodbye.text",
     [](std::string_view t) {
         return message(2, {number(1, 1), text(2, t)});
     },
     true},
    {"hello.software",
     [](std::string_view t) {
         return message(3, {number(1, 1), number(2, 1), text(3, "kiosk-1"), text(5, t)});
     },
     true},
    {"welcome.software", [](std::string_view t) { return message(4, {text(5, t)}); }, true},
    {"ticket.label",
     [](std::string_view t) {
         return message(20, {number(1, 1), number(2, 1), text(3, t), text(4, "ktp-el"),
                             text(8, "2026-11-22")});
     },
     false},
    {"called.label",
     [](std::string_view t) {
         return message(21, {number(1, 1), number(2, 1), text(3, t)});
     },
     false},
    {"menu.site_name", [](std::string_view t) { return message(30, {text(1, t)}); }, true},
    {"menu.place", [](std::string_view t) { return message(30, {text(2, t)}); }, true},
    {"menu.zone", [](std::string_view t) { return message(30, {text(3, t)}); }, true},
    {"menu.buttons.service_name",
     [](std::string_view t) {
         return message(30, {message(4, {number(1, 1), text(2, "ktp-el"), text(3, t)})});
     },
     true},
    {"menu.buttons.agency_name",
     [](std::string_view t) {
         return message(30, {message(4, {number(1, 1), text(2, "ktp-el"), text(4, t)})});
     },
     true},
    {"counter_view.counter_name",
     [](std::string_view t) {
         return message(31, {text(1, "loket-3"), text(2, t)});
     },
     true},
    {"counter_view.label",
     [](std::string_view t) {
         return message(31, {text(1, "loket-3"), number(4, 1), text(5, t), number(7, 1)});
     },
     false},
    {"counter_view.service_name",
     [](std::string_view t) {
         return message(
             31, {text(1, "loket-3"), number(4, 1), text(5, "A-001"), text(6, t), number(7, 1)});
     },
     true},
};

TEST_CASE("a text has up to 200 bytes", "[proto][codec]") {
    for (const auto& [field, body_with, may_be_empty] : texts) {
        INFO(field);
        CHECK(decoded(body_with("A")));
        CHECK(decoded(body_with(std::string(200, 'x'))));
        CHECK(refusal(body_with(std::string(201, 'x'))).field == field);
        // Bytes are counted, not characters.
        std::string wide;
        for (int i = 0; i < 101; ++i)
            wide += "\xc3\xa9";
        CHECK_FALSE(decoded(body_with(wide)));
        CHECK(decoded(body_with("")).has_value() == may_be_empty);
    }
}

TEST_CASE("a menu has up to 128 buttons", "[proto][codec]") {
    const auto with = [](int count) {
        Bytes buttons;
        for (int i = 1; i <= count; ++i) {
            const auto button =
                message(4, {number(1, static_cast<std::uint64_t>(i)), text(2, "a")});
            buttons.insert(buttons.end(), button.begin(), button.end());
        }
        return message(30, {buttons});
    };
    CHECK(std::get<Menu>(decoded(with(128)).value()).buttons.size() == 128);
    CHECK(std::string{refusal(with(129)).field} == "menu.buttons");
}

TEST_CASE("a counter view without a ticket says nothing about one", "[proto][codec]") {
    const auto body = message(31, {text(1, "loket-3"), number(3, 2), text(5, "A-001"),
                                   text(6, std::string(201, 'x')), number(7, 9), number(8, 5)});
    CounterView expected;
    expected.counter = id<CounterId>("loket-3");
    expected.waiting = 2;
    CHECK(decoded(body) == Message{expected});
    CHECK(samples::body(expected) == message(31, {text(1, "loket-3"), number(3, 2)}));
}

}  // namespace
}  // namespace antrean::proto
