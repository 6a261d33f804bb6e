// What becomes of a store that is damaged.
#include "firmware/common/quarantine.hpp"

#include "firmware/callpad/store.hpp"
#include "tests/firmware/store_bench.hpp"

namespace {

using namespace antrean;
using common::max_put_aside;
using database::database_errc;
using tests::Folder;

database::result<callpad::Store> open(const std::filesystem::path& file) {
    return common::open_or_begin_anew(file, [&] {
        callpad::Stored loaded;
        return callpad::Store::open(file, loaded);
    });
}

std::filesystem::path aside(const Folder& folder, int place) {
    return folder / ("store.damaged-" + std::to_string(place));
}

TEST_CASE("a damaged store is kept aside, and a new one begins", "[common][quarantine][R14][F5]") {
    const Folder folder;
    const auto file = folder / "store";
    REQUIRE(open(file).has_value());
    SECTION("with nonsense in a page") {
        firmware_test::damage_table(file, "view");
    }
    SECTION("with a first page of zeros, as a power cut leaves it") {
        auto bytes = tests::content(file);
        REQUIRE(bytes.size() > 4096);
        bytes.replace(0, 4096, 4096, '\0');
        firmware_test::write_file(file, bytes);
    }
    const auto damaged = tests::content(file);
    REQUIRE(open(file).has_value());
    CHECK(tests::content(aside(folder, 1)) == damaged);
    CHECK(tests::content(file) != damaged);
    REQUIRE(open(file).has_value());
    CHECK_FALSE(std::filesystem::exists(aside(folder, 2)));
}

TEST_CASE("of damaged stores the last few are kept", "[common][quarantine][R13]") {
    const Folder folder;
    const auto file = folder / "store";
    for (int time = 1; time <= max_put_aside + 2; ++time) {
        firmware_test::write_file(file, "store " + std::to_string(time));
        firmware_test::write_file(folder / "store-wal", "log " + std::to_string(time));
        const auto path = common::put_aside(file);
        REQUIRE(path.has_value());
        CHECK(*path == aside(folder, 1));
        CHECK_FALSE(std::filesystem::exists(file));
        CHECK_FALSE(std::filesystem::exists(folder / "store-wal"));
    }
    for (int place = 1; place <= max_put_aside; ++place) {
        const auto time = std::to_string(max_put_aside + 3 - place);
        CHECK(tests::content(aside(folder, place)) == "store " + time);
        CHECK(tests::content(aside(folder, place).string() + "-wal") == "log " + time);
    }
    CHECK_FALSE(std::filesystem::exists(aside(folder, max_put_aside + 1)));
}

TEST_CASE("what is not damaged is not put aside", "[common][quarantine]") {
    const Folder folder;
    const auto file = folder / "store";
    SECTION("a file that is no store") {
        firmware_test::write_file(file, "root:x:0:0:root:/root:/bin/bash\n");
        const auto store = open(file);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == database_errc::not_ours);
    }
    SECTION("a store of a newer version") {
        REQUIRE(open(file).has_value());
        firmware_test::run_sql(file, "PRAGMA user_version=99");
        const auto store = open(file);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == database_errc::newer);
    }
    SECTION("a store that another process has") {
        const auto first = open(file);
        REQUIRE(first.has_value());
        const auto store = open(file);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == database_errc::locked);
    }
    CHECK(std::filesystem::exists(file));
    CHECK_FALSE(std::filesystem::exists(aside(folder, 1)));
}

TEST_CASE("a log that was left without its store is not read into the new one",
          "[common][quarantine]") {
    const Folder folder;
    const auto file = folder / "store";
    {
        auto store = open(file);
        REQUIRE(store.has_value());
        proto::CounterView view;
        view.counter = CounterId::parse("loket-1").value();
        REQUIRE(store->save(callpad::SaveView{view, 7}).has_value());
        std::filesystem::copy_file(folder / "store-wal", folder / "log");
    }
    // As a power cut leaves it, once the file has been renamed and its log has not.
    REQUIRE(std::filesystem::file_size(folder / "log") > 0);
    std::filesystem::remove(file);
    std::filesystem::rename(folder / "log", folder / "store-wal");
    callpad::Stored loaded;
    REQUIRE(callpad::Store::open(file, loaded).has_value());
    CHECK_FALSE(loaded.view);
    CHECK(loaded.journal_seq == 0);
}

}  // namespace
