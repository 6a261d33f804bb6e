#include "drivers/config/file.hpp"
#include "drivers/config/table_reader.hpp"
#include "drivers/escpos/picture.hpp"
#include "drivers/layout/layout.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace antrean::layout {
namespace {

using config::in_quotes;
using config::Need;
using config::Problems;
using config::Value;
using escpos::Align;
using escpos::QrLevel;

constexpr std::size_t max_text_bytes = 400;
constexpr std::size_t max_cells = 8;
constexpr config::FileKind picture_file{"a PNG picture", escpos::most_png_bytes,
                                        "an emblem has some 20 KiB", "save the picture anew"};

constexpr std::array<config::Word<Align>, 3> aligns{
    {{"left", Align::left}, {"center", Align::center}, {"right", Align::right}}};
constexpr std::array<config::Word<QrLevel>, 4> levels{
    {{"L", QrLevel::l}, {"M", QrLevel::m}, {"Q", QrLevel::q}, {"H", QrLevel::h}}};
constexpr std::array<std::string_view, 8> kinds{"text",  "row", "feed", "rule",
                                                "image", "qr",  "wifi", "barcode"};

// One [[item]] of a layout.
class ItemReader : public config::TableReader {
public:
    ItemReader(const config::Table& table, const std::filesystem::path& file,
               const escpos::Profile& profile, Problems& problems)
        : ItemReader{table, "[[item]]", "this [[item]]", file, profile, problems} {}

    std::optional<Item> read() {
        Item item;
        if (const auto paper = integer("paper", Need::optional, {58, 80})) {
            if (*paper != 58 && *paper != 80) {
                problem(line(), "'paper' of this [[item]] is " + std::to_string(*paper),
                        "write 58 or 80, or leave it out for both");
            }
            item.only_paper_mm = static_cast<int>(*paper);
        }
        const auto kind = kind_of();
        if (!kind) return std::nullopt;
        if (!read_kind(*kind, item)) return std::nullopt;
        finish();
        return item;
    }

    bool holds(Field field) const {
        return std::find(fields_.begin(), fields_.end(), field) != fields_.end();
    }

private:
    // The one key that says what the item is.
    std::optional<std::string_view> kind_of() {
        std::optional<std::string_view> kind;
        for (const auto candidate : kinds) {
            if (!take(candidate, Need::optional)) continue;
            if (kind) {
                problem(line(),
                        "this [[item]] is both '" + std::string{*kind} + "' and '" +
                            std::string{candidate} + "'",
                        "make two items of it");
                return std::nullopt;
            }
            kind = candidate;
        }
        if (!kind) {
            problem(line(), "this [[item]] does not say what to print",
                    "give it one of " + config::joined({kinds.begin(), kinds.end()}));
        }
        return kind;
    }

    bool read_kind(std::string_view kind, Item& item) {
        if (kind == "text") return read_text(item);
        if (kind == "row") return read_row(item);
        if (kind == "image") return read_image(item);
        if (kind == "feed") {
            item.what =
                Feed{static_cast<int>(integer("feed", Need::required, {1, 20}).value_or(1))};
        } else if (kind == "rule") {
            const auto character = name("rule", Need::required, 4);
            item.what = Rule{character.value};
        } else if (kind == "qr") {
            Qr qr{phrase("qr"), choice("level", Need::optional, levels).value_or(QrLevel::m),
                  module_dots(6)};
            item.what = std::move(qr);
        } else if (kind == "wifi") {
            const auto wanted = boolean("wifi", Need::required);
            if (wanted == false) {
                problem(line(), "'wifi' of this [[item]] is false", "remove the item");
            }
            item.what = Wifi{module_dots(5)};
        } else {
            Barcode barcode{
                phrase("barcode"),
                static_cast<int>(integer("height", Need::optional, {16, 255}).value_or(64))};
            item.what = std::move(barcode);
        }
        return true;
    }

    int module_dots(int otherwise) {
        return static_cast<int>(integer("module", Need::optional, {2, 16}).value_or(otherwise));
    }

    bool read_text(Item& item) {
        Text text;
        text.phrase = phrase("text");
        text.size = size();
        text.bold = boolean("bold", Need::optional).value_or(false);
        text.reverse = boolean("reverse", Need::optional).value_or(false);
        text.underline = static_cast<int>(integer("underline", Need::optional, {0, 2}).value_or(0));
        text.align = choice("align", Need::optional, aligns).value_or(Align::center);
        text.max_lines = static_cast<int>(integer("lines", Need::optional, {1, 10}).value_or(4));
        item.what = std::move(text);
        return true;
    }

    // size = 2, size = [1, 2] or size = "fit", which is as large as one line lets it be.
    Size size() {
        const Value* value = take("size", Need::optional);
        if (value == nullptr) return {};
        if (const auto* word = value->text()) {
            if (*word == "fit") return {8, 8, true};
            problem(value->line, "'size' of this [[item]] is " + in_quotes(*word),
                    "write a number from 1 to 8, two as [width, height], or \"fit\"");
            return {};
        }
        if (const auto* both = value->list()) {
            if (both->size() != 2) {
                problem(
                    value->line,
                    "'size' of this [[item]] lists " + std::to_string(both->size()) + " numbers",
                    "write two: size = [1, 2] is twice as high as usual");
                return {};
            }
            const auto width = integer_of((*both)[0], "size", {1, 8});
            const auto height = integer_of((*both)[1], "size", {1, 8});
            return {static_cast<int>(width.value_or(1)), static_cast<int>(height.value_or(1)),
                    false};
        }
        const int times = static_cast<int>(integer_of(*value, "size", {1, 8}).value_or(1));
        return {times, times, false};
    }

    bool read_row(Item& item) {
        Row row;
        row.bold = boolean("bold", Need::optional).value_or(false);
        const auto* cells = list("row", Need::required, "row = [{ text = \"...\" }, ...]");
        if (cells == nullptr) return false;
        if (cells->empty() || cells->size() > max_cells) {
            problem(line(), "this row has " + std::to_string(cells->size()) + " cells",
                    "give it 1 to " + std::to_string(max_cells));
            return false;
        }
        for (const auto& value : *cells) {
            const auto* table = value.table();
            if (table == nullptr) {
                problem(value.line,
                        "a row lists " + std::string{described(value)} + ", not a table",
                        "write { text = \"...\" }");
                return false;
            }
            ItemReader cell{*table, "{ ... }", "a cell of this row", file_, profile_, problems_};
            row.cells.push_back(cell.cell());
            if (cell.holds(Field::label)) {
                problem(value.line, "the number stands in a row",
                        "give {label} an item of its own: a copy has its mark beside it");
            }
            fields_.insert(fields_.end(), cell.fields_.begin(), cell.fields_.end());
        }
        item.what = std::move(row);
        return true;
    }

    ItemReader(const config::Table& table, std::string header, std::string label,
               const std::filesystem::path& file, const escpos::Profile& profile,
               Problems& problems)
        : TableReader{table, std::move(header), std::move(label), problems},
          file_{file},
          profile_{profile},
          problems_{problems} {}

    Cell cell() {
        Cell cell;
        cell.phrase = phrase("text");
        cell.columns = static_cast<int>(integer("width", Need::optional, {1, 80}).value_or(0));
        cell.align = choice("align", Need::optional, aligns).value_or(Align::left);
        finish();
        return cell;
    }

    bool read_image(Item& item) {
        const auto given = name("image", Need::required, 200);
        const auto width = number("width_mm", Need::optional, {5, 80});
        const auto align = choice("align", Need::optional, aligns).value_or(Align::center);
        if (given.value.empty()) return false;
        int dots = profile_.dots;
        if (width)
            dots = std::min(dots, static_cast<int>(std::lround(*width * profile_.dpi / 25.4)));
        Problems reading;
        const auto bytes =
            config::text_of(file_.parent_path() / given.value, picture_file, reading);
        if (!bytes) {
            for (const auto& one : std::move(reading).in_file_order()) {
                problem(given.line, "picture " + in_quotes(given.value) + ": " + one.text,
                        one.remedy);
            }
            return false;
        }
        auto picture = escpos::picture_from_png(std::as_bytes(std::span{*bytes}), dots);
        if (!picture) {
            problem(given.line,
                    "picture " + in_quotes(given.value) + " is no PNG that can be printed",
                    "save it as PNG, not larger than 4 megapixels and not much higher than wide");
            return false;
        }
        item.what = Picture{std::move(*picture), align};
        return true;
    }

    // "Nomor {label}": text and fields; {{ and }} are braces.
    Phrase phrase(std::string_view key) {
        const auto given = name(key, Need::required, max_text_bytes);
        Phrase phrase;
        std::string text;
        const std::string_view all = given.value;
        for (std::size_t at = 0; at < all.size(); ++at) {
            const char c = all[at];
            if ((c == '{' || c == '}') && at + 1 < all.size() && all[at + 1] == c) {
                text += c;
                ++at;
            } else if (c == '{') {
                const auto end = all.find('}', at);
                if (end == std::string_view::npos) {
                    problem(given.line,
                            "a field begins and does not end: " + in_quotes(all.substr(at)),
                            "close it by }, or write {{ for a brace");
                    return phrase;
                }
                if (!text.empty()) phrase.push_back({std::exchange(text, {}), std::nullopt});
                add_field(all.substr(at + 1, end - at - 1), given.line, phrase);
                at = end;
            } else if (c == '}') {
                problem(given.line, "a brace closes nothing: " + in_quotes(all.substr(at)),
                        "write }} for a brace");
                return phrase;
            } else {
                text += c;
            }
        }
        if (!text.empty()) phrase.push_back({std::move(text), std::nullopt});
        return phrase;
    }

    void add_field(std::string_view field_name, int line_number, Phrase& phrase) {
        if (const auto field = field_of(field_name)) {
            phrase.push_back({{}, *field});
            fields_.push_back(*field);
            return;
        }
        const std::vector<std::string_view> known{field_names().begin(), field_names().end()};
        const auto near = config::nearest(field_name, known);
        problem(line_number, "there is no field " + in_quotes(field_name),
                near.empty() ? "the fields are " + config::joined(known)
                             : "did you mean {" + std::string{near} + "}?");
    }

    const std::filesystem::path& file_;
    const escpos::Profile& profile_;
    Problems& problems_;
    std::vector<Field> fields_;  // that it names
};

// On which papers a field stands in words.
struct Borne {
    bool narrow = false, wide = false;
    void note(std::optional<int> only_paper_mm) {
        narrow = narrow || only_paper_mm.value_or(58) == 58;
        wide = wide || only_paper_mm.value_or(80) == 80;
    }
    bool on_both() const { return narrow && wide; }
};

}  // namespace

Loaded<Layout> read(std::string_view text, const std::filesystem::path& file,
                    const escpos::Profile& profile) {
    Problems problems;
    Layout layout;
    if (const auto table = config::parse(text, problems)) {
        config::only(*table, {"item"}, problems);
        Borne label, date;
        for (const auto* one : config::tables(*table, "item", max_items, "a layout", problems)) {
            ItemReader reader{*one, file, profile, problems};
            auto item = reader.read();
            if (!item) continue;
            const bool is_text = std::holds_alternative<Text>(item->what);
            const bool is_row = std::holds_alternative<Row>(item->what);
            if (is_text && reader.holds(Field::label)) label.note(item->only_paper_mm);
            if ((is_text || is_row) && reader.holds(Field::date)) date.note(item->only_paper_mm);
            layout.items.push_back(std::move(*item));
        }
        if (problems.empty() && !label.on_both()) {
            problems.add(0, "no text on every paper has the number",
                         "add [[item]] with text = \"{label}\" and size = \"fit\"");
        }
        if (problems.empty() && !date.on_both()) {
            problems.add(0, "no text on every paper has the date: numbers come again each day",
                         "add [[item]] with text = \"{date}\"");
        }
    }
    if (!problems.empty()) return config::LoadError{file, std::move(problems).in_file_order()};
    return layout;
}

}  // namespace antrean::layout
