#include "drivers/escpos/profile_load.hpp"
#include "tests/drivers/profile_bench.hpp"

#include <algorithm>
#include <random>

using namespace antrean;
using namespace antrean::escpos;
using namespace antrean::escpos::bench;

namespace {

struct Slip {
    std::string from, to;
    std::string text;
    std::string remedy;
};

std::vector<config::Problem> problems_of(const std::string& text,
                                         const std::string& name = "mine.toml") {
    const auto read = read_profile(text, name);
    REQUIRE(read.has_error());
    return read.error().problems;
}

}  // namespace

TEST_CASE("a profile is read as it is written", "[profiles]") {
    const auto read = read_profile(printer_file("custom-vkp80iii.toml"), "folder/my-kiosk.toml");
    if (read.has_error()) FAIL(read.error().message());
    const Profile& profile = *read;
    CHECK(profile.name == "my-kiosk");
    CHECK(profile.maker == "Custom");
    CHECK(profile.usb == std::vector{UsbId{0x0dd4, 0x0205}});
    CHECK(profile.cutter == Cutter::full);
    CHECK(profile.cut == std::vector{std::byte{0x1b}, std::byte{0x4a}, std::byte{0x60},
                                     std::byte{0x1b}, std::byte{0x69}});
    CHECK(profile.present.size() == 6);
    CHECK(profile.head_to_cutter_mm == 11.9);
    CHECK(profile.min_piece_mm == 70);
    CHECK(profile.qr_level_l == 0x31);
    CHECK(profile.dialect == Dialect::custom);
    CHECK(profile.code_tables.at(1) == CodeTable{CodePage::cp858, 19});
    CHECK(profile.settle == std::chrono::milliseconds{400});
}

TEST_CASE("one slip in a profile gives one problem with a remedy", "[profiles]") {
    const std::string full(40, 'x');
    const auto slip = GENERATE_COPY(
        Slip{"dots = [512, \"db\"]", "dots = 512", "'dots' of [paper] has no source",
             "dots = [VALUE, \"source\"]"},
        Slip{"dots = [512, \"db\"]", "dots = [512]", "'dots' of [paper] has no source", "source"},
        Slip{"dots = [512, \"db\"]", "dots = [512, \"dbb\"]",
             "names source 'dbb', which is not in [sources]", "write 'db', or add a line"},
        Slip{"dots = [512, \"db\"]", "dots = [512, 3]", "is a whole number, not text", "\"...\""},
        Slip{"[sources]\n", "[sources]\nspare = \"x\"\n", "source 'spare' is no value's",
             "remove it"},
        Slip{"\"db\", \"encoder\"]", "\"db\", \"db\", \"db\", \"db\", \"encoder\"]",
             "has more than 4 sources", "the best"},
        Slip{"answers = [true, \"epson\"]", "answers = [1, \"assumed\"]",
             "'answers' of [status] is a whole number, not true or false", "answers = true"},
        Slip{"[sources]\n", "[sources]\nspare = 1\n", "'spare' of [sources] is a whole number",
             "spare = \"...\""},
        Slip{"dots = [512,", "dots = [63,", "'dots' of [paper] is 63", "from 64 to 2048"},
        Slip{"dots = [512,", "dots = [640,", "'dots' of [paper] are wider than the paper", "check"},
        Slip{"dots = [512,", "dotz = [512,", "[paper] has no 'dots'", "add a line"},
        Slip{"columns = [42,", "columns = [65,", "more than 512 dots can hold", "check"},
        Slip{"cp1252:16", "cp1252-16", "lists 'cp1252-16'", "like 'cp1252:16'"},
        Slip{"cp1252:16", "cp1252:256", "lists 'cp1252:256'", "like 'cp1252:16'"},
        Slip{"cp1252:16", "cp12:16", "lists 'cp12:16'", "like 'cp1252:16'"},
        Slip{"cp1252:16", "cp858:19", "lists 'cp858:19' twice", "remove"},
        Slip{"[[\"04b8:0202\"]", "[[\"4b8:202\"]", "lists '4b8:202'", "like '04b8:0202'"},
        Slip{"[[\"04b8:0202\"]", "[[\"04b8:+202\"]", "lists '04b8:+202'", "like"},
        Slip{"[[\"04b8:0202\"]", "[[]", "no ids tell this printer", "list its ids"},
        Slip{"\"1d 56 42 00\"", "\"1d564200\"", "'cut' of [cut] is '1d564200'", "with a space"},
        Slip{"\"1d 56 42 00\"", "\"1d 56 4\"", "is '1d 56 4'", "hexadecimal"},
        Slip{"\"1d 56 42 00\"", "\"1d 56 42 \"", "is '1d 56 42 '", "hexadecimal"},
        Slip{"\"1d 56 42 00\"", "\"\"", "'cut' of [cut] is ''", "hexadecimal"},
        Slip{"\"1d 56 42 00\"", "\"1b 64 10 04 01\"", "real-time command in it", "remove it"},
        Slip{"\"1d 56 42 00\"", "\"10 05\"", "real-time command in it", "remove it"},
        Slip{"\"1d 56 42 00\"", "\"10 14 08\"", "real-time command in it", "remove it"},
        Slip{"cutter = [\"partial\"", "cutter = [\"parcial\"", "is 'parcial'",
             "did you mean 'partial'?"},
        Slip{"band_rows = [128,", "band_rows = [2000,", "'band_rows' of [picture] is 2000",
             "from 8 to 1024"},
        Slip{"band_multiple = [1,", "band_multiple = [24,", "no multiple of 24", "bands"},
        Slip{"raster = [\"gs_v_0\"", "raster = [\"esc_star\"", "no multiple of 24", "bands"},
        Slip{"asb = [true, \"epson\"]", "asb = [true, \"assumed\"]",
             "'asb' of [status] claims what nobody confirmed", "claim nothing"},
        Slip{"process_id = [true, \"epson\"]", "process_id = [true, \"epson\", \"unconfirmed\"]",
             "'process_id' of [status] claims what nobody", "name its source"},
        Slip{"clear = [\"dle_dc4_8\", \"epson\"]", "clear = [\"dle_dc4_8\", \"assumed\"]",
             "'clear' of [status] claims", "\"none\""},
        Slip{"answers = [true,", "answers = [false,", "answers are relied on", "write false"},
        Slip{"settle_ms = [400,", "settle_ms = [0,", "is 0", "from 50 to 5000"},
        Slip{"[extras]", "[extra]", "the file has no [extras]", "README.md"},
        Slip{"[extras]\n", "[extras]\nsmell = [1, \"db\"]\n", "unknown key 'smell'", "remove it"},
        Slip{"maker = [\"EPSON\"", "maker = [\"E\\nPSON\"", "control character: 'E\\x0APSON'",
             "remove"},
        Slip{"maker = [\"EPSON\"", "maker = [\"" + full + full + "\"", "has 80 bytes", "64 bytes"});
    INFO(slip.from << " -> " << slip.to);
    const auto problems =
        problems_of(replaced(printer_file("epson-tm-t88v.toml"), slip.from, slip.to));
    for (const auto& problem : problems)
        UNSCOPED_INFO(problem.line << ": " << problem.text << "; " << problem.remedy);
    // A key or section of a wrong name is missing as well.
    const bool renamed = slip.to == "[extra]" || slip.to == "dotz = [512,";
    CHECK(problems.size() == (renamed ? 2 : 1));
    CHECK(problems[0].text.find(slip.text) != std::string::npos);
    CHECK(problems[0].remedy.find(slip.remedy) != std::string::npos);
}

TEST_CASE("a real-time command is found where cut and present meet", "[profiles]") {
    auto text = replaced(printer_file("epson-tm-t88v.toml"), "\"1d 56 42 00\"", "\"1d 56 42 10\"");
    text = replaced(text, "present = [\"\"", "present = [\"04 01\"");
    const auto problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].text.find("where they meet") != std::string::npos);
}

TEST_CASE("all that is wrong with a profile is told at once, in its order", "[profiles]") {
    auto text = printer_file("epson-tm-t88v.toml");
    text = replaced(text, "settle_ms = [400,", "settle_ms = [1,");
    text = replaced(text, "dots = [512,", "dots = [1,");
    text = replaced(text, "maker = [\"EPSON\"", "maker = [3");
    const auto problems = problems_of(text);
    REQUIRE(problems.size() == 3);
    CHECK(problems[0].text.find("'maker'") != std::string::npos);
    CHECK(problems[1].text.find("'dots'") != std::string::npos);
    CHECK(problems[2].text.find("'settle_ms'") != std::string::npos);
    CHECK(problems[0].line < problems[1].line);
}

TEST_CASE("a file with too many sources is told once for it", "[profiles]") {
    std::string many = "[sources]\n";
    for (int i = 0; i < 40; ++i)
        many += "a" + std::to_string(i) + " = \"x\"\n";
    const auto problems =
        problems_of(replaced(printer_file("generic-80.toml"), "[sources]\n", many));
    const auto told = std::count_if(problems.begin(), problems.end(), [](const auto& problem) {
        return problem.text == "[sources] has more than 32";
    });
    CHECK(told == 1);
}

TEST_CASE("a spoilt profile is whole or told of, whatever was spoilt", "[profiles]") {
    std::mt19937 random{11};
    const auto whole = printer_file("custom-vkp80iii.toml");
    const std::string alphabet{"[]{}=\"',.#\\\n 019a\0\xff", 21};
    int refused = 0;
    for (int round = 0; round < 400; ++round) {
        auto text = whole;
        for (auto slips = 1 + random() % 4; slips > 0; --slips) {
            const auto at = random() % text.size();
            switch (random() % 3) {
                case 0:
                    text.erase(at, 1 + random() % 30);
                    break;
                case 1:
                    text.insert(at, 1, alphabet[random() % alphabet.size()]);
                    break;
                default:
                    text[at] = alphabet[random() % alphabet.size()];
            }
        }
        const auto read = read_profile(text, "spoilt.toml");
        if (read.has_value()) {
            // Whatever it came to be, it can be printed with.
            REQUIRE_FALSE(read->cut.empty());
            REQUIRE(read->columns * 8 <= read->dots);
            REQUIRE(read->band_rows % read->band_multiple == 0);
            continue;
        }
        ++refused;
        REQUIRE_FALSE(read.error().problems.empty());
        for (const auto& problem : read.error().problems)
            REQUIRE_FALSE(problem.remedy.empty());
    }
    CHECK(refused > 100);
}

TEST_CASE("a profile's name is that of its file", "[profiles]") {
    const auto text = printer_file("generic-80.toml");
    CHECK(problems_of(text, "My Printer.toml").at(0).remedy.find("rename") != std::string::npos);
    CHECK(problems_of(text, "\x1b.toml").size() == 1);
    CHECK(read_profile(text, "/a/b/c-1.toml")->name == "c-1");
}

TEST_CASE("what is no profile at all is refused with file and line", "[profiles]") {
    CHECK(load_profile("/nowhere/x.toml")
              .error()
              .message()
              .starts_with("/nowhere/x.toml: there is no such file; check the path"));
    CHECK(load_profile("/dev/null").error().problems.at(0).text == "this is no regular file");
    CHECK(problems_of("dots = = 1\n").at(0).line == 1);
    CHECK(problems_of("# nothing\n").size() == 11);  // each section, and none is made up
}

TEST_CASE("a profile is found by its name or its path", "[profiles]") {
    CHECK(find_profile("epson-tm-t88v")->dots == 512);
    CHECK(find_profile(std::string{ANTREAN_PRINTERS} + "/generic-58.toml")->name == "generic-58");
    CHECK(find_profile("epson-t88v").error().message() ==
          "epson-t88v: there is no printer profile of this name; did you mean "
          "'epson-tm-t88v'?\n");
    const auto none = find_profile("laser").error().message();
    CHECK(none.find("write one of bixolon-srp-350iii, ") != std::string::npos);
    CHECK(find_profile("laser.toml").error().problems.at(0).text == "there is no such file");
    CHECK(find_profile("").has_error());
}
