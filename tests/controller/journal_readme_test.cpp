// schemas/journal/README.md says what the program does.
#include "controller/journal/row.hpp"
#include "controller/journal/schema.hpp"
#include "tests/controller/journal_bench.hpp"

#include <cstdio>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <openssl/evp.h>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;

std::string readme() {
    const auto text = content(fs::path{ANTREAN_SCHEMAS} / "journal/README.md");
    REQUIRE_FALSE(text.empty());
    return text;
}

// The fenced blocks of one language.
std::vector<std::string> blocks(const std::string& language) {
    std::vector<std::string> found;
    const auto text = readme();
    const auto fence = "```" + language + "\n";
    for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
        at += fence.size();
        found.push_back(text.substr(at, text.find("```", at) - at));
    }
    return found;
}

std::string hex(const Hash& hash) {
    std::string text;
    for (const auto byte : hash) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", std::to_integer<unsigned>(byte));
        text += digits;
    }
    return text;
}

// A worked example: the bytes that are hashed, without what is said about them, and the hash.
struct Example {
    std::string bytes;
    std::string hash;
};

Example example(const std::string& block) {
    Example example;
    std::istringstream lines{block};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("= ")) {
            example.hash = line.substr(2);
            continue;
        }
        std::istringstream digits{line.substr(0, line.find('|'))};
        for (std::string group; digits >> group;) {
            for (std::size_t i = 0; i + 1 < group.size(); i += 2) {
                example.bytes += static_cast<char>(std::stoi(group.substr(i, 2), nullptr, 16));
            }
        }
    }
    return example;
}

std::string sha256(const std::string& bytes) {
    Hash hash{};
    unsigned size = 0;
    REQUIRE(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()),
                       &size, EVP_sha256(), nullptr) == 1);
    return hex(hash);
}

// The two events of the worked example.
std::vector<engine::Event> example_events() {
    using namespace std::chrono;
    const WallTime at{milliseconds{1'795'321'936'123}};
    const ServiceDay day{local_days{year{2026} / 11 / 22}};
    const engine::TicketRef ticket{TicketId{2}, *SeriesId::parse("dukcapil"), TicketNumber{1},
                                   "A-001", *ServiceId::parse("ktp-el")};
    return {{{at, minutes{420}, day}, engine::DayOpened{0}},
            {{at + milliseconds{377}, minutes{420}, day},
             engine::Issued{{*DeviceId::parse("kiosk-1"), RequestId{1}}, ticket, 0}}};
}

TEST_CASE("the worked example of the hash is right, byte by byte", "[journal]") {
    const auto written = blocks("hash");
    const auto events = example_events();
    REQUIRE(written.size() == events.size());
    Hash before{};
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto stated = example(written[i]);
        CHECK(sha256(stated.bytes) == stated.hash);
        before = chain(before, i + 1, to_row(events[i]));
        CHECK(hex(before) == stated.hash);
    }
}

std::set<std::string> names_in(const std::string& text) {
    std::set<std::string> names;
    const std::regex quoted{"`([a-z_]+)`"};
    for (std::sregex_iterator at{text.begin(), text.end(), quoted}, end; at != end; ++at) {
        names.insert((*at)[1]);
    }
    return names;
}

// The columns of ROW, behind the first five, that are not null.
std::set<std::string> used(const Row& row) {
    std::set<std::string> names;
    std::size_t at = 0;
    Row::for_each(row, [&](const auto& column) {
        if constexpr (requires { column.has_value(); }) {
            if (column.has_value()) names.insert(column_names[at]);
        }
        ++at;
    });
    return names;
}

TEST_CASE("the table of kinds names each kind, and the columns that it uses", "[journal]") {
    std::map<std::string, std::set<std::string>> table;
    const auto text = readme();
    const std::regex line{"\\n\\| `([a-z_]+)` \\| [^|\\n]* \\| ([^|\\n]*)\\|(?=\\n)"};
    for (std::sregex_iterator at{text.begin(), text.end(), line}, end; at != end; ++at) {
        table[(*at)[1]] = names_in((*at)[2]);
    }
    table.erase("kind");  // the table's head
    std::map<std::string, std::set<std::string>> found;
    for (const auto& event : samples()) {
        const auto row = to_row(event);
        found[row.kind].merge(used(row));
    }
    // What comes with a carried answer stands with the answers.
    table["carried"].merge(names_in(
        "`ticket` `series` `number` `label` `service` `class` `ahead` `estimate_s` `issued_day` "
        "`reason`"));
    CHECK(table == found);
}

TEST_CASE("every word of the columns is explained", "[journal]") {
    const auto words = names_in(readme());
    for (const auto* column : column_names)
        CHECK(words.contains(column));
    for (const auto& event : samples()) {
        const auto row = to_row(event);
        for (const auto& word : {row.outcome, row.reason, row.asked, row.answer, row.ticket_class,
                                 row.why, row.step, row.state}) {
            if (word) CHECK(words.contains(*word));
        }
    }
}

TEST_CASE("the script that checks a journal finds what is right and what is wrong",
          "[journal][R17]") {
    const auto script = blocks("python");
    REQUIRE(script.size() == 1);
    const Folder folder;
    std::ofstream{folder / "check.py"} << script.front();
    const auto in_a_day = write_two_days(folder / "j");
    const auto run = [&] {
        const auto command = "python3 '" + (folder / "check.py").string() + "' '" +
                             (folder / "j").string() + "' 2>&1";
        auto* pipe = popen(command.c_str(), "r");
        REQUIRE(pipe);
        char line[200] = "";
        const bool said = std::fgets(line, sizeof line, pipe) != nullptr;
        const int status = pclose(pipe);
        REQUIRE(said);
        return std::pair{std::string{line}, status};
    };
    CHECK(run() == std::pair{std::to_string(2 * in_a_day) + " events, the chain holds\n", 0});
    // Of the first day, which the controller does not look at.
    REQUIRE(run_sql(folder / "j",
                    without_triggers + "UPDATE events SET label='A-1' WHERE seq=10") == SQLITE_OK);
    const auto [said, status] = run();
    CHECK(said == "event 10 is damaged or missing\n");
    CHECK(status != 0);
}

}  // namespace
