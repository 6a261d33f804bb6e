// What a layout's file may say, and what is told of one that is wrong.
#include "drivers/layout/layout.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <algorithm>
#include <filesystem>

namespace antrean::layout {
namespace {

const std::string good =
    "[[item]]\n"
    "text = \"{label}\"\n"
    "[[item]]\n"
    "text = \"{date}\"\n";

Loaded<Layout> read_text(const std::string& text) {
    return read(text, "paper.toml", {});
}

std::string problem_of(const std::string& more) {
    const auto layout = read_text(good + more);
    return layout ? "none" : layout.error().message();
}

}  // namespace

TEST_CASE("every layout that comes with the program is good for wide and narrow paper",
          "[layout]") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{ANTREAN_PAPERS}) {
        if (entry.path().extension() != ".toml") continue;
        ++count;
        for (const auto& profile : {escpos::generic_80(), escpos::generic_58()}) {
            const auto layout = load(entry.path(), profile);
            INFO((layout ? "" : layout.error().message()));
            CHECK(layout.has_value());
        }
    }
    CHECK(count >= 2);
    CHECK_FALSE(standard().items.empty());
}

TEST_CASE("a layout that is wrong is told with line and remedy", "[layout]") {
    struct Case {
        std::string more, told;
    };
    const auto one = GENERATE(
        Case{"[[item]]\ntext = \"{servise}\"\n",
             "paper.toml:6: there is no field 'servise'; did you mean {service}?"},
        Case{"[[item]]\ntext = \"{label\"\n", "paper.toml:6: a field begins and does not end"},
        Case{"[[item]]\ntext = \"label}\"\n", "paper.toml:6: a brace closes nothing"},
        Case{"[[item]]\ntekst = \"x\"\n", "paper.toml:5: this [[item]] does not say what to print"},
        Case{"[[item]]\ntext = \"x\"\nfeed = 2\n", "is both 'text' and 'feed'; make two items"},
        Case{"[[item]]\ntext = \"x\"\nbald = true\n", "did you mean 'bold'?"},
        Case{"[[item]]\ntext = \"x\"\nsize = 9\n", "paper.toml:7: "},
        Case{"[[item]]\ntext = \"x\"\nsize = [1, 2, 3]\n",
             "'size' of this [[item]] lists 3 numbers"},
        Case{"[[item]]\ntext = \"x\"\nsize = \"big\"\n", "or \"fit\""},
        Case{"[[item]]\ntext = \"x\"\nalign = \"middle\"\n", "paper.toml:7: "},
        Case{"[[item]]\ntext = \"x\"\npaper = 60\n", "write 58 or 80"},
        Case{"[[item]]\nfeed = 0\n", "paper.toml:6: "},
        Case{"[[item]]\nrow = []\n", "this row has 0 cells"},
        Case{"[[item]]\nrow = [{ text = \"{label}\" }]\n", "the number stands in a row"},
        Case{"[[item]]\nrow = [\"x\"]\n", "a row lists text, not a table"},
        Case{"[[item]]\nrow = [{ text = \"x\", size = 2 }]\n", "unknown key 'size'"},
        Case{"[[item]]\nimage = \"none.png\"\n",
             "paper.toml:6: picture 'none.png': there is no such file"},
        Case{"[[item]]\nwifi = false\n", "remove the item"},
        Case{"[item2]\n", "unknown key 'item2'"}, Case{"[[item]\n", "paper.toml:5: "});
    INFO(one.more);
    const auto told = problem_of(one.more);
    INFO(told);
    CHECK(told.find(one.told) != std::string::npos);
}

TEST_CASE("all that is wrong is told at once", "[layout]") {
    const auto layout = read_text(good + "[[item]]\ntext = \"{a}\"\n[[item]]\nfeed = 0\n");
    REQUIRE_FALSE(layout.has_value());
    CHECK(layout.error().problems.size() == 2);
}

TEST_CASE("a layout whose paper lacks its number or its date is refused", "[layout]") {
    const auto told = [](const std::string& text) {
        const auto layout = read_text(text);
        return layout ? std::string{"none"} : layout.error().message();
    };
    const std::string label = "[[item]]\ntext = \"{label}\"\n",
                      date = "[[item]]\ntext = \"{date}\"\n";
    CHECK(told(label).find("has the date") != std::string::npos);
    CHECK(told(date).find("has the number") != std::string::npos);
    CHECK(told("").find("has the number") != std::string::npos);
    CHECK(told(label + date) == "none");
    // On one of the papers only.
    CHECK(told(label + date + "paper = 80\n").find("has the date") != std::string::npos);
    CHECK(told(label + date + "paper = 80\n" + date + "paper = 58\n") == "none");
    CHECK(told(label + "paper = 58\n" + date).find("has the number") != std::string::npos);
    // A code is not words.
    CHECK(told(label + "[[item]]\nqr = \"{date}\"\n").find("has the date") != std::string::npos);
    CHECK(told(date + "[[item]]\nbarcode = \"{label}\"\n").find("has the number") !=
          std::string::npos);
}

TEST_CASE("doubled braces are braces", "[layout]") {
    const auto layout = read_text(good + "[[item]]\ntext = \"{{{label}}} }}\"\n");
    REQUIRE(layout.has_value());
    const auto& phrase = std::get<Text>(layout->items.back().what).phrase;
    REQUIRE(phrase.size() == 3);
    CHECK(phrase[0].text == "{");
    CHECK(phrase[1].field == Field::label);
    CHECK(phrase[2].text == "} }");
}

TEST_CASE("a layout is bounded", "[layout][R13]") {
    std::string many = good;
    for (std::size_t i = 0; i < max_items; ++i)
        many += "[[item]]\nfeed = 1\n";
    CHECK_FALSE(read_text(many).has_value());
    CHECK(problem_of("[[item]]\ntext = \"" + std::string(401, 'x') + "\"\n") != "none");
}

TEST_CASE("the document tells of every field and every key", "[layout]") {
    const auto document = tests::content(std::filesystem::path{ANTREAN_PAPERS} / "README.md");
    for (const auto field : field_names()) {
        INFO(field);
        CHECK(document.find("| `{" + std::string{field} + "}` |") != std::string::npos);
    }
    for (const auto* key :
         {"text",    "row",      "feed",   "rule",    "image",     "qr",    "wifi",
          "barcode", "size",     "bold",   "reverse", "underline", "align", "lines",
          "width",   "width_mm", "module", "level",   "height",    "paper"}) {
        INFO(key);
        CHECK(document.find("`" + std::string{key} + "`") != std::string::npos);
    }
}

TEST_CASE("names and fields go together", "[layout]") {
    CHECK(field_names().size() == field_count);
    for (std::size_t i = 0; i < field_count; ++i) {
        const auto field = static_cast<Field>(i);
        CHECK(field_of(name_of(field)) == field);
        CHECK_FALSE(example()[field].empty());
    }
    CHECK_FALSE(field_of("number"));
}

}  // namespace antrean::layout
