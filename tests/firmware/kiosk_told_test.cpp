// What a kiosk keeps for a controller whose journal may be put back: how far the journal had come,
// and which labels it was given.
#include "tests/firmware/kiosk_bench.hpp"

namespace antrean::kiosk {
namespace {

const ServiceDay monday{std::chrono::days{19676}};

std::vector<std::string> labels(const Bench& kiosk) {
    std::vector<std::string> all;
    for (const auto& seen : kiosk.hello().seen)
        all.push_back(seen.label);
    return all;
}

// Asks for a ticket, which is LABEL, and reports it.
void give(Bench& kiosk, std::uint64_t ticket, const std::string& label, ServiceDay day = monday) {
    kiosk.now += PressLimit{}.each;  // longer than the guard of a button
    kiosk.press(1);
    kiosk.label(kiosk.disk.last_request.value(), ticket, label, day);
    kiosk.printed(ticket);
    kiosk.done(kiosk.disk.last_request.value());
}

}  // namespace

TEST_CASE("a new kiosk was told nothing and says so", "[kiosk][told]") {
    Bench kiosk;
    kiosk.start();
    const auto hello = kiosk.hello();
    CHECK(hello.role == proto::Role::kiosk);
    CHECK(hello.device == DeviceId::parse("kiosk-1"));
    CHECK(hello.last_request == RequestId{});
    CHECK(hello.software == "test");
    CHECK(hello.journal_seq == 0);
    CHECK(hello.seen.empty());
}

TEST_CASE("how far the journal had come is told as the highest number heard",
          "[kiosk][told][R9][F7]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.unlink();
    kiosk.link(0, 40);
    CHECK(kiosk.hello().journal_seq == 40);
    kiosk.core.offers({44, {}});
    CHECK(kiosk.hello().journal_seq == 44);
    kiosk.core.offers({43, {}});
    kiosk.unlink();
    kiosk.link(0, 12);  // of an old copy of the journal
    CHECK(kiosk.hello().journal_seq == 44);
}

TEST_CASE("the journal's number is stored with the next request, and no sooner", "[kiosk][told]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.unlink();
    CHECK(kiosk.link(0, 40) == Words{"show ready"});
    kiosk.core.offers({44, {}});
    CHECK(kiosk.disk.journal_seq == 0);
    SECTION("which asks for a ticket") {
        kiosk.press(1);
        CHECK(kiosk.disk.journal_seq == 44);
        kiosk.restart();
        CHECK(kiosk.hello().journal_seq == 44);
    }
    SECTION("and after a restart before it, it is what the store knew") {
        kiosk.restart();
        CHECK(kiosk.hello().journal_seq == 0);
    }
    SECTION("and with whatever else is written first") {
        kiosk.menu(menu_of(3));
        CHECK(kiosk.disk.journal_seq == 44);
    }
}

TEST_CASE("the highest label of each series is told, over a restart as well",
          "[kiosk][told][R9][F7]") {
    Bench kiosk;
    kiosk.make_ready();
    give(kiosk, 1, "A-001");
    give(kiosk, 2, "4K-10");
    give(kiosk, 3, "A-1000");
    give(kiosk, 4, "A-999");  // of a journal that was put back: the higher one stays
    give(kiosk, 5, "B-2-007");
    const std::vector<std::string> all{"4K-10", "A-1000", "B-2-007"};
    CHECK(labels(kiosk) == all);
    CHECK(kiosk.hello().seen[0].service_day == monday);
    kiosk.restart();
    CHECK(labels(kiosk) == all);
}

TEST_CASE("a ticket whose paper did not come out counts like others", "[kiosk][told]") {
    Bench kiosk;
    kiosk.make_ready();
    kiosk.press(1);
    SECTION("the printer failed") {
        kiosk.label(1, 7, "A-007");
        kiosk.printed(7, proto::PrintOutcome::not_printed, proto::PrintReason::paper_out);
    }
    SECTION("it came too late for its person") {
        kiosk.wait(late_after);
        kiosk.label(1, 7, "A-007");
    }
    SECTION("it was answered to a kiosk that had restarted") {
        kiosk.reboot(1h);
        kiosk.link(1);
        kiosk.label(1, 7, "A-007");
    }
    CHECK(labels(kiosk) == std::vector<std::string>{"A-007"});
    kiosk.restart();
    CHECK(labels(kiosk) == std::vector<std::string>{"A-007"});
}

TEST_CASE("labels are those of the latest day alone", "[kiosk][told]") {
    Bench kiosk;
    kiosk.make_ready();
    give(kiosk, 1, "A-031");
    give(kiosk, 2, "B-007");
    give(kiosk, 3, "A-001", monday + std::chrono::days{1});
    CHECK(labels(kiosk) == std::vector<std::string>{"A-001"});
    CHECK(kiosk.hello().seen[0].service_day == monday + std::chrono::days{1});
    CHECK(kiosk.disk.seen.size() == 1);
    // The answer to a request of the day before, asked again.
    give(kiosk, 4, "C-001", monday);
    CHECK(labels(kiosk) == std::vector<std::string>{"A-001"});
    kiosk.restart();
    CHECK(labels(kiosk) == std::vector<std::string>{"A-001"});
}

TEST_CASE("of too many series those are left out that were not given for the longest",
          "[kiosk][told]") {
    Bench kiosk;
    kiosk.make_ready();
    for (std::uint64_t i = 0; i < proto::max_seen; ++i)
        give(kiosk, i + 1, "S" + std::to_string(i) + "-001");
    give(kiosk, 500, "S0-002");
    CHECK(labels(kiosk).size() == proto::max_seen);
    give(kiosk, 501, "Z-001");
    for (const bool restarted : {false, true}) {
        if (restarted) kiosk.restart();
        const auto told = labels(kiosk);
        CHECK(told.size() == proto::max_seen);
        CHECK(kiosk.disk.seen.size() == proto::max_seen);
        CHECK(std::count(told.begin(), told.end(), "S1-001") == 0);
        CHECK(std::count(told.begin(), told.end(), "S0-002") == 1);
        CHECK(told.back() == "Z-001");
    }
}

TEST_CASE("a label without a number is of no series", "[kiosk][told]") {
    for (const auto* label : {"A025", "A-", "A-0x1", "", "-"})
        CHECK(series_of(label).empty());
    CHECK(series_of("A-025") == "A");
    CHECK(series_of("B-2-007") == "B-2");
    Bench kiosk;
    kiosk.make_ready();
    give(kiosk, 1, "VIP");
    CHECK(kiosk.hello().seen.empty());
}

}  // namespace antrean::kiosk
