#include "controller/site/draft.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace antrean::site {
namespace {

using config::Need;

constexpr std::size_t max_name_bytes = 80;
constexpr std::size_t max_buttons = 128;  // so that a menu of the longest names fits a frame

// An id that somebody may have meant by TEXT; empty where nothing is left of it.
std::string as_id(std::string_view text) {
    std::string id;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        if (kept && !(id.empty() && c == '.')) id += c;
        if (!kept && !id.empty() && id.back() != '-') id += '-';
    }
    while (!id.empty() && id.back() == '-')
        id.pop_back();
    return id.substr(0, AgencyId::max_size);
}

// One table of a site file, and the kinds of values that only such files have.
class SiteTable : public config::TableReader {
public:
    // HEADER as in the file: "[[agency]]"; KIND in words: "agency".
    SiteTable(const config::Table& table, const std::string& header, std::string kind,
              Problems& problems)
        : TableReader{table, header, kind.empty() ? header : "this " + header, problems},
          kind_{std::move(kind)} {}

    // The id of this table; from here on problems name the table by it.
    Text id() {
        Text text = checked_id("id", Need::required);
        if (!text.value.empty()) name_by(kind_ + ' ' + in_quotes(text.value));
        return text;
    }

    // An id that this table gives: its own, or a callpad's.
    Text checked_id(std::string_view key, Need need) {
        Text read = text(key, need);
        if (read.given() && !read.told && !AgencyId::parse(read.value)) {
            const std::string meant = as_id(read.value);
            problem(read.line,
                    in_quotes(read.value) +
                        " is no id: an id has 1 to 31 of a-z, 0-9, '-' and "
                        "'.', and begins with a letter or digit",
                    meant.empty() || meant == read.value ? "write another id"
                                                         : "write '" + meant + "'");
        }
        return read;
    }

    Text prefix(Need need) {
        Text read = text("prefix", need);
        if (!read.given() || read.told) return read;
        bool good = !read.value.empty() && read.value.size() <= 3;
        std::string meant;
        for (const char c : read.value) {
            const bool capital = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            good = good && capital;
            if (capital) meant += c;
            if (c >= 'a' && c <= 'z') meant += static_cast<char>(c - 'a' + 'A');
        }
        if (!good) {
            problem(read.line,
                    "prefix " + in_quotes(read.value) + " of " + label() +
                        " is not 1 to 3 characters of A-Z and 0-9",
                    meant.empty() ? "write one such as 'A'"
                                  : "write one such as '" + meant.substr(0, 3) + "'");
        }
        return read;
    }

    std::vector<ButtonDraft> buttons() {
        const config::Table* given =
            table("buttons", Need::required, "buttons = { 1 = \"service-id\" }");
        if (given == nullptr) return {};
        std::vector<ButtonDraft> buttons;
        for (const config::Entry& entry : given->entries) {
            const std::string_view digits = entry.key;
            std::uint16_t number = 0;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), number);
            const bool whole = error == std::errc{} && end == digits.data() + digits.size();
            if (!whole || number < 1 || number > 999 || digits.front() == '0') {
                problem(entry.line,
                        "button " + in_quotes(digits) + " of " + label() +
                            " is not a number from 1 to 999",
                        "write its number without sign or leading zeros");
            }
            buttons.push_back({number, filled_of(entry.value, digits)});
        }
        if (buttons.size() > max_buttons) {
            problem(given->line,
                    label() + " has more than " + std::to_string(max_buttons) + " buttons",
                    "give the rest to another kiosk");
        }
        if (buttons.empty()) {
            problem(given->line, label() + " has no button",
                    "give it one at least: buttons = { 1 = \"service-id\" }");
        }
        return buttons;
    }

private:
    std::string kind_;
};

// Calls READ with a SiteTable for each [[KIND]] of FILE, up to MOST of them.
template <class Read>
void each_table(const config::Table& file, const std::string& kind, std::size_t most,
                Problems& problems, Read read) {
    for (const config::Table* table : config::tables(file, kind, most, "a site", problems)) {
        SiteTable reader{*table, "[[" + kind + "]]", kind, problems};
        read(reader);
        reader.finish();
    }
}

void read_site(const config::Table& file, Draft& draft, Problems& problems) {
    const config::Table* table = config::section(
        file, "site", "add [site] with its name, place and time_zone at the top", problems);
    if (table == nullptr) return;
    SiteTable reader{*table, "[site]", "", problems};
    draft.name = reader.name("name", Need::required, max_name_bytes);
    draft.place = reader.name("place", Need::required, max_name_bytes);
    draft.time_zone = reader.filled("time_zone", Need::required);
    draft.day_starts = reader.filled("day_starts", Need::optional);
    reader.finish();
}

}  // namespace

std::optional<Draft> read(std::string_view text, Problems& problems) {
    const auto file = config::parse(text, problems);
    if (!file) return std::nullopt;
    Draft draft;
    read_site(*file, draft, problems);
    if (file->find("agency") == nullptr) {
        problems.add(0, "the file has no [[agency]]", "add one for each agency of the hall");
    }
    each_table(*file, "agency", 100, problems, [&](SiteTable& table) {
        AgencyDraft& agency = draft.agencies.emplace_back();
        agency.line = table.line();
        agency.id = table.id();
        agency.name = table.name("name", Need::required, max_name_bytes);
        agency.short_name = table.name("short_name", Need::optional, max_name_bytes);
        agency.prefix = table.prefix(Need::optional);
    });
    each_table(*file, "series", 500, problems, [&](SiteTable& table) {
        SeriesDraft& series = draft.series.emplace_back();
        series.line = table.line();
        series.id = table.id();
        series.agency = table.filled("agency", Need::required);
        series.prefix = table.prefix(Need::required);
    });
    each_table(*file, "service", 1000, problems, [&](SiteTable& table) {
        ServiceDraft& service = draft.services.emplace_back();
        service.line = table.line();
        service.id = table.id();
        service.agency = table.filled("agency", Need::required);
        service.name = table.name("name", Need::required, max_name_bytes);
        service.series = table.filled("series", Need::optional);
    });
    each_table(*file, "counter", 500, problems, [&](SiteTable& table) {
        CounterDraft& counter = draft.counters.emplace_back();
        counter.line = table.line();
        counter.id = table.id();
        counter.name = table.name("name", Need::required, max_name_bytes);
        counter.agencies = table.texts("agencies", Need::optional, counter.lists_told);
        counter.series = table.texts("series", Need::optional, counter.lists_told);
        counter.callpad = table.checked_id("callpad", Need::optional);
    });
    each_table(*file, "kiosk", 12000, problems, [&](SiteTable& table) {
        KioskDraft& kiosk = draft.kiosks.emplace_back();
        kiosk.line = table.line();
        kiosk.id = table.id();
        kiosk.buttons = table.buttons();
    });
    config::only(*file, {"site", "agency", "series", "service", "counter", "kiosk"}, problems);
    return draft;
}

}  // namespace antrean::site
