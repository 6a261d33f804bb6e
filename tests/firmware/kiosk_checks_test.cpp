// What a kiosk's self-test says of its menu, its buttons and its lamps.
#include "firmware/kiosk/technician.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace antrean;
using namespace antrean::kiosk;
using namespace std::chrono_literals;

const SteadyTime noon{12h};

// "good buttons: 1 in the menu", for each.
std::vector<std::string> checks(const std::optional<proto::Menu>& menu,
                                const std::vector<Front::StuckKey>& stuck,
                                const std::vector<LampBoard::State>& lamps) {
    std::vector<std::string> lines;
    for (const auto& one : own_checks(menu, stuck, lamps, noon)) {
        lines.push_back((std::get<bool>(one[1].value) ? "good " : "bad ") +
                        std::get<std::string>(one[0].value) + ": " +
                        std::get<std::string>(one[2].value));
    }
    return lines;
}

proto::Menu one_button() {
    proto::Menu menu;
    menu.buttons.push_back({ButtonNumber{3}, *ServiceId::parse("ktp-el"), "KTP-el", "Dukcapil"});
    return menu;
}

using Lines = std::vector<std::string>;

TEST_CASE("a kiosk without lamps is not asked about them", "[kiosk][self-test]") {
    CHECK(checks(one_button(), {}, {}) ==
          Lines{"good buttons: 1 in the menu", "good stuck buttons: none"});
}

TEST_CASE("a kiosk that knows no button is not well", "[kiosk][self-test]") {
    CHECK(checks(std::nullopt, {}, {}).front() == "bad buttons: no menu yet");
    CHECK(checks(proto::Menu{}, {}, {}).front() == "bad buttons: 0 in the menu");
}

TEST_CASE("each stuck button is named, with how long it has been held", "[kiosk][self-test]") {
    const std::vector<Front::StuckKey> stuck{
        {"/dev/input/event7", "3", ButtonNumber{3}, noon - 65s},
        {"/dev/input/event7", "KEY_F1", std::nullopt, noon - 12500ms}};
    CHECK(checks(one_button(), stuck, {}).at(1) ==
          "bad stuck buttons: button 3, key 3 of /dev/input/event7, held for 65 s; "
          "key KEY_F1 of /dev/input/event7, held for 12 s");
}

TEST_CASE("a lamp in trouble fails the check with its reason", "[kiosk][self-test]") {
    std::vector<LampBoard::State> lamps{{ButtonNumber{1}, "lamp-1", Lamp::lit, {}},
                                        {ButtonNumber{2}, "lamp-2", Lamp::dark, {}}};
    CHECK(checks(one_button(), {}, lamps).at(2) == "good lamps: 2 can be lit");
    lamps[1].trouble = "there is no LED 'lamp-2'";
    CHECK(checks(one_button(), {}, lamps).at(2) == "bad lamps: button 2: there is no LED 'lamp-2'");
}

}  // namespace
