// schemas/reports/README.md says what there is.
#include "tests/controller/reports_bench.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace {

using namespace antrean;
using namespace antrean::reports;
using namespace antrean::reports::bench;

std::string readme() {
    std::ifstream in{fs::path{ANTREAN_SCHEMAS} / "reports/README.md"};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    REQUIRE_FALSE(text.empty());
    return text;
}

// The indented statements, whose every one is begun by a comment.
std::vector<std::string> queries() {
    std::vector<std::string> found;
    std::istringstream lines{readme()};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("    -- ")) {
            found.emplace_back();
        } else if (line.starts_with("    ") && !found.empty()) {
            found.back() += line.substr(3);
        }
    }
    return found;
}

// Two days of which the first is 22 November, as in the examples.
fs::path write(const Folder& folder) {
    Hall hall{7};
    hall.ask("kiosk-1", engine::Issue{id<ServiceId>("unknown")});
    hall.go_on(500), hall.day(), hall.go_on(500);
    for (auto& [seq, event] : hall.events) {
        event.stamp.day -= std::chrono::days{7};
        event.stamp.wall -= std::chrono::days{7};
    }
    auto reports = Reports::open(folder / "r", names());
    REQUIRE(reports.has_value());
    REQUIRE(reports->append(hall.events));
    REQUIRE(reports->count());
    return folder / "r";
}

TEST_CASE("each query of the page gives rows", "[reports]") {
    const Folder folder;
    const auto file = write(folder);
    const auto found = queries();
    REQUIRE(found.size() == 11);
    for (auto query : found) {
        // A ticket that chance has called; the page's own may not be among them.
        const auto label = one(file, "SELECT label FROM tickets WHERE calls > 0 LIMIT 1");
        query = std::regex_replace(query, std::regex{"A-025"}, label);
        INFO(query);
        CHECK_FALSE(rows(file, query).empty());
    }
}

TEST_CASE("every table and view, and every word in them, is on the page", "[reports]") {
    const Folder folder;
    const auto file = write(folder);
    const auto text = readme();
    const auto check = [&](const std::string& sql) {
        for (const auto& word : rows(file, sql)) {
            INFO(word);
            CHECK(text.find("`" + word + "`") != std::string::npos);
        }
    };
    check(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT IN "
        "('open_stands', 'open_tickets')");
    check("SELECT DISTINCT ended_by FROM stands WHERE ended_by IS NOT NULL");
    check("SELECT DISTINCT kind FROM changes");
    check("SELECT DISTINCT paper FROM tickets");
    check("SELECT DISTINCT state FROM tickets");
    check("SELECT by FROM dimensions");
}

}  // namespace
