#include "firmware/kiosk/choice.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace antrean::kiosk {

using Kind = ChoiceView::Kind;

void Choice::menu(const proto::Menu& menu) {
    if (menu.buttons == buttons_) return;
    buttons_ = menu.buttons;
    agencies_.clear();
    for (std::size_t i = 0; i < buttons_.size(); ++i) {
        const auto& name = buttons_[i].agency_name;
        auto agency = std::find_if(agencies_.begin(), agencies_.end(),
                                   [&](const Agency& one) { return one.name == name; });
        if (agency == agencies_.end()) agency = agencies_.insert(agency, {name, {}});
        agency->buttons.push_back(i);
    }
    begin_anew();
    last_.reset();
}

std::optional<ButtonNumber> Choice::key(ChoiceKey key, SteadyTime now) {
    tick(now);  // the owner's timer may be late
    switch (mode_) {
        case ChoiceMode::direct:
            return std::nullopt;
        case ChoiceMode::digits:
            last_ = now;
            return typed(key);
        case ChoiceMode::pages:
            return paged(key, now);
    }
    return std::nullopt;
}

std::optional<ButtonNumber> Choice::typed(ChoiceKey key) {
    switch (key.kind) {
        case ChoiceKey::Kind::digit:
            if (is_no_such_) begin_anew();
            if (digits_.size() < most_digits) digits_ += static_cast<char>('0' + key.digit);
            break;
        case ChoiceKey::Kind::erase:
            if (!digits_.empty()) digits_.pop_back();
            is_no_such_ = false;
            break;
        case ChoiceKey::Kind::cancel:
            begin_anew();
            break;
        case ChoiceKey::Kind::enter:
            if (const auto* button = find(digits_)) {
                const auto number = button->number;
                begin_anew();
                return number;
            }
            is_no_such_ = !digits_.empty();
            break;
    }
    return std::nullopt;
}

std::optional<ButtonNumber> Choice::paged(ChoiceKey key, SteadyTime now) {
    if (last_ && now - *last_ < glance) return std::nullopt;
    const auto before = std::pair{agency_, page_};
    std::optional<ButtonNumber> chosen;
    if (key.kind == ChoiceKey::Kind::cancel) {
        begin_anew();
    } else if (key.kind == ChoiceKey::Kind::erase ||
               (key.kind == ChoiceKey::Kind::digit && key.digit == 0)) {
        go_back();
    } else if (key.kind == ChoiceKey::Kind::digit && key.digit == 9) {
        page_ = (page_ + 1) % page_count();
    } else if (key.kind == ChoiceKey::Kind::digit) {
        chosen = choose_row(static_cast<std::size_t>(key.digit - 1));
    }
    if (chosen || before != std::pair{agency_, page_}) last_ = now;
    return chosen;
}

std::optional<ButtonNumber> Choice::choose_row(std::size_t row) {
    const auto at = page_ * rows_of_page + row;
    if (at >= row_count()) return std::nullopt;
    if (agency_) {
        const auto number = buttons_[agencies_[*agency_].buttons[at]].number;
        begin_anew();
        return number;
    }
    agencies_page_ = page_;
    agency_ = at;
    page_ = 0;
    return std::nullopt;
}

void Choice::go_back() {
    if (page_ > 0) {
        --page_;
    } else if (agency_) {
        agency_.reset();
        page_ = agencies_page_;
    }
}

void Choice::tick(SteadyTime now) {
    const auto end = deadline();
    if (end && *end <= now) begin_anew();
}

std::optional<SteadyTime> Choice::deadline() const {
    if (!has_begun() || !last_) return std::nullopt;
    return *last_ + (mode_ == ChoiceMode::pages ? reading_patience : typing_patience);
}

void Choice::begin_anew() {
    digits_.clear();
    is_no_such_ = false;
    agency_.reset();
    page_ = agencies_page_ = 0;
}

bool Choice::has_begun() const {
    return !digits_.empty() || agency_ || page_ > 0;
}

std::size_t Choice::row_count() const {
    return agency_ ? agencies_[*agency_].buttons.size() : agencies_.size();
}

std::size_t Choice::page_count() const {
    return std::max<std::size_t>((row_count() + rows_of_page - 1) / rows_of_page, 1);
}

ChoiceView Choice::view() const {
    if (mode_ == ChoiceMode::pages) return page_view();
    ChoiceView view;
    if (digits_.empty()) return view;
    view.digits = digits_;
    view.kind = is_no_such_ ? Kind::no_such : Kind::typing;
    if (const auto* button = find(digits_)) view.button = *button;
    return view;
}

ChoiceView Choice::page_view() const {
    ChoiceView view;
    view.kind = agency_ ? Kind::services : Kind::agencies;
    view.page = page_ + 1;
    view.pages = page_count();
    view.can_go_back = agency_ || page_ > 0;
    if (agency_) view.agency = agencies_[*agency_].name;
    const auto begin = page_ * rows_of_page;
    const auto end = std::min(begin + rows_of_page, row_count());
    for (auto at = begin; at < end; ++at) {
        const auto& agency = agencies_[agency_ ? *agency_ : at];
        ChoiceView::Row row{static_cast<int>(at - begin) + 1, agency.name, agency.buttons.size()};
        if (agency_) row.service = buttons_[agency.buttons[at]];
        view.rows.push_back(std::move(row));
    }
    return view;
}

const proto::MenuButton* Choice::find(const std::string& digits) const {
    std::uint16_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const auto button =
        std::find_if(buttons_.begin(), buttons_.end(),
                     [&](const proto::MenuButton& one) { return one.number.value() == number; });
    return number == 0 || button == buttons_.end() ? nullptr : &*button;
}

}  // namespace antrean::kiosk
