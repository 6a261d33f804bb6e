// Reads one table of a site file: the kinds of values that only such files have. Private to this
// folder; pure. What is missing or wrong is told and read as nothing.
#pragma once

#include "controller/site/draft.hpp"
#include "drivers/config/table_reader.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::site {

using config::Need;

inline constexpr std::array<std::string_view, 7> weekdays{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

class SiteTable : public config::TableReader {
public:
    // HEADER as in the file: "[[agency]]"; KIND in words: "agency", or empty for [site].
    SiteTable(const config::Table& table, const std::string& header, std::string kind,
              Problems& problems);

    // The id of this table; from here on problems name the table by it.
    Text id();
    // An id that this table gives: its own, or a callpad's.
    Text checked_id(std::string_view key, Need need);
    Text prefix(Need need);
    Text name(std::string_view key, Need need);
    // What papers, boards and pages say in a few words.
    Text remark(std::string_view key);
    // References; none where there is no KEY.
    Ids ids(std::string_view key);
    Serves serves();

    Given<std::int64_t> whole(std::string_view key, config::IntegerRange range);
    Minutes minutes(std::string_view key, config::IntegerRange range);
    Given<ServiceDay> day(std::string_view key);
    std::vector<Given<ServiceDay>> days(std::string_view key);
    // One day's hours.
    std::vector<Given<engine::Interval>> intervals(std::string_view key);
    // The keys 'from' and 'until'.
    Given<engine::Interval> interval();
    Given<engine::Policy> policy();
    Text code();
    Text wifi_name();
    Text wifi_password();
    Text paper_link();
    std::vector<ButtonDraft> buttons();

private:
    Given<ServiceDay> day_of(const config::Value& value, std::string_view key);
    Given<engine::Interval> interval_of(const config::Value& value, std::string_view key);
    ButtonDraft button(const config::Entry& entry);

    Problems& problems_;
    std::string kind_;
};

}  // namespace antrean::site
