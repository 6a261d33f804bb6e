// What reaches the hub beside requests of devices: the operator, another site file, a backup put
// back, a full disk; and the offers that kiosks get.
#include "proto/requester.hpp"
#include "tests/controller/hub_bench.hpp"

namespace {

using namespace antrean;
using namespace antrean::sessions;
using namespace antrean::sessions::bench;
using engine::Refusal;
using proto::RefusalReason;

const auto ktp = id<ServiceId>("ktp");
const auto npwp = id<ServiceId>("npwp");

// The operator's answer, once it is durable.
engine::Answer ask(Bench& bench, engine::Action action, CounterId counter = {}) {
    const auto asked = bench.hub().ask(std::move(action), counter, bench.moment());
    bench.commit();
    const auto answers = bench.hub().take_operator_answers();
    REQUIRE(answers.size() == 1);
    REQUIRE(answers.front().first == asked);
    return answers.front().second;
}

std::optional<proto::Offer> offer(const Device& kiosk, ServiceId service) {
    std::optional<proto::Offer> found;
    for (const auto& message : kiosk.inbox) {
        const auto* offers = std::get_if<proto::Offers>(&message);
        if (!offers) continue;
        for (const auto& one : offers->offers) {
            if (one.service == service) found = one;
        }
    }
    return found;
}

site::Site changed_site(Bench& bench, const std::string& version) {
    auto site = *bench.site;
    site.version = version;
    return site;
}

void change(Bench& bench, site::Site site) {
    bench.hub().change_site(std::make_shared<const site::Site>(std::move(site)), bench.moment());
    bench.exchange();
    bench.commit();
}

TEST_CASE("the operator is answered when it is durable, not before", "[hub][R4]") {
    Bench bench;
    bench.hub().ask(engine::PauseService{ktp, "listrik padam"}, {}, bench.moment());
    CHECK(bench.hub().take_operator_answers().empty());
    bench.start_commit();
    CHECK(bench.hub().take_operator_answers().empty());
    bench.end_commit();
    REQUIRE(bench.hub().take_operator_answers().size() == 1);
}

TEST_CASE("the operator calls at a counter, and its callpad shows it", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad();
    const auto ticket = bench.take(kiosk, 1);
    CHECK(ask(bench, engine::CallNext{}) == engine::Answer{Refusal::no_counter});
    const auto answer = ask(bench, engine::CallNext{}, id<CounterId>("loket-1"));
    REQUIRE(std::holds_alternative<engine::CalledAnswer>(answer));
    CHECK(std::get<engine::CalledAnswer>(answer).ticket.label == ticket.label);
    CHECK(pad.last<proto::CounterView>()->label == ticket.label);
}

TEST_CASE("kiosks are told what is to be had when they come and when it changes", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.commit();
    REQUIRE(offer(kiosk, ktp));
    CHECK_FALSE(offer(kiosk, ktp)->refusal);
    CHECK(offer(kiosk, ktp)->waiting == 0);
    const auto before = kiosk.count<proto::Offers>();
    bench.live(std::chrono::seconds{5});
    CHECK(kiosk.count<proto::Offers>() == before);
    ask(bench, engine::PauseService{ktp, "listrik padam"});
    bench.tick();
    CHECK(offer(kiosk, ktp)->refusal == RefusalReason::paused);
    CHECK(offer(kiosk, ktp)->text == "listrik padam");
    bench.send(kiosk, proto::Issue{RequestId{1}, ktp});
    bench.commit();
    CHECK(kiosk.last<proto::Refused>()->reason == RefusalReason::paused);
    ask(bench, engine::ResumeService{ktp});
    bench.tick();
    CHECK_FALSE(offer(kiosk, ktp)->refusal);
    bench.take(kiosk, 2);
    bench.tick();
    CHECK(offer(kiosk, ktp)->waiting == 1);
    CHECK(offer(kiosk, ktp)->estimate > std::chrono::seconds{0});
    CHECK(kiosk.last<proto::Offers>()->journal_seq == bench.journal.size());
}

TEST_CASE("many kiosks get their offers in turn, a few at each tick", "[hub]") {
    Limits limits;
    limits.offers_a_tick = 1;
    Bench bench{limits};
    Device* const kiosks[]{&bench.kiosk("kiosk-1"), &bench.kiosk("kiosk-2")};
    bench.commit();
    ask(bench, engine::PauseService{ktp, "listrik padam"});
    const auto told = [&] {
        return std::count_if(std::begin(kiosks), std::end(kiosks), [](const Device* kiosk) {
            return offer(*kiosk, ktp)->refusal == RefusalReason::paused;
        });
    };
    CHECK(told() == 0);
    bench.tick();
    CHECK(told() == 1);
    bench.tick();
    CHECK(told() == 2);
}

TEST_CASE("a ticket says how long the wait will be", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    CHECK(bench.take(kiosk, 1).estimate == std::chrono::seconds{150});  // two counters, 5 minutes
    CHECK(bench.take(kiosk, 3).estimate == std::chrono::seconds{300});
}

TEST_CASE("with little room on the disk new tickets are refused, and calls go on",
          "[hub][R13][F3]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& pad = bench.callpad();
    const auto ticket = bench.take(kiosk, 1);
    bench.hub().set_room(engine::Room::low);
    const auto events = bench.journal.size();
    bench.send(kiosk, proto::Issue{RequestId{3}, ktp});
    bench.commit();
    CHECK(kiosk.last<proto::Refused>()->reason == RefusalReason::storage_low);
    CHECK(bench.journal.size() == events);
    bench.send(pad, proto::CallNext{RequestId{1}});
    bench.commit();
    CHECK(pad.last<proto::Called>()->label == ticket.label);
    bench.tick();
    CHECK(offer(kiosk, ktp)->refusal == RefusalReason::storage_low);
    bench.hub().set_room(engine::Room::ample);
    bench.send(kiosk, proto::Issue{RequestId{4}, ktp});
    bench.commit();
    CHECK(kiosk.last<proto::Ticket>()->label == "A-002");
}

TEST_CASE("another site file holds at once: menus, counters, and who waits for what is gone",
          "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    auto& second = bench.kiosk("kiosk-2");
    auto& pad = bench.callpad("pad-2");
    bench.take(kiosk, 1, "ktp");
    bench.take(kiosk, 3, "npwp");
    auto site = changed_site(bench, "two");
    // The tax office leaves; kiosk-2 is taken away; the second counter gets another name.
    site.agencies.pop_back();
    site.series.pop_back();
    site.services.pop_back();
    site.counters.pop_back();
    site.counters[1].series.erase(site.counters[1].series.begin());
    site.counters[1].name = "Loket B";
    site.kiosks.pop_back();
    site.kiosks[0].buttons.pop_back();
    change(bench, site);
    CHECK(second.why() == proto::GoodbyeReason::unknown_device);
    CHECK(kiosk.last<proto::Menu>()->buttons.size() == 1);
    CHECK(pad.last<proto::CounterView>()->counter_name == "Loket B");
    CHECK(pad.last<proto::CounterView>()->waiting == 1);
    CHECK(count<engine::SiteChanged>(bench.journal) == 1);
    REQUIRE(count<engine::Voided>(bench.journal) == 1);
    bench.send(kiosk, proto::Issue{RequestId{5}, npwp});
    bench.commit();
    CHECK(kiosk.last<proto::Refused>()->reason == RefusalReason::unknown_service);
    // The number goes on where it was, on the same day.
    CHECK(bench.take(kiosk, 6).label == "A-002");
    SECTION("and it is the same after a restart with that file") {
        bench.site = std::make_shared<const site::Site>(site);
        bench.restart();
        auto& again = bench.kiosk("kiosk-1", RequestId{7});
        CHECK(bench.take(again, 8).label == "A-003");
        CHECK(count<engine::SiteChanged>(bench.journal) == 1);
    }
    SECTION("and comes back when the next start has the old file") {
        bench.restart();
        bench.tick();
        bench.commit();
        CHECK(count<engine::SiteChanged>(bench.journal) == 2);
    }
}

TEST_CASE("an agency joins while the day runs", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.take(kiosk, 1);
    auto site = changed_site(bench, "three");
    const auto imigrasi = id<AgencyId>("imigrasi");
    const auto series = id<SeriesId>("imigrasi");
    site.agencies.push_back({imigrasi, "Kantor Imigrasi", "Imigrasi"});
    site.series.push_back({series, imigrasi, "I"});
    site.services.push_back({id<ServiceId>("paspor"), imigrasi, series, "Paspor"});
    site.counters[2].series.push_back(series);
    site.kiosks[0].buttons.push_back({ButtonNumber{3}, id<ServiceId>("paspor")});
    change(bench, site);
    CHECK(kiosk.last<proto::Menu>()->buttons.size() == 3);
    CHECK(bench.take(kiosk, 3, "paspor").label == "I-001");
    CHECK(bench.take(kiosk, 5).label == "A-002");
}

TEST_CASE("a journal put back from a backup begins an epoch, far behind what was given",
          "[hub][R1][R9][F7]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.take(kiosk, 1);
    const auto backup = bench.journal;
    for (std::uint64_t request = 3; request < 11; request += 2)
        bench.take(kiosk, request);
    bench.tick();
    const auto told = kiosk.last<proto::Offers>()->journal_seq;
    REQUIRE(told > backup.size());
    bench.journal = backup;
    bench.restart();
    const auto way =
        GENERATE(as<std::string>{}, "a device says so", "the sign of a restore says so");
    INFO(way);
    if (way == "the sign of a restore says so") {
        bench.hub().journal_is_restored();
    }
    auto& again = bench.connect(
        {1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), RequestId{10}, "test", told});
    bench.commit();
    CHECK(bench.hub().take_epoch_begun());
    CHECK_FALSE(bench.hub().take_epoch_begun());
    CHECK(count<engine::Restored>(bench.journal) == 1);
    const auto ticket = bench.take(again, 11);
    CHECK(ticket.label == "A-1001");
    CHECK(ticket.ticket.value() > told);
    // A second device that knows as much is no reason for another.
    bench.connect({1, proto::Role::kiosk, id<DeviceId>("kiosk-2"), RequestId{1}, "test", told});
    bench.commit();
    CHECK(count<engine::Restored>(bench.journal) == 1);
    // Nor is what this journal told.
    bench.restart();
    bench.connect({1, proto::Role::kiosk, id<DeviceId>("kiosk-2"), RequestId{1}, "test",
                   bench.hub().stats().journal_seq});
    bench.commit();
    CHECK(count<engine::Restored>(bench.journal) == 1);
}

TEST_CASE("what a kiosk tells of its printers and buttons is the operator's to see", "[hub]") {
    using proto::PrinterState;
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.hub().take_notices();
    const auto tell = [&](proto::KioskState state) {
        bench.send(kiosk, state);
        bench.tick();
        std::vector<std::string> texts;
        for (const auto& notice : bench.hub().take_notices())
            texts.push_back((notice.level == Notice::Level::warning ? "! " : "") + notice.text);
        return texts;
    };
    using Texts = std::vector<std::string>;
    CHECK(tell({{PrinterState::ready, PrinterState::ready}}) == Texts{});
    CHECK(tell({{PrinterState::ready, PrinterState::paper_low}}) ==
          Texts{"! kiosk-1: printer 2: its paper is low; have a new roll put in before it is out"});
    CHECK(tell({{PrinterState::ready, PrinterState::paper_low}, {ButtonNumber{4}}}) ==
          Texts{"! kiosk-1: button 4 is held down and not heeded; free it"});
    const auto devices = bench.hub().devices();
    REQUIRE(devices.size() == 4);
    CHECK(devices[0].device == id<DeviceId>("kiosk-1"));
    CHECK(devices[0].connected);
    CHECK(devices[0].state ==
          proto::KioskState{{PrinterState::ready, PrinterState::paper_low}, {ButtonNumber{4}}});
    CHECK_FALSE(devices[1].connected);
    CHECK_FALSE(devices[1].state);
    CHECK(devices[2].role == proto::Role::callpad);
    CHECK(tell({{PrinterState::ready, PrinterState::ready}}) ==
          Texts{"kiosk-1: printer 2: is ready", "kiosk-1: button 4 is free"});
    // What was told over a connection that has ended is not known any more.
    bench.cut(kiosk);
    CHECK_FALSE(bench.hub().devices()[0].state);
    auto& pad = bench.callpad();
    bench.send(pad, proto::KioskState{});
    bench.tick();
    CHECK(pad.why() == proto::GoodbyeReason::out_of_turn);
}

TEST_CASE("a kiosk with the disk of another does not know of its papers", "[hub][F33]") {
    Bench bench;
    proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), RequestId{}, "test"};
    hello.incarnation = 1;
    auto& kiosk = bench.connect(hello);
    bench.commit();
    bench.send(kiosk, proto::Issue{RequestId{1}, id<ServiceId>("ktp")});
    bench.commit();
    REQUIRE(kiosk.last<proto::Ticket>()->label == "A-001");
    bench.cut(kiosk);
    auto& pad = bench.callpad();
    SECTION("which has asked for more than it had") {
        hello.last_request = RequestId{50};
        hello.incarnation = 2 * 50 + 1;  // of a store that chooses such ids
        const auto restarts = GENERATE(false, true);
        if (restarts) bench.restart();
        bench.connect(hello);
        bench.commit();
        auto& clerk = restarts ? bench.callpad() : pad;
        bench.send(clerk, proto::CallNext{RequestId{1}});
        bench.commit();
        REQUIRE(clerk.last<proto::Called>());
        CHECK(clerk.last<proto::CounterView>()->paper == proto::Paper::unconfirmed);
    }
    SECTION("but does with its own") {
        hello.last_request = RequestId{1};
        bench.connect(hello);
        bench.commit();
        bench.send(pad, proto::CallNext{RequestId{1}});
        bench.commit();
        CHECK(pad.last<proto::Refused>()->reason == proto::RefusalReason::nobody_waits);
    }
}

TEST_CASE(
    "who holds a paper of a kiosk whose twin has its place is called, also by another controller",
    "[hub][F33][R7]") {
    Bench bench;
    auto denying = *bench.site;
    denying.rules.offline = false;  // no lease shows who is who
    bench.site = std::make_shared<const site::Site>(denying);
    bench.restart();
    const auto connect = [&](std::uint64_t incarnation, RequestId last) -> Device& {
        proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), last, "test"};
        hello.incarnation = incarnation;
        auto& kiosk = bench.connect(hello);
        bench.commit();
        return kiosk;
    };
    constexpr std::uint64_t original = 2 * 1'000 + 1, twin = 2 * 5'000 + 1;
    auto& kiosk = connect(original, {});
    const auto request = proto::next_id({}, original);
    bench.send(kiosk, proto::Issue{request, id<ServiceId>("ktp")});
    bench.commit();
    REQUIRE(kiosk.last<proto::Ticket>()->label == "A-001");
    bench.restart();
    const auto whose = GENERATE_COPY(original, twin);
    const auto stored = proto::next_id(request, whose);
    REQUIRE(stored > request);
    connect(whose, stored);
    auto& pad = bench.callpad();
    bench.send(pad, proto::CallNext{RequestId{1}});
    bench.commit();
    // Of the original it is to be heard what became of the paper.
    CHECK(pad.last<proto::Called>().has_value() == (whose == twin));
}

TEST_CASE("the same backup put back twice gives no number of the time between",
          "[hub][R1][R9][F7]") {
    const auto way =
        GENERATE(as<std::string>{}, "a device says so", "the sign of a restore says so");
    INFO(way);
    Bench bench;
    bench.take(bench.kiosk(), 1);
    const auto backup = bench.journal;
    bench.take(bench.kiosk("kiosk-1", RequestId{2}), 3);
    std::uint64_t told = bench.hub().stats().journal_seq;
    std::set<std::string> labels;
    for (std::uint32_t time = 0; time < 3; ++time) {
        bench.journal = backup;
        bench.restart();
        if (way != "a device says so") bench.hub().journal_is_restored(time);
        auto& kiosk = bench.connect({1, proto::Role::kiosk, id<DeviceId>("kiosk-1"),
                                     RequestId{10 * (time + 1)}, "test",
                                     way == "a device says so" ? told : 0});
        bench.commit();
        const auto ticket = bench.take(kiosk, 10 * (time + 1) + 1);
        CHECK(labels.insert(ticket.label).second);
        CHECK(ticket.ticket.value() > told);
        told = ticket.ticket.value();
    }
    CHECK(labels == std::set<std::string>{"A-1001", "A-2001", "A-3001"});
}

TEST_CASE("a label that the journal does not know is never given again", "[hub][R1][R9][F7]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.take(kiosk, 1);
    proto::Hello hello{1, proto::Role::kiosk, id<DeviceId>("kiosk-2"), RequestId{1}, "test"};
    hello.seen = {{bench.day, "A-017"}, {bench.day - std::chrono::days{1}, "B-300"}};
    bench.connect(hello);
    bench.commit();
    CHECK(bench.take(kiosk, 3, "ktp").label == "A-1001");
    CHECK(bench.take(kiosk, 5, "npwp").label == "B-001");
    CHECK(count<engine::NumbersSkipped>(bench.journal) == 1);
}

TEST_CASE("what became durable is kept for whoever asked, in order and whole", "[hub]") {
    Bench bench;
    auto& kiosk = bench.kiosk();
    bench.take(kiosk, 1);
    CHECK(bench.hub().take_durable().empty());
    bench.hub().keep_durable();
    const auto before = bench.journal.size();
    bench.take(kiosk, 3);
    std::uint64_t next = before + 1;
    for (const auto& durable : bench.hub().take_durable()) {
        CHECK(durable.first_seq == next);
        next += durable.events.size();
    }
    CHECK(next == bench.journal.size() + 1);
}

TEST_CASE("an alarm is noted when it is near and when it is so, not every time", "[hub]") {
    Bench bench;
    auto site = *bench.site;
    site.services[0].waiting_limit = std::chrono::minutes{10};
    site.version = "limit";
    change(bench, site);
    bench.take(bench.kiosk(), 1);
    bench.hub().take_notices();
    std::vector<std::string> told;
    for (int minute = 0; minute < 15; ++minute) {
        bench.live(std::chrono::seconds{60});
        bench.commit();
        for (const auto& notice : bench.hub().take_notices()) {
            if (notice.text.find("A-001") != std::string::npos) told.push_back(notice.text);
        }
    }
    // The paper said 2:30, which breaks before the limit does.
    REQUIRE(told.size() == 4);
    for (std::size_t i = 0; i < told.size(); ++i) {
        INFO(told[i]);
        CHECK((told[i].find("soon") != std::string::npos) == (i % 2 == 0));
        CHECK((told[i].find("paper said") != std::string::npos) == (i < 2));
    }
}

}  // namespace
