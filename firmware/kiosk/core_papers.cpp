// What papers say, and which labels were given on them.
#include "firmware/kiosk/core.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace antrean::kiosk {
namespace {

// Of two labels of a series, by the numbers behind the last '-', however many digits they have.
bool is_higher(std::string_view label, std::string_view than) {
    const auto digits = [](std::string_view of) {
        of.remove_prefix(of.rfind('-') + 1);
        of.remove_prefix(std::min(of.find_first_not_of('0'), of.size()));
        return of;
    };
    const auto a = digits(label);
    const auto b = digits(than);
    return a.size() != b.size() ? a.size() > b.size() : a > b;
}

}  // namespace

std::string series_of(const std::string& label) {
    const auto dash = label.rfind('-');
    if (dash == std::string::npos || dash + 1 == label.size()) return {};
    if (label.find_first_not_of("0123456789", dash + 1) != std::string::npos) return {};
    return label.substr(0, dash);
}

// What the menu says for all papers, and for those of BUTTON.
void Core::fill(Paper& paper, const proto::MenuButton* button) const {
    if (menu_) {
        paper.site_name = menu_->site_name;
        paper.place = menu_->place;
        paper.zone = menu_->zone;
        paper.wifi_name = menu_->wifi_name;
        paper.wifi_password = menu_->wifi_password;
        paper.link = menu_->paper_link;
    }
    if (button) {
        paper.agency_name = button->agency_name;
        paper.service_name = button->service_name;
        paper.bring = button->bring;
    }
}

// Of the newest day alone; the answer to a request of yesterday may come today.
void Core::note_label(const proto::Ticket& ticket, std::vector<Change>& changes) {
    const auto series = series_of(ticket.label);
    if (series.empty()) return;
    if (!seen_.empty() && seen_.back().service_day > ticket.service_day) return;
    Seen noted{ticket.service_day, ticket.label, ticket.ticket};
    std::erase_if(seen_, [&](const Seen& seen) {
        const auto its = series_of(seen.label);
        if (seen.service_day < ticket.service_day) {
            if (its != series) changes.push_back(DropSeen{its});
            return true;
        }
        if (its != series) return false;
        if (is_higher(seen.label, noted.label)) noted.label = seen.label;
        noted.newest = std::max(noted.newest, seen.newest);
        return true;
    });
    if (seen_.size() == proto::max_seen) {
        changes.push_back(DropSeen{series_of(seen_.front().label)});
        seen_.erase(seen_.begin());
    }
    changes.push_back(PutSeen{noted});
    seen_.push_back(std::move(noted));
}

}  // namespace antrean::kiosk
