#include "firmware/kiosk/layout.hpp"

#include "firmware/common/class_text.hpp"
#include "firmware/kiosk/indonesian.hpp"
#include "proto/day.hpp"

#include <string_view>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

// RFC 3986, section 2.1: all but the unreserved characters.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

}  // namespace

std::string follow_url(const Paper& paper) {
    if (paper.link.empty() || !paper.timed) return {};
    const bool has_query = paper.link.find('?') != std::string::npos;
    return fmt::format("{}{}n={}&d={}", paper.link, has_query ? '&' : '?',
                       percent_encoded(paper.label), to_iso(paper.service_day));
}

layout::Fields to_fields(const Paper& paper) {
    using layout::Field;
    layout::Fields fields;
    fields[Field::site] = paper.site_name;
    fields[Field::place] = paper.place;
    fields[Field::agency] = paper.agency_name;
    fields[Field::service] = paper.service_name;
    fields[Field::label] = paper.label;
    if (paper.timed) {
        fields[Field::date] = date_text(paper.service_day);
        fields[Field::time] = time_text(paper.issued, paper.utc_offset, paper.zone);
    }
    if (paper.offline) {
        fields[Field::offline] = offline_text();
    } else {
        fields[Field::ahead] = std::to_string(paper.ahead);
        fields[Field::queue] = queue_text(paper.ahead);
    }
    fields[Field::ticket_class] = common::class_text(paper.ticket_class);
    fields[Field::estimate] = estimate_text(paper.estimate);
    fields[Field::bring] = paper.bring;
    fields[Field::url] = follow_url(paper);
    fields[Field::wifi_name] = paper.wifi_name;
    fields[Field::wifi_password] = paper.wifi_password;
    return fields;
}

std::vector<std::byte> lay_out(const Paper& paper, bool copy, const escpos::Profile& profile,
                               bool parted) {
    return layout::lay_out(layout::standard(), to_fields(paper), profile, {copy, parted});
}

}  // namespace antrean::kiosk
