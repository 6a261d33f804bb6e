#include "firmware/callpad/store.hpp"
#include "tests/firmware/store_bench.hpp"

namespace antrean::callpad {

using database::database_errc;
using firmware_test::Folder;

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
        proto::CallNext{RequestId{1}}, proto::Recall{RequestId{2}, TicketId{7}},
        proto::Finish{RequestId{3}, TicketId{7}}, proto::NoShow{RequestId{4}, TicketId{8}}};
    for (const auto& request : requests) {
        keep(folder / "store", request);
        const auto loaded = reopened(folder / "store");
        CHECK(loaded.last_request == proto::request_id(request));
        REQUIRE(loaded.in_flight);
        CHECK(*loaded.in_flight == request);
    }
}

TEST_CASE("a view comes back as it was, beside the request", "[callpad][store]") {
    const Folder folder;
    keep(folder / "store", proto::Request{proto::CallNext{RequestId{1}}});
    keep(folder / "store", view);
    auto newer = view;
    newer.ticket = TicketId{};
    newer.label.clear();
    newer.service_name.clear();
    for (const auto& kept : {view, newer}) {
        keep(folder / "store", kept);
        const auto loaded = reopened(folder / "store");
        REQUIRE(loaded.view);
        CHECK(loaded.view->counter_name == kept.counter_name);
        CHECK(loaded.view->ticket == kept.ticket);
        CHECK(loaded.view->label == kept.label);
        CHECK(loaded.last_request == RequestId{1});
    }
    keep(folder / "store", view);
    CHECK(reopened(folder / "store").view == view);
}

TEST_CASE("a callpad store is used by one process at a time", "[callpad][store]") {
    const Folder folder;
    Stored loaded;
    const auto first = open(folder / "store", loaded);
    CHECK(refusal(folder / "store") == database_errc::locked);
}

TEST_CASE("a store that a callpad cannot use is refused and left alone", "[callpad][store]") {
    const Folder folder;
    keep(folder / "store", proto::Request{proto::CallNext{RequestId{1}}});
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
    keep(folder / "store", proto::Request{proto::CallNext{RequestId{1}}});
    keep(folder / "store", view);
    firmware_test::run_sql(folder / "store", "UPDATE view SET frame = x'01ff'");
    const auto loaded = reopened(folder / "store");
    CHECK_FALSE(loaded.view);
    CHECK(loaded.in_flight);
}

}  // namespace antrean::callpad
