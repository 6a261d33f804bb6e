// Leases, and the numbers that kiosks gave from them.
#include "tests/controller/engine_bench.hpp"

#include <set>
#include <string>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using namespace std::chrono_literals;

// The lease of KIOSK for SERIES as it stands, granted if need be.
LeaseTerms lease(Bench& bench, DeviceId kiosk = kiosk_1, SeriesId of = series("a"),
                 std::uint64_t incarnation = 1) {
    bench.apply(bench.engine.grant_leases(kiosk, incarnation, bench.now));
    for (const auto& terms : bench.engine.leases_of(kiosk, incarnation)) {
        if (terms.series == of) return terms;
    }
    FAIL("no lease");
    return {};
}

IssueOffline number(const LeaseTerms& terms, std::uint32_t n, const Now& now,
                    std::chrono::seconds age = 0s, RequestId abandoned = {}) {
    return {terms.id, n, ktp, TicketClass::regular, now.wall - age, false, abandoned};
}

std::string label(const Decision& decision) {
    return std::get<IssuedOffline>(decision.events.at(0).fact).ticket.label;
}

TEST_CASE("a kiosk is granted a lease for each series of its buttons, each with a tag of its own",
          "[engine][offline][R1]") {
    Bench bench;
    bench.apply(bench.engine.grant_leases(kiosk_1, 1, bench.now));
    bench.apply(bench.engine.grant_leases(kiosk_2, 5, bench.now));
    std::vector<std::string> labels;
    for (const auto& terms : bench.engine.leases_of(kiosk_1, 1))
        labels.push_back(terms.label);
    for (const auto& terms : bench.engine.leases_of(kiosk_2, 5))
        labels.push_back(terms.label);
    // Each kiosk has its own letters, which are no other's of the same series.
    REQUIRE(labels.size() == 4);
    const auto tag = labels[0].substr(2);
    CHECK(tag.size() == 2);
    CHECK(labels == std::vector<std::string>{"A-" + tag, "B1-" + tag, "C-" + tag, labels[3]});
    CHECK(labels[3].substr(0, 2) == "A-");
    CHECK(labels[3] != labels[0]);
    CHECK(bench.engine.grant_leases(kiosk_1, 1, bench.now).empty());
    CHECK(bench.engine.leases_of(kiosk_1, 2).empty());
    CHECK(bench.engine.grant_leases(kiosk_1, 0, bench.now).empty());
    auto site = catalog();
    site.rules.offline = false;
    bench.change_site(site);
    CHECK(bench.engine.leases_of(kiosk_1, 1).empty());
    CHECK(bench.engine.grant_leases(kiosk_2, 6, bench.now).empty());
}

TEST_CASE("an epoch takes its tags where the three before it took none",
          "[engine][offline][epoch][R1][F7]") {
    std::set<std::string> taken;
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
        CAPTURE(epoch);
        // A journal put back has forgotten the leases of the epoch before.
        Bench restored;
        if (epoch > 0) {
            restored.apply(
                restored.engine.begin_epoch(restored.now, static_cast<std::uint32_t>(epoch - 1)));
        }
        for (std::uint64_t store = 1; store <= 100; ++store)
            CHECK(taken.insert(lease(restored, kiosk_1, series("a"), store).label).second);
    }
}

// A backup without a series was put back, and a kiosk tells of one of it before the site has it
// again.
TEST_CASE("a number told of a series that has left gives none of its forgotten ones again",
          "[engine][offline][epoch][R1][R9][F7]") {
    Bench bench;
    const auto terms = lease(bench);
    auto without = catalog();
    without.series.erase(series("a"));
    std::erase_if(without.services,
                  [](const auto& one) { return one.second.series == series("a"); });
    for (auto& [id, counter] : without.counters)
        std::erase(counter.series, series("a"));
    for (auto& [id, services] : without.kiosks)
        std::erase_if(services, [&](const auto& one) { return !without.services.contains(one); });
    bench.change_site(without);
    bench.go_to_day(1);
    const bool was_put_back_before = GENERATE(false, true);
    bench.apply(bench.engine.begin_epoch(bench.now, was_put_back_before ? 1 : 0));
    bench.ask(kiosk_1, number(terms, 1, bench.now));
    bench.change_site(catalog());
    CHECK(bench.press().label == (was_put_back_before ? "A-2001" : "A-1001"));
}

TEST_CASE("who was given a number offline waits where he came, never before who was called",
          "[engine][offline][R8][F14]") {
    Bench bench;
    const auto terms = lease(bench);
    const auto first = bench.take();  // at 1 s, reported
    bench.now.wall += 60s;
    const auto second = bench.take();
    // One came between the two, one behind them.
    CHECK(label(bench.ask(kiosk_1, number(terms, 1, bench.now, 30s))) == terms.label + "01");
    CHECK(label(bench.ask(kiosk_1, number(terms, 2, bench.now))) == terms.label + "02");
    for (const std::uint32_t n : {1U, 2U})
        bench.ask(kiosk_1, PrintReport{offline_ticket_id(terms.id, n), Outcome::printed, "none"});
    CHECK(bench.called().ticket == first);
    // Who came before all who wait is before them, not before who stands called.
    bench.ask(kiosk_1, number(terms, 3, bench.now, 3600s));
    bench.ask(kiosk_1, PrintReport{offline_ticket_id(terms.id, 3), Outcome::printed, "none"});
    CHECK(bench.called().ticket.label == terms.label + "03");
    CHECK(bench.called().ticket.label == terms.label + "01");
    CHECK(bench.called().ticket == second);
    CHECK(bench.called().ticket.label == terms.label + "02");
}

TEST_CASE("however late and in whatever order numbers are told, who came first is called first",
          "[engine][offline][R8][F12][F14]") {
    Bench bench;
    const auto terms = lease(bench);
    const auto first = bench.take();
    const auto came = bench.now.wall;
    bench.now.wall += 3600s;
    const auto last = bench.take();
    // Each came between the first and all who were told before him.
    std::vector<std::string> labels{last.label};
    std::uint32_t n = 0;
    for (auto since = 1800'000ms; since > 1ms; since /= 2) {
        ++n;
        IssueOffline told = number(terms, n, bench.now);
        told.arrived = came + since;
        labels.push_back(label(bench.ask(kiosk_1, told)));
        bench.ask(kiosk_1, PrintReport{offline_ticket_id(terms.id, n), Outcome::printed, "none"});
    }
    REQUIRE(n > 15);
    CHECK(bench.called().ticket == first);
    for (; !labels.empty(); labels.pop_back())
        CHECK(bench.called().ticket.label == labels.back());
}

TEST_CASE("a number of a lease is issued once, however often and late it is told",
          "[engine][offline][R1][R5][F14]") {
    Bench bench;
    const auto terms = lease(bench);
    const auto command = number(terms, 1, bench.now);
    const auto request = bench.engine.last_request(kiosk_1).next();
    CHECK(bench.ask(kiosk_1, command, request).events.size() == 1);
    CHECK(bench.ask(kiosk_1, command, request).events.empty());
    const auto again = bench.ask(kiosk_1, command);
    CHECK(again.answer == Answer{DoneAnswer{}});
    CHECK(std::holds_alternative<Noted>(again.events.at(0).fact));
    bench.go_to_day(1);
    CHECK(std::holds_alternative<Noted>(bench.ask(kiosk_1, command).events.at(0).fact));
    bench.restart();
    CHECK(std::holds_alternative<Noted>(bench.ask(kiosk_1, command).events.at(0).fact));
    CHECK(bench.ask(kiosk_2, command).answer == Answer{Refusal::unknown_lease});
    CHECK(bench.ask(kiosk_1, number(terms, lease_size + 1, bench.now)).answer ==
          Answer{Refusal::unknown_lease});
    CHECK(bench.ask(kiosk_1, number(terms, 0, bench.now)).answer == Answer{Refusal::unknown_lease});
    CHECK(bench.ask(kiosk_1, number({LeaseId{99}, {}, 0, {}, {}}, 1, bench.now)).answer ==
          Answer{Refusal::unknown_lease});
}

TEST_CASE("the number of a request that was given up is void, and nobody is called for it",
          "[engine][offline][R2][F12]") {
    Bench bench;
    const auto terms = lease(bench);
    const auto given_up = bench.engine.last_request(kiosk_1).next();
    SECTION("the request came first") {
        auto site = catalog();
        site.services.at(ktp).quota = 5;
        bench.change_site(site);
        const auto orphan =
            std::get<TicketAnswer>(
                bench.ask(kiosk_1, Issue{ktp, TicketClass::regular}, given_up).answer)
                .ticket;
        const auto decision = bench.ask(kiosk_1, number(terms, 1, bench.now, 2s, given_up));
        REQUIRE(decision.events.size() == 3);
        CHECK(decision.events[1].fact == Fact{PaperAbandoned{orphan}});
        CHECK(decision.events[2].fact == Fact{Voided{std::nullopt, orphan, VoidReason::abandoned}});
        CHECK(bench.state(orphan) == State::voided);
        CHECK(bench.engine.offer(ktp, bench.now).left == 4U);
        // Its kiosk owes no report of it.
        CHECK(bench.engine.doubt_papers(kiosk_1, bench.now).size() == 1);
    }
    SECTION("another number is told before") {
        const auto orphan =
            std::get<TicketAnswer>(
                bench.ask(kiosk_1, Issue{ktp, TicketClass::regular}, given_up).answer)
                .ticket;
        bench.ask(kiosk_1, number(terms, 1, bench.now, 5s));
        CHECK(bench.ask(kiosk_1, number(terms, 2, bench.now, 2s, given_up)).events.size() == 3);
        CHECK(bench.state(orphan) == State::voided);
    }
    SECTION("it comes behind: its id is spent") {
        bench.ask(kiosk_1, number(terms, 1, bench.now, 2s, given_up), given_up.next());
        CHECK(bench.ask(kiosk_1, Issue{ktp, TicketClass::regular}, given_up).answer ==
              Answer{Refusal::stale_request});
    }
    SECTION("it was refused") {
        bench.order(CloseDay{});
        bench.ask(kiosk_1, Issue{ktp, TicketClass::regular}, given_up);
        const auto decision = bench.ask(kiosk_1, number(terms, 1, bench.now, 2s, given_up));
        // The paper is out, and the hall is closed.
        REQUIRE(decision.events.size() == 2);
        CHECK(std::get<Voided>(decision.events[1].fact).reason == VoidReason::day_closed);
    }
    SECTION("its number is served by now") {
        const auto orphan =
            std::get<TicketAnswer>(
                bench.ask(kiosk_1, Issue{ktp, TicketClass::regular}, given_up).answer)
                .ticket;
        bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
        bench.called();
        bench.ask(pad_1, Serve{orphan.id});
        CHECK(bench.ask(kiosk_1, number(terms, 1, bench.now, 2s, given_up)).events.size() == 2);
        CHECK(bench.state(orphan) == State::serving);
    }
    SECTION("its day is over by now: nobody is asked for its paper any more") {
        bench.ask(kiosk_1, Issue{ktp, TicketClass::regular}, given_up);
        bench.go_to_day(1);
        const auto decision = bench.ask(kiosk_1, number(terms, 1, bench.now, 2s, given_up));
        REQUIRE(decision.events.size() == 2);
        CHECK(std::holds_alternative<PaperAbandoned>(decision.events[1].fact));
        bench.report(kiosk_1, std::get<IssuedOffline>(decision.events[0].fact).ticket);
        bench.go_to_day(2);
        CHECK(facts<CarriedPaper>(bench.history).size() == 1);
    }
}

TEST_CASE("who came before all others has a place like anybody", "[engine][offline][R8]") {
    Bench bench;
    const auto terms = lease(bench);
    bench.take(kiosk_2);
    std::vector<std::int64_t> places;
    // Told in the order from the last who came to the first, until places are below zero.
    for (std::uint32_t n = 1; n <= 12; ++n) {
        const auto told = bench.ask(kiosk_1, number(terms, n, bench.now, n * 100s));
        places.push_back(std::get<IssuedOffline>(told.events.at(0).fact).order);
        CHECK(places.back() != 0);
        // Who came between two is between them, wherever they are.
        const auto next = bench.ask(kiosk_1, number(terms, 100 + n, bench.now, n * 100s - 50s));
        CHECK(std::get<IssuedOffline>(next.events.at(0).fact).order > places.back());
        if (n > 1) {
            CHECK(std::get<IssuedOffline>(next.events.at(0).fact).order < places.at(n - 2));
        }
    }
    CHECK(places.back() < 0);
}

TEST_CASE("a request that a power cut took from its kiosk leaves nobody to be called",
          "[engine][offline][R2][F2]") {
    Bench bench;
    bench.take(kiosk_1);
    const auto next = bench.engine.last_request(kiosk_1).next();
    SECTION("it was given a number") {
        const auto lost = bench.press(kiosk_1);
        SECTION("and comes back at once") {
            CHECK(bench.state(lost) == State::waiting);
        }
        SECTION("and comes back on another day") {
            bench.go_to_day(1);
        }
        SECTION("and comes back when its papers are doubted") {
            bench.apply(bench.engine.doubt_papers(kiosk_1, bench.now));
        }
        const bool is_today = bench.state(lost) == State::waiting;
        const auto events = bench.engine.forget_request(kiosk_1, next, bench.now);
        REQUIRE(events);
        REQUIRE(events->size() == (is_today ? 2U : 1U));
        CHECK(events->at(0).fact == Fact{PaperAbandoned{lost}});
        bench.apply(*events);
        if (is_today) CHECK(bench.state(lost) == State::voided);
        CHECK(bench.engine.doubt_papers(kiosk_1, bench.now).empty());
        // Told again, for the welcome was not heard.
        CHECK(bench.engine.forget_request(kiosk_1, next, bench.now)->empty());
    }
    SECTION("it was refused") {
        bench.order(CloseDay{});
        bench.ask(kiosk_1, Issue{ktp, TicketClass::regular});
        CHECK(bench.engine.forget_request(kiosk_1, next, bench.now)->empty());
    }
    SECTION("it was a report, which is flushed before it is sent: the store is another one") {
        const auto ticket = bench.press(kiosk_1);
        const auto before = bench.engine.last_request(kiosk_1);
        bench.report(kiosk_1, ticket);
        CHECK_FALSE(bench.engine.forget_request(kiosk_1, before.next(), bench.now));
        CHECK_FALSE(bench.engine.forget_request(kiosk_1, next, bench.now));
    }
    SECTION("two are missing: the store is an older copy") {
        bench.press(kiosk_1);
        bench.press(kiosk_1);
        CHECK_FALSE(bench.engine.forget_request(kiosk_1, next, bench.now));
    }
    SECTION("it has never asked") {
        CHECK_FALSE(bench.engine.forget_request(kiosk_2, RequestId{1}, bench.now));
    }
}

TEST_CASE("what was given on an earlier day is void, and so is what nobody serves",
          "[engine][offline][R10]") {
    Bench bench;
    const auto terms = lease(bench);
    bench.go_to_day(1);
    auto late = number(terms, 1, bench.now, 24h);
    late.of_earlier_day = true;
    auto decision = bench.ask(kiosk_1, late);
    CHECK(std::get<Voided>(decision.events.at(1).fact).reason == VoidReason::day_ended);
    auto gone = number(terms, 2, bench.now);
    gone.service = service("gone");
    decision = bench.ask(kiosk_1, gone);
    CHECK(std::get<Voided>(decision.events.at(1).fact).reason == VoidReason::service_left);
}

TEST_CASE("a lease that was used is replaced on the next day, and its tag rests for a week",
          "[engine][offline][R1]") {
    Bench bench;
    const auto terms = lease(bench);
    const auto unused = lease(bench, kiosk_1, series("b"));
    bench.ask(kiosk_1, number(terms, 1, bench.now));
    CHECK(lease(bench) == terms);
    bench.go_to_day(1);
    CHECK(lease(bench, kiosk_1, series("b")) == unused);
    const auto next = lease(bench);
    CHECK(next.label != terms.label);
    CHECK(bench.ask(kiosk_1, RetireLease{terms.id, 1}).answer == Answer{DoneAnswer{}});
    CHECK(bench.ask(pad_1, CallNamed{{}, terms.label + "02"}).answer ==
          Answer{Refusal::unknown_ticket});
    CHECK(std::holds_alternative<Noted>(
        bench.ask(kiosk_1, RetireLease{terms.id, 1}).events.at(0).fact));
    // Its numbers are known for as long as its tag rests.
    for (int day = 2; day <= 8; ++day) {
        bench.go_to_day(day);
        CHECK(std::holds_alternative<Noted>(
            bench.ask(kiosk_1, number(terms, 1, bench.now)).events.at(0).fact));
        bench.apply(
            bench.engine.heed_leases(kiosk_1, static_cast<std::uint64_t>(day), {}, bench.now));
        CHECK(lease(bench, kiosk_1, series("a"), static_cast<std::uint64_t>(day)).label !=
              terms.label);
    }
    bench.go_to_day(9);
    CHECK(bench.ask(kiosk_1, number(terms, 1, bench.now)).answer == Answer{Refusal::unknown_lease});
    CHECK(bench.engine.lease(terms.id) == nullptr);
}

TEST_CASE("a retired lease keeps its tag though no number of it was told: a twin may give some",
          "[engine][offline][R1][R2][F33]") {
    Bench bench;
    const auto terms = lease(bench);
    bench.apply(bench.engine.heed_leases(kiosk_1, 2, {terms}, bench.now));
    bench.ask(kiosk_1, RetireLease{terms.id, 0});
    CHECK(lease(bench, kiosk_1, series("a"), 2).label != terms.label);
    bench.restart();
    CHECK(label(bench.ask(kiosk_1, number(terms, 1, bench.now))) == terms.label + "01");
    for (int day = 1; day <= 8; ++day)
        bench.go_to_day(day);
    CHECK(bench.engine.lease(terms.id) == nullptr);
}

TEST_CASE("a kiosk with a new store gets new leases, and the old ones are lost",
          "[engine][offline][R1]") {
    Bench bench;
    const auto terms = lease(bench);
    bench.apply(bench.engine.heed_leases(kiosk_1, 2, {}, bench.now));
    CHECK(bench.engine.lease(terms.id)->end == LeaseEnd::lost);
    CHECK(lease(bench, kiosk_1, series("a"), 2).label != terms.label);
    for (int day = 1; day <= 30; ++day)
        bench.go_to_day(day);
    REQUIRE(bench.engine.lease(terms.id) != nullptr);
    // One that comes back after all still tells.
    CHECK(bench.ask(kiosk_1, number(terms, 1, bench.now)).answer == Answer{DoneAnswer{}});
    bench.go_to_day(31);
    CHECK(bench.engine.lease(terms.id) == nullptr);
}

TEST_CASE("a store that was moved into another computer tells and retires what it has",
          "[engine][offline][R1][F33]") {
    Bench bench;
    const auto terms = lease(bench);
    bench.apply(bench.engine.heed_leases(kiosk_1, 2, {terms}, bench.now));
    CHECK_FALSE(bench.engine.lease(terms.id)->end);
    CHECK(bench.engine.leases_of(kiosk_1, 2).empty());
    CHECK(bench.ask(kiosk_1, number(terms, 1, bench.now)).answer == Answer{DoneAnswer{}});
    CHECK(bench.ask(kiosk_1, RetireLease{terms.id, 1}).answer == Answer{DoneAnswer{}});
}

TEST_CASE("a journal put back from a backup takes up the leases that it has lost",
          "[engine][offline][R1][F7]") {
    Bench bench;
    const LeaseTerms lost{LeaseId{4711}, kiosk_1, 0, series("a"), "A-AA"};
    bench.apply(bench.engine.begin_epoch(bench.now));
    bench.apply(bench.engine.heed_leases(kiosk_1, 1, {lost, lost}, bench.now));
    CHECK(lease(bench).label != lost.label);
    CHECK(label(bench.ask(kiosk_1, number(lost, 7, bench.now))) == "A-AA07");
    // Of two kiosks that tell of the same tag the first is heard.
    const LeaseTerms twin{LeaseId{4712}, kiosk_2, 0, series("a"), "A-AA"};
    CHECK(bench.engine.heed_leases(kiosk_2, 1, {twin}, bench.now).empty());
}

TEST_CASE("of the leases that a kiosk tells only those are taken up that could have been granted",
          "[engine][offline][R1][F7]") {
    Bench bench;
    bench.apply(bench.engine.begin_epoch(bench.now));
    const auto heeded = [&](LeaseId id, const char* label) {
        return !bench.engine
                    .heed_leases(kiosk_1, 1, {{id, kiosk_1, 0, series("a"), label}}, bench.now)
                    .empty();
    };
    CHECK(heeded(LeaseId{4711}, "A-AA"));
    // Numbers behind these would be those of the series, or of other leases.
    for (const auto* const label : {"A-0", "A-", "A", "", "AA", "-AA", "A-A", "A-AAA", "A-AI",
                                    "A-aa", "A-A1", "A-AA0", "ABCD-AA", "a-AA", "A-B-AA"}) {
        CAPTURE(label);
        CHECK_FALSE(heeded(LeaseId{4711}, label));
    }
    // An id that is still to come would be granted once more.
    const auto next = ticket_id(bench.engine.epoch(), bench.engine.next_seq());
    CHECK(heeded(LeaseId{next.value() - 1}, "A-AA"));
    CHECK_FALSE(heeded(LeaseId{next.value()}, "A-AA"));
    CHECK_FALSE(heeded(LeaseId{next.value() + 5}, "A-AA"));
}

TEST_CASE("behind a restore no number is given of a lease from before it",
          "[engine][offline][R1][F7]") {
    Bench bench;
    const auto terms = lease(bench);
    bench.apply(bench.engine.begin_epoch(bench.now));
    CHECK(bench.engine.leases_of(kiosk_1, 1).empty());
    const auto next = lease(bench);
    CHECK(next.id != terms.id);
    CHECK(next.label != terms.label);
    // What was given of the old one is told all the same.
    CHECK(bench.ask(kiosk_1, number(terms, 3, bench.now)).answer == Answer{DoneAnswer{}});
    bench.restart();
    bench.go_to_day(1);
    CHECK(lease(bench) == next);
    CHECK(bench.ask(kiosk_1, RetireLease{terms.id, 3}).answer == Answer{DoneAnswer{}});
}

TEST_CASE("who holds a number that its kiosk has not told of is served by typing it",
          "[engine][offline]") {
    Bench bench;
    const auto terms = lease(bench, kiosk_1, series("c"));
    CHECK(bench.ask(pad_3, CallNamed{{}, terms.label + "1"}).answer ==
          Answer{Refusal::unknown_ticket});
    CHECK(bench.ask(pad_3, CallNamed{{}, "C-ZZ01"}).answer == Answer{Refusal::unknown_ticket});
    CHECK(bench.ask(pad_3, CallNamed{{}, terms.label + "201"}).answer ==
          Answer{Refusal::unknown_ticket});
    CHECK(bench.ask(pad_1, CallNamed{{}, terms.label + "05"}).answer ==
          Answer{Refusal::unknown_ticket});
    const auto decision = bench.ask(pad_3, CallNamed{{}, terms.label + "05"});
    REQUIRE(std::holds_alternative<CalledAnswer>(decision.answer));
    const auto ref = std::get<CalledAnswer>(decision.answer).ticket;
    CHECK(ref.label == terms.label + "05");
    bench.ask(pad_3, Finish{ref.id});
    // It is told later, with what became of its paper.
    auto told = number(terms, 5, bench.now, 60s);
    told.service = spt;
    CHECK(std::holds_alternative<Noted>(bench.ask(kiosk_1, told).events.at(0).fact));
    CHECK(bench.ask(kiosk_1, PrintReport{ref.id, Outcome::printed, "none"}).answer ==
          Answer{DoneAnswer{}});
    CHECK(bench.ask(pad_3, CallNamed{{}, terms.label + "05"}).answer ==
          Answer{Refusal::unknown_ticket});
}

TEST_CASE("the numbers of a lease are written as ranges", "[engine][offline]") {
    Lease::Numbers numbers;
    CHECK(to_text(numbers).empty());
    for (const std::size_t n : {1U, 2U, 3U, 7U, 199U, 200U})
        numbers.set(n);
    CHECK(to_text(numbers) == "1-3 7 199-200");
    CHECK(parse_numbers("1-3 7 199-200") == numbers);
    CHECK(parse_numbers("") == Lease::Numbers{});
    for (const auto* const wrong :
         {"0", "201", "1-201", "3-1", "1 2", "7 1", "a", "1-", "-1", "1  3", "1 ", "1,3"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_numbers(wrong));
    }
}

}  // namespace
