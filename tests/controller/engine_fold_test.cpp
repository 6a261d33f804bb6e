// Events that no engine can have decided are refused.
#include "tests/controller/engine_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

TEST_CASE("events that cannot have happened are refused", "[engine][R12][R17]") {
    Bench bench;
    const auto waiting = bench.take();
    const auto pending = bench.press(kiosk_2);
    const auto standing = bench.take(kiosk_1, spt);
    REQUIRE(bench.call(pad_3) == standing.label);
    const auto over = bench.take(kiosk_1, spt);
    bench.report(kiosk_1, bench.press(), Outcome::not_printed);
    const auto missing = bench.take(kiosk_1, npwp);
    REQUIRE(bench.ask(pad_1, CallNamed{missing.id, {}}).answer == Answer{CalledAnswer{missing}});
    REQUIRE(bench.ask(pad_1, NoShow{missing.id}).answer == done);
    const RequestId fresh{1000};
    const auto& here = bench.now;
    const TicketRef next{TicketId{bench.engine.next_seq()}, series("b"), TicketNumber{2}, "B1-002",
                         npwp};
    auto wrong_id = next;
    wrong_id.id = wrong_id.id.next();
    auto wrong_number = next;
    wrong_number.number = TicketNumber{3};
    auto unknown = waiting;
    unknown.id = TicketId{9999};

    const std::pair<const char*, Event> broken[]{
        {"a ticket whose id is not its sequence number",
         {here, Issued{{kiosk_1, fresh}, wrong_id, 0}}},
        {"a number that leaves a gap", {here, Issued{{kiosk_1, fresh}, wrong_number, 0}}},
        {"a request id below the last", {here, Issued{{kiosk_1, RequestId{1}}, next, 0}}},
        {"a call of a ticket that there is not", {here, Called{{pad_1, fresh}, unknown, loket_1}}},
        {"a call of one whose paper is pending", {here, Called{{pad_1, fresh}, pending, loket_1}}},
        {"a call of one who stands called", {here, Called{{pad_1, fresh}, standing, loket_1}}},
        {"a call at a counter where one stands", {here, Called{{pad_3, fresh}, over, loket_3}}},
        {"a recall of one who waits", {here, Recalled{{pad_1, fresh}, waiting, loket_1}}},
        {"a recall at another counter", {here, Recalled{{pad_1, fresh}, standing, loket_1}}},
        {"the end of one who waits", {here, Finished{{}, waiting, loket_1}}},
        {"the end at another counter", {here, Finished{{}, standing, loket_1}}},
        {"a no show of one who waits", {here, NotShown{{pad_1, fresh}, waiting, loket_1}}},
        {"a no show at another counter", {here, NotShown{{pad_1, fresh}, standing, loket_1}}},
        {"a report of a paper that is settled",
         {here, PaperReported{{kiosk_1, fresh}, waiting, Outcome::printed, "none"}}},
        {"a report by another kiosk",
         {here, PaperReported{{kiosk_1, fresh}, pending, Outcome::printed, "none"}}},
        {"a report of a ticket that there is not",
         {here, PaperReported{{kiosk_1, fresh}, unknown, Outcome::printed, "none"}}},
        {"a doubt about a paper that is settled", {here, PaperDoubted{waiting}}},
        {"a doubt about a ticket that there is not", {here, PaperDoubted{unknown}}},
        {"the begin of service of one who waits", {here, Served{{pad_1, fresh}, waiting, loket_1}}},
        {"the begin of service at another counter",
         {here, Served{{pad_1, fresh}, standing, loket_1}}},
        {"a hold of one who waits", {here, Held{{pad_1, fresh}, waiting, loket_1}}},
        {"a hold at another counter", {here, Held{{pad_1, fresh}, standing, loket_1}}},
        {"a transfer of one who waits",
         {here, Transferred{{pad_1, fresh}, waiting, loket_1, {}, {spt, series("c"), 1}}}},
        {"a visit to where it does not lead",
         {here, Finished{{}, standing, loket_3, {}, Onward{npwp, series("b"), 1}}}},
        {"an undo of what was not the last step",
         {here,
          Undone{Origin{pad_1, fresh}, standing, loket_1, {}, StepKind::call, State::waiting}}},
        {"an undo to what it was not",
         {here, Undone{Origin{pad_3, fresh}, standing, loket_3, {}, StepKind::call, State::held}}},
        {"an undo at a counter without a step",
         {here,
          Undone{Origin{pad_2, fresh}, waiting, loket_2, {}, StepKind::call, State::waiting}}},
        {"a call that passes one that there is not",
         {here, Called{{pad_1, fresh}, waiting, loket_1, false, {}, {}, {}, unknown.id}}},
        {"a void of one that there is not", {here, Voided{{}, unknown, VoidReason::by_operator}}},
        {"somebody leaves who was not signed in", {here, SignedOut{std::nullopt, ani, loket_1}}},
        {"a counter opens that was not paused", {here, CounterOpened{{pad_1, fresh}, loket_1}}},
        {"a service resumes that was not paused", {here, ServiceResumed{{pad_1, fresh}, ktp}}},
        {"an epoch that does not rise", {here, Restored{0}}},
        {"numbers that were given are skipped",
         {here, NumbersSkipped{series("a"), TicketNumber{1}}}},
        {"the open day opened again", {here, DayOpened{}}},
        {"an earlier day", {noon(-1), DayOpened{}}},
        {"an event of another day", {noon(1), Refused{{kiosk_1, fresh}, {}, Refusal::series_full}}},
        {"a carried paper that is of today", {here, CarriedPaper{kiosk_2, pending}}},
    };
    for (const auto& [what, event] : broken) {
        INFO(what);
        auto engine = bench.engine;
        CHECK_THROWS_AS(engine.apply(event), BrokenHistory);
    }
    Engine empty{catalog()};
    CHECK_THROWS_AS(empty.apply({here, Refused{{kiosk_1, fresh}, {}, Refusal::series_full}}),
                    BrokenHistory);
}

}  // namespace
