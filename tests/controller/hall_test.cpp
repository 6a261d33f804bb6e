// The hall as a fold of events.
#include "controller/projections/hall.hpp"

#include "tests/controller/hub_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::projections;
using engine::Outcome;
using sessions::bench::a_site;
using sessions::bench::id;

class Bench {
public:
    const site::Site site = a_site();
    Hall hall{site};
    std::uint64_t seq = 0;

    void apply(engine::Fact fact) { hall.apply(++seq, {{}, std::move(fact)}); }
    engine::TicketRef issue(std::string_view series, std::uint32_t number) {
        const auto series_id = id<SeriesId>(series);
        const bool a = series == "dukcapil";
        engine::TicketRef ticket{TicketId{seq + 1}, series_id, TicketNumber{number},
                                 (a ? "A-" : "B-") + std::to_string(number),
                                 id<ServiceId>(a ? "ktp" : "npwp")};
        apply(engine::Issued{{id<DeviceId>("kiosk-1"), RequestId{seq + 1}}, ticket, 0});
        return ticket;
    }
    void report(const engine::TicketRef& ticket, Outcome outcome, bool voids = false) {
        apply(engine::PaperReported{
            {id<DeviceId>("kiosk-1"), RequestId{seq + 1}}, ticket, outcome, "none", false, voids});
    }
    void call(const engine::TicketRef& ticket, std::string_view counter, bool unconfirmed = false) {
        apply(engine::Called{{id<DeviceId>("pad-1"), RequestId{seq + 1}},
                             ticket,
                             id<CounterId>(counter),
                             unconfirmed});
    }
    void recall(const engine::TicketRef& ticket, std::string_view counter) {
        apply(engine::Recalled{
            {id<DeviceId>("pad-1"), RequestId{seq + 1}}, ticket, id<CounterId>(counter)});
    }
    void finish(const engine::TicketRef& ticket, std::string_view counter) {
        apply(engine::Finished{std::nullopt, ticket, id<CounterId>(counter)});
    }
    CounterNow at(std::string_view counter) const {
        return hall.at(*site.counter(id<CounterId>(counter)));
    }
    std::vector<std::string> calls() const {
        std::vector<std::string> labels;
        for (const auto& call : hall.board().last_calls)
            labels.push_back(call.label);
        return labels;
    }
};

TEST_CASE("a counter counts who waits in all of its series", "[hall]") {
    Bench bench;
    bench.issue("dukcapil", 1);
    bench.issue("dukcapil", 2);
    bench.issue("pajak", 1);
    CHECK(bench.at("loket-1").waiting == 2);
    CHECK(bench.at("loket-2").waiting == 3);
    CHECK(bench.at("loket-3").waiting == 1);
    const auto board = bench.hall.board();
    REQUIRE(board.waiting.size() == 2);
    CHECK(board.waiting[0].agency == "Dukcapil");
    CHECK(board.waiting[0].waiting == 2);
    CHECK(board.waiting[1].waiting == 1);
    CHECK(board.waiting[1].now_serving.empty());
}

TEST_CASE("a called ticket stands at its counter until it is over", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1", true);
    CHECK(bench.at("loket-1").ticket == ticket);
    CHECK(bench.at("loket-1").paper == Paper::unconfirmed);
    CHECK(bench.at("loket-1").times_called == 1);
    CHECK(bench.at("loket-1").waiting == 0);
    bench.recall(ticket, "loket-1");
    bench.recall(ticket, "loket-1");
    CHECK(bench.at("loket-1").times_called == 3);
    CHECK(bench.calls() == std::vector<std::string>{"A-1"});
    CHECK(bench.hall.board().last_calls.front().again);
    if (GENERATE(true, false)) {
        bench.finish(ticket, "loket-1");
    } else {
        bench.apply(engine::NotShown{
            {id<DeviceId>("pad-1"), RequestId{90}}, ticket, id<CounterId>("loket-1")});
    }
    CHECK_FALSE(bench.at("loket-1").ticket.id);
    // Who was called last stays on the board: its holder may still be on the way.
    CHECK(bench.calls() == std::vector<std::string>{"A-1"});
    CHECK(bench.hall.board().waiting[0].now_serving == "A-1");
}

TEST_CASE("what the kiosk tells of a paper shows where its ticket is", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    SECTION("waiting and printed: nothing changes") {
        bench.report(ticket, Outcome::printed);
        CHECK(bench.at("loket-1").waiting == 1);
    }
    SECTION("waiting and void: it waits no more") {
        bench.report(ticket, Outcome::not_printed, true);
        CHECK(bench.at("loket-1").waiting == 0);
    }
    SECTION("called as unconfirmed, then confirmed") {
        bench.call(ticket, "loket-1", true);
        bench.report(ticket, Outcome::printed);
        CHECK(bench.at("loket-1").paper == Paper::printed);
        CHECK(bench.at("loket-1").waiting == 0);
    }
    SECTION("called, then void: the counter is told, the board forgets the call") {
        bench.call(ticket, "loket-1", true);
        bench.report(ticket, Outcome::not_printed, true);
        CHECK(bench.at("loket-1").paper == Paper::voided);
        CHECK(bench.calls().empty());
        const auto next = bench.issue("dukcapil", 2);
        bench.call(next, "loket-1");
        CHECK(bench.at("loket-1").ticket == next);
        CHECK(bench.at("loket-1").paper == Paper::printed);
    }
    SECTION("over already: nothing changes") {
        bench.call(ticket, "loket-1", true);
        bench.finish(ticket, "loket-1");
        bench.report(ticket, Outcome::not_printed, false);
        CHECK(bench.at("loket-1").waiting == 0);
        CHECK(bench.calls() == std::vector<std::string>{"A-1"});
    }
}

TEST_CASE("the board shows the last calls, newest first, each ticket once", "[hall]") {
    Bench bench;
    std::vector<engine::TicketRef> tickets;
    for (std::uint32_t n = 1; n <= web::max_calls + 2; ++n) {
        tickets.push_back(bench.issue("dukcapil", n));
        bench.call(tickets.back(), "loket-1");
        if (n <= web::max_calls + 1) bench.finish(tickets.back(), "loket-1");
    }
    CHECK(bench.calls().size() == web::max_calls);
    CHECK(bench.calls().front() == "A-10");
    CHECK(bench.calls().back() == "A-3");
    bench.recall(tickets.back(), "loket-1");
    CHECK(bench.calls().size() == web::max_calls);
    const auto call = bench.hall.board().last_calls.front();
    CHECK(call.label == "A-10");
    CHECK(call.counter_name == "Loket 1");
    CHECK(call.agency == "Dukcapil");
    CHECK(call.again);
    CHECK(call.seq == bench.seq);
    CHECK(bench.hall.board().version == bench.seq);
}

TEST_CASE("a new day starts with an empty hall, and tells everybody", "[hall]") {
    Bench bench;
    const auto called = bench.issue("dukcapil", 1);
    const auto waiting = bench.issue("pajak", 1);
    bench.call(called, "loket-1");
    bench.apply(engine::Expired{waiting});
    CHECK(bench.at("loket-2").waiting == 0);
    bench.finish(called, "loket-1");
    bench.hall.take_changes();
    bench.apply(engine::DayOpened{});
    CHECK(bench.calls().empty());
    CHECK(bench.hall.board().waiting[0].now_serving.empty());
    const auto changes = bench.hall.take_changes();
    for (const auto& counter : bench.site.counters)
        CHECK(changes.concerns(counter));
}

TEST_CASE("changes are told once, and name what they concern", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("pajak", 1);
    auto changes = bench.hall.take_changes();
    CHECK(changes.any());
    CHECK_FALSE(changes.concerns(bench.site.counters[0]));
    CHECK(changes.concerns(bench.site.counters[1]));
    CHECK(changes.concerns(bench.site.counters[2]));
    CHECK_FALSE(bench.hall.take_changes().any());
    bench.report(ticket, Outcome::printed);
    CHECK_FALSE(bench.hall.take_changes().any());
    bench.apply(engine::PaperDoubted{ticket});
    CHECK_FALSE(bench.hall.take_changes().any());
    bench.call(ticket, "loket-3");
    bench.hall.take_changes();
    bench.recall(ticket, "loket-3");
    changes = bench.hall.take_changes();
    CHECK(changes.counters == std::set{id<CounterId>("loket-3")});
    CHECK(changes.series.empty());
}

}  // namespace
