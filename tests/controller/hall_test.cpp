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
    std::shared_ptr<const site::Site> site = std::make_shared<const site::Site>(a_site());
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
        return hall.at(*site->counter(id<CounterId>(counter)));
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
    CHECK(bench.at("loket-1").waiting.all == 2);
    CHECK(bench.at("loket-2").waiting.all == 3);
    CHECK(bench.at("loket-3").waiting.all == 1);
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
    CHECK(bench.at("loket-1").waiting.all == 0);
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
        CHECK(bench.at("loket-1").waiting.all == 1);
    }
    SECTION("waiting and void: it waits no more") {
        bench.report(ticket, Outcome::not_printed, true);
        CHECK(bench.at("loket-1").waiting.all == 0);
    }
    SECTION("called as unconfirmed, then confirmed") {
        bench.call(ticket, "loket-1", true);
        bench.report(ticket, Outcome::printed);
        CHECK(bench.at("loket-1").paper == Paper::printed);
        CHECK(bench.at("loket-1").waiting.all == 0);
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
        CHECK(bench.at("loket-1").waiting.all == 0);
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
    bench.apply(engine::Voided{std::nullopt, waiting, engine::VoidReason::day_ended});
    CHECK(bench.at("loket-2").waiting.all == 0);
    bench.finish(called, "loket-1");
    bench.hall.take_changes();
    bench.apply(engine::DayOpened{});
    CHECK(bench.calls().empty());
    CHECK(bench.hall.board().waiting[0].now_serving.empty());
    const auto changes = bench.hall.take_changes();
    for (const auto& counter : bench.site->counters)
        CHECK(changes.concerns(counter));
}

TEST_CASE("changes are told once, and name what they concern", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("pajak", 1);
    auto changes = bench.hall.take_changes();
    CHECK(changes.any());
    CHECK_FALSE(changes.concerns(bench.site->counters[0]));
    CHECK(changes.concerns(bench.site->counters[1]));
    CHECK(changes.concerns(bench.site->counters[2]));
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

const engine::Origin pad{id<DeviceId>("pad-1"), RequestId{500}};
const auto loket_1 = id<CounterId>("loket-1");
const auto loket_2 = id<CounterId>("loket-2");
const auto pajak = id<SeriesId>("pajak");

engine::Undone undone(const engine::TicketRef& ticket, engine::StepKind step, engine::State state) {
    return {pad, ticket, loket_1, {}, step, state};
}

TEST_CASE("who is sent elsewhere waits there, by class", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1");
    const engine::Onward onward{id<ServiceId>("npwp"), pajak, 7};
    switch (GENERATE(0, 1, 2)) {
        case 0:
            bench.apply(engine::Transferred{pad, ticket, loket_1, {}, onward});
            break;
        case 1:
            bench.apply(engine::Finished{std::nullopt, ticket, loket_1, {}, onward});
            break;
        default:
            bench.apply(engine::NotShown{pad, ticket, loket_1, {}, onward});
    }
    CHECK_FALSE(bench.at("loket-1").ticket.id);
    CHECK(bench.at("loket-1").waiting.all == 0);
    CHECK(bench.at("loket-3").waiting.all == 1);
    CHECK(bench.at("loket-3").waiting.by_class == std::array{1U, 0U, 0U});
    CHECK(bench.hall.waiting_by_service().size() == 1);
    CHECK(bench.hall.waiting_by_service().at(id<ServiceId>("npwp")).all == 1);
    auto there = ticket;
    there.service = id<ServiceId>("npwp");
    bench.call(there, "loket-3");
    CHECK(bench.at("loket-3").waiting.all == 0);
    CHECK(bench.at("loket-3").ticket == there);
    // It is the agency's that serves it now.
    CHECK(bench.hall.board().last_calls.front().agency == "Pajak");
}

TEST_CASE("who is held is listed at the counter, oldest first, until called", "[hall]") {
    Bench bench;
    const auto first = bench.issue("dukcapil", 1);
    const auto second = bench.issue("dukcapil", 2);
    for (const auto& ticket : {first, second}) {
        bench.call(ticket, "loket-1");
        bench.apply(engine::Held{pad, ticket, loket_1});
    }
    auto held = bench.at("loket-1").held;
    REQUIRE(held.size() == 2);
    CHECK(held[0].ticket == first);
    CHECK(held[1].ticket == second);
    CHECK(bench.hall.tickets().at(engine::State::held) == 2);
    // Another counter may call it.
    bench.call(first, "loket-2");
    held = bench.at("loket-1").held;
    REQUIRE(held.size() == 1);
    CHECK(held[0].ticket == second);
    bench.apply(engine::Voided{std::nullopt, second, engine::VoidReason::by_operator});
    CHECK(bench.at("loket-1").held.empty());
}

TEST_CASE("a counter tells its staff, its pause, and what it may take back", "[hall]") {
    Bench bench;
    const auto staff = id<StaffId>("petugas-1");
    bench.apply(engine::SignedIn{pad, staff, loket_1});
    CHECK(bench.at("loket-1").staff == staff);
    bench.apply(engine::CounterPaused{pad, loket_1, "istirahat"});
    CHECK(bench.at("loket-1").paused == "istirahat");
    bench.apply(engine::CounterOpened{pad, loket_1});
    CHECK_FALSE(bench.at("loket-1").paused);
    bench.apply(engine::SignedOut{pad, staff, loket_1});
    CHECK_FALSE(bench.at("loket-1").staff);
    CHECK_FALSE(bench.at("loket-1").last_step);
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1");
    CHECK(bench.at("loket-1").last_step == engine::StepKind::call);
    bench.apply(engine::Served{pad, ticket, loket_1});
    CHECK(bench.at("loket-1").state == engine::State::serving);
    CHECK(bench.at("loket-1").last_step == engine::StepKind::serve);
    bench.apply(undone(ticket, engine::StepKind::serve, engine::State::called));
    CHECK(bench.at("loket-1").state == engine::State::called);
    CHECK_FALSE(bench.at("loket-1").last_step);
}

TEST_CASE("a call that is taken back was never on the board", "[hall]") {
    Bench bench;
    const auto first = bench.issue("dukcapil", 1);
    const auto second = bench.issue("dukcapil", 2);
    bench.call(first, "loket-1");
    bench.finish(first, "loket-1");  // by the next call
    bench.call(second, "loket-1");
    CHECK(bench.calls() == std::vector<std::string>{"A-2", "A-1"});
    CHECK(bench.hall.board().waiting.at(0).now_serving == "A-2");
    bench.apply(undone(second, engine::StepKind::call, engine::State::waiting));
    bench.apply(engine::Undone{
        std::nullopt, first, loket_1, {}, engine::StepKind::finish, engine::State::called});
    CHECK(bench.at("loket-1").ticket == first);
    CHECK(bench.at("loket-1").waiting.all == 1);
    CHECK(bench.calls() == std::vector<std::string>{"A-1"});
    CHECK(bench.hall.board().waiting.at(0).now_serving == "A-1");
    CHECK(bench.hall.tickets() == std::map<engine::State, std::uint32_t>{
                                      {engine::State::waiting, 1}, {engine::State::called, 1}});
    bench.call(second, "loket-2");
    CHECK(bench.at("loket-1").waiting.all == 0);
}

TEST_CASE("behind a change of the site no step can be taken back", "[hall]") {
    Bench bench;
    bench.call(bench.issue("dukcapil", 1), "loket-1");
    bench.hall.take_changes();
    bench.apply(engine::SiteChanged{"another"});
    CHECK_FALSE(bench.at("loket-1").last_step);
    CHECK(bench.hall.take_changes().counters.contains(id<CounterId>("loket-1")));
}

TEST_CASE("what is known of a paper, and its calls, are not forgotten when a step is taken back",
          "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1", true);
    bench.recall(ticket, "loket-1");
    const bool told = GENERATE(false, true);
    bench.finish(ticket, "loket-1");
    if (told) bench.report(ticket, Outcome::printed);
    bench.apply(undone(ticket, engine::StepKind::finish, engine::State::called));
    CHECK(bench.at("loket-1").ticket == ticket);
    CHECK(bench.at("loket-1").times_called == 2);
    CHECK(bench.at("loket-1").paper == (told ? Paper::printed : Paper::unconfirmed));
}

TEST_CASE("one that was held elsewhere is held there again when its call is taken back", "[hall]") {
    Bench bench;
    const auto first = bench.issue("dukcapil", 1);
    const auto second = bench.issue("dukcapil", 2);
    for (const auto& ticket : {first, second}) {
        bench.call(ticket, "loket-1");
        bench.apply(engine::Held{pad, ticket, loket_1});
    }
    bench.call(first, "loket-2");
    bench.apply(
        engine::Undone{pad, first, loket_2, {}, engine::StepKind::call, engine::State::held});
    CHECK(bench.at("loket-2").held.empty());
    const auto held = bench.at("loket-1").held;
    REQUIRE(held.size() == 2);
    CHECK(held[0].ticket == first);
}

TEST_CASE("a hold that is taken back stands at the counter again", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1");
    bench.apply(engine::Held{pad, ticket, loket_1});
    bench.apply(undone(ticket, engine::StepKind::hold, engine::State::serving));
    CHECK(bench.at("loket-1").held.empty());
    CHECK(bench.at("loket-1").ticket == ticket);
    CHECK(bench.at("loket-1").state == engine::State::serving);
}

TEST_CASE("a ticket that the operator made void stays so when its paper is told of", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1", true);
    bench.apply(engine::Voided{pad, ticket, engine::VoidReason::by_operator});
    bench.report(ticket, Outcome::printed);
    CHECK(bench.at("loket-1").paper == Paper::voided);
}

TEST_CASE("a hold is taken back as it was, though another counter called in between", "[hall]") {
    Bench bench;
    const auto ticket = bench.issue("dukcapil", 1);
    bench.call(ticket, "loket-1");
    bench.recall(ticket, "loket-1");
    bench.apply(engine::Held{pad, ticket, loket_1, {}});
    bench.call(ticket, "loket-2");
    auto back = undone(ticket, engine::StepKind::call, engine::State::held);
    back.counter = loket_2;
    bench.apply(back);
    bench.apply(undone(ticket, engine::StepKind::hold, engine::State::called));
    CHECK(bench.at("loket-1").times_called == 2);
}

TEST_CASE("a waiting limit raises an alarm before and when it breaks", "[hall]") {
    auto site = a_site();
    site.services[0].waiting_limit = std::chrono::minutes{10};
    Hall hall{std::make_shared<const site::Site>(site)};
    std::uint64_t seq = 0;
    const auto issue = [&](std::uint32_t number, std::chrono::seconds at,
                           std::chrono::seconds estimate) {
        const engine::TicketRef ticket{TicketId{++seq}, id<SeriesId>("dukcapil"),
                                       TicketNumber{number}, "A-" + std::to_string(number),
                                       id<ServiceId>("ktp")};
        hall.apply(seq, {{WallTime{at}, {}, {}},
                         engine::Issued{{id<DeviceId>("kiosk-1"), RequestId{seq}},
                                        ticket,
                                        0,
                                        TicketClass::regular,
                                        estimate}});
    };
    using std::chrono::seconds;
    issue(1, seconds{0}, seconds{0});
    issue(2, seconds{60}, seconds{0});
    CHECK(hall.alarms(WallTime{seconds{479}}).empty());
    auto alarms = hall.alarms(WallTime{seconds{480}});
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].label == "A-1");
    CHECK(alarms[0].kind == Alarm::Kind::waiting_limit);
    CHECK_FALSE(alarms[0].broken);
    alarms = hall.alarms(WallTime{seconds{601}});
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].broken);
    // A promise may be shorter than the limit.
    issue(3, seconds{650}, seconds{120});
    hall.apply(++seq, {{},
                       engine::Voided{std::nullopt,
                                      {TicketId{1}, id<SeriesId>("dukcapil"), TicketNumber{1},
                                       "A-1", id<ServiceId>("ktp")},
                                      engine::VoidReason::by_operator}});
    hall.apply(++seq, {{},
                       engine::Voided{std::nullopt,
                                      {TicketId{2}, id<SeriesId>("dukcapil"), TicketNumber{2},
                                       "A-2", id<ServiceId>("ktp")},
                                      engine::VoidReason::by_operator}});
    alarms = hall.alarms(WallTime{seconds{771}});
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].kind == Alarm::Kind::promise);
    CHECK(alarms[0].label == "A-3");
    CHECK(alarms[0].broken);
}

}  // namespace
