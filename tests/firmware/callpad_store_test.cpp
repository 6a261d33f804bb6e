#include "firmware/callpad/store.hpp"
#include "tests/firmware/store_bench.hpp"

#include <limits>

namespace antrean::callpad {

using database::database_errc;
using tests::Folder;

namespace {

Store open(const std::filesystem::path& file, Stored& loaded) {
    auto store = Store::open(file, loaded);
    INFO((store ? "" : store.error().text));
    REQUIRE(store.has_value());
    return std::move(*store);
}

Stored reopened(const std::filesystem::path& file) {
    Stored loaded;
    open(file, loaded);
    return loaded;
}

void keep(const std::filesystem::path& file, const auto& message) {
    Stored loaded;
    REQUIRE(open(file, loaded).save(message).has_value());
}

// Whether TEXT is anywhere in the store's files.
bool holds(const std::filesystem::path& file, const std::string& text) {
    for (const auto* end : {"", "-wal"}) {
        if (tests::content(file.string() + end).find(text) != std::string::npos) return true;
    }
    return false;
}

SaveRequest saving(const proto::Request& request) {
    return {request, 0};
}

database_errc refusal(const std::filesystem::path& file) {
    Stored loaded;
    const auto store = Store::open(file, loaded);
    REQUIRE(store.has_error());
    CHECK(store.error().text.find(file.string()) != std::string::npos);
    return store.error().code;
}

const proto::CounterView view{CounterId::parse("loket-1").value(),
                              "Loket 1",
                              4,
                              TicketId{7},
                              "A-007",
                              "KTP \x1b[31m elektronik",
                              proto::Paper::unconfirmed,
                              2};

}  // namespace

TEST_CASE("a new callpad store holds nothing", "[callpad][store]") {
    const Folder folder;
    for (int i = 0; i < 2; ++i) {
        const auto loaded = reopened(folder / "store");
        CHECK(loaded.last_request == RequestId{});
        CHECK_FALSE(loaded.in_flight);
        CHECK_FALSE(loaded.view);
    }
}

TEST_CASE("every kind of request of a callpad comes back as it was", "[callpad][store]") {
    const Folder folder;
    const std::vector<proto::Request> requests{
        proto::CallNext{RequestId{1}, TicketClass::priority},
        proto::Recall{RequestId{2}, TicketId{7}},
        proto::Finish{RequestId{3}, TicketId{7}},
        proto::NoShow{RequestId{4}, TicketId{8}},
        proto::CallNamed{RequestId{5}, TicketId{7}, {}},
        proto::CallNamed{RequestId{6}, {}, "A-022"},
        proto::Serve{RequestId{7}, TicketId{7}},
        proto::Hold{RequestId{8}, TicketId{7}},
        proto::Transfer{RequestId{9}, TicketId{7}, ServiceId::parse("npwp").value()},
        proto::Undo{RequestId{10}},
        proto::SignIn{RequestId{11}, "4711"},
        proto::SignOut{RequestId{12}},
        proto::PauseCounter{RequestId{13}, "Salat"},
        proto::OpenCounter{RequestId{14}}};
    for (const auto& request : requests) {
        keep(folder / "store", saving(request));
        const auto loaded = reopened(folder / "store");
        CHECK(loaded.last_request == proto::request_id(request));
        REQUIRE(loaded.in_flight);
        CHECK(*loaded.in_flight == request);
    }
}

TEST_CASE("a view comes back as it was, beside the request", "[callpad][store]") {
    const Folder folder;
    keep(folder / "store", saving(proto::CallNext{RequestId{1}}));
    keep(folder / "store", SaveView{view, 0});
    auto newer = view;
    newer.ticket = TicketId{};
    newer.label.clear();
    newer.service_name.clear();
    for (const auto& kept : {view, newer}) {
        keep(folder / "store", SaveView{kept, 0});
        const auto loaded = reopened(folder / "store");
        REQUIRE(loaded.view);
        CHECK(loaded.view->counter_name == kept.counter_name);
        CHECK(loaded.view->ticket == kept.ticket);
        CHECK(loaded.view->label == kept.label);
        CHECK(loaded.last_request == RequestId{1});
    }
    keep(folder / "store", SaveView{view, 0});
    CHECK(reopened(folder / "store").view == view);
}

TEST_CASE("the journal's number is the highest of those stored", "[callpad][store]") {
    const Folder folder;
    CHECK(reopened(folder / "store").journal_seq == 0);
    keep(folder / "store", SaveRequest{proto::CallNext{RequestId{1}}, 40});
    CHECK(reopened(folder / "store").journal_seq == 40);
    keep(folder / "store", SaveView{view, 44});
    CHECK(reopened(folder / "store").journal_seq == 44);
    const auto largest = std::numeric_limits<std::uint64_t>::max();
    keep(folder / "store", SaveRequest{proto::CallNext{RequestId{2}}, largest});
    CHECK(reopened(folder / "store").journal_seq == largest);
}

TEST_CASE("a code that was answered is nowhere in the store", "[callpad][store]") {
    const Folder folder;
    const std::string code = "918273645546";
    Stored loaded;
    {
        auto store = open(folder / "store", loaded);
        REQUIRE(store.save(saving(proto::SignIn{RequestId{7}, code})).has_value());
        CHECK(holds(folder / "store", code));
        SECTION("as soon as it is forgotten") {
            REQUIRE(store.forget_request().has_value());
            CHECK_FALSE(holds(folder / "store", code));
        }
        SECTION("and what comes after it is kept") {
            REQUIRE(store.forget_request().has_value());
            REQUIRE(store.save(SaveView{view, 3}).has_value());
        }
    }
    CHECK_FALSE(holds(folder / "store", code));
    const auto after = reopened(folder / "store");
    CHECK(after.last_request == RequestId{7});
    CHECK_FALSE(after.in_flight);
}

TEST_CASE("a code that a restart has moved into the file goes with its answer as well",
          "[callpad][store]") {
    const Folder folder;
    const std::string code = "918273645546";
    keep(folder / "store", saving(proto::SignIn{RequestId{7}, code}));
    Stored loaded;
    auto store = open(folder / "store", loaded);
    REQUIRE(loaded.in_flight);
    CHECK(holds(folder / "store", code));
    REQUIRE(store.forget_request().has_value());
    CHECK_FALSE(holds(folder / "store", code));
}

TEST_CASE("a callpad store is used by one process at a time", "[callpad][store]") {
    const Folder folder;
    Stored loaded;
    const auto first = open(folder / "store", loaded);
    CHECK(refusal(folder / "store") == database_errc::locked);
}

TEST_CASE("a store that a callpad cannot use is refused and left alone", "[callpad][store]") {
    const Folder folder;
    keep(folder / "store", saving(proto::CallNext{RequestId{1}}));
    SECTION("of a newer program") {
        firmware_test::run_sql(folder / "store", "PRAGMA user_version=99");
        CHECK(refusal(folder / "store") == database_errc::newer);
    }
    SECTION("of another kind") {
        firmware_test::run_sql(folder / "other", "CREATE TABLE t (a)");
        CHECK(refusal(folder / "other") == database_errc::not_ours);
    }
    SECTION("with a damaged request") {
        firmware_test::damage_table(folder / "store", "request");
        CHECK(refusal(folder / "store") == database_errc::corrupt);
    }
    SECTION("with a request that is no message") {
        firmware_test::run_sql(folder / "store", "UPDATE request SET frame = x'01ff'");
        CHECK(refusal(folder / "store") == database_errc::corrupt);
    }
    SECTION("in a folder that is not there") {
        CHECK(refusal(folder / "none" / "store") == database_errc::storage);
    }
}

TEST_CASE("a view that cannot be read is forgotten: the next connection brings one",
          "[callpad][store]") {
    const Folder folder;
    keep(folder / "store", saving(proto::CallNext{RequestId{1}}));
    keep(folder / "store", SaveView{view, 0});
    firmware_test::run_sql(folder / "store", "UPDATE view SET frame = x'01ff'");
    const auto loaded = reopened(folder / "store");
    CHECK_FALSE(loaded.view);
    CHECK(loaded.in_flight);
}

}  // namespace antrean::callpad
