// What comes from outside of the hall: another site file, an old journal, a device that knows of a
// ticket that the journal does not.
#include "tests/controller/engine_bench.hpp"

#include <algorithm>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

// As catalog(), before the series C came, or after it left.
Catalog catalog_without_c() {
    auto without = catalog();
    without.series.erase(series("c"));
    without.services.erase(spt);
    without.counters.erase(loket_3);
    without.callpads.erase(pad_3);
    without.kiosks.at(kiosk_1) = {ktp, npwp};
    return without;
}

TEST_CASE("a site file that is the same changes nothing but the version", "[engine][site]") {
    Bench bench;
    const auto ticket = bench.take();
    bench.call();
    bench.ask(pad_1, SignIn{"1111"});
    auto next = catalog();
    next.version = "v2";
    const auto events = bench.engine.change_site(next, bench.now);
    REQUIRE(events.size() == 1);
    CHECK(std::get<SiteChanged>(events.front().fact).version == "v2");
    bench.change_site(next);
    CHECK(bench.engine.site_version() == "v2");
    CHECK(bench.state(ticket) == State::called);
    bench.go_to_day(1);
    CHECK(facts<SiteChanged>(bench.history).size() == 2);
    CHECK(bench.folded().site_version() == "v2");
}

TEST_CASE("who waits where nobody serves any more is void", "[engine][site][R2]") {
    auto site = catalog();
    site.services.at(ktp).then = {};
    Bench bench{site};
    const auto held = bench.take(kiosk_1, spt);
    bench.call(pad_3);
    bench.ask(pad_3, Hold{held.id});
    const auto waits = bench.take(kiosk_1, spt);
    const auto pending = bench.press(kiosk_1, spt);
    const auto other = bench.take();
    auto next = site;
    const auto way =
        GENERATE(as<std::string>{}, "its counter has left", "its counter serves others");
    INFO(way);
    if (way == "its counter has left") {
        next.counters.erase(loket_3);
    }
    if (way == "its counter serves others") {
        next.counters.at(loket_3).series = {series("b")};
    }
    next.callpads.erase(pad_3);
    next.services.erase(spt);
    next.kiosks.at(kiosk_1) = {ktp, npwp};
    bench.change_site(next);
    std::vector<TicketRef> gone;
    for (const auto& voided : facts<Voided>(bench.history)) {
        CHECK(voided.reason == VoidReason::service_left);
        gone.push_back(voided.ticket);
    }
    CHECK(gone == std::vector{held, waits, pending});
    CHECK(bench.state(other) == State::waiting);
    CHECK(bench.report(kiosk_1, pending, Outcome::not_printed).answer == done);
    CHECK(bench.ask(kiosk_1, Issue{spt}).answer == Answer{Refusal::unknown_service});
    CHECK(bench.ask(pad_3, CallNext{}).answer == Answer{Refusal::no_counter});
}

TEST_CASE("a queue that is served in a shift alone is served", "[engine][site]") {
    Bench bench;
    const auto waits = bench.take(kiosk_1, spt);
    auto next = catalog();
    next.counters.at(loket_3) = {
        {series("b")}, {{{std::chrono::hours{20}, std::chrono::hours{21}}, {series("c")}}}};
    bench.change_site(next);
    CHECK(bench.state(waits) == State::waiting);
}

TEST_CASE("what stands at a counter that leaves is done, and its staff gone", "[engine][site]") {
    Bench bench;
    const auto stands = bench.take();
    const auto other = bench.take();
    bench.ask(pad_2, SignIn{"2222"});
    bench.call(pad_2);
    bench.call(pad_1);
    auto next = catalog();
    next.counters.erase(loket_2);
    next.callpads.erase(pad_2);
    bench.change_site(next);
    CHECK(facts<Finished>(bench.history) == std::vector{Finished{{}, stands, loket_2, budi}});
    CHECK(facts<SignedOut>(bench.history) == std::vector{SignedOut{{}, budi, loket_2}});
    CHECK(bench.state(other) == State::called);
    bench.change_site(catalog());
    CHECK(bench.ask(pad_2, Undo{}).answer == Answer{Refusal::nothing_to_undo});
}

TEST_CASE("staff who left the site, or may no longer sit there, are signed out", "[engine][site]") {
    Bench bench;
    bench.ask(pad_1, SignIn{"1111"});
    bench.ask(pad_2, SignIn{"2222"});
    auto next = catalog();
    const auto way = GENERATE(as<std::string>{}, "left", "elsewhere");
    INFO(way);
    if (way == "left") {
        next.staff.erase(budi);
    }
    if (way == "elsewhere") {
        next.staff.at(budi).counters = {loket_3};
    }
    bench.change_site(next);
    CHECK(facts<SignedOut>(bench.history) == std::vector{SignedOut{{}, budi, loket_2}});
    CHECK(bench.ask(pad_1, SignOut{}).answer == done);
}

TEST_CASE("who does not show up does not wait again where nobody serves", "[engine][site]") {
    auto site = catalog();
    site.rules.no_show_returns = 9;
    Bench bench{site};
    const auto ticket = bench.take(kiosk_1, spt);
    bench.call(pad_3);
    auto next = site;
    next.counters.at(loket_3).series = {series("a")};
    bench.change_site(next);
    CHECK_FALSE(only<NotShown>(bench.ask(pad_3, NoShow{ticket.id})).again);
}

TEST_CASE("numbers go on where they were when a series comes back", "[engine][site][R9]") {
    Bench bench;
    bench.take(kiosk_1, spt);
    auto next = catalog();
    next.series.erase(series("c"));
    next.services.erase(spt);
    next.counters.erase(loket_3);
    next.callpads.erase(pad_3);
    next.kiosks.at(kiosk_1) = {ktp, npwp};
    bench.change_site(next);
    if (GENERATE(false, true)) {
        bench.apply(bench.engine.begin_epoch(bench.now));
        bench.change_site(catalog());
        CHECK(bench.press(kiosk_1, spt).label == "C-1001");
    } else {
        bench.change_site(catalog());
        CHECK(bench.press(kiosk_1, spt).label == "C-002");
    }
}

TEST_CASE("in a new epoch no number and no id is given again", "[engine][epoch][R1][R9][F7]") {
    Bench bench;
    const auto before = bench.take();
    bench.press(kiosk_1, npwp);
    bench.apply(bench.engine.begin_epoch(bench.now));
    CHECK(bench.engine.epoch() == 1);
    bench.restart();
    const auto a = bench.take();
    CHECK(a.label == "A-1001");
    CHECK(a.id == ticket_id(1, bench.engine.next_seq() - 2));
    CHECK(bench.press(kiosk_1, npwp).label == "B1-1001");
    CHECK(bench.press(kiosk_1, spt).label == "C-1001");  // it had given none, as far as is known
    CHECK(bench.call() == before.label);                 // who waits has lost nothing
    CHECK(bench.call() == "B1-001");                     // nor who is in doubt
    CHECK(bench.call() == a.label);
    bench.apply(bench.engine.begin_epoch(bench.now));
    CHECK(bench.press().label == "A-2001");
    // The epoch goes on over the days, the numbers begin anew.
    bench.go_to_day(1);
    CHECK(bench.folded().epoch() == 2);
    const auto tomorrow = bench.press();
    CHECK(tomorrow.label == "A-001");
    CHECK(tomorrow.id.value() >> epoch_shift == 2);
}

TEST_CASE("a series that comes back in a new epoch gives no forgotten number",
          "[engine][epoch][R9][F7]") {
    const auto without = catalog_without_c();
    Bench bench{without};
    bench.apply(bench.engine.begin_epoch(bench.now));
    const bool twice = GENERATE(false, true);
    if (twice) bench.apply(bench.engine.begin_epoch(bench.now));
    bench.restart();
    bench.change_site(catalog());
    CHECK(bench.press(kiosk_1, spt).label == (twice ? "C-2001" : "C-1001"));
    // On a day on which no epoch began, all is known.
    bench.change_site(without);
    bench.go_to_day(1);
    bench.change_site(catalog());
    CHECK(bench.press(kiosk_1, spt).label == "C-001");
}

TEST_CASE("a series that comes back behind a told number gives no forgotten number either",
          "[engine][epoch][R1][R9][F7]") {
    const auto without = catalog_without_c();
    Bench bench;
    bench.apply(bench.engine.grant_leases(kiosk_1, 1, bench.now));
    const auto leases = bench.engine.leases_of(kiosk_1, 1);
    const auto of_c = std::find_if(leases.begin(), leases.end(), [](const LeaseTerms& terms) {
        return terms.series == series("c");
    });
    REQUIRE(of_c != leases.end());
    bench.change_site(without);
    bench.apply(bench.engine.begin_epoch(bench.now));
    IssueOffline told;
    told.lease = of_c->id;
    told.number = 1;
    told.service = spt;
    told.arrived = bench.now.wall;
    bench.ask(kiosk_1, told);
    bench.change_site(catalog());
    CHECK(bench.press(kiosk_1, spt).label == "C-1001");
}

TEST_CASE(
    "a told number of a series that is not in the site is not given again when that comes back",
    "[engine][epoch][R1][R9][F7]") {
    const auto without = catalog_without_c();
    Bench bench{without};
    const auto now = bench.now;
    const auto label = GENERATE(as<std::string>{}, "C-007", "C-999");
    bench.apply(bench.engine.heed_seen(*bench.engine.day(), label, now));
    CHECK(facts<Restored>(bench.history).size() == 1);
    // Each device says it at each greeting.
    bench.apply(bench.engine.heed_seen(*bench.engine.day(), "C-007", now));
    bench.apply(bench.engine.heed_seen(*bench.engine.day(), "no label", now));
    CHECK(facts<Restored>(bench.history).size() == 1);
    bench.change_site(catalog());
    CHECK(bench.press(kiosk_1, spt).label == "C-1001");
    // What is known of a series that leaves is no news.
    bench.change_site(without);
    bench.apply(bench.engine.heed_seen(*bench.engine.day(), "C-1001", now));
    CHECK(facts<Restored>(bench.history).size() == 1);
}

TEST_CASE("in a new epoch papers are doubted whose reports may be forgotten",
          "[engine][epoch][F7][F21]") {
    Bench bench;
    const auto pending = bench.press();
    CHECK(bench.call().empty());
    bench.apply(bench.engine.begin_epoch(bench.now));
    bench.restart();
    CHECK(bench.call() == pending.label);
    CHECK(facts<Called>(bench.history).back().unconfirmed);
    // One that was not forgotten is still taken when it comes.
    CHECK(bench.report(kiosk_1, pending).answer == Answer{DoneAnswer{}});
}

TEST_CASE("at the back of a queue is behind all, in whatever epoch they came", "[engine][epoch]") {
    auto site = catalog();
    site.rules.transfer_place = Place::back;
    Bench bench{site};
    const auto old = bench.take();
    bench.apply(bench.engine.begin_epoch(bench.now));
    const auto fresh = bench.take(kiosk_1, npwp);
    bench.call(pad_2);
    bench.ask(pad_2, Transfer{old.id, npwp});
    CHECK(bench.call(pad_1) == fresh.label);
    CHECK(bench.call(pad_1) == old.label);
}

TEST_CASE("a series near its end is full in a new epoch", "[engine][epoch]") {
    Bench bench;
    bench.apply({{bench.now, NumbersSkipped{series("a"), TicketNumber{999'500}}}});
    bench.press();
    bench.apply(bench.engine.begin_epoch(bench.now));
    CHECK(bench.ask(kiosk_1, Issue{ktp}).answer == Answer{Refusal::series_full});
    bench.apply(bench.engine.begin_epoch(bench.now));
    CHECK(bench.engine.epoch() == 2);
}

TEST_CASE("a ticket that a device was given and the journal forgot is heeded",
          "[engine][epoch][R9][F7]") {
    Bench bench;
    bench.press();
    const auto heed = [&](std::string_view label, int days = 0) {
        const auto events =
            bench.engine.heed_seen(first_day() + std::chrono::days{days}, label, bench.now);
        bench.apply(events);
        return events.size();
    };
    CHECK(heed("A-001") == 0);
    CHECK(heed("A-002") == 1);
    CHECK(bench.press().label == "A-1001");
    CHECK(heed("A-1001") == 0);
    CHECK(heed("A-900") == 0);
    CHECK(heed("B1-2750") == 1);
    CHECK(bench.press(kiosk_1, npwp).label == "B1-3001");
    CHECK(heed("C-001", -1) == 0);  // of a day that is past
    CHECK(heed("C-001", 1) == 0);
    for (const auto* other : {"", "-", "C", "C-", "C-x", "C-1x", "-001", "C-000", "C-1000000",
                              "C-99999999999", "c-001", "C--1"}) {
        CHECK(heed(other) == 0);
    }
    CHECK(bench.press(kiosk_1, spt).label == "C-001");
    CHECK(heed("C-999999") == 1);
    CHECK(heed("C-999999") == 0);
    CHECK(bench.ask(kiosk_1, Issue{spt}).answer == Answer{Refusal::series_full});
}

}  // namespace
