#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/store.hpp"
#include "tests/firmware/store_bench.hpp"

#include <limits>

namespace antrean::kiosk {

using database::database_errc;
using tests::Folder;

namespace {

using namespace std::chrono_literals;

Store open(const std::filesystem::path& file, Stored& loaded, const std::string& boot = "boot-1") {
    auto store = Store::open(file, {boot}, loaded);
    INFO((store ? "" : store.error().text));
    REQUIRE(store.has_value());
    return std::move(*store);
}

Stored reopened(const std::filesystem::path& file, const std::string& boot = "boot-1") {
    Stored loaded;
    open(file, loaded, boot);
    return loaded;
}

// What FILE gives after SAVE in another run of the program.
Stored kept(const std::filesystem::path& file, const Save& save,
            const std::string& boot = "boot-1") {
    Stored before;
    REQUIRE(open(file, before).save(save).has_value());
    return reopened(file, boot);
}

Job job_of(std::uint64_t ticket) {
    Job job;
    job.paper = {TicketId{ticket},
                 "A-025",
                 "Mal \x01 \xF0\x9F\x98\x80 Contoh",
                 "Jombang; DROP TABLE jobs;--",
                 "Dinas '\"",
                 "KTP-el",
                 ServiceDay{std::chrono::days{20422}},
                 WallTime{1'764'547'260'123ms},
                 -150min,
                 "WIT",
                 4'294'967'295u,
                 TicketClass::appointment,
                 4'294'967'295s,
                 "KTP \x1b lama",
                 "Wi'Fi",
                 "\";--",
                 "https://antrean.example.id/?a=b"};
    job.pressed = SteadyTime{1234567ms};
    return job;
}

proto::Issue issue(std::uint64_t request) {
    return {RequestId{request}, ServiceId::parse("ktp-el").value()};
}

void check_same(const Job& a, const Job& b) {
    CHECK(a.paper == b.paper);
    CHECK(a.state == b.state);
    CHECK(a.copy == b.copy);
    CHECK(a.outcome == b.outcome);
    CHECK(a.reason == b.reason);
    CHECK(a.pressed == b.pressed);
}

database_errc refusal(const std::filesystem::path& file, std::string* text = nullptr) {
    Stored loaded;
    const auto store = Store::open(file, {"boot-1"}, loaded);
    REQUIRE(store.has_error());
    INFO(store.error().text);
    CHECK(store.error().text.find(file.string()) != std::string::npos);
    if (text) *text = store.error().text;
    return store.error().code;
}

TEST_CASE("the store of another kiosk is not taken for its own", "[kiosk][store][F33]") {
    const Folder folder;
    const auto file = folder / "store";
    const auto open_as = [&](const std::string& device) {
        Stored loaded;
        return Store::open(file, {"boot-1", "board-1", device}, loaded);
    };
    REQUIRE(open_as("kiosk-1").has_value());
    const auto other = open_as("kiosk-2");
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().code == database_errc::corrupt);
    CHECK_THAT(other.error().text, Catch::Contains("the store of kiosk-1, and this is kiosk-2"));
    CHECK(open_as("kiosk-1").has_value());
}

}  // namespace

TEST_CASE("a new kiosk store holds nothing", "[kiosk][store]") {
    const Folder folder;
    for (int i = 0; i < 2; ++i) {
        const auto loaded = reopened(folder / "store");
        CHECK(loaded.last_request == RequestId{});
        CHECK_FALSE(loaded.in_flight);
        CHECK(loaded.jobs.empty());
        CHECK_FALSE(loaded.menu);
    }
}

TEST_CASE("a request comes back as it was, with its time", "[kiosk][store]") {
    const Folder folder;
    SECTION("an issue") {
        const auto loaded =
            kept(folder / "store", {{PutRequest{{issue(7), SteadyTime{99'001ms}}}}});
        REQUIRE(loaded.in_flight);
        CHECK(loaded.last_request == RequestId{7});
        CHECK(loaded.in_flight->request == proto::Request{issue(7)});
        CHECK(loaded.in_flight->pressed == SteadyTime{99'001ms});
    }
    SECTION("a report, which has none") {
        const proto::PrintReport report{RequestId{8}, TicketId{9}, proto::PrintOutcome::unconfirmed,
                                        proto::PrintReason::cutter, true};
        const auto loaded = kept(folder / "store", {{PutRequest{{report, std::nullopt}}}});
        REQUIRE(loaded.in_flight);
        CHECK(loaded.in_flight->request == proto::Request{report});
        CHECK_FALSE(loaded.in_flight->pressed);
    }
    SECTION("the largest id") {
        const std::uint64_t largest = (std::uint64_t{1} << 63) - 1;
        const auto loaded = kept(folder / "store", {{PutRequest{{issue(largest), std::nullopt}}}});
        CHECK(loaded.last_request == RequestId{largest});
    }
    SECTION("only the last one") {
        const auto loaded =
            kept(folder / "store",
                 {{PutRequest{{issue(7), std::nullopt}}, PutRequest{{issue(8), std::nullopt}}}});
        CHECK(loaded.last_request == RequestId{8});
        CHECK(loaded.in_flight->request == proto::Request{issue(8)});
    }
    SECTION("dropped, its id stays used") {
        kept(folder / "store", {{PutRequest{{issue(7), std::nullopt}}}});
        const auto loaded = kept(folder / "store", {{DropRequest{}}});
        CHECK(loaded.last_request == RequestId{7});
        CHECK_FALSE(loaded.in_flight);
    }
}

TEST_CASE("papers come back as they were, the oldest first", "[kiosk][store]") {
    const Folder folder;
    std::vector<Job> jobs;
    for (const auto state : {Job::State::queued, Job::State::printing, Job::State::settled}) {
        for (const bool copy : {false, true}) {
            jobs.push_back(job_of(10 + jobs.size()));
            jobs.back().state = state;
            jobs.back().copy = copy;
        }
    }
    for (int outcome = 1; outcome <= static_cast<int>(proto::PrintOutcome::not_printed);
         ++outcome) {
        for (int reason = 0; reason <= static_cast<int>(proto::PrintReason::restarted); ++reason) {
            jobs.push_back(job_of(10 + jobs.size()));
            jobs.back().state = Job::State::settled;
            jobs.back().outcome = static_cast<proto::PrintOutcome>(outcome);
            jobs.back().reason = static_cast<proto::PrintReason>(reason);
        }
    }
    Save save;
    for (auto job = jobs.rbegin(); job != jobs.rend(); ++job)
        save.changes.push_back(PutJob{*job});
    const auto loaded = kept(folder / "store", save);
    REQUIRE(loaded.jobs.size() == jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i)
        check_same(loaded.jobs[i], jobs[i]);
}

TEST_CASE("a paper is replaced and dropped by its ticket", "[kiosk][store]") {
    const Folder folder;
    auto changed = job_of(5);
    changed.state = Job::State::printing;
    changed.paper.label = "B-001";
    auto loaded = kept(folder / "store", {{PutJob{job_of(5)}, PutJob{job_of(6)}, PutJob{changed}}});
    REQUIRE(loaded.jobs.size() == 2);
    check_same(loaded.jobs[0], changed);
    loaded = kept(folder / "store", {{DropJob{TicketId{5}}, DropJob{TicketId{77}}}});
    REQUIRE(loaded.jobs.size() == 1);
    check_same(loaded.jobs[0], job_of(6));
}

TEST_CASE("a menu comes back as it was", "[kiosk][store]") {
    const Folder folder;
    proto::Menu menu{"Mal", "Contoh", "WITA", {}};
    for (std::uint16_t n = 1; n <= proto::max_buttons; ++n) {
        menu.buttons.push_back({ButtonNumber{n}, ServiceId::parse("s").value(),
                                std::string(200, 'x'), std::string(200, 'y'), TicketClass::priority,
                                std::string(200, 'z')});
    }
    menu.wifi_name = menu.wifi_password = menu.paper_link = std::string(200, 'w');
    const auto loaded = kept(folder / "store", {{PutMenu{menu}}});
    REQUIRE(loaded.menu);
    CHECK(*loaded.menu == menu);
}

TEST_CASE("the journal's number comes back as it was told last", "[kiosk][store]") {
    const Folder folder;
    CHECK(reopened(folder / "store").journal_seq == 0);
    const std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t seq : {std::uint64_t{7}, largest}) {
        CHECK(kept(folder / "store", {{PutJournalSeq{seq}}}).journal_seq == seq);
    }
}

TEST_CASE("labels come back, the series that was given a ticket last at the end",
          "[kiosk][store]") {
    const Folder folder;
    const ServiceDay day{std::chrono::days{20422}};
    const Seen a{day, "A-025", TicketId{9}};
    const Seen b{day, "4K-10", TicketId{(std::uint64_t{1} << 63) + 5}};  // as of a new epoch
    const Seen c{day, "C'-001", TicketId{11}};
    auto loaded = kept(folder / "store", {{PutSeen{b}, PutSeen{a}, PutSeen{c}}});
    CHECK(loaded.seen == std::vector{a, c, b});
    const Seen later{day, "A-026", TicketId{12}};
    loaded = kept(folder / "store", {{PutSeen{later}, DropSeen{"4K"}, DropSeen{"none"}}});
    CHECK(loaded.seen == std::vector{c, later});
    firmware_test::run_sql(folder / "store", "UPDATE seen SET service_day = 'kemarin'");
    CHECK(refusal(folder / "store") == database_errc::corrupt);
}

TEST_CASE("steady times of another boot are not believed", "[kiosk][store][R11][F8]") {
    const Folder folder;
    const Save save{{PutRequest{{issue(7), SteadyTime{99s}}}, PutJob{job_of(5)}}};
    SECTION("of another boot") {
        const auto loaded = kept(folder / "store", save, "boot-2");
        REQUIRE(loaded.in_flight);
        CHECK_FALSE(loaded.in_flight->pressed);
        CHECK_FALSE(loaded.jobs.at(0).pressed);
    }
    SECTION("of a boot without a name, the same or not") {
        const auto loaded = kept(folder / "store", save, "");
        CHECK_FALSE(loaded.in_flight->pressed);
        Stored again;
        REQUIRE(open(folder / "store", again, "").save(save).has_value());
        CHECK_FALSE(reopened(folder / "store", "").jobs.at(0).pressed);
    }
    SECTION("but those of this one are") {
        CHECK(kept(folder / "store", save).jobs.at(0).pressed == SteadyTime{1234567ms});
    }
}

TEST_CASE("a save is made as a whole or not at all", "[kiosk][store]") {
    const Folder folder;
    Stored loaded;
    {
        auto store = open(folder / "store", loaded);
        REQUIRE(store.save({{PutJob{job_of(5)}}}).has_value());
    }
    // From now on the file refuses the second change of the save below.
    firmware_test::run_sql(folder / "store",
                           "CREATE TRIGGER full BEFORE INSERT ON jobs WHEN NEW.ticket = 9 "
                           "BEGIN SELECT RAISE(ABORT, 'no'); END");
    {
        auto store = open(folder / "store", loaded);
        const auto done = store.save({{PutRequest{{issue(7), std::nullopt}}, PutJob{job_of(9)}}});
        REQUIRE(done.has_error());
        CHECK(done.error().code == database_errc::storage);
    }
    const auto after = reopened(folder / "store");
    CHECK(after.last_request == RequestId{});
    CHECK(after.jobs.size() == 1);
}

TEST_CASE("a kiosk store is used by one process at a time", "[kiosk][store][R12]") {
    const Folder folder;
    Stored loaded;
    {
        const auto first = open(folder / "store", loaded);
        std::string text;
        CHECK(refusal(folder / "store", &text) == database_errc::locked);
        CHECK(text.find("Stop the other kiosk") != std::string::npos);
    }
    reopened(folder / "store");
}

TEST_CASE("a store of a newer program is left alone", "[kiosk][store][R18]") {
    const Folder folder;
    kept(folder / "store", {{PutJob{job_of(5)}}});
    firmware_test::run_sql(folder / "store", "PRAGMA user_version=99");
    CHECK(refusal(folder / "store") == database_errc::newer);
    firmware_test::run_sql(folder / "store", "PRAGMA user_version=1");
    CHECK(reopened(folder / "store").jobs.size() == 1);
}

TEST_CASE("a file of another kind is left alone", "[kiosk][store]") {
    const Folder folder;
    SECTION("no SQLite file") {
        firmware_test::write_file(folder / "store", std::string(5000, 'x'));
        CHECK(refusal(folder / "store") == database_errc::not_ours);
    }
    SECTION("somebody else's SQLite file") {
        firmware_test::run_sql(folder / "store", "CREATE TABLE t (a)");
        CHECK(refusal(folder / "store") == database_errc::not_ours);
    }
}

TEST_CASE("a folder that is not there is told as trouble with the disk", "[kiosk][store]") {
    const Folder folder;
    std::string text;
    CHECK(refusal(folder / "none" / "store", &text) == database_errc::storage);
    CHECK(text.find("Check that its folder exists") != std::string::npos);
}

TEST_CASE("a damaged store is refused, and not taken for an empty one", "[kiosk][store][R12][F5]") {
    const Folder folder;
    kept(folder / "store", {{PutJob{job_of(5)}, PutRequest{{issue(7), std::nullopt}}}});
    SECTION("its papers") {
        firmware_test::damage_table(folder / "store", "jobs");
        CHECK(refusal(folder / "store") == database_errc::corrupt);
    }
    SECTION("its request") {
        firmware_test::damage_table(folder / "store", "request");
        CHECK(refusal(folder / "store") == database_errc::corrupt);
    }
    SECTION("a request that is no message") {
        firmware_test::run_sql(folder / "store", "UPDATE request SET frame = x'01ff'");
        CHECK(refusal(folder / "store") == database_errc::corrupt);
    }
    SECTION("a request that is another message") {
        firmware_test::run_sql(folder / "store", "UPDATE request SET frame = x'020a00'");
        CHECK(refusal(folder / "store") == database_errc::corrupt);
    }
}

TEST_CASE("a menu that cannot be read is forgotten: the next connection brings one",
          "[kiosk][store]") {
    const Folder folder;
    kept(folder / "store", {{PutMenu{{"Mal", "Contoh", "WIB", {}}}, PutJob{job_of(5)}}});
    firmware_test::run_sql(folder / "store", "UPDATE menu SET frame = x'01ff'");
    const auto loaded = reopened(folder / "store");
    CHECK_FALSE(loaded.menu);
    CHECK(loaded.jobs.size() == 1);
}

TEST_CASE("words of another version are read as what promises least", "[kiosk][store][R18]") {
    const Folder folder;
    auto job = job_of(5);
    job.state = Job::State::settled;
    job.outcome = proto::PrintOutcome::printed;
    kept(folder / "store", {{PutJob{job}}});
    firmware_test::run_sql(folder / "store",
                           "UPDATE jobs SET outcome = 'hologram', reason = 'moon'");
    const auto loaded = reopened(folder / "store");
    CHECK(loaded.jobs.at(0).outcome == proto::PrintOutcome::unconfirmed);
    CHECK(loaded.jobs.at(0).reason == proto::PrintReason::fault);
}

TEST_CASE("leases and the numbers of its own survive, in their order", "[kiosk][store]") {
    const Folder folder;
    const auto file = folder / "kiosk.store";
    const Lease lease{{LeaseId{7}, *SeriesId::parse("a"), "A-QK", 200}, 2, false};
    const Offline second{
        LeaseId{7},    2, *ServiceId::parse("kk"), TicketClass::priority, RequestId{9},
        SteadyTime{5s}};
    const Offline first{LeaseId{7}, 1, *ServiceId::parse("ktp"), TicketClass::regular, {}, {}};
    auto loaded = kept(file, {{PutLease{lease}, PutOffline{second}, PutOffline{first}}});
    CHECK(loaded.leases == std::vector{lease});
    REQUIRE(loaded.offline.size() == 2);
    CHECK(loaded.offline[0].number == 2);
    CHECK(loaded.offline[0].service == second.service);
    CHECK(loaded.offline[0].ticket_class == TicketClass::priority);
    CHECK(loaded.offline[0].abandoned == RequestId{9});
    CHECK(loaded.offline[0].pressed == SteadyTime{5s});
    CHECK_FALSE(loaded.offline[1].pressed);
    CHECK_FALSE(reopened(file, "boot-2").offline[0].pressed);
    loaded = kept(file, {{DropOffline{LeaseId{7}, 2}, DropLease{LeaseId{7}}}});
    CHECK(loaded.leases.empty());
    CHECK(loaded.offline.size() == 1);
}

TEST_CASE("a store in another computer is another store, and gives no more of its leases",
          "[kiosk][store][R1][F33]") {
    const Folder folder;
    const auto file = folder / "kiosk.store";
    const auto in = [&](const std::string& hardware) {
        Stored loaded;
        auto store = Store::open(file, {"boot-1", hardware}, loaded);
        REQUIRE(store.has_value());
        if (loaded.leases.empty()) {
            const Lease lease{{LeaseId{7}, *SeriesId::parse("a"), "A-QK", 200}, 2, false};
            REQUIRE(store->save({{PutLease{lease}}}).has_value());
            loaded.leases = {lease};
        }
        return loaded;
    };
    const auto here = in("mac-1");
    CHECK(here.incarnation != 0);
    CHECK(in("mac-1").incarnation == here.incarnation);
    // A computer that does not tell is not another one.
    CHECK(in("").incarnation == here.incarnation);
    CHECK_FALSE(in("mac-1").leases.front().retired);
    const auto there = in("mac-2");
    CHECK(there.incarnation != here.incarnation);
    CHECK(there.leases.front().retired);
    CHECK(there.leases.front().given == 2);
    CHECK(in("mac-2").incarnation == there.incarnation);
}

TEST_CASE("what was begun in another computer is left to it", "[kiosk][store][R1][R6][F33]") {
    const Folder folder;
    const auto file = folder / "kiosk.store";
    Stored loaded;
    const auto open_in = [&](const char* hardware) {
        loaded = {};
        auto store = Store::open(file, {"boot-1", hardware}, loaded);
        REQUIRE(store.has_value());
        return std::move(*store);
    };
    auto queued = job_of(5);
    queued.state = Job::State::queued;
    auto printing = job_of(6);
    printing.state = Job::State::printing;
    auto settled = job_of(7);
    settled.state = Job::State::settled;
    settled.outcome = proto::PrintOutcome::printed;
    const auto change = GENERATE(false, true);
    INFO(change);
    const proto::Request asked =
        change ? proto::Request{issue(9)}
               : proto::Request{
                     proto::PrintReport{RequestId{9}, TicketId{4}, proto::PrintOutcome::printed}};
    REQUIRE(open_in("mac-1")
                .save({{PutRequest{{asked, std::nullopt}}, PutJob{queued}, PutJob{printing},
                        PutJob{settled}}})
                .has_value());
    open_in("mac-2");
    REQUIRE(loaded.jobs.size() == 3);
    for (const auto& job : loaded.jobs) {
        INFO(job.paper.ticket.value());
        CHECK(job.state == Job::State::settled);
        CHECK(job.outcome == (job.paper.ticket == TicketId{7} ? proto::PrintOutcome::printed
                                                              : proto::PrintOutcome::unconfirmed));
    }
    // The answer to a request for a number may be on paper there; what it told it can tell again.
    CHECK(loaded.in_flight.has_value() == !change);
    // An id of its own shows the controller that another store asked last.
    CHECK(loaded.last_request ==
          (change ? proto::next_id(RequestId{9}, loaded.incarnation) : RequestId{9}));
}

}  // namespace antrean::kiosk
