#include "controller/console/request.hpp"
#include "tests/catch.hpp"

#include <string>
#include <variant>

using namespace antrean;
using namespace antrean::console;
using Catch::Contains;

namespace {

// The request's value; the test fails if it is another one.
template <class Kind>
Kind parsed(std::string_view line) {
    const auto request = parse(line);
    INFO(line);
    INFO((request ? std::string{} : request.error().text));
    REQUIRE(request.has_value());
    REQUIRE(std::holds_alternative<Kind>(*request));
    return std::get<Kind>(*request);
}

template <class Action>
Action action(std::string_view line, std::string_view counter = "") {
    const auto act = parsed<Act>(line);
    CHECK(act.counter.view() == counter);
    REQUIRE(std::holds_alternative<Action>(act.action));
    return std::get<Action>(act.action);
}

}  // namespace

TEST_CASE("requests without fields are read by their name", "[console][request]") {
    parsed<TellStatus>(R"({"do":"status"})");
    parsed<TellQueue>(R"({"do":"queue"})");
    parsed<TellAlarms>(R"({"do":"alarms"})");
    parsed<TellDevices>(R"({"do":"devices"})");
    parsed<Tail>(R"({"do":"tail"})");
    parsed<Reload>(R"({"do":"reload"})");
    parsed<RebuildReports>(R"({"do":"rebuild-reports"})");
    action<engine::CloseDay>(R"({"do":"close-day"})");
    action<engine::ReopenDay>(R"({"do":"reopen-day"})");
}

TEST_CASE("requests at a counter name it, and the ticket that stands there is meant",
          "[console][request]") {
    CHECK_FALSE(action<engine::CallNext>(R"({"do":"call","counter":"loket-1"})", "loket-1").only);
    CHECK(action<engine::CallNext>(R"({"do":"call","counter":"loket-1","class":"priority"})",
                                   "loket-1")
              .only == TicketClass::priority);
    CHECK(
        action<engine::CallNamed>(R"({"do":"call","counter":"loket-1","label":"A-012"})", "loket-1")
            .label == "A-012");
    CHECK_FALSE(action<engine::Recall>(R"({"do":"recall","counter":"l"})", "l").ticket);
    CHECK_FALSE(action<engine::Serve>(R"({"do":"serve","counter":"l"})", "l").ticket);
    CHECK_FALSE(action<engine::Finish>(R"({"do":"finish","counter":"l"})", "l").ticket);
    CHECK_FALSE(action<engine::NoShow>(R"({"do":"no-show","counter":"l"})", "l").ticket);
    CHECK_FALSE(action<engine::Hold>(R"({"do":"hold","counter":"l"})", "l").ticket);
    CHECK(action<engine::Transfer>(R"({"do":"transfer","counter":"l","service":"kk"})", "l")
              .service.view() == "kk");
    action<engine::Undo>(R"({"do":"undo","counter":"l"})", "l");
    action<engine::SignOut>(R"({"do":"sign-out","counter":"l"})", "l");
    CHECK(action<engine::SignIn>(R"({"do":"sign-in","counter":"l","code":"4711"})", "l").code ==
          "4711");
    CHECK(action<engine::PauseCounter>(R"({"do":"pause-counter","counter":"l","reason":"makan"})",
                                       "l")
              .reason == "makan");
    action<engine::OpenCounter>(R"({"do":"open-counter","counter":"l"})", "l");
}

TEST_CASE("a service is paused by itself or with its agency", "[console][request]") {
    CHECK(
        action<engine::PauseService>(R"({"do":"pause","service":"ktp","reason":"padam"})").reason ==
        "padam");
    CHECK(action<engine::ResumeService>(R"({"do":"resume","service":"ktp"})").service.view() ==
          "ktp");
    CHECK(parsed<PauseAgency>(R"({"do":"pause","agency":"dukcapil"})").agency.view() == "dukcapil");
    CHECK(parsed<ResumeAgency>(R"({"do":"resume","agency":"dukcapil"})").agency.view() ==
          "dukcapil");
    CHECK(action<engine::VoidTicket>(R"({"do":"void","label":"A-003"})").label == "A-003");
    CHECK(parsed<Backup>(R"({"do":"backup","file":"/var/b.journal"})").file == "/var/b.journal");
}

TEST_CASE("what is no request says what is wrong with it", "[console][request]") {
    struct Row {
        std::string line;
        const char* why;
    };
    const auto row = GENERATE(
        Row{"", "not a JSON object"}, Row{"status", "not a JSON object"},
        Row{"[]", "not a JSON object"}, Row{R"({"do":"status"}{})", "not a JSON object"},
        Row{R"({})", "\"do\" is missing"}, Row{R"({"do":7})", "\"do\" is no text"},
        Row{R"({"do":"dance"})", "there are status, queue"},
        Row{R"({"do":"status","now":"1"})", "\"now\" is no field"},
        Row{R"({"do":"finish"})", "\"counter\" is missing"},
        Row{R"({"do":"finish","counter":""})", "\"counter\" is missing"},
        Row{R"({"do":"finish","counter":"Loket 1"})", "is no id of a site file"},
        Row{R"({"do":"call","counter":"l","class":"vip"})", "regular, priority or appointment"},
        Row{R"({"do":"call","counter":"l","class":"regular","label":"A-1"})", "do not go together"},
        Row{R"({"do":"call","counter":"l","label":"A-0000000000000001"})", "longer than 16 bytes"},
        Row{R"({"do":"sign-in","counter":"l","code":"47a"})", "other characters than digits"},
        Row{R"({"do":"pause"})", "one of \"service\" and \"agency\""},
        Row{R"({"do":"pause","service":"a","agency":"b"})", "one of \"service\" and \"agency\""},
        Row{R"({"do":"void","label":"A\u001b[2J"})", "a terminal obeys"},
        Row{R"({"do":"backup","file":"b.journal"})", "no absolute path"},
        Row{"{\"do\":\"pause\",\"service\":\"a\",\"reason\":\"" + std::string(201, 'x') + "\"}",
            "longer than 200 bytes"},
        Row{std::string(max_line_bytes, '['), "more than 65536 bytes"},
        Row{std::string(1000, '['), "not a JSON object"});
    INFO(row.line.substr(0, 100));
    const auto request = parse(row.line);
    REQUIRE_FALSE(request.has_value());
    CHECK_THAT(request.error().text, Contains(row.why));
}

TEST_CASE("the log is told what changes something, and never a code", "[console][request]") {
    const auto described = [](const char* line) { return describe(*parse(line)); };
    CHECK(described(R"({"do":"finish","counter":"loket-1"})") == "finish at loket-1");
    CHECK(described(R"({"do":"void","label":"A-003"})") == "void_ticket (A-003)");
    CHECK(described(R"({"do":"backup","file":"/b"})") == "backup to /b");
    CHECK(described(R"({"do":"sign-in","counter":"loket-1","code":"4711"})") ==
          "sign_in at loket-1");
    CHECK(described(R"({"do":"pause","agency":"pajak","reason":"padam"})") ==
          "pause agency pajak (padam)");
    CHECK(described(R"({"do":"status"})").empty());
    CHECK(described(R"({"do":"tail"})").empty());
}
