// When a service is to be had, and what stands in its way.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using namespace std::chrono_literals;

Hours every_day(std::vector<Interval> intervals) {
    Hours hours;
    hours.week.fill(std::move(intervals));
    return hours;
}

Now at(std::chrono::minutes time_of_day, int days = 0) {
    auto now = noon(days);
    now.wall += time_of_day - 12h;
    return now;
}

// What a kiosk is offered, which is what it gets if it asks.
std::optional<Refusal> offered(const Bench& bench, ServiceId which, const Now& now,
                               Room room = Room::ample) {
    const auto offer = bench.engine.offer(which, now, room);
    const auto decision =
        bench.engine.decide({{kiosk_1, RequestId{9999}}, Issue{which}}, now, room);
    const auto* refusal = std::get_if<Refusal>(&decision.answer);
    CHECK(offer.refusal == (refusal ? std::optional{*refusal} : std::nullopt));
    return offer.refusal;
}

TEST_CASE("a service without hours is open whenever a day is", "[engine][offer]") {
    auto site = catalog();
    site.holidays = {first_day()};
    const Bench bench{site};
    CHECK_FALSE(offered(bench, ktp, at(0h)));
    CHECK_FALSE(offered(bench, ktp, at(25h)));
    CHECK(bench.engine.offer(service("paspor"), at(12h)).refusal == Refusal::unknown_service);
}

TEST_CASE("a service has its hours, its break and its last ticket", "[engine][offer]") {
    auto site = catalog();
    site.services.at(ktp).hours = every_day({{8h, 12h}, {13h, 15h}});
    site.services.at(ktp).last_ticket_before = 30min;
    const Bench bench{site};
    CHECK(offered(bench, ktp, at(7h + 59min)) == Refusal::not_open_yet);
    CHECK_FALSE(offered(bench, ktp, at(8h)));
    CHECK(offered(bench, ktp, at(12h)) == Refusal::in_break);
    CHECK_FALSE(offered(bench, ktp, at(14h + 29min)));
    CHECK(offered(bench, ktp, at(14h + 30min)) == Refusal::too_late);
    CHECK_FALSE(offered(bench, npwp, at(20h)));  // the hours of one are not those of another
}

TEST_CASE("hours beyond midnight belong to the day that began before", "[engine][offer]") {
    auto site = catalog();
    site.services.at(ktp).hours = every_day({{18h, 26h}});
    const Bench bench{site};
    CHECK(offered(bench, ktp, at(17h)) == Refusal::not_open_yet);
    CHECK_FALSE(offered(bench, ktp, at(25h)));
    CHECK(offered(bench, ktp, at(26h)) == Refusal::too_late);
}

TEST_CASE("on a weekday without hours, and on a holiday, a service is closed", "[engine][offer]") {
    auto site = catalog();
    site.services.at(ktp).hours = Hours{};
    site.services.at(npwp).hours = every_day({{8h, 15h}});
    site.holidays = {first_day() + std::chrono::days{1}};
    Bench bench{site};
    CHECK(offered(bench, ktp, at(12h)) == Refusal::closed);
    CHECK_FALSE(offered(bench, npwp, at(12h)));
    bench.go_to_day(1);
    CHECK(offered(bench, npwp, at(12h, 1)) == Refusal::closed);
    bench.go_to_day(2);
    CHECK_FALSE(offered(bench, npwp, at(12h, 2)));
}

TEST_CASE("an agency's services are to be had on the days of its agreement", "[engine][offer]") {
    auto site = catalog();
    auto& agency = site.agencies.at(site.services.at(ktp).agency);
    agency.from = first_day() + std::chrono::days{1};
    agency.until = first_day() + std::chrono::days{2};
    Bench bench{site};
    CHECK(offered(bench, ktp, at(12h)) == Refusal::not_in_force);
    CHECK_FALSE(offered(bench, npwp, at(12h)));
    for (int day = 1; day <= 2; ++day) {
        bench.go_to_day(day);
        CHECK_FALSE(offered(bench, ktp, at(12h, day)));
    }
    bench.go_to_day(3);
    CHECK(offered(bench, ktp, at(12h, 3)) == Refusal::not_in_force);
}

TEST_CASE("a quota is of one service and one day", "[engine][offer]") {
    auto site = catalog();
    site.services.at(ktp).quota = 2;
    Bench bench{site};
    CHECK(bench.engine.offer(ktp, bench.now).left == 2U);
    CHECK_FALSE(bench.engine.offer(npwp, bench.now).left);
    bench.take();
    bench.take(kiosk_1, npwp);
    CHECK(bench.engine.offer(ktp, bench.now).left == 1U);
    bench.take(kiosk_2);
    CHECK(bench.engine.offer(ktp, bench.now).left == 0U);
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::quota_used});
    bench.call();  // who is called has used the place all the same
    CHECK(offered(bench, ktp, bench.now) == Refusal::quota_used);
    bench.restart();
    CHECK(offered(bench, ktp, bench.now) == Refusal::quota_used);
    bench.go_to_day(1);
    CHECK_FALSE(offered(bench, ktp, bench.now));
}

TEST_CASE("what was not printed gives its place back, to its first service", "[engine][offer]") {
    auto site = catalog();
    site.services.at(ktp).quota = 1;
    site.services.at(npwp).quota = 1;
    Bench bench{site};
    const auto lost = bench.press();
    bench.take(kiosk_1, npwp);
    const auto way = GENERATE(as<std::string>{}, "while it waits", "after it was transferred");
    INFO(way);
    if (way == "after it was transferred") {
        bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
        bench.call();
        bench.ask(pad_1, Transfer{lost.id, npwp});
    }
    CHECK(offered(bench, ktp, bench.now) == Refusal::quota_used);
    CHECK(only<PaperReported>(bench.report(kiosk_1, lost, Outcome::not_printed)).voids);
    CHECK_FALSE(offered(bench, ktp, bench.now));
    CHECK(offered(bench, npwp, bench.now) == Refusal::quota_used);
}

TEST_CASE("a full hall gives no ticket until somebody leaves it", "[engine][offer]") {
    auto site = catalog();
    site.rules.hall_limit = 2;
    Bench bench{site};
    const auto first = bench.take();
    const auto second = bench.press(kiosk_2);
    CHECK(bench.ask(kiosk_1, Issue{spt}).answer == Answer{Refusal::hall_full});
    REQUIRE(bench.call() == first.label);
    CHECK(offered(bench, spt, bench.now) == Refusal::hall_full);  // who is called is still there
    const auto is_full = [&] { return offered(bench, spt, bench.now) == Refusal::hall_full; };
    SECTION("done") {
        bench.ask(pad_1, Serve{first.id});
        CHECK(is_full());
        bench.ask(pad_1, Finish{first.id});
        CHECK_FALSE(is_full());
        bench.ask(pad_1, Undo{});
        CHECK(is_full());
    }
    SECTION("held") {
        bench.ask(pad_1, Hold{first.id});
        CHECK(is_full());
        bench.ask(pad_1, CallNamed{first.id, {}});
        CHECK(is_full());
    }
    SECTION("gone, and come back") {
        bench.ask(pad_1, NoShow{first.id});
        CHECK_FALSE(is_full());
        bench.ask(pad_1, CallNamed{first.id, {}});
        CHECK(is_full());
        bench.ask(pad_1, Undo{});
        CHECK_FALSE(is_full());
        bench.order(VoidTicket{first.label});  // it does not leave twice
        CHECK_FALSE(is_full());
        bench.take();
        CHECK(is_full());
    }
    SECTION("transferred") {
        bench.ask(pad_1, Transfer{first.id, spt});
        CHECK(is_full());
    }
    SECTION("void") {
        bench.order(VoidTicket{second.label});
        CHECK_FALSE(is_full());
        bench.report(kiosk_2, second, Outcome::not_printed);  // nor does it by its report
        bench.take();
        CHECK(is_full());
    }
    CHECK(bench.folded().offer(spt, bench.now).refusal ==
          bench.engine.offer(spt, bench.now).refusal);
}

TEST_CASE("a paused service says why, until it resumes or the day ends", "[engine][offer]") {
    Bench bench;
    CHECK(bench.order(PauseService{ktp, "no forms"}).answer == done);
    CHECK(bench.engine.offer(ktp, bench.now).text == "no forms");
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::paused});
    CHECK_FALSE(offered(bench, npwp, bench.now));
    bench.order(PauseService{ktp, "no power"});
    bench.restart();
    CHECK(bench.engine.offer(ktp, bench.now).text == "no power");
    SECTION("resumed") {
        CHECK(bench.order(ResumeService{ktp}).answer == done);
        CHECK(bench.order(ResumeService{ktp}).answer == Answer{Refusal::unknown_service});
    }
    SECTION("the next day") {
        bench.go_to_day(1);
    }
    CHECK(bench.engine.offer(ktp, bench.now).text.empty());
    CHECK_FALSE(offered(bench, ktp, bench.now));
    CHECK(bench.order(PauseService{service("paspor"), ""}).answer ==
          Answer{Refusal::unknown_service});
}

TEST_CASE("a closed day gives no tickets until it is opened again", "[engine][offer]") {
    Bench bench;
    CHECK(bench.order(ReopenDay{}).answer == Answer{Refusal::wrong_state});
    CHECK(bench.order(CloseDay{}).answer == done);
    CHECK(bench.order(CloseDay{}).answer == Answer{Refusal::day_closed});
    bench.restart();
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::day_closed});
    SECTION("opened again") {
        CHECK(bench.order(ReopenDay{}).answer == done);
        CHECK_FALSE(offered(bench, ktp, bench.now));
    }
    SECTION("the next day") {
        bench.go_to_day(1);
        CHECK_FALSE(offered(bench, ktp, bench.now));
    }
}

TEST_CASE("closing voids who waits, or lets them be served, as the site says", "[engine][offer]") {
    auto site = catalog();
    site.rules.fate = GENERATE(Fate::void_all, Fate::serve);
    Bench bench{site};
    const auto stands = bench.take();
    const auto holds = bench.take();
    bench.call();
    bench.ask(pad_1, Hold{stands.id});
    bench.call();
    const auto waits = bench.take();
    const auto pending = bench.press(kiosk_1, spt);
    const auto closing = bench.order(CloseDay{});
    if (site.rules.fate == Fate::void_all) {
        CHECK(facts<Voided>(closing.events) ==
              std::vector{Voided{std::nullopt, waits, VoidReason::day_closed},
                          Voided{std::nullopt, pending, VoidReason::day_closed}});
        CHECK(bench.call().empty());
        bench.order(ReopenDay{});
        CHECK(bench.call().empty());  // what is void stays void
    } else {
        CHECK(closing.events.size() == 1);
        CHECK(bench.call() == waits.label);
    }
    // Who has been called is served in either case.
    CHECK(bench.state(stands) == State::held);
    CHECK(bench.ask(pad_1, CallNamed{stands.id, {}}).answer == Answer{CalledAnswer{stands}});
    CHECK(bench.state(holds) == State::done);
}

TEST_CASE("without room on the disk no ticket is given, and no refusal kept",
          "[engine][offer][F3]") {
    Bench bench;
    bench.take();
    CHECK(offered(bench, ktp, bench.now, Room::low) == Refusal::storage_low);
    const Command issue{{kiosk_1, RequestId{50}}, Issue{ktp}};
    CHECK(bench.engine.decide(issue, bench.now, Room::low).events.empty());
    const Command call{{pad_1, RequestId{50}}, CallNext{}};
    CHECK(bench.engine.decide(call, bench.now, Room::low).events.size() == 1);
    CHECK_FALSE(offered(bench, ktp, bench.now));
}

TEST_CASE("an offer tells how many wait in the queue", "[engine][offer]") {
    Bench bench;
    bench.take();
    bench.press(kiosk_2);
    CHECK(bench.engine.offer(ktp, bench.now).waiting == 2);
    CHECK(bench.engine.offer(npwp, bench.now).waiting == 0);
    bench.call();
    CHECK(bench.engine.offer(ktp, bench.now).waiting == 1);
}

}  // namespace
