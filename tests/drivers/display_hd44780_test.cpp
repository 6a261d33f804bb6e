// What is written to a character display, and what then stands on its glass.
#include "drivers/display/address.hpp"
#include "drivers/display/rom_a00.hpp"
#include "tests/catch.hpp"
#include "tests/drivers/fake_hd44780.hpp"

#include <algorithm>

namespace antrean::display {
namespace {

using namespace std::chrono_literals;
using Rows = std::vector<std::string>;

constexpr auto small = Glass::columns_16_rows_2;
constexpr auto large = Glass::columns_20_rows_4;

class Bench {
public:
    explicit Bench(Glass kind, FakeHd44780::Time of_a_byte = 90us)
        : chip{kind}, glass{kind, of_a_byte} {}

    // Writes all that is to be written, and returns how many bytes that were.
    std::size_t write() {
        std::size_t bytes = 0;
        while (const auto transfer = chip.next()) {
            CHECK(transfer->bytes.size() <= max_transfer_bytes);
            REQUIRE_FALSE(transfer->bytes.empty());
            bytes += transfer->bytes.size();
            glass.write(transfer->bytes);
            glass.wait(transfer->pause);
            REQUIRE(bytes < 10'000);
        }
        CHECK(glass.violations() == Rows{});
        return bytes;
    }
    Rows shown(const Rows& rows) {
        chip.show(rows);
        write();
        return glass.rows();
    }

    Hd44780 chip;
    FakeHd44780 glass;
};

}  // namespace

TEST_CASE("text stands on the glass of a display that was just switched on", "[display]") {
    const auto of_a_byte = GENERATE(90us, 22us);  // 100 and 400 kHz
    Bench two{small, of_a_byte};
    CHECK(two.shown({"A-025   antre 4", "KTP elektronik"}) ==
          Rows{"A-025   antre 4 ", "KTP elektronik  "});
    CHECK(two.glass.is_lit());
    Bench four{large, of_a_byte};
    CHECK(four.shown({"Loket 1         Siti", "A-025        antre 4", "PRIORITAS", "TERPUTUS"}) ==
          Rows{"Loket 1         Siti", "A-025        antre 4", "PRIORITAS           ",
               "TERPUTUS            "});
}

TEST_CASE("the fake keeps to the datasheet itself", "[display]") {
    Bench bench{small};
    SECTION("too early after power") {
        const std::array early{std::byte{0x08}, std::byte{0x3c}, std::byte{0x38}};
        bench.glass.write(early);
        CHECK(bench.glass.violations().size() == 1);
    }
    SECTION("without pauses") {
        while (const auto transfer = bench.chip.next())
            bench.glass.write(transfer->bytes);
        CHECK(bench.glass.violations().size() > 2);
    }
    SECTION("on a bus that is too fast") {
        FakeHd44780 fast{small, 5us};
        Hd44780 chip{small};
        chip.show({"ABCDEFGH"});
        while (const auto transfer = chip.next()) {
            fast.write(transfer->bytes);
            fast.wait(transfer->pause);
        }
        CHECK_FALSE(fast.violations().empty());
    }
}

TEST_CASE("what is too long is cut, and what is missing is blank", "[display]") {
    Bench bench{small};
    CHECK(bench.shown({std::string(40, 'x'), "1", "never"}) ==
          Rows{std::string(16, 'x'), "1               "});
    CHECK(bench.shown({}) == Rows{std::string(16, ' '), std::string(16, ' ')});
}

TEST_CASE("only characters that change are written", "[display]") {
    Bench bench{large};
    bench.shown({"A-025        antre 4", "", "", "TERPUTUS"});
    const auto before = bench.glass.characters_written();
    SECTION("none") {
        bench.chip.show({"A-025        antre 4", "", "", "TERPUTUS"});
        CHECK(bench.write() == 0);
    }
    SECTION("one") {
        bench.chip.show({"A-025        antre 5", "", "", "TERPUTUS"});
        CHECK(bench.write() <= 10);
        CHECK(bench.glass.characters_written() == before + 1);
    }
    SECTION("some in two places") {
        CHECK(bench.shown({"A-026        antre 3", "", "", "TERPUTUS"})[0] ==
              "A-026        antre 3");
        CHECK(bench.glass.characters_written() == before + 2);
    }
    SECTION("over the ends of rows") {
        const Rows rows{std::string(20, 'w'), std::string(20, 'x'), std::string(20, 'y'),
                        std::string(20, 'z')};
        CHECK(bench.shown(rows) == rows);
        CHECK(bench.glass.characters_written() == before + 80);
    }
}

TEST_CASE("what was to be shown meanwhile is not shown first", "[display]") {
    Bench bench{small};
    bench.shown({});
    bench.chip.show({"0123456789abcdef", "0123456789abcdef"});
    const auto transfer = bench.chip.next();
    REQUIRE(transfer);
    bench.glass.write(transfer->bytes);
    CHECK(bench.shown({"", "done"}) == Rows{std::string(16, ' '), "done            "});
    CHECK(bench.glass.characters_written() < 2 * 32);
}

TEST_CASE("a display begins anew in whatever state it is", "[display]") {
    Bench bench{large};
    const Rows rows{"Loket 1             ", "A-025               ", "PRIORITAS           ",
                    "TERPUTUS            "};
    SECTION("running") {
        bench.shown({"of the program before"});
    }
    SECTION("in the middle of a character") {
        const auto nibble = GENERATE(range(0u, 16u));
        bench.shown({"of the program before"});
        bench.glass.send_half(nibble);
    }
    SECTION("switched on again") {
        bench.shown({"of the program before"});
        bench.glass.switch_on();
    }
    bench.chip.lost();
    CHECK(bench.shown(rows) == rows);
}

TEST_CASE("a refresh mends a display without a flicker", "[display]") {
    Bench bench{large};
    const Rows rows{"Loket 1             ", "A-025               ", "PRIORITAS           ",
                    "TERPUTUS            "};
    bench.shown(rows);
    SECTION("that is well") {
        bench.chip.refresh();
        while (const auto transfer = bench.chip.next()) {
            bench.glass.write(transfer->bytes);
            CHECK(bench.glass.rows() == rows);
            bench.glass.wait(transfer->pause);
        }
        CHECK(bench.glass.violations() == Rows{});
    }
    SECTION("that lost a nibble") {
        const auto nibble = GENERATE(range(0u, 16u));
        bench.glass.send_half(nibble);
        bench.chip.refresh();
        bench.write();
        CHECK(bench.glass.rows() == rows);
    }
    SECTION("that was unplugged for a moment") {
        bench.glass.switch_on();
        bench.glass.wait(40ms);
        CHECK(bench.glass.rows() == Rows(4));
        bench.chip.refresh();
        bench.write();
        CHECK(bench.glass.rows() == rows);
        CHECK(bench.glass.is_lit());
    }
}

TEST_CASE("whatever is shown one after the other, the last stands there", "[display]") {
    const auto kind = GENERATE(small, large);
    Bench bench{kind};
    std::uint32_t random = GENERATE(range(1u, 6u));
    const auto next = [&](std::uint32_t below) {
        random = random * 1664525u + 1013904223u;
        return (random >> 8) % below;
    };
    Rows rows(rows_of(kind), std::string(columns_of(kind), ' '));
    for (int i = 0; i < 100; ++i) {
        for (std::uint32_t changes = next(6); changes > 0; --changes) {
            auto& row = rows[next(static_cast<std::uint32_t>(rows.size()))];
            row[next(static_cast<std::uint32_t>(row.size()))] = static_cast<char>('a' + next(26));
        }
        bench.chip.show(rows);
        if (next(10) == 0) bench.chip.refresh();
        if (next(10) == 0) bench.chip.lost();
        if (next(3) == 0) continue;
        bench.write();
        REQUIRE(bench.glass.rows() == rows);
    }
}

TEST_CASE("text is shown by what the ROM has", "[display]") {
    CHECK(rom_a00("Caf\u00e9 \u00c0\u00d1\u0160 \u201cx\u201d", 12) == "Cafe ANS \"x\"");
    CHECK(rom_a00("a\\b~c\u2013d\u2026", 8) == "a/b-c-d.");
    CHECK(rom_a00("\u0e01\U0001f600\t\x1b\x7f", 6) == "????? ");
    CHECK(rom_a00("\xff\xc3(\xe2\x82", 6) == std::string(2, '?') + "(?  ");
    CHECK(rom_a00("", 3) == "   ");
    CHECK(rom_a00("\u0100\u017f\u00ff", 3) == "Asy");
    for (int c = 0; c < 256; ++c) {
        const char shown = rom_a00(std::string(1, static_cast<char>(c)), 1)[0];
        CHECK((shown >= ' ' && shown <= '}' && shown != '\\'));
    }
}

TEST_CASE("a display is named by driver, bus, address and size", "[display]") {
    std::string problem;
    CHECK(parse_address("terminal", problem) == Address{TerminalAddress{}});
    CHECK(parse_address("hd44780:/dev/i2c-1:0x27:20x4", problem) ==
          Address{Hd44780Address{"/dev/i2c-1", 0x27, large}});
    CHECK(parse_address("hd44780:/dev/i2c-10:0x3F:16x2", problem) ==
          Address{Hd44780Address{"/dev/i2c-10", 0x3f, small}});
    CHECK(problem.empty());
    const auto* wrong =
        GENERATE("", "hd44780", "hd44780:/dev/i2c-1:0x27", "hd44780:/dev/i2c-1:0x27:20x4:1",
                 "hd44780:i2c-1:0x27:20x4", "hd44780:/dev/i2c-1:27:20x4",
                 "hd44780:/dev/i2c-1:0x28:20x4", "hd44780:/dev/i2c-1:0x127:20x4",
                 "hd44780:/dev/i2c-1:0x:20x4", "hd44780:/dev/i2c-1:0x27:40x2", "Terminal");
    parse_address(wrong, problem);
    CHECK_FALSE(problem.empty());
}

}  // namespace antrean::display
