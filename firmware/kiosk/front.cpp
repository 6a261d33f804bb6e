#include "firmware/kiosk/front.hpp"

#include "drivers/tty/escape.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "firmware/kiosk/keys.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace antrean::kiosk {

Front::Front(boost::asio::io_context& io, ChoiceMode choice)
    : io_{io}, mode_{choice}, choice_{choice}, timer_{io} {}

void Front::show(const Screen& screen) {
    screen_ = screen;
    common::show(sentence(screen, mode_));
    const bool invites =
        screen.kind == Screen::Kind::ready || screen.kind == Screen::Kind::ready_offline;
    if (mode_ == ChoiceMode::pages && menu_ && invites) print_choice();
}

void Front::show(const proto::Menu& menu, const std::vector<proto::Offer>& offers) {
    offers_ = offers;
    choice_.menu(menu);
    if (mode_ == ChoiceMode::pages) {
        menu_ = menu;
        show_change();
    } else {
        print_buttons(menu);
    }
    arm();
}

// What stands on and beside the buttons. Offers change all day: of those only the lines that have
// become others are printed.
void Front::print_buttons(const proto::Menu& menu) {
    const bool is_new = menu != menu_;
    if (is_new) fmt::print("\n{}\n", tty::escaped(menu.site_name));
    auto lines = button_lines(menu, offers_, mode_);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (is_new || lines[i] != button_lines_.at(i)) fmt::print("  {}\n", tty::escaped(lines[i]));
    }
    if (is_new) fmt::print("\n");
    std::fflush(stdout);
    menu_ = menu;
    button_lines_ = std::move(lines);
}

void Front::open(const std::vector<std::string>& devices, Handlers handlers) {
    handlers_ = std::move(handlers);
    common::Keys::OnButton on_second;
    // Who types has the next key down before the last one is up.
    if (mode_ != ChoiceMode::digits) {
        on_second = [this](buttons::KeyCode key) {
            if (!is_tried(buttons::key_name(key), button_of(key))) handlers_.press_together();
        };
    }
    keys_.emplace(

        io_, devices,
        [this](buttons::KeyCode key) {
            take(buttons::key_name(key), button_of(key), choice_key_of(key));
        },
        [this](char key) { take(std::string(1, key), button_of(key), choice_key_of(key)); },
        std::move(on_second));
    keys_->tell_stuck(handlers_.stuck);
}

void Front::take(const std::string& name, std::optional<ButtonNumber> button,
                 std::optional<ChoiceKey> key) {
    if (is_tried(name, button)) return;
    if (mode_ != ChoiceMode::direct) {
        if (key) choose(*key);
    } else if (button) {
        handlers_.press(*button);
    }
}

bool Front::is_tried(const std::string& name, std::optional<ButtonNumber> button) const {
    if (!handlers_.is_tried(name, mode_ == ChoiceMode::direct ? button : std::nullopt))
        return false;
    common::show("Kiosk sedang diperiksa petugas. Silakan tekan lagi nanti.");
    return true;
}

std::vector<Front::StuckKey> Front::stuck_keys() const {
    std::vector<StuckKey> stuck;
    if (!keys_) return stuck;
    for (const auto& one : keys_->stuck()) {
        stuck.push_back({one.device, buttons::key_name(one.key),
                         mode_ == ChoiceMode::direct ? button_of(one.key) : std::nullopt,
                         one.since});
    }
    return stuck;
}

void Front::choose(ChoiceKey key) {
    const auto chosen = choice_.key(key, std::chrono::steady_clock::now());
    if (chosen) {
        choice_lines_.clear();  // the display is about the number from here on
        handlers_.press(*chosen);
    } else {
        show_change();
    }
    arm();
}

// Where a choice has ended without a number, what was shown before it comes back.
void Front::show_change() {
    const auto lines = choice_lines(choice_.view(), offers_);
    if (lines == choice_lines_) return;
    if (!lines.empty()) {
        print_choice();
    } else {
        choice_lines_.clear();
        if (screen_) common::show(sentence(*screen_, mode_));
    }
}

void Front::print_choice() {
    choice_lines_ = choice_lines(choice_.view(), offers_);
    for (std::size_t i = 0; i < choice_lines_.size(); ++i) {
        if (i == 0) {
            common::show(choice_lines_[i]);
        } else {
            fmt::print("  {}\n", tty::escaped(choice_lines_[i]));
        }
    }
    std::fflush(stdout);
}

void Front::arm() {
    const auto deadline = choice_.deadline();
    if (!deadline) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(*deadline);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        choice_.tick(std::chrono::steady_clock::now());
        show_change();
        arm();
    });
}

}  // namespace antrean::kiosk
