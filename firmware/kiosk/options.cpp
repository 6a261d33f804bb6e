#include "firmware/kiosk/options.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

using Seconds = std::chrono::duration<double>;

std::optional<PressLimit> press_limit_of(const std::string& text) {
    const auto* const end = text.data() + text.size();
    std::uint32_t burst = 0;
    const auto [slash, burst_error] = std::from_chars(text.data(), end, burst);
    if (burst_error != std::errc{} || slash == end || *slash != '/') return std::nullopt;
    double seconds = 0;
    const auto [rest, error] = std::from_chars(slash + 1, end, seconds);
    if (error != std::errc{} || rest != end) return std::nullopt;
    // Compared as it came, for not every double is a number of milliseconds.
    const bool fits = burst >= 1 && burst <= PressLimit::most_burst &&
                      Seconds{seconds} >= PressLimit::least_each &&
                      Seconds{seconds} <= PressLimit::most_each;
    if (!fits) return std::nullopt;
    return PressLimit{burst, std::chrono::round<std::chrono::milliseconds>(Seconds{seconds})};
}

}  // namespace

boost::system::result<PressLimit, std::string> parse_press_limit(const std::string& text) {
    if (const auto limit = press_limit_of(text)) return *limit;
    return fmt::format(
        "--press-limit: '{}' is no BURST/SECONDS: write 1 to {} presses, a slash and {} to {} "
        "seconds, such as 10/2",
        tty::escaped(text), PressLimit::most_burst, Seconds{PressLimit::least_each}.count(),
        Seconds{PressLimit::most_each}.count());
}

boost::system::result<std::vector<LampName>, std::string> parse_lamps(
    const std::vector<std::string>& texts) {
    constexpr unsigned most_button = 999;  // as the site file has them
    std::vector<LampName> lamps;
    for (const auto& text : texts) {
        const auto* const end = text.data() + text.size();
        unsigned number = 0;
        const auto [sign, error] = std::from_chars(text.data(), end, number);
        const bool has_name =
            error == std::errc{} && sign != end && *sign == '=' && lamps::is_name({sign + 1, end});
        if (!has_name || number < 1 || number > most_button) {
            return fmt::format(
                "--lamp: '{}' is no BUTTON=NAME: write a button's number, 1 to {}, and the name of "
                "its LED in {}, such as 3=lamp-3",
                tty::escaped(text), most_button, lamps::kernels_leds);
        }
        const LampName lamp{ButtonNumber{static_cast<std::uint16_t>(number)}, {sign + 1, end}};
        const bool is_taken = std::any_of(lamps.begin(), lamps.end(), [&](const LampName& other) {
            return other.button == lamp.button || other.led == lamp.led;
        });
        if (is_taken) {
            return fmt::format(
                "--lamp: '{}' has a button or a LED that another one has: give each once",
                tty::escaped(text));
        }
        lamps.push_back(lamp);
    }
    return lamps;
}

boost::system::result<ChoiceMode, std::string> parse_choice(const std::string& text) {
    if (text == "direct") return ChoiceMode::direct;
    if (text == "digits") return ChoiceMode::digits;
    if (text == "pages") return ChoiceMode::pages;
    return fmt::format("--choice: '{}' is no way to choose: write direct, digits or pages",
                       tty::escaped(text));
}

}  // namespace antrean::kiosk
