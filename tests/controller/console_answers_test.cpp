#include "controller/console/answers.hpp"
#include "controller/console/plan.hpp"
#include "tests/controller/console_bench.hpp"

#include <boost/json.hpp>

using namespace antrean;
using namespace antrean::console;
using namespace antrean::console::bench;
namespace json = boost::json;

namespace {

// Exactly one line, and its object.
json::object read(const std::string& line) {
    INFO(line);
    REQUIRE(line.find('\n') == line.size() - 1);
    return json::parse(line).as_object();
}

std::string text_of(const json::value& value) {
    return json::serialize(value);
}

}  // namespace

TEST_CASE("an answer is one line that says whether it was done", "[console][answers]") {
    CHECK(done_line() == "{\"ok\":true}\n");
    CHECK(done_line("a\nb") == "{\"ok\":true,\"text\":\"a\\nb\"}\n");
    CHECK(answer_line(engine::DoneAnswer{}) == "{\"ok\":true}\n");
    CHECK(answer_line(engine::Refusal::nobody_waits) ==
          "{\"ok\":false,\"error\":\"nobody_waits\",\"text\":\"nobody waits there\"}\n");
    CHECK(progress_line(3, 7) == "{\"progress\":{\"done\":3,\"of\":7}}\n");
    const engine::TicketRef ticket{TicketId{7}, id<SeriesId>("dukcapil"), TicketNumber{1}, "A-001",
                                   id<ServiceId>("ktp")};
    CHECK(answer_line(engine::CalledAnswer{ticket}) ==
          R"({"ok":true,"ticket":{"id":7,"label":"A-001","service":"ktp"}})"
          "\n");
}

TEST_CASE("a request for several services is done if none is refused", "[console][answers]") {
    const auto ktp = id<ServiceId>("ktp"), kk = id<ServiceId>("kk");
    const auto good = read(answers_line({{ktp, engine::DoneAnswer{}}, {kk, engine::DoneAnswer{}}}));
    CHECK(good.at("ok") == json::value(true));
    CHECK(good.at("services").as_array().size() == 2);
    const auto bad =
        read(answers_line({{ktp, engine::DoneAnswer{}}, {kk, engine::Refusal::paused}}));
    CHECK(bad.at("ok") == json::value(false));
    CHECK(bad.at("error") == "paused");
    CHECK(bad.at("services").at(0).at("ok") == json::value(true));
    CHECK(bad.at("services").at(1).at("service") == "kk");
}

TEST_CASE("every refusal has a text", "[console][answers]") {
    for (int i = 0; i <= static_cast<int>(engine::Refusal::too_late_to_undo); ++i)
        CHECK_FALSE(to_text(static_cast<engine::Refusal>(i)).empty());
}

TEST_CASE("an event is told by the journal's columns, without those that are null",
          "[console][answers]") {
    Bench bench;
    bench.hub.keep_durable();
    bench.issue();
    const auto durable = bench.hub.take_durable();
    const engine::Event* issued = nullptr;
    for (const auto& batch : durable) {
        for (const auto& event : batch.events) {
            if (std::holds_alternative<engine::Issued>(event.fact)) issued = &event;
        }
    }
    REQUIRE(issued);
    const auto event = read(event_line(9, *issued)).at("event").as_object();
    CHECK(event.at("seq").to_number<int>() == 9);
    CHECK(event.at("kind") == "issued");
    CHECK(event.at("label") == "A-001");
    CHECK(event.at("day") == "2026-11-22");
    CHECK(event.at("utc_offset_min").to_number<int>() == 420);
    CHECK_FALSE(event.contains("outcome"));
    CHECK_FALSE(event.contains("hash"));
}

TEST_CASE("the status tells of the site, the tickets and what troubles the controller",
          "[console][answers]") {
    Bench bench;
    bench.issue();
    bench.issue();
    bench.ask(engine::CallNext{}, "loket-1");
    Vitals vitals;
    vitals.uptime = std::chrono::seconds{61};
    vitals.storage_free_bytes = 1 << 20;
    auto status = read(status_line(bench.hub, bench.moment(), vitals)).at("status").as_object();
    CHECK(status.at("site") == "Mal Contoh");
    CHECK(status.at("day") == "2026-11-22");
    CHECK(text_of(status.at("tickets")) == R"({"waiting":1,"called":1,"serving":0,"held":0})");
    CHECK(status.at("uptime_s").to_number<int>() == 61);
    CHECK(status.at("callpads_known").to_number<int>() == 1);
    CHECK(status.at("journal_seq").to_number<std::uint64_t>() == bench.hub.stats().journal_seq);
    CHECK_FALSE(status.contains("trouble"));
    CHECK_FALSE(status.contains("reports_lag_events"));

    vitals.trouble = "no room";
    status = read(status_line(bench.hub, bench.moment(), vitals)).at("status").as_object();
    CHECK(status.at("trouble") == "no room");
}

TEST_CASE("the queue tells who waits by class, what is closed, and who stands where",
          "[console][answers]") {
    Bench bench;
    bench.issue("ktp");
    bench.issue("kk", TicketClass::priority);
    bench.issue("npwp");
    bench.ask(engine::CallNext{}, "loket-2");
    bench.ask(engine::PauseService{id<ServiceId>("kk"), "padam"});
    bench.ask(engine::PauseCounter{"makan"}, "loket-1");
    const auto queue = read(queue_line(bench.hub, bench.moment()));
    CHECK(text_of(queue.at("queues").at(0)) ==
          R"({"series":"dukcapil","prefix":"A","agency":"Dukcapil",)"
          R"("waiting":{"all":2,"regular":1,"priority":1,"appointment":0}})");
    CHECK(queue.at("queues").at(1).at("waiting").at("all").to_number<int>() == 0);
    CHECK_FALSE(queue.at("services").at(0).as_object().contains("closed"));
    CHECK(queue.at("services").at(1).at("closed") == "paused");
    CHECK(queue.at("services").at(1).at("text") == "padam");
    CHECK(queue.at("counters").at(0).at("paused") == "makan");
    CHECK_FALSE(queue.at("counters").at(0).as_object().contains("ticket"));
    CHECK(queue.at("counters").at(1).at("ticket") == "B-001");
    CHECK(queue.at("counters").at(1).at("state") == "called");
}

TEST_CASE("before the first day the queue is told too", "[console][answers]") {
    Bench bench;
    CHECK(read(queue_line(bench.hub, bench.moment())).at("queues").as_array().size() == 2);
    CHECK_FALSE(
        read(status_line(bench.hub, bench.moment(), {})).at("status").as_object().contains("day"));
}

TEST_CASE("alarms tell who waits longest and against which limit", "[console][answers]") {
    Bench bench;
    bench.issue("ktp");
    CHECK(read(alarms_line(bench.hub, bench.moment())).at("alarms").as_array().empty());
    bench.passed = std::chrono::minutes{11};
    const auto line = alarms_line(bench.hub, bench.moment());
    CHECK(read(line).at("alarms").as_array().size() ==
          bench.hub.hall().alarms(bench.moment().now.wall).size());
    CHECK_THAT(line, Catch::Contains(R"({"kind":"waiting_limit","service":"ktp","ticket":"A-001",)"
                                     R"("waited_s":660,"limit_s":600,"broken":true})"));
}

TEST_CASE("a step at a counter is for the ticket that stands there", "[console][plan]") {
    Bench bench;
    bench.issue();
    const Act finish{engine::Finish{}, id<CounterId>("loket-1")};
    const auto nobody = plan(finish, bench.hub);
    REQUIRE_FALSE(nobody.has_value());
    CHECK(read(nobody.error().line).at("error") == "not_called");

    const auto called = bench.ask(engine::CallNext{}, "loket-1");
    const auto one = plan(finish, bench.hub);
    REQUIRE(one.has_value());
    REQUIRE(one->size() == 1);
    CHECK(std::get<engine::Finish>(one->front().action).ticket ==
          std::get<engine::CalledAnswer>(called).ticket.id);
    CHECK(one->front().counter.view() == "loket-1");
}

TEST_CASE("an agency is paused by its services", "[console][plan]") {
    Bench bench;
    const auto asks = plan(PauseAgency{id<AgencyId>("dukcapil"), "padam"}, bench.hub);
    REQUIRE(asks.has_value());
    REQUIRE(asks->size() == 2);
    CHECK(asks->at(1).service.view() == "kk");
    CHECK(std::get<engine::PauseService>(asks->at(1).action).reason == "padam");
    CHECK(plan(ResumeAgency{id<AgencyId>("pajak")}, bench.hub)->size() == 1);
}

TEST_CASE("what the site file does not have is refused by name", "[console][plan]") {
    Bench bench;
    const auto counter = plan(Act{engine::CallNext{}, id<CounterId>("loket-9")}, bench.hub);
    REQUIRE_FALSE(counter.has_value());
    CHECK(read(counter.error().line).at("error") == "unknown_counter");
    const auto agency = plan(PauseAgency{id<AgencyId>("bpjs"), ""}, bench.hub);
    REQUIRE_FALSE(agency.has_value());
    CHECK(read(agency.error().line).at("error") == "unknown_agency");
}
