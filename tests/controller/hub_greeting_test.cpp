// Who may come in, who goes, and what they are told.
#include "proto/requester.hpp"
#include "tests/controller/hub_bench.hpp"

#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::sessions;
using namespace antrean::sessions::bench;
using namespace std::chrono_literals;
using proto::GoodbyeReason;

TEST_CASE("a kiosk is welcomed with its menu", "[hub]") {
    Bench bench;
    const auto& kiosk = bench.kiosk("kiosk-1");
    REQUIRE(kiosk.is_open());
    REQUIRE(kiosk.inbox.size() == 3);
    const auto welcome = kiosk.last<proto::Welcome>();
    REQUIRE(welcome);
    CHECK(welcome->protocol == 1);
    CHECK(welcome->service_day == bench.day);
    CHECK_FALSE(welcome->last_request);
    CHECK(welcome->now == bench.moment().now.wall);
    const auto menu = kiosk.last<proto::Menu>();
    REQUIRE(menu);
    CHECK(menu->site_name == "Mal Contoh");
    CHECK(menu->zone == "WIB");
    REQUIRE(menu->buttons.size() == 2);
    CHECK(menu->buttons[1] == proto::MenuButton{ButtonNumber{2}, id<ServiceId>("npwp"), "NPWP",
                                                "Kantor Pajak", TicketClass::regular, "",
                                                menu->buttons[1].series});
    CHECK(menu->buttons[1].series);
}

TEST_CASE("behind its menu a kiosk is told what is to be had", "[hub]") {
    Bench bench;
    const auto& kiosk = bench.kiosk("kiosk-1");
    REQUIRE(std::holds_alternative<proto::Offers>(kiosk.inbox.back()));
    CHECK(kiosk.last<proto::Offers>()->offers.size() == 2);
}

TEST_CASE("a callpad is welcomed with the view of its counter", "[hub]") {
    Bench bench;
    bench.take(bench.kiosk(), 1);
    const auto& pad = bench.callpad("pad-1");
    REQUIRE(pad.is_open());
    CHECK(pad.last<proto::Welcome>()->service_day == bench.day);
    const auto view = pad.last<proto::CounterView>();
    REQUIRE(view);
    CHECK(view->counter_name == "Loket 1");
    CHECK(view->waiting == 1);
    CHECK_FALSE(view->ticket);
}

// The promise is two seconds: nothing but the way there takes time.
TEST_CASE(
    "a callpad that comes back has what changed meanwhile with its welcome, before any time passes",
    "[hub][R7][F12][F13]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.take(kiosk, 1);
    bench.take(kiosk, 3);
    auto& before = bench.callpad();
    bench.send(before, proto::CallNext{RequestId{1}});
    bench.commit();
    REQUIRE(before.last<proto::CounterView>()->label == "A-001");
    const auto how = GENERATE(as<std::string>{}, "it was cut", "it hangs", "the controller died");
    CAPTURE(how);
    if (how == "it was cut") bench.cut(before);
    bench.hub().ask(engine::VoidTicket{"A-001"}, {}, bench.moment());
    bench.commit();
    if (how == "the controller died") bench.restart();
    auto& after = bench.callpad();
    const auto view = after.last<proto::CounterView>();
    REQUIRE(view);
    CHECK(view->paper == proto::Paper::voided);
    CHECK(view->waiting == 1);
    // And then as it changes.
    bench.send(after, proto::CallNext{RequestId{2}});
    bench.commit();
    CHECK(after.last<proto::CounterView>()->label == "A-002");
}

TEST_CASE("who is not in the site file, or in another role, is told so", "[hub][R15]") {
    Bench bench;
    const auto& stranger = bench.kiosk("kiosk-9");
    CHECK(stranger.why() == GoodbyeReason::unknown_device);
    CHECK(stranger.peer.why().text.find("'kiosk-9' is not in the site file") != std::string::npos);
    CHECK(bench.connect(proto::Role::callpad, "kiosk-1").why() == GoodbyeReason::wrong_role);
    const auto& pad = bench.connect(proto::Role::kiosk, "pad-1");
    CHECK(pad.why() == GoodbyeReason::wrong_role);
    CHECK(pad.peer.why().text.find("is a callpad") != std::string::npos);
    CHECK(bench.hub().connections() == 0);
}

TEST_CASE("the newest connection of a device wins, and only it gets answers", "[hub][F14]") {
    Bench bench;
    auto& older = bench.kiosk();
    bench.send(older, proto::Issue{RequestId{1}, id<ServiceId>("ktp")});
    bench.start_commit();
    auto& newer = bench.kiosk("kiosk-1", RequestId{1});
    CHECK(older.why() == GoodbyeReason::replaced);
    REQUIRE(newer.is_open());
    bench.end_commit();
    CHECK(older.count<proto::Ticket>() == 0);
    CHECK(newer.count<proto::Ticket>() == 0);  // it has not asked
    bench.send(newer, proto::Issue{RequestId{1}, id<ServiceId>("ktp")});
    CHECK(newer.last<proto::Ticket>()->label == "A-001");
    // That the older one is gone does not make the device absent: no doubt comes of it.
    bench.live(60s);
    bench.commit();
    CHECK(count<engine::PaperDoubted>(bench.journal) == 0);
}

TEST_CASE("a number is void only if its kiosk would know of it", "[hub][R2][R6][F15]") {
    Bench bench;
    constexpr std::uint64_t incarnation = 3;
    const auto asked = proto::next_id({}, incarnation);
    const auto greeting = [](RequestId last) {
        proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), last, "test"};
        hello.incarnation = incarnation;
        return hello;
    };
    auto& kiosk = bench.connect(greeting({}));
    bench.commit();
    bench.send(kiosk, proto::Issue{asked, id<ServiceId>("ktp")});
    bench.commit();
    REQUIRE(kiosk.last<proto::Ticket>()->label == "A-001");
    // It has asked since, and was not heard, or by a controller whose journal is forgotten.
    auto hello = greeting(proto::next_id(asked, incarnation));
    const auto [seen, is_void] =
        GENERATE(table<std::string, bool>({{"nothing", true},
                                           {"that number", false},
                                           {"a higher one", false},
                                           {"one of another series", true},
                                           {"one of the next day", false},  // and of no other
                                           {"as many as there is room for", false}}));
    CAPTURE(seen);
    if (seen == "that number") {
        hello.seen = {{bench.day, "A-001"}};
    } else if (seen == "a higher one") {
        hello.seen = {{bench.day, "A-1000"}};
    } else if (seen == "one of another series") {
        hello.seen = {{bench.day, "B-001"}};
    } else if (seen == "one of the next day") {
        hello.seen = {{bench.day + std::chrono::days{1}, "B-001"}};
    } else if (seen == "as many as there is room for") {
        for (std::size_t i = 0; i < proto::max_seen; ++i)
            hello.seen.push_back({bench.day, fmt::format("B{}-001", i)});
    }
    bench.connect(hello);
    bench.commit();
    bench.live(6s);
    bench.commit();
    CHECK(count<engine::Voided>(bench.journal) == is_void);
}

TEST_CASE("a greeting and its end may arrive at once", "[hub]") {
    Bench bench;
    const proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), {}, "test"};
    auto bytes = proto::encode(hello);
    const auto behind = GENERATE(as<std::string>{}, "a goodbye", "a second hello", "no frame",
                                 "a request, before the welcome");
    if (behind == "a goodbye") {
        proto::encode(proto::Goodbye{GoodbyeReason::stopping, "bye"}, bytes);
    } else if (behind == "a second hello") {
        proto::encode(hello, bytes);
    } else if (behind == "no frame") {
        bytes.insert(bytes.end(), 4, std::byte{0xff});
    } else {
        proto::encode(proto::Issue{RequestId{1}, id<ServiceId>("ktp")}, bytes);
    }
    INFO(behind);
    const ConnectionId raw{1000};
    bench.hub().accepted(raw, bench.moment());
    bench.hub().received(raw, bytes, bench.moment());
    CHECK(bench.hub().is_over(raw));
    CHECK(bench.hub().take_batch().empty());
    bench.hub().lost(raw, bench.moment());
    CHECK(bench.hub().connections() == 0);
    CHECK(bench.kiosk().is_open());
}

TEST_CASE("who does not greet within five seconds goes", "[hub][R13][F16]") {
    Bench bench;
    const ConnectionId raw{1000};
    bench.hub().accepted(raw, bench.moment());
    bench.pass(4999ms);
    bench.tick();
    CHECK_FALSE(bench.hub().is_over(raw));
    bench.pass(1ms);
    bench.tick();
    CHECK(bench.hub().is_over(raw));
    CHECK_FALSE(bench.hub().take_output(raw).empty());  // the goodbye
}

TEST_CASE("heartbeats keep a quiet device, silence of fifteen seconds ends it", "[hub][F13]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.live(120s);
    CHECK(kiosk.is_open());
    // From now on it neither reads nor says anything.
    kiosk.reads = false;
    for (int i = 0; i < 14; ++i) {
        bench.pass(1s);
        bench.tick();
    }
    CHECK_FALSE(bench.hub().is_over(kiosk.connection));
    for (int i = 0; i < 6; ++i) {
        bench.pass(1s);
        bench.tick();
    }
    CHECK(bench.hub().is_over(kiosk.connection));
}

TEST_CASE("too many connections, or too many without a greeting, are refused aloud",
          "[hub][R13][F17]") {
    SECTION("connections") {
        Bench bench{Limits{.connections = 2}};
        CHECK(bench.kiosk("kiosk-1").is_open());
        CHECK(bench.kiosk("kiosk-2").is_open());
        CHECK(bench.callpad("pad-1").why() == GoodbyeReason::overloaded);
        CHECK(bench.hub().connections() == 2);
    }
    SECTION("without a greeting") {
        Bench bench{Limits{.greeting = 2}};
        bench.hub().accepted(ConnectionId{1000}, bench.moment());
        CHECK(bench.kiosk("kiosk-1").is_open());  // greeted: it counts no more
        bench.hub().accepted(ConnectionId{1001}, bench.moment());
        CHECK(bench.kiosk("kiosk-2").why() == GoodbyeReason::overloaded);
        bench.hub().lost(ConnectionId{1000}, bench.moment());
        CHECK(bench.kiosk("kiosk-2").is_open());
    }
    SECTION("without a greeting, from one address: others are let in") {
        Bench bench{Limits{.greeting_from = 2}};
        for (std::uint64_t id = 1000; id < 1003; ++id)
            bench.hub().accepted(ConnectionId{id}, bench.moment(), "10.0.0.7");
        CHECK_FALSE(bench.hub().is_over(ConnectionId{1001}));
        CHECK(bench.hub().is_over(ConnectionId{1002}));
        bench.hub().accepted(ConnectionId{1003}, bench.moment(), "10.0.0.8");
        CHECK_FALSE(bench.hub().is_over(ConnectionId{1003}));
        bench.hub().lost(ConnectionId{1002}, bench.moment());
        bench.hub().lost(ConnectionId{1000}, bench.moment());
        bench.hub().accepted(ConnectionId{1004}, bench.moment(), "10.0.0.7");
        CHECK_FALSE(bench.hub().is_over(ConnectionId{1004}));
        // Who has greeted counts no more.
        const proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), {}, "test"};
        bench.hub().received(ConnectionId{1004}, proto::encode(hello), bench.moment());
        bench.hub().accepted(ConnectionId{1005}, bench.moment(), "10.0.0.7");
        CHECK_FALSE(bench.hub().is_over(ConnectionId{1005}));
    }
}

TEST_CASE("a device that does not read is dropped before it costs much memory", "[hub][R13][F16]") {
    Bench bench{Limits{.output_bytes = 200}};
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad("pad-2");
    pad.reads = false;
    for (std::uint64_t request = 1; request < 20; request += 2)
        bench.take(kiosk, request);
    CHECK(bench.hub().is_over(pad.connection));
    CHECK(bench.hub().take_output(pad.connection).size() < 400);
    CHECK(kiosk.is_open());  // others are served
    // It comes back, and sees the hall as it is.
    CHECK(bench.callpad("pad-2").last<proto::CounterView>()->waiting == 10);
}

TEST_CASE("bytes and ends of connections that there are not do nothing", "[hub]") {
    Bench bench;
    const auto hello =
        proto::encode(proto::Hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), {}, "test"});
    bench.hub().received(ConnectionId{77}, hello, bench.moment());
    bench.hub().lost(ConnectionId{77}, bench.moment());
    CHECK(bench.hub().take_output(ConnectionId{77}).empty());
    CHECK(bench.hub().is_over(ConnectionId{77}));
    CHECK(bench.hub().connections() == 0);
}

TEST_CASE("a stop is told to every device", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad();
    bench.hub().stop();
    bench.exchange();
    CHECK(kiosk.why() == GoodbyeReason::stopping);
    CHECK(pad.why() == GoodbyeReason::stopping);
    CHECK(kiosk.peer.closed_by_other());
}

TEST_CASE("what the operator is told is bounded", "[hub][R13]") {
    Bench bench;
    for (int i = 0; i < 1500; ++i) {
        auto& kiosk = bench.kiosk();
        bench.cut(kiosk);
    }
    const auto notices = bench.hub().take_notices();
    CHECK(notices.size() == 1000);
    CHECK(notices.back().text == "kiosk-1: disconnected");
    CHECK(bench.hub().take_notices().empty());
}

}  // namespace
