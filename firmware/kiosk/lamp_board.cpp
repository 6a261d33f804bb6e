#include "firmware/kiosk/lamp_board.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

lamps::LedsConfig config_of(const std::vector<LampName>& names,
                            const std::filesystem::path& folder) {
    lamps::LedsConfig config;
    config.folder = folder;
    for (const auto& name : names)
        config.names.push_back(name.led);
    return config;
}

}  // namespace

const char* to_text(Lamp lamp) {
    switch (lamp) {
        case Lamp::dark:
            return "dark";
        case Lamp::lit:
            return "lit";
        case Lamp::blinking:
            return "blinking";
    }
    return "";
}

LampBoard::LampBoard(boost::asio::io_context& io, const std::vector<LampName>& names,
                     const std::filesystem::path& folder, std::function<Lamp(ButtonNumber)> lamp_of,
                     OnLog on_log)
    : lamp_of_{std::move(lamp_of)}, on_log_{std::move(on_log)}, timer_{io} {
    for (const auto& name : names)
        lamps_.push_back({name.button, name.led, Lamp::dark, {}});
    if (names.empty()) return;
    leds_.emplace(io, config_of(names, folder),
                  [this](std::size_t led, const std::string& why) { note(lamps_.at(led), why); });
}

void LampBoard::note(State& lamp, const std::string& why) {
    lamp.trouble = why;
    const auto what = fmt::format("lamp of button {}", lamp.button.value());
    if (why.empty()) {
        on_log_(what + ": it can be lit again", false);
    } else {
        on_log_(fmt::format("{}: {}; or leave out --lamp {}={}", what, why, lamp.button.value(),
                            lamp.led),
                true);
    }
}

void LampBoard::update() {
    if (look() && !is_armed_) {
        is_on_ = true;  // it is seen at once
        arm();
    }
    show();
}

// Whether any blinks.
bool LampBoard::look() {
    for (auto& lamp : lamps_)
        lamp.lamp = lamp_of_(lamp.button);
    return std::any_of(lamps_.begin(), lamps_.end(),
                       [](const State& lamp) { return lamp.lamp == Lamp::blinking; });
}

void LampBoard::show() {
    for (std::size_t i = 0; i < lamps_.size(); ++i) {
        const auto lamp = lamps_[i].lamp;
        const bool is_lit = lamp == Lamp::lit || (lamp == Lamp::blinking && is_on_);
        leds_->set(i, tried_ ? i == *tried_ : is_lit);
    }
}

std::vector<LampBoard::State> LampBoard::states() const {
    return lamps_;
}

void LampBoard::try_out(std::optional<std::size_t> which) {
    tried_ = which;
    update();
}

void LampBoard::arm() {
    is_armed_ = true;
    timer_.expires_after(half_blink);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        is_on_ = !is_on_;
        is_armed_ = false;
        if (look()) arm();
        show();
    });
}

}  // namespace antrean::kiosk
