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

Bytes hello_with(std::initializer_list<Bytes> more) {
    return message(3, {number(1, 1), number(2, 1), text(3, "kiosk-1"), joined(more)});
}

// A counter's view with a ticket, right but for what MORE says.
Bytes view_with(std::initializer_list<Bytes> more) {
    return message(31, {text(1, "loket-3"), number(4, 1), text(5, "A-001"), number(7, 1),
                        number(9, 1), joined(more)});
}

Bytes offer_with(std::initializer_list<Bytes> more) {
    return message(32, {message(2, {text(1, "ktp-el"), joined(more)})});
}

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
        {"call_named.request", message(16, {number(2, 1)})},
        {"call_named.label", message(16, {number(1, 1)})},  // neither
        {"call_named.label", message(16, {number(1, 1), number(2, 1), text(3, "A-001")})},  // both
        {"serve.request", message(17, {number(2, 1)})},
        {"serve.ticket", message(17, {number(1, 1)})},
        {"hold.request", message(18, {number(2, 1)})},
        {"hold.ticket", message(18, {number(1, 1)})},
        {"transfer.request", message(19, {number(2, 1), text(3, "npwp")})},
        {"transfer.ticket", message(19, {number(1, 1), text(3, "npwp")})},
        {"undo.request", message(40, {})},
        {"sign_in.request", message(41, {text(2, "1234")})},
        {"sign_out.request", message(42, {})},
        {"pause_counter.request", message(43, {})},
        {"open_counter.request", message(44, {})},
        {"ticket.request", message(20, {number(2, 1), text(3, "A-001"), text(4, "ktp-el")})},
        {"ticket.ticket", message(20, {number(1, 1), text(3, "A-001"), text(4, "ktp-el")})},
        {"ticket.issued_ms", ticket({number(5, after_9999)})},
        {"ticket.issued_ms", ticket({number(5, minus_one)})},
        {"ticket.utc_offset_min", ticket({number(6, 2 * 1081)})},      // zigzag: 1081
        {"ticket.utc_offset_min", ticket({number(6, 2 * 1081 - 1)})},  // zigzag: -1081
        {"ticket.service_day", ticket({text(8, "22.11.2026")})},
        {"ticket.service_day", ticket({text(8, "")})},
        {"welcome.service_day", message(4, {text(4, "2026-02-30")})},
        {"hello.seen.service_day", hello_with({message(7, {text(2, "A-001")})})},
        {"hello.seen.service_day",
         hello_with({message(7, {text(1, "2026-13-01"), text(2, "A-001")})})},
        {"counter_view.held.ticket",
         message(31, {text(1, "loket-3"), message(14, {text(2, "A-001")})})},
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
        {"refused.reason", message(23, {number(1, 1), number(2, 33)})},
        {"issue_offline.request", message(45, {number(2, 7), number(3, 7), text(4, "ktp")})},
        {"issue_offline.lease", message(45, {number(1, 1), number(3, 7), text(4, "ktp")})},
        {"issue_offline.number", message(45, {number(1, 1), number(2, 7), text(4, "ktp")})},
        {"issue_offline.number",
         message(45, {number(1, 1), number(2, 7), number(3, 251), text(4, "ktp")})},
        {"issue_offline.service", message(45, {number(1, 1), number(2, 7), number(3, 7)})},
        {"issue_offline.ticket_class",
         message(45, {number(1, 1), number(2, 7), number(3, 7), text(4, "ktp"), number(5, 3)})},
        {"issue_offline.age_ms", message(45, {number(1, 1), number(2, 7), number(3, 7),
                                              text(4, "ktp"), number(6, 31'622'400'001)})},
        {"check_in.request", message(47, {text(2, "AJ1")})},
        {"retire_lease.lease", message(46, {number(1, 1)})},
        {"retire_lease.given", message(46, {number(1, 1), number(2, 7), number(3, 251)})},
        {"kiosk_state.printers.state", message(50, {message(1, {})})},
        {"kiosk_state.printers.state", message(50, {message(1, {number(1, 10)})})},
        {"kiosk_state.stuck.number", message(50, {message(2, {})})},
        {"kiosk_state.stuck.number", message(50, {message(2, {number(1, 65'536)})})},
        {"counter_view.paper", view_with({number(7, 0)})},
        {"counter_view.paper", view_with({number(7, 4)})},
        {"counter_view.state", view_with({number(9, 0)})},
        {"counter_view.state", view_with({number(9, 3)})},
        {"counter_view.can_undo", view_with({number(19, 7)})},
        {"counter_view.can_undo", view_with({number(19, minus_one)})},
        {"counter_view.can_undo", message(31, {text(1, "loket-3"), number(19, 7)})},
        {"counter_view.ticket_class", view_with({number(10, 3)})},
        {"counter_view.held.ticket_class",
         message(31, {text(1, "loket-3"),
                      message(14, {number(1, 1), text(2, "A-001"), number(3, 3)})})},
        {"issue.ticket_class", message(10, {number(1, 1), text(2, "ktp-el"), number(3, 3)})},
        {"issue.ticket_class",
         message(10, {number(1, 1), text(2, "ktp-el"), number(3, minus_one)})},
        {"call_next.only", message(12, {number(1, 1), number(2, 4)})},
        {"call_next.only", message(12, {number(1, 1), number(2, minus_one)})},
        {"ticket.ticket_class",
         message(20, {number(1, 1), number(2, 1), text(3, "A-001"), text(4, "ktp-el"),
                      text(8, "2026-11-22"), number(9, 3)})},
        {"menu.buttons.ticket_class",
         message(30, {message(4, {number(1, 1), text(2, "ktp-el"), number(5, 3)})})},
        // The refusals of a service are 7 to 17.
        {"offers.offers.refusal", offer_with({number(2, 6)})},
        {"offers.offers.refusal", offer_with({number(2, 18)})},
        {"offers.offers.refusal", offer_with({number(2, minus_one)})},
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
        cases.push_back(
            {"transfer.service", message(19, {number(1, 1), number(2, 1), text(3, wrong)})});
        cases.push_back({"offers.offers.service", offer_with({text(1, wrong)})});
        cases.push_back(
            {"counter_menu.targets.service", message(33, {message(1, {text(1, wrong)})})});
    }
    return cases;
}

TEST_CASE("a field out of its range is refused by its name", "[proto][codec][F23]") {
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
    {"ticket.service_name",
     [](std::string_view t) {
         return message(20, {number(1, 1), number(2, 1), text(3, "A-001"), text(4, "ktp-el"),
                             text(8, "2026-11-22"), text(11, t)});
     },
     true},
    {"ticket.agency_name",
     [](std::string_view t) {
         return message(20, {number(1, 1), number(2, 1), text(3, "A-001"), text(4, "ktp-el"),
                             text(8, "2026-11-22"), text(12, t)});
     },
     true},
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
    {"counter_view.label", [](std::string_view t) { return view_with({text(5, t)}); }, false},
    {"counter_view.service_name", [](std::string_view t) { return view_with({text(6, t)}); }, true},
    {"counter_view.staff", [](std::string_view t) { return view_with({text(15, t)}); }, true},
    {"counter_view.pause_reason",
     [](std::string_view t) {
         return view_with({number(17, 1), text(18, t)});
     },
     true},
    {"counter_view.held.label",
     [](std::string_view t) {
         return view_with({message(14, {number(1, 1), text(2, t)})});
     },
     false},
    {"hello.seen.label",
     [](std::string_view t) {
         return hello_with({message(7, {text(1, "2026-11-22"), text(2, t)})});
     },
     false},
    {"call_named.label",
     [](std::string_view t) {
         return message(16, {number(1, 1), text(3, t)});
     },
     false},
    {"pause_counter.reason",
     [](std::string_view t) {
         return message(43, {number(1, 1), text(2, t)});
     },
     true},
    {"menu.buttons.bring",
     [](std::string_view t) {
         return message(30, {message(4, {number(1, 1), text(2, "ktp-el"), text(6, t)})});
     },
     true},
    {"menu.wifi_name", [](std::string_view t) { return message(30, {text(5, t)}); }, true},
    {"menu.wifi_password", [](std::string_view t) { return message(30, {text(6, t)}); }, true},
    {"menu.paper_link", [](std::string_view t) { return message(30, {text(7, t)}); }, true},
    {"offers.offers.text", [](std::string_view t) { return offer_with({text(3, t)}); }, true},
    {"counter_menu.targets.service_name",
     [](std::string_view t) {
         return message(33, {message(1, {text(1, "kk"), text(2, t)})});
     },
     true},
};

TEST_CASE("a text has up to 200 bytes", "[proto][codec][R13][F23]") {
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

TEST_CASE("what is repeated has its bound", "[proto][codec][R13][F23]") {
    struct Repeated {
        std::string field;
        std::size_t most;
        Bytes one;
        Bytes (*around)(const Bytes&);
    };
    const Repeated all[] = {
        {"menu.buttons", 512, message(4, {number(1, 1), text(2, "a")}),
         [](const Bytes& many) { return message(30, {many}); }},
        {"hello.seen", 128, message(7, {text(1, "2026-11-22"), text(2, "A-001")}),
         [](const Bytes& many) { return hello_with({many}); }},
        {"offers.offers", 512, message(2, {text(1, "a")}),
         [](const Bytes& many) { return message(32, {many}); }},
        {"kiosk_state.printers", 4, message(1, {number(1, 1)}),
         [](const Bytes& many) { return message(50, {many}); }},
        {"kiosk_state.stuck", 32, message(2, {number(1, 1)}),
         [](const Bytes& many) { return message(50, {many}); }},
        {"counter_view.held", 20, message(14, {number(1, 1), text(2, "A-001")}),
         [](const Bytes& many) { return view_with({many}); }},
        {"counter_menu.targets", 64, message(1, {text(1, "a")}),
         [](const Bytes& many) { return message(33, {many}); }},
    };
    for (const auto& [field, most, one, around] : all) {
        INFO(field);
        Bytes many;
        for (std::size_t i = 0; i < most; ++i)
            many.insert(many.end(), one.begin(), one.end());
        CHECK(decoded(around(many)));
        many.insert(many.end(), one.begin(), one.end());
        CHECK(refusal(around(many)).field == field);
    }
}

TEST_CASE("a code has 4 to 12 digits and nothing else", "[proto][codec]") {
    const auto with = [](std::string_view code) {
        return message(41, {number(1, 1), text(2, code)});
    };
    for (const auto right : {"0000", "1234", "012345678901"}) {
        CHECK(decoded(with(right)) == Message{SignIn{RequestId{1}, right}});
    }
    for (const auto wrong : {"", "123", "0123456789012", "12a4", "12 4", "-123", "\u0661234"}) {
        INFO(wrong);
        CHECK(refusal(with(wrong)).field == std::string{"sign_in.code"});
    }
}

TEST_CASE("an appointment's code has 1 to 96 characters of ASCII", "[proto][codec]") {
    const auto with = [](const std::string& code) {
        return message(47, {number(1, 1), text(2, code)});
    };
    for (const auto& right : {std::string{" "}, std::string{"~"}, std::string(96, 'A')}) {
        CHECK(decoded(with(right)) == Message{CheckIn{RequestId{1}, right}});
    }
    for (const auto& wrong :
         {std::string{}, std::string(97, 'A'), std::string{"A\tB"}, std::string{"A\0B", 3},
          std::string{"A\x7f"}, std::string{"\u0661"}}) {
        INFO(wrong);
        CHECK(refusal(with(wrong)).field == std::string{"check_in.code"});
    }
}

TEST_CASE("what is not said of a class is regular, and of a call any", "[proto][codec]") {
    CHECK(
        std::get<Issue>(decoded(message(10, {number(1, 1), text(2, "a")})).value()).ticket_class ==
        TicketClass::regular);
    CHECK_FALSE(std::get<CallNext>(decoded(message(12, {number(1, 1)})).value()).only);
    CHECK(std::get<CallNext>(decoded(message(12, {number(1, 1), number(2, 1)})).value()).only ==
          TicketClass::regular);
    CHECK(samples::body(Issue{RequestId{1}, id<ServiceId>("a")}) ==
          message(10, {number(1, 1), text(2, "a")}));
    CHECK(samples::body(CallNext{RequestId{1}, TicketClass::appointment}) ==
          message(12, {number(1, 1), number(2, 3)}));
}

TEST_CASE("an offer without a quota is not one with none left", "[proto][codec]") {
    const auto left = [](const Bytes& body) {
        return std::get<Offers>(decoded(body).value()).offers.at(0).left;
    };
    CHECK_FALSE(left(offer_with({})));
    CHECK_FALSE(left(offer_with({number(5, 7)})));
    CHECK(left(offer_with({number(4, 1)})) == 0U);
    CHECK(left(offer_with({number(4, 1), number(5, 7)})) == 7U);
}

TEST_CASE("a counter that is not paused has no reason for it", "[proto][codec]") {
    const auto body = message(31, {text(1, "loket-3"), text(18, std::string(201, 'x'))});
    CounterView expected;
    expected.counter = id<CounterId>("loket-3");
    CHECK(decoded(body) == Message{expected});
    expected.pause_reason = "Istirahat";
    CHECK(samples::body(expected) == message(31, {text(1, "loket-3")}));
}

TEST_CASE("a counter view without a ticket says nothing about one", "[proto][codec]") {
    const auto body = message(
        31, {text(1, "loket-3"), number(3, 2), text(5, "A-001"), text(6, std::string(201, 'x')),
             number(7, 9), number(8, 5), number(9, 9), number(10, 9)});
    CounterView expected;
    expected.counter = id<CounterId>("loket-3");
    expected.waiting = 2;
    CHECK(decoded(body) == Message{expected});
    CHECK(samples::body(expected) == message(31, {text(1, "loket-3"), number(3, 2)}));
}

}  // namespace
}  // namespace antrean::proto
