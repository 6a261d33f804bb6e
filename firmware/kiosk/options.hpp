// What the texts of a kiosk's options mean. Pure. An error is a sentence for people that names the
// option and what to write; its text from outside is escaped.
#pragma once

#include "firmware/kiosk/choice.hpp"
#include "firmware/kiosk/lamp_board.hpp"
#include "firmware/kiosk/press_limit.hpp"

#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::kiosk {

// Of --press-limit: "10/2" is ten at once, and one more each 2 s.
[[nodiscard]] boost::system::result<PressLimit, std::string> parse_press_limit(
    const std::string& text);

// Of --lamp: "3=lamp-3" is the LED in button 3. A button has one, and a LED is of one.
[[nodiscard]] boost::system::result<std::vector<LampName>, std::string> parse_lamps(
    const std::vector<std::string>& texts);

// Of --choice: direct, digits or pages.
[[nodiscard]] boost::system::result<ChoiceMode, std::string> parse_choice(const std::string& text);

}  // namespace antrean::kiosk
