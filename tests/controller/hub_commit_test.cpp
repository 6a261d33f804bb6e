// Effects wait for the disk.
#include "tests/controller/hub_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::sessions;
using namespace antrean::sessions::bench;
using namespace std::chrono_literals;
using proto::GoodbyeReason;

proto::Issue issue(std::uint64_t request, std::string_view service = "ktp") {
    return {RequestId{request}, id<ServiceId>(service)};
}

TEST_CASE("an answer comes after its commit, never before", "[hub][R4]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.send(kiosk, issue(1));
    CHECK(kiosk.count<proto::Ticket>() == 0);
    const auto batch = bench.start_commit();
    CHECK(count<engine::DayOpened>(batch) == 1);
    CHECK(count<engine::Issued>(batch) == 1);
    bench.pass(30s);
    bench.exchange();
    CHECK(kiosk.count<proto::Ticket>() == 0);
    bench.end_commit();
    const auto ticket = kiosk.last<proto::Ticket>();
    REQUIRE(ticket);
    CHECK(ticket->request == RequestId{1});
    CHECK(ticket->label == "A-001");
    CHECK(ticket->ticket == TicketId{2});
    CHECK(ticket->utc_offset == 420min);
    CHECK(ticket->service_day == bench.day);
}

TEST_CASE("refusals are answered after their commit as well", "[hub][R4]") {
    Bench bench;
    auto& pad = bench.callpad();
    bench.send(pad, proto::CallNext{RequestId{1}});
    CHECK(pad.count<proto::Refused>() == 0);
    bench.commit();
    CHECK(pad.last<proto::Refused>()->reason == proto::RefusalReason::nobody_waits);
    CHECK(count<engine::Refused>(bench.journal) == 1);
}

TEST_CASE("what is decided while the disk works shares the next commit", "[hub]") {
    Bench bench;
    auto& first = bench.kiosk("kiosk-1");
    auto& second = bench.kiosk("kiosk-2");
    auto& pad_1 = bench.callpad("pad-1");
    auto& pad_2 = bench.callpad("pad-2");
    bench.send(first, issue(1));
    bench.start_commit();
    bench.send(second, issue(1));
    bench.send(pad_1, proto::CallNext{RequestId{1}});
    bench.send(pad_2, proto::CallNext{RequestId{1}});
    bench.end_commit();
    CHECK(first.last<proto::Ticket>()->label == "A-001");
    CHECK(second.count<proto::Ticket>() == 0);
    CHECK(pad_1.count<proto::Refused>() == 0);
    const auto batch = bench.start_commit();
    CHECK(batch.size() == 3);
    bench.end_commit();
    CHECK(second.last<proto::Ticket>()->label == "A-002");
    CHECK(pad_1.count<proto::Refused>() == 1);
    CHECK(pad_2.count<proto::Refused>() == 1);
    CHECK(bench.start_commit().empty());
}

TEST_CASE("batches follow one another to the disk, and are told in their order", "[hub]") {
    Bench bench;
    auto& first = bench.kiosk("kiosk-1");
    auto& second = bench.kiosk("kiosk-2");
    bench.send(first, issue(1));
    const auto one = bench.hub().take_batch();
    bench.send(second, issue(1));
    const auto other = bench.hub().take_batch();
    CHECK_FALSE(bench.hub().batch_is_lone());
    CHECK(one.size() == 2);  // with the opening of the day
    CHECK(other.size() == 1);
    CHECK(bench.hub().take_batch().empty());
    const bool together = GENERATE(false, true);  // in one flush
    bench.hub().committed();
    if (!together) {
        bench.tell();
        CHECK(first.count<proto::Ticket>() == 1);
        CHECK(second.count<proto::Ticket>() == 0);
    }
    bench.hub().committed();
    bench.tell();
    CHECK(first.last<proto::Ticket>()->label == "A-001");
    CHECK(second.last<proto::Ticket>()->label == "A-002");
    CHECK(bench.hub().stats().journal_seq == 3);
}

TEST_CASE("a batch is due once as many wait for it as for those on their way", "[hub]") {
    Bench bench{Limits{.fewest_due = 1}};
    auto& kiosk = bench.kiosk("kiosk-1");
    auto& other = bench.kiosk("kiosk-2");
    auto& pad_1 = bench.callpad("pad-1");
    auto& pad_2 = bench.callpad("pad-2");
    CHECK_FALSE(bench.hub().batch_is_due());
    bench.send(kiosk, issue(1));
    CHECK(bench.hub().batch_is_due());
    bench.send(other, issue(1));
    bench.start_commit();
    CHECK_FALSE(bench.hub().batch_is_due());
    bench.send(pad_1, proto::CallNext{RequestId{1}});
    CHECK_FALSE(bench.hub().batch_is_due());
    bench.send(pad_2, proto::CallNext{RequestId{1}});
    CHECK(bench.hub().batch_is_due());
}

TEST_CASE("a repeated request waits with the batch that its answer is in", "[hub][R4][R5][F15]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.send(kiosk, issue(1));
    const bool flying = GENERATE(false, true);
    if (flying) bench.start_commit();
    auto& again = bench.kiosk("kiosk-1", RequestId{1});
    bench.send(again, issue(1));
    CHECK(again.count<proto::Ticket>() == 0);
    if (!flying) bench.start_commit();
    CHECK(again.count<proto::Ticket>() == 0);
    bench.end_commit();
    CHECK(again.last<proto::Ticket>()->label == "A-001");
    CHECK(bench.start_commit().empty());
    CHECK(count<engine::Issued>(bench.journal) == 1);
}

TEST_CASE("a repeated request of what is durable is answered at once", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.send(kiosk, issue(1));
    bench.commit();
    const auto first = kiosk.last<proto::Ticket>();
    bench.cut(kiosk);
    auto& again = bench.kiosk("kiosk-1", RequestId{1});
    CHECK(again.last<proto::Welcome>()->last_request == RequestId{1});
    bench.pass(1h);
    bench.send(again, issue(1));
    CHECK(again.last<proto::Ticket>() == first);
    CHECK(bench.start_commit().empty());
}

TEST_CASE("after a restart the same request gets the same answer", "[hub][R5]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.send(kiosk, issue(1));
    bench.commit();
    const auto first = kiosk.last<proto::Ticket>();
    bench.restart();
    auto& again = bench.kiosk("kiosk-1", RequestId{1});
    bench.send(again, issue(1));
    CHECK(again.last<proto::Ticket>() == first);
    bench.send(again, issue(2));
    bench.commit();
    CHECK(again.last<proto::Ticket>()->label == "A-002");
}

TEST_CASE("what was not durable at a crash is decided anew", "[hub][R4][R5]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.send(kiosk, issue(1));
    bench.start_commit();
    bench.restart();
    auto& again = bench.kiosk("kiosk-1", RequestId{1});
    bench.send(again, issue(1, "npwp"));
    bench.commit();
    CHECK(again.last<proto::Ticket>()->label == "B-001");
}

TEST_CASE("a device asks one thing at a time, and of its own role", "[hub][R13][R15]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    SECTION("a second request before the answer") {
        bench.send(kiosk, issue(1));
        bench.send(kiosk, issue(2));
        CHECK(kiosk.why() == GoodbyeReason::out_of_turn);
        bench.commit();
        CHECK(count<engine::Issued>(bench.journal) == 1);
    }
    SECTION("both at once") {
        kiosk.peer.send(issue(1), bench.moment().steady);
        bench.send(kiosk, issue(2));
        CHECK(kiosk.why() == GoodbyeReason::out_of_turn);
    }
    SECTION("a kiosk that calls") {
        bench.commit();
        bench.send(kiosk, proto::CallNext{RequestId{1}});
        CHECK(kiosk.why() == GoodbyeReason::out_of_turn);
        CHECK(bench.start_commit().empty());
    }
    SECTION("a callpad that wants a ticket") {
        auto& pad = bench.callpad();
        bench.commit();
        bench.send(pad, issue(1));
        CHECK(pad.why() == GoodbyeReason::out_of_turn);
        CHECK(bench.start_commit().empty());
    }
    CHECK(bench.kiosk("kiosk-2").is_open());
}

TEST_CASE("counter views and the board show durable events alone", "[hub][R4][R7]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad("pad-1");
    auto& other = bench.callpad("pad-2");
    bench.hub().board();
    CHECK_FALSE(bench.hub().board_changed());
    bench.send(kiosk, issue(1));
    bench.start_commit();
    CHECK(pad.last<proto::CounterView>()->waiting == 0);
    CHECK_FALSE(bench.hub().board_changed());
    CHECK(bench.callpad("pad-1").last<proto::CounterView>()->waiting == 0);  // a new one neither
    bench.end_commit();
    CHECK(bench.hub().board_changed());
    CHECK(bench.hub().board().waiting.at(0).waiting == 1);
    CHECK(other.last<proto::CounterView>()->waiting == 1);

    const auto ticket = kiosk.last<proto::Ticket>()->ticket;
    bench.send(kiosk, proto::PrintReport{RequestId{2}, ticket, proto::PrintOutcome::printed});
    bench.commit();
    bench.send(other, proto::CallNext{RequestId{1}});
    bench.start_commit();
    CHECK(other.count<proto::Called>() == 0);
    CHECK_FALSE(other.last<proto::CounterView>()->ticket);
    CHECK(bench.hub().board().last_calls.empty());
    bench.end_commit();
    CHECK(other.last<proto::Called>()->label == "A-001");
    const auto view = other.last<proto::CounterView>();
    CHECK(view->label == "A-001");
    CHECK(view->service_name == "KTP-el");
    CHECK(view->paper == proto::Paper::printed);
    CHECK(view->times_called == 1);
    CHECK(view->waiting == 0);
    CHECK(bench.hub().board().last_calls.at(0).counter_name == "Loket 2");
}

TEST_CASE("a view goes only to the counters that a change concerns", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad_1 = bench.callpad("pad-1");
    auto& pad_2 = bench.callpad("pad-2");
    bench.take(kiosk, 1, "ktp");  // opens the day, which concerns all
    const auto before_1 = pad_1.count<proto::CounterView>();
    const auto before_2 = pad_2.count<proto::CounterView>();
    bench.take(kiosk, 3, "npwp");
    CHECK(pad_1.count<proto::CounterView>() == before_1);
    CHECK(pad_2.count<proto::CounterView>() > before_2);
}

TEST_CASE("papers of a kiosk that stays away for twenty seconds are doubted", "[hub][F21]") {
    Bench bench;
    auto& pad = bench.callpad();
    auto& kiosk = bench.kiosk();
    bench.send(kiosk, issue(1));
    bench.commit();
    bench.live(60s);  // as long as it is there, it may take its time
    bench.commit();
    CHECK(count<engine::PaperDoubted>(bench.journal) == 0);
    bench.cut(kiosk);
    SECTION("gone") {
        bench.live(19s);
        CHECK(bench.start_commit().empty());
        bench.live(1s);
        bench.commit();
        CHECK(count<engine::PaperDoubted>(bench.journal) == 1);
        bench.live(60s);
        CHECK(bench.start_commit().empty());  // once is enough
        bench.send(pad, proto::CallNext{RequestId{1}});
        bench.commit();
        CHECK(pad.last<proto::CounterView>()->label == "A-001");
        CHECK(pad.last<proto::CounterView>()->paper == proto::Paper::unconfirmed);
        // Back again, it tells; the counter sees it.
        auto& back = bench.kiosk("kiosk-1", RequestId{1});
        bench.send(back,
                   proto::PrintReport{RequestId{2}, TicketId{2}, proto::PrintOutcome::not_printed,
                                      proto::PrintReason::late});
        bench.commit();
        CHECK(back.count<proto::Done>() == 1);
        CHECK(pad.last<proto::CounterView>()->paper == proto::Paper::voided);
    }
    SECTION("back in time") {
        bench.live(19s);
        bench.kiosk("kiosk-1", RequestId{1});
        bench.live(60s);
        CHECK(bench.start_commit().empty());
    }
    SECTION("back in time with a new store, which knows nothing of the paper") {
        // Not before it is on disk: the kiosk says so once.
        CHECK_FALSE(bench.kiosk("kiosk-1").is_open());
        bench.start_commit();
        auto& again = bench.kiosk("kiosk-1");
        CHECK_FALSE(again.is_open());
        bench.end_commit();
        CHECK(again.is_open());
        CHECK(again.count<proto::Menu>() == 1);
        CHECK(count<engine::PaperDoubted>(bench.journal) == 1);
    }
    SECTION("back in time, without the request: a power cut took it, and there is no paper") {
        const auto* next = "kiosk-2";
        auto& other = bench.kiosk(next);
        bench.send(other, issue(1));
        bench.commit();
        bench.send(other, issue(2));
        bench.commit();
        bench.cut(other);
        auto& back = bench.kiosk(next, RequestId{1});
        CHECK(back.is_open());
        CHECK(back.last<proto::Welcome>()->last_request == RequestId{2});
        const auto is_void = [&] {
            bench.commit();
            CHECK(count<engine::PaperDoubted>(bench.journal) == 0);
            return count<engine::PaperAbandoned>(bench.journal) == 1 &&
                   count<engine::Voided>(bench.journal) == 1;
        };
        CHECK_FALSE(is_void());
        const auto now = GENERATE(as<std::string>{}, "it is there", "its greeting is from before",
                                  "it is cut, and says it again");
        CAPTURE(now);
        if (now == "it is there") {
            bench.live(6s);  // and is heard
            CHECK(is_void());
        } else if (now == "its greeting is from before") {
            auto& newer = bench.kiosk(next, RequestId{2});
            bench.live(6s);
            CHECK_FALSE(is_void());
            bench.send(newer, proto::PrintReport{RequestId{3}, other.last<proto::Ticket>()->ticket,
                                                 proto::PrintOutcome::printed});
            CHECK_FALSE(is_void());
            CHECK(newer.last<proto::Done>());
        } else {
            bench.cut(back);
            auto& again = bench.kiosk(next, RequestId{1});
            bench.send(again, issue(3));
            CHECK(is_void());
            CHECK(again.last<proto::Ticket>()->request == RequestId{3});
        }
    }
    SECTION("never there since the controller started") {
        bench.restart();
        bench.live(19s);
        CHECK(bench.start_commit().empty());
        bench.live(1s);
        bench.commit();
        CHECK(count<engine::PaperDoubted>(bench.journal) == 1);
    }
}

TEST_CASE("a new service day opens by itself, and a request opens it too", "[hub][R10][F9]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad();
    bench.take(kiosk, 1);
    CHECK(pad.last<proto::CounterView>()->waiting == 1);
    bench.day += std::chrono::days{1};
    SECTION("by itself") {
        bench.tick();
        CHECK(pad.last<proto::CounterView>()->waiting == 1);
        bench.commit();
        CHECK(pad.last<proto::CounterView>()->waiting == 0);
        CHECK(count<engine::Voided>(bench.journal) == 1);
    }
    SECTION("by a request") {
        bench.send(kiosk, issue(3));
        bench.commit();
        CHECK(kiosk.last<proto::Ticket>()->label == "A-001");
    }
    CHECK(count<engine::DayOpened>(bench.journal) == 2);
    CHECK(bench.callpad("pad-2").last<proto::Welcome>()->service_day == bench.day);
}

TEST_CASE("the numbers of events that the board bears are those of the journal", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad();
    bench.take(kiosk, 1);
    bench.send(pad, proto::CallNext{RequestId{1}});
    bench.commit();
    bench.restart();
    auto& again = bench.callpad();
    bench.send(again, proto::Recall{RequestId{2}, TicketId{2}});
    bench.commit();
    CHECK(bench.hub().board().version == bench.journal.size());
    CHECK(bench.hub().board().last_calls.at(0).seq == bench.journal.size());
    CHECK(bench.hub().board().last_calls.at(0).again);
}

}  // namespace
