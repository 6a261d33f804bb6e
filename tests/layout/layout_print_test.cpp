// What a layout puts on paper, read from the paper of a virtual printer.
#include "drivers/layout/layout.hpp"
#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <algorithm>

namespace antrean::layout {
namespace {

const std::string borne =
    "[[item]]\ntext = \"{label}\"\nsize = \"fit\"\n"
    "[[item]]\ntext = \"{date}\"\n";

struct Printed {
    std::vector<virtual_printer::Paper> papers;
    std::size_t misunderstood = 0;

    const virtual_printer::Paper& paper() const { return papers.back(); }
    // The paper's lines with text, without the spaces around it.
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto& mark : paper().lines) {
            const auto first = mark.text.find_first_not_of(' ');
            if (first == std::string::npos) continue;
            all.push_back(mark.text.substr(first, mark.text.find_last_not_of(' ') - first + 1));
        }
        return all;
    }
    int area(const std::string& text) const {
        for (const auto& run : paper().runs) {
            if (run.text.find(text) != std::string::npos) return run.cell_width * run.cell_height;
        }
        return 0;
    }
};

Printed print(const std::string& text, const Fields& fields, Marks marks = {},
              bool narrow = false) {
    const auto profile = narrow ? escpos::generic_58() : escpos::generic_80();
    const auto layout = read(text, "paper.toml", profile);
    INFO((layout ? "" : layout.error().message()));
    REQUIRE(layout.has_value());
    auto printer = narrow ? virtual_printer::generic_58() : virtual_printer::generic_80();
    printer.speed_mm_per_s = 0;
    printer.receive_buffer = 1 << 20;
    virtual_printer::Machine machine{printer};
    machine.receive(lay_out(*layout, fields, profile, marks), SteadyTime{});
    Printed printed{machine.take_papers(), machine.unknown_count()};
    if (!machine.hanging().blank()) printed.papers.push_back(machine.hanging());
    REQUIRE_FALSE(printed.papers.empty());
    return printed;
}

}  // namespace

TEST_CASE("fields stand where the layout names them", "[layout]") {
    const auto printed =
        print(borne + "[[item]]\ntext = \"Untuk {service}, {{{place}}}\"\n", example());
    CHECK(printed.misunderstood == 0);
    CHECK(printed.lines() ==
          std::vector<std::string>{"A-025", "Senin, 5 Januari 2026",
                                   "Untuk Perekaman dan pencetakan KTP-el, {Jombang}"});
}

TEST_CASE("what names a field that the ticket lacks is left off, all of it", "[layout]") {
    auto fields = example();
    fields[Field::estimate].clear();
    fields[Field::url].clear();
    fields[Field::wifi_name].clear();
    const auto printed = print(borne +
                                   "[[item]]\ntext = \"Perkiraan {estimate}\"\n"
                                   "[[item]]\nrow = [{ text = \"a\" }, { text = \"{estimate}\" }]\n"
                                   "[[item]]\nqr = \"{url}\"\n[[item]]\nwifi = true\n"
                                   "[[item]]\nbarcode = \"{url}\"\n",
                               fields);
    CHECK(printed.lines() == std::vector<std::string>{"A-025", "Senin, 5 Januari 2026"});
    CHECK(printed.paper().rasters.empty());
    CHECK(printed.paper().symbols.empty());
}

TEST_CASE("a fitting number is as large as the paper is wide", "[layout]") {
    for (const bool narrow : {false, true}) {
        auto fields = example();
        const auto area = [&](const std::string& label) {
            fields[Field::label] = label;
            const auto printed = print(borne, fields, {}, narrow);
            const auto lines = printed.lines();
            CHECK(std::count(lines.begin(), lines.end(), label) == 1);
            return printed.area(label);
        };
        CHECK(area("A-1") > area("A-025"));
        CHECK(area("A-025") > area("ABC-1234"));
        CHECK(area("ABC-1234") >= area(std::string(20, 'W')));
        CHECK(area(std::string(20, 'W')) == 12 * 24 * (narrow ? 1 : 4));
    }
}

TEST_CASE("a copy says so at its head and beside its number, whatever the layout",
          "[layout][R1][F18]") {
    const auto original = print(borne, example());
    CHECK(original.papers.size() == 1);
    CHECK(original.paper().text().find("SALINAN") == std::string::npos);
    for (const bool narrow : {false, true}) {
        const auto copy = print(borne + "[[item]]\ntext = \"Nomor {label}, {label}\"\n", example(),
                                {.copy = true}, narrow);
        const auto lines = copy.lines();
        CHECK(lines.front() == "SALINAN");
        CHECK(std::count(lines.begin(), lines.end(), "SALINAN A-025") == 1);
        CHECK(std::count(lines.begin(), lines.end(), "SALINAN Nomor A-025, A-025") == 1);
    }
}

TEST_CASE("a parted paper begins with a cut", "[layout]") {
    CHECK(print(borne, example(), {.parted = true}).papers.size() == 2);
    CHECK(print(borne, example(), {.copy = true}).papers.size() == 2);
}

TEST_CASE("rows, rules and sizes", "[layout]") {
    const auto printed =
        print(borne +
                  "[[item]]\nrule = \"=\"\n"
                  "[[item]]\nrow = [{ text = \"kiri\" }, { text = \"{ahead}\", width = 6, align = "
                  "\"right\" }]\n"
                  "[[item]]\ntext = \"besar\"\nsize = [2, 3]\n",
              example(), {}, true);
    const auto lines = printed.lines();
    CHECK(std::count(lines.begin(), lines.end(), std::string(32, '=')) == 1);
    CHECK(std::count(lines.begin(), lines.end(), "kiri" + std::string(27, ' ') + "4") == 1);
    CHECK(printed.area("besar") == 24 * 72);
}

TEST_CASE("codes are printed, and those that do not fit are left off", "[layout]") {
    const std::string codes =
        "[[item]]\nqr = \"{url}\"\n[[item]]\nwifi = true\n[[item]]\nbarcode = \"{label}\"\n";
    const auto drawn = [](const Printed& printed) {
        return printed.paper().rasters.size() + printed.paper().symbols.size();
    };
    CHECK(drawn(print(borne + codes, example())) >= 3);
    auto fields = example();
    fields[Field::url] = std::string(3000, 'x');
    fields[Field::label] = std::string(70, 'W');
    fields[Field::wifi_name].clear();
    CHECK(drawn(print(borne + codes, fields, {}, true)) <= 1);
}

TEST_CASE("an item for one paper is on that paper alone", "[layout]") {
    const std::string both =
        borne + "[[item]]\ntext = \"lebar\"\npaper = 80\n[[item]]\ntext = \"sempit\"\npaper = 58\n";
    for (const bool narrow : {false, true}) {
        const auto text = print(both, example(), {}, narrow).paper().text();
        CHECK((text.find("lebar") == std::string::npos) == narrow);
        CHECK((text.find("sempit") == std::string::npos) != narrow);
    }
}

TEST_CASE("hostile fields do nothing but look odd", "[layout][R16][F29]") {
    const std::string hostile =
        GENERATE(std::string{"\x1b@\x1dV\x42\x00 cut", 9}, std::string{"\x10\x04\x01\x10\x14\x08"},
                 std::string(5000, 'W'), std::string(5000, ' '), std::string{"a\r\nA-999\n"},
                 std::string{"\xf0\x9f\x92\xa9\xc0\x9b\xed\xa0\x80"}, std::string{"{label}"});
    Fields fields;
    for (std::size_t i = 0; i < field_count; ++i)
        fields[static_cast<Field>(i)] = hostile;
    fields[Field::label] = "A-025";
    for (const bool copy : {false, true}) {
        const auto profile = escpos::generic_80();
        const auto layout = load(std::string{ANTREAN_PAPERS} + "/complete.toml", profile);
        REQUIRE(layout.has_value());
        const auto bytes = lay_out(*layout, fields, profile, {.copy = copy});
        CHECK(bytes.size() < 40'000);
        auto printer = virtual_printer::generic_80();
        printer.speed_mm_per_s = 0;
        printer.receive_buffer = 1 << 20;
        virtual_printer::Machine machine{printer};
        machine.receive(bytes, SteadyTime{});
        CHECK(machine.unknown_count() == 0);
        const auto papers = machine.take_papers();
        REQUIRE(papers.size() == (copy ? 2 : 1));
        CHECK(papers.back().complete);
        CHECK(papers.back().text().find("A-025") != std::string::npos);
        CHECK(papers.back().text().find("\nA-999") == std::string::npos);
    }
}

}  // namespace antrean::layout
