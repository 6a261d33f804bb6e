// schemas/printers: every file is whole, and the README explains every key of it.
#include "drivers/config/value.hpp"
#include "drivers/escpos/profile_load.hpp"
#include "tests/drivers/profile_bench.hpp"

#include <map>
#include <set>
#include <sstream>

using namespace antrean;
using namespace antrean::escpos;
using namespace antrean::escpos::bench;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{ANTREAN_PRINTERS}) {
        if (entry.path().extension() == ".toml") found.push_back(entry.path());
    }
    return found;
}

config::Table parsed(const fs::path& file) {
    config::Problems problems;
    auto table = config::parse(tests::content(file), problems);
    REQUIRE(table);
    return *std::move(table);
}

using Keys = std::map<std::string, std::set<std::string>>;  // by section

Keys keys_of(const config::Table& file) {
    Keys keys;
    for (const auto& section : file.entries) {
        if (section.key == "sources") continue;
        REQUIRE(section.value.table() != nullptr);
        for (const auto& entry : section.value.table()->entries)
            keys[section.key].insert(entry.key);
    }
    return keys;
}

// The keys that stand first in a row of a table, below a heading of their section.
Keys explained_keys() {
    Keys keys;
    std::string section;
    std::istringstream lines{printer_file("README.md")};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("#")) section.clear();
        if (line.starts_with("### `[")) section = line.substr(6, line.find(']') - 6);
        if (section.empty() || !line.starts_with("| `")) continue;
        keys[section].insert(line.substr(3, line.find('`', 3) - 3));
    }
    return keys;
}

}  // namespace

TEST_CASE("every profile of the folder loads, under its name, as it was built in", "[profiles]") {
    std::set<std::string> built_in;
    for (const auto name : known_profiles())
        built_in.emplace(name);
    std::set<std::string> in_folder;
    for (const auto& file : files()) {
        const auto loaded = load_profile(file);
        if (loaded.has_error()) {
            FAIL_CHECK(loaded.error().message());
            continue;
        }
        in_folder.insert(loaded->name);
        CHECK(loaded->name == file.stem());
        REQUIRE(find_profile(loaded->name).has_value());
        CHECK(*find_profile(loaded->name) == *loaded);
    }
    CHECK(in_folder == built_in);
    CHECK(in_folder.size() >= 18);
    CHECK(std::is_sorted(known_profiles().begin(), known_profiles().end()));
}

TEST_CASE("every profile has all keys, and the README explains each of them", "[profiles]") {
    const Keys explained = explained_keys();
    REQUIRE_FALSE(explained.empty());
    for (const auto& file : files()) {
        INFO(file.filename().string());
        CHECK(keys_of(parsed(file)) == explained);
    }
}

TEST_CASE("the README names every profile", "[profiles]") {
    const auto readme = printer_file("README.md");
    for (const auto name : known_profiles()) {
        INFO(name);
        CHECK(readme.find("| `" + std::string{name} + "` |") != std::string::npos);
    }
}

TEST_CASE("the words of a choice are explained", "[profiles]") {
    const auto readme = printer_file("README.md");
    for (const auto& file : files()) {
        const auto table = parsed(file);
        for (const auto& [section, key] :
             {std::pair{"cut", "cutter"}, std::pair{"picture", "raster"},
              std::pair{"extras", "density"}, std::pair{"extras", "speed"},
              std::pair{"extras", "buzzer"}, std::pair{"status", "dialect"},
              std::pair{"status", "clear"}}) {
            const auto* word = table.find(section)->table()->find(key)->list()->at(0).text();
            REQUIRE(word != nullptr);
            INFO(*word);
            CHECK(readme.find("`\"" + *word + "\"`") != std::string::npos);
        }
    }
}

TEST_CASE("the generic profiles that are built in as code are those of the files", "[profiles]") {
    CHECK(*find_profile("generic-80") == generic_80());
    CHECK(*find_profile("generic-58") == generic_58());
}

TEST_CASE("a code page of several models does not have the same number by chance", "[profiles]") {
    // The traps: Rongta has 866 at 7 and Greek at 17, Bixolon has 1250 at 47, Xprinter 1253 at 7.
    const auto number = [](const char* name, CodePage page) {
        const Profile profile = find_profile(name).value();
        for (const CodeTable& table : profile.code_tables) {
            if (table.page == page) return int{table.number};
        }
        return -1;
    };
    CHECK(number("epson-tm-t20iii", CodePage::cp866) == 17);
    CHECK(number("rongta-rp80", CodePage::cp866) == 7);
    CHECK(number("rongta-rp80", CodePage::cp1253) == 17);
    CHECK(number("epson-tm-t88v", CodePage::cp1253) == 47);
    CHECK(number("bixolon-srp-350iii", CodePage::cp1250) == 47);
    CHECK(number("xprinter-xp-80", CodePage::cp1253) == 7);
    CHECK(number("zijiang-zj-5890", CodePage::cp1250) == 72);
    CHECK(number("zijiang-zj-5870", CodePage::cp858) == -1);
    CHECK(number("citizen-ct-s310ii", CodePage::cp858) == -1);
}
