// The power goes after every single action of a busy minute, and after every pair of them. Whatever
// is left, the next core makes good: each paper is reported once, and none lies.
#include "tests/firmware/kiosk_world.hpp"

namespace antrean::kiosk {
namespace {

// Four presses, a lost connection and papers that overlap: every kind of step is in it.
void busy_minute(World& world) {
    world.press(1);
    world.answer();
    world.press(2);
    world.answer();
    world.end_paper();
    world.answer();
    world.press(3);
    world.reconnect();
    world.pass(2s);
    world.press(3);
    world.answer();
    world.end_paper();
    world.reconnect();
    world.answer();
    world.end_paper();
    world.settle();
}

void check(const World& world) {
    CHECK(world.disk().jobs.empty());
    std::string newest;
    for (const auto& [ticket, ledger] : world.ledger()) {
        INFO("ticket " << ticket.value());
        if (ledger.is_void) {
            CHECK(ledger.reports + ledger.unmarked_prints + ledger.papers == 0);
            continue;
        }
        newest = "A-00" + std::to_string(ticket.value());
        CHECK(ledger.reports == 1);
        CHECK(ledger.unmarked_prints <= 1);
        if (ledger.outcome == proto::PrintOutcome::printed) CHECK(ledger.papers >= 1);
        if (ledger.outcome == proto::PrintOutcome::not_printed) CHECK(ledger.papers == 0);
    }
    // Every other ticket was given in the end, and its label is known.
    REQUIRE(world.disk().seen.size() == 1);
    CHECK(world.disk().seen[0].label == newest);
}

std::vector<Fate> fates() {
    std::vector<Fate> all;
    for (const bool arrives : {false, true}) {
        for (const bool comes_out : {false, true}) {
            for (const auto away : {Fate::Away::a_moment, Fate::Away::too_long,
                                    Fate::Away::rebooted, Fate::Away::bare}) {
                for (const bool no_paper : {false, true}) {
                    all.push_back({arrives, comes_out, away, no_paper});
                }
            }
        }
    }
    return all;
}

std::string words(const Fate& fate) {
    static const char* const away[]{"away a moment", "away too long", "rebooted", "without power"};
    return std::string{fate.request_arrives ? "the request arrives" : "the request is lost"} +
           (fate.paper_comes_out ? ", the paper comes out, " : ", no paper comes out, ") +
           away[static_cast<int>(fate.away)] + (fate.paper_is_out ? ", then the paper is out" : "");
}

}  // namespace

TEST_CASE("a busy minute without a power cut prints and reports each ticket once",
          "[kiosk][sweep]") {
    World world{{}, {}};
    busy_minute(world);
    CHECK(world.ledger().size() == 4);
    check(world);
    for (const auto& [ticket, ledger] : world.ledger()) {
        CHECK(ledger.outcome == proto::PrintOutcome::printed);
        CHECK(ledger.papers == 1);
    }
}

TEST_CASE("a power cut after any action leaves every paper reported once, and none that lies",
          "[kiosk][sweep][R1][R2][R3][F2][F18]") {
    for (const auto& fate : fates()) {
        INFO(words(fate));
        for (int kill = 1;; ++kill) {
            INFO("power cut after action " << kill);
            World world{{kill}, fate};
            busy_minute(world);
            check(world);
            if (world.actions() < kill) {
                CHECK(kill > 20);  // it was a long way
                break;
            }
        }
    }
}

TEST_CASE("two power cuts, after any two actions, do no more harm than one",
          "[kiosk][sweep][R1][R2][R3][F2][F18]") {
    for (const auto& fate : fates()) {
        INFO(words(fate));
        for (int first = 1; first <= 45; ++first) {
            for (int second = first + 1; second <= first + 20; ++second) {
                INFO("power cuts after actions " << first << " and " << second);
                World world{{first, second}, fate};
                busy_minute(world);
                check(world);
            }
        }
    }
}

}  // namespace antrean::kiosk
