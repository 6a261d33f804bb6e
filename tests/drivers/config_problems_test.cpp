#include "drivers/config/problems.hpp"
#include "tests/catch.hpp"

using namespace antrean::config;

TEST_CASE("the nearest candidate is the one with the fewest slips", "[config]") {
    const std::vector<std::string_view> ids{"dukcapil", "pajak", "pupr", "a"};
    CHECK(nearest("dukcapl", ids) == "dukcapil");
    CHECK(nearest("DUKCAPIL", ids) == "dukcapil");
    CHECK(nearest("pajka", ids) == "pajak");
    CHECK(nearest("puprr", ids) == "pupr");
    CHECK(nearest("imigrasi", ids).empty());
    CHECK(nearest("b", ids).empty());
    CHECK(nearest("", ids).empty());
    CHECK(nearest(std::string(5000, 'd'), ids).empty());
    CHECK(nearest("pajak", {}).empty());
}

TEST_CASE("a quoted value is safe to show and not long", "[config][R16][F30]") {
    CHECK(in_quotes("ktp") == "'ktp'");
    CHECK(in_quotes("\x1b[2J") == "'\\x1B[2J'");
    CHECK(in_quotes(std::string(60, 'x')) == "'" + std::string(60, 'x') + "'");
    CHECK(in_quotes(std::string(61, 'x')) == "'" + std::string(60, 'x') + "...'");
    // The cut does not split the two bytes of a letter.
    CHECK(in_quotes(std::string(59, 'x') + "é!") == "'" + std::string(59, 'x') + "...'");
}

TEST_CASE("problems come in file order, and those of a line in theirs", "[config]") {
    Problems problems;
    problems.add(9, "third", "");
    problems.add(2, "first", "");
    problems.add(2, "second", "");
    const auto sorted = std::move(problems).in_file_order();
    REQUIRE(sorted.size() == 3);
    CHECK(sorted[0].text == "first");
    CHECK(sorted[1].text == "second");
    CHECK(sorted[2].text == "third");
}

TEST_CASE("problems beyond the bound are counted", "[config]") {
    Problems problems;
    for (std::size_t i = 0; i < Problems::max_kept + 3; ++i)
        problems.add(1, "x", "");
    const auto sorted = std::move(problems).in_file_order();
    REQUIRE(sorted.size() == Problems::max_kept + 1);
    CHECK(sorted.back().text == "there are 3 problems more");
}
