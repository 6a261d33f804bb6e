#include "drivers/config/table_reader.hpp"
#include "tests/catch.hpp"

#include <cmath>

using namespace antrean::config;

namespace {

Table parsed(std::string_view text) {
    Problems problems;
    auto table = parse(text, problems);
    for (const Problem& problem : std::move(problems).in_file_order())
        UNSCOPED_INFO(problem.text);
    REQUIRE(table);
    return *std::move(table);
}

std::vector<Problem> problems_of(std::string_view text) {
    Problems problems;
    CHECK_FALSE(parse(text, problems));
    return std::move(problems).in_file_order();
}

enum class Fruit { apple, pear };
constexpr std::array fruits{Word<Fruit>{"apple", Fruit::apple}, Word<Fruit>{"pear", Fruit::pear}};

// Reads a table of TEXT with READ, and gives the problems that were told meanwhile.
template <class Read>
std::vector<Problem> told(std::string_view text, Read read) {
    const Table table = parsed(text);
    Problems problems;
    TableReader reader{table, "[box]", "[box]", problems};
    read(reader);
    return std::move(problems).in_file_order();
}

}  // namespace

TEST_CASE("every kind of TOML value is read with its line", "[config]") {
    const Table file = parsed(
        "text = \"a\"\nwhole = -3\nnumber = 1.5\ntruth = true\nday = 2026-01-02\n"
        "list = [1,\n  \"b\"]\n[table]\nkey = 1\n");
    CHECK(*file.find("text")->text() == "a");
    CHECK(std::get<std::int64_t>(file.find("whole")->held) == -3);
    CHECK(std::get<double>(file.find("number")->held) == 1.5);
    CHECK(std::get<bool>(file.find("truth")->held));
    CHECK(described(*file.find("day")) == "a date or time");
    REQUIRE(file.find("list")->list() != nullptr);
    CHECK(file.find("list")->list()->at(1).line == 7);
    REQUIRE(file.find("table")->table() != nullptr);
    CHECK(file.find("table")->line == 8);
    CHECK(file.find("table")->table()->entries.at(0).line == 9);
    CHECK(file.find("none") == nullptr);
}

TEST_CASE("what is no TOML is told with its line", "[config]") {
    const auto problems = problems_of("a = 1\nb = \n");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].line == 2);
    CHECK(problems[0].text.starts_with("this is not TOML, from column"));
    CHECK(problems_of("a = 1\na = 2\n").size() == 1);
    CHECK(problems_of("[[[a]]]\n").size() == 1);
    // Sanitizers tell of the library's undefined behaviour on this one (drivers/config/toml.hpp).
    CHECK(problems_of("\t\uFEEF;\b").size() == 1);
    CHECK(problems_of("a = \"\xff\"\n").size() == 1);
}

TEST_CASE("a file that nests ever deeper is refused, or cut where nobody looks", "[config][R13]") {
    std::string dots;
    for (int i = 0; i < 20'000; ++i)
        dots += "a.";
    CHECK(problems_of(dots + "a = 1\n").at(0).text == "has more than 10000 dots");
    const Table deep = parsed(dots.substr(0, 2 * 9'000) + "a = 1\n");
    int depth = 0;
    for (const Table* table = &deep; table != nullptr && !table->entries.empty(); ++depth) {
        table = table->entries.at(0).value.table();
    }
    CHECK(depth == max_depth);
}

TEST_CASE("a table gives its values", "[config]") {
    const auto problems =
        told("t = \"x\"\ni = 7\nn = 2.5\nw = 3\nb = false\nc = \"pear\"\nl = [\"x\", \"y\"]\n",
             [](TableReader& table) {
                 CHECK(table.text("t", Need::required).value == "x");
                 CHECK(table.integer("i", Need::required, {7, 7}) == 7);
                 CHECK(table.number("n", Need::required, {0, 2.5}) == 2.5);
                 CHECK(table.number("w", Need::required, {0, 9}) == 3.0);
                 CHECK(table.boolean("b", Need::required) == false);
                 CHECK(table.choice("c", Need::required, fruits) == Fruit::pear);
                 bool lost = false;
                 CHECK(table.texts("l", Need::required, lost).size() == 2);
                 CHECK_FALSE(lost);
                 CHECK_FALSE(table.integer("none", Need::optional, {0, 1}).has_value());
                 CHECK_FALSE(table.text("none", Need::optional).given());
                 table.finish();
             });
    CHECK(problems.empty());
}

TEST_CASE("one slip in a table gives one problem with a remedy", "[config]") {
    struct Slip {
        std::string_view file;
        std::string_view text;
        std::string_view remedy;
    };
    const auto slip = GENERATE(
        Slip{"", "[box] has no 'count'", "add a line 'count = ...' below [box]"},
        Slip{"count = 1.5", "'count' of [box] is a number, not a whole number", "count = 1"},
        Slip{"count = \"1\"", "'count' of [box] is text, not a whole number", "count = 1"},
        Slip{"count = 0", "'count' of [box] is 0", "write a whole number from 1 to 9"},
        Slip{"count = 10", "'count' of [box] is 10", "write a whole number from 1 to 9"},
        Slip{"count = 1\nsize = nan", "'size' of [box] is out of range", "from 0.5 to 2"},
        Slip{"count = 1\nsize = -inf", "'size' of [box] is out of range", "from 0.5 to 2"},
        Slip{"count = 1\nsize = true", "'size' of [box] is true or false, not a number", "size ="},
        Slip{"count = 1\nripe = 1", "'ripe' of [box] is a whole number, not true or false",
             "ripe = true"},
        Slip{"count = 1\nfruit = \"aple\"", "'fruit' of [box] is 'aple'", "did you mean 'apple'?"},
        Slip{"count = 1\nfruit = \"melon\"", "'fruit' of [box] is 'melon'",
             "write one of apple, pear"},
        Slip{"count = 1\nfruit = 2", "'fruit' of [box] is a whole number, not text", "fruit ="},
        Slip{"count = 1\nlabel = \" \"", "'label' of [box] is blank", "people"},
        Slip{"count = 1\nlabel = \"12345\"", "'label' of [box] has 5 bytes", "4 bytes or less"},
        Slip{"count = 1\nlabel = \"a\\u001b\"", "control character: 'a\\x1B'", "remove"},
        Slip{"count = 1\nparts = 1", "'parts' of [box] is a whole number, not a list",
             "parts = [\"...\"]"},
        Slip{"count = 1\nparts = [1]", "'parts' of [box] is a whole number, not text", "\"...\""},
        Slip{"count = 1\nparts = [\"\"]", "'parts' of [box] is empty", "write"},
        Slip{"count = 1\ncuont = 2", "[box] has an unknown key 'cuont'", "did you mean 'count'?"},
        Slip{"count = 1\nxyzzy = 2", "[box] has an unknown key 'xyzzy'",
             "the keys here are count, size"});
    INFO(slip.file);
    const auto problems = told(slip.file, [](TableReader& table) {
        table.integer("count", Need::required, {1, 9});
        table.number("size", Need::optional, {0.5, 2});
        table.boolean("ripe", Need::optional);
        table.choice("fruit", Need::optional, fruits);
        table.name("label", Need::optional, 4);
        bool lost = false;
        table.texts("parts", Need::optional, lost);
        table.finish();
    });
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].text.find(slip.text) != std::string::npos);
    CHECK(problems[0].remedy.find(slip.remedy) != std::string::npos);
}

TEST_CASE("sections and lists of tables are told apart", "[config]") {
    const Table file = parsed("odd = 1\n[one]\na = 1\n[[many]]\nb = 1\n[[many]]\nb = 2\n");
    Problems problems;
    REQUIRE(section(file, "one", "", problems) != nullptr);
    CHECK(tables(file, "many", 2, "a box", problems).size() == 2);
    CHECK(tables(file, "none", 2, "a box", problems).empty());
    CHECK(problems.empty());
    CHECK(section(file, "odd", "", problems) == nullptr);
    CHECK(section(file, "many", "", problems) == nullptr);
    CHECK(section(file, "gone", "add it", problems) == nullptr);
    CHECK(tables(file, "one", 2, "a box", problems).empty());
    CHECK(tables(file, "many", 1, "a box", problems).size() == 1);
    only(file, {"one", "many", "add"}, problems);
    const auto told = std::move(problems).in_file_order();
    REQUIRE(told.size() == 6);
    CHECK(told[0].text == "the file has no [gone]");
    CHECK(told[0].remedy == "add it");
    CHECK(told[2].text == "the file has an unknown key 'odd'");
    CHECK(told[2].remedy == "did you mean 'add'?");
    CHECK(told[5].text == "this is [[many]] number 2");
    CHECK(told[5].remedy == "a box may have 1 of them: remove the rest");
}
