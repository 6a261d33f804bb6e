// What the hub does about leases: who gets them, and what it makes of what kiosks tell of them.
#include "tests/controller/hub_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::sessions;
using namespace antrean::sessions::bench;
using namespace std::chrono_literals;

proto::Hello hello(std::uint64_t incarnation, RequestId last = {}) {
    proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), last, "test"};
    hello.incarnation = incarnation;
    return hello;
}

std::size_t leases(const Device& kiosk) {
    const auto last = kiosk.last<proto::Leases>();
    return last ? last->leases.size() : 0;
}

TEST_CASE("a lease that the journal does not know shows that it is an old copy", "[hub][F7]") {
    Bench bench;
    bench.take(bench.kiosk(), 1);
    const auto position = bench.hub().stats().journal_seq;
    const proto::KnownLease lost{LeaseId{position + 7}, id<SeriesId>("dukcapil"), "A-QK"};
    auto greeting = hello(1, RequestId{2});
    greeting.leases = {lost};
    auto& kiosk = bench.connect(greeting);
    bench.commit();
    CHECK(count<engine::Restored>(bench.journal) == 1);
    const proto::IssueOffline told{RequestId{3}, lost.lease, 1, id<ServiceId>("ktp")};
    bench.send(kiosk, told);
    bench.commit();
    CHECK(kiosk.last<proto::Done>()->request == RequestId{3});
    // Told again, it is no reason for another.
    greeting.last_request = RequestId{3};
    bench.connect(greeting);
    bench.commit();
    CHECK(count<engine::Restored>(bench.journal) == 1);
}

TEST_CASE("more numbers of a lease than the journal knows show that it is an old copy",
          "[hub][F7][R2]") {
    Bench bench;
    auto& kiosk = bench.connect(hello(1));
    bench.commit();
    const auto lease = kiosk.last<proto::Leases>()->leases.at(0);
    bench.send(kiosk, proto::IssueOffline{RequestId{1}, lease.lease, 1, id<ServiceId>("ktp")});
    bench.commit();
    const std::uint32_t given = GENERATE(1U, 3U);
    const proto::RetireLease retire{RequestId{2}, lease.lease, given};
    bench.send(kiosk, retire);
    bench.commit();
    CHECK(kiosk.last<proto::Done>()->request == RequestId{2});
    CHECK(count<engine::Restored>(bench.journal) == (given > 1));

    // The others have holders, who are called as they come, also by a controller that starts anew;
    // there are no more of them.
    bench.restart();
    auto& pad = bench.callpad();
    bench.send(pad, proto::CallNamed{RequestId{1}, {}, lease.label + "04"});
    bench.commit();
    CHECK_FALSE(pad.last<proto::Called>());
    bench.send(pad, proto::CallNamed{RequestId{2}, {}, lease.label + "03"});
    bench.commit();
    CHECK(pad.last<proto::Called>().has_value() == (given > 1));
}

TEST_CASE("two kiosks with one id do not use up the tags of all", "[hub][F33]") {
    Bench bench;
    auto* original = &bench.connect(hello(1));
    bench.commit();
    CHECK(leases(*original) == 2);
    const auto granted = count<engine::LeaseGranted>(bench.journal);
    for (int turn = 0; turn < 50; ++turn) {
        auto& twin = bench.connect(hello(2));
        bench.commit();
        bench.live(5s);
        CHECK(leases(twin) == 0);
        original = &bench.connect(hello(1));
        bench.commit();
        bench.live(5s);
    }
    CHECK(count<engine::LeaseGranted>(bench.journal) == granted);
    // Who stays is served.
    bench.live(30s);
    bench.commit();
    CHECK(leases(*original) == 2);
}

TEST_CASE("that the tags of a series are all taken is logged, once", "[hub][R13]") {
    // Each store has had its leases, and none has told of their end.
    Limits limits;
    limits.new_store = 0s;
    Bench bench{limits};
    std::size_t logged = 0;
    for (std::uint64_t store = 1; store <= engine::tag_count + 1; ++store) {
        auto& kiosk = bench.connect(hello(store));
        bench.commit();
        bench.live(2s);
        CHECK(leases(kiosk) == (store <= engine::tag_count ? 2 : 0));
        for (const auto& notice : bench.hub().take_notices())
            logged += notice.text.find("tags of dukcapil are taken") != notice.text.npos;
        bench.cut(kiosk);
    }
    CHECK(logged == 1);
}

}  // namespace
