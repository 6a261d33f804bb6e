#include "firmware/console/store.hpp"
#include "tests/firmware/store_bench.hpp"

namespace antrean::firmware_test {

using namespace device_console;

namespace {

Store open(const std::filesystem::path& file) {
    auto store = Store::open(file);
    if (!store) FAIL(store.error().text);
    return std::move(*store);
}

PaperRecord paper(int number) {
    PaperRecord made;
    made.at = WallTime{std::chrono::milliseconds{1'000 + number}};
    made.kind = "ticket";
    made.ticket = TicketId{static_cast<std::uint64_t>(number)};
    made.label = "A-" + std::to_string(number);
    made.outcome = "printed";
    made.reason = "none";
    made.evidence = "a barrier";
    made.fields = {{"label", made.label}, {"service", "KTP\x1b"}};
    return made;
}

}  // namespace

TEST_CASE("a code and its wrong guesses outlive a restart", "[firmware][console][store][F24]") {
    const tests::Folder folder;
    const auto file = folder.path() / "c";
    const auto secret = make_secret("a-code-of-mine", {std::byte{3}}, 2);
    {
        auto store = open(file);
        CHECK_FALSE(store.secret());
        REQUIRE(store.set_secret(secret).has_value());
        REQUIRE(store.keep_wrong_codes(7).has_value());
    }
    {
        auto store = open(file);
        CHECK(store.secret() == secret);
        CHECK(store.wrong_codes() == 7);
        REQUIRE(store.set_secret(make_secret("another", {std::byte{4}}, 2)).has_value());
    }
    const auto store = open(file);
    CHECK(is_code(*store.secret(), "another"));
    CHECK(store.wrong_codes() == 0);
}

TEST_CASE("the last papers are kept, with what they said", "[firmware][console][store]") {
    const tests::Folder folder;
    const auto file = folder.path() / "c";
    {
        auto store = open(file);
        for (int i = 1; i <= static_cast<int>(max_papers) + 20; ++i)
            REQUIRE(store.add_paper(paper(i), {{"papers", 1}, {"mm", i}}).has_value());
    }
    auto store = open(file);
    const auto papers = store.papers(1000);
    REQUIRE(papers.has_value());
    CHECK(papers->size() == max_papers);
    CHECK(papers->front().label == "A-120");
    CHECK(papers->back().label == "A-21");
    const auto found = store.find("A-120");
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    auto expected = paper(120);
    expected.number = 120;
    CHECK(**found == expected);
    CHECK_FALSE(store.find("A-20")->has_value());
    const Counters counted{{"mm", 120 * 121 / 2}, {"papers", 120}};
    CHECK(*store.counters() == counted);
    // Copies have no fields of their own: the ticket's own paper is what is found.
    auto copy = paper(120);
    copy.kind = "reprint";
    copy.fields.clear();
    REQUIRE(store.add_paper(copy, {}).has_value());
    CHECK((*store.find("A-120"))->kind == "ticket");
    REQUIRE(store.forget_papers().has_value());
    CHECK(store.papers(10)->empty());
    CHECK_FALSE(store.find("A-120")->has_value());
    CHECK(*store.counters() == counted);
}

TEST_CASE("a store that was tampered with is refused", "[firmware][console][store]") {
    const tests::Folder folder;
    const auto file = folder.path() / "c";
    {
        auto store = open(file);
        REQUIRE(store.set_secret(make_secret("a-code-of-mine", {std::byte{3}}, 2)).has_value());
    }
    run_sql(file, GENERATE("UPDATE access SET rounds = 0", "UPDATE access SET wrong_codes = -1",
                           "UPDATE access SET hash = x'00'", "UPDATE access SET salt = x''"));
    const auto store = Store::open(file);
    REQUIRE_FALSE(store.has_value());
    CHECK(store.error().code == database::database_errc::corrupt);
}

}  // namespace antrean::firmware_test
