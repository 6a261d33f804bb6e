#include "drivers/layout/layout.hpp"

#include <algorithm>

namespace antrean::layout {
namespace {

using escpos::Align;

constexpr std::string_view copy_mark = "SALINAN";
constexpr std::string_view copy_warning = "Tiket lain dengan nomor ini mungkin telah tercetak.";
constexpr std::size_t max_field_bytes = 400;  // of a name that nobody meant for a paper

bool is_narrow(const escpos::Profile& profile) {
    return profile.paper_mm < 70;
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

// What a phone's camera takes for an invitation to a network: "WIFI:T:WPA;S:name;P:secret;;", with
// \ before \ ; , : and ".
std::string wifi_code(const std::string& name, const std::string& password) {
    const auto escaped = [](const std::string& text) {
        std::string out;
        for (const char c : text) {
            if (c == '\\' || c == ';' || c == ',' || c == ':' || c == '"') out += '\\';
            out += c;
        }
        return out;
    };
    if (password.empty()) return "WIFI:T:nopass;S:" + escaped(name) + ";;";
    return "WIFI:T:WPA;S:" + escaped(name) + ";P:" + escaped(password) + ";;";
}

class Writer {
public:
    Writer(const Fields& fields, const escpos::Profile& profile, Marks marks,
           escpos::TextRaster* raster)
        : fields_{fields}, profile_{profile}, marks_{marks}, out_{profile, raster} {}

    std::vector<std::byte> write(const Layout& layout) {
        out_.init().align(Align::center);
        if (marks_.copy || marks_.parted) out_.feed(1).cut();
        if (marks_.copy) {
            out_.align(Align::center).bold(true).size(2, 2).line(copy_mark).size(1, 1);
            out_.wrapped(copy_warning).bold(false).feed(1);
        }
        for (const auto& item : layout.items) {
            if (item.only_paper_mm && (*item.only_paper_mm == 58) != is_narrow(profile_)) continue;
            std::visit([this](const auto& what) { put(what); }, item.what);
        }
        out_.cut();
        return out_.take();
    }
    escpos::Wear wear() const { return out_.wear(); }

private:
    // None where it names a field that this ticket does not have.
    std::optional<std::string> filled(const Phrase& phrase) const {
        std::string text;
        for (const auto& piece : phrase) {
            if (!piece.field) {
                text += piece.text;
                continue;
            }
            const auto& value = fields_[*piece.field];
            if (value.empty()) return std::nullopt;
            text += clipped(value);
        }
        return text;
    }

    static std::string_view clipped(std::string_view text) {
        if (text.size() <= max_field_bytes) return text;
        auto end = max_field_bytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end;
        return text.substr(0, end);
    }

    // The largest size at which COUNT characters fit into COLUMNS, a free one at each side.
    Size fitting(Size most, std::size_t count, int columns) const {
        if (!most.fit) return most;
        const int times =
            std::clamp(columns / (static_cast<int>(std::min(count, std::size_t{200})) + 2), 1,
                       std::min({most.width, most.height, int{profile_.max_width}}));
        return {times, std::min(times, int{profile_.max_height}), true};
    }

    void put(const Text& text) {
        const auto filled_text = filled(text.phrase);
        if (!filled_text) return;
        const bool marked = marks_.copy && holds_label(text.phrase);
        out_.align(text.align).bold(text.bold).reverse(text.reverse).underline(text.underline);
        int columns = profile_.columns;
        if (marked) {
            // In the line of the number itself: a roll that ends may part a paper anywhere else.
            out_.reverse(false).underline(0).size(1, 2).text(copy_mark).text(" ");
            out_.reverse(text.reverse).underline(text.underline);
            columns -= static_cast<int>(copy_mark.size()) + 1;
        }
        const auto size = fitting(text.size, characters(*filled_text), columns);
        out_.size(size.width, size.height);
        if (marked || text.size.fit) {
            out_.line(*filled_text);
        } else {
            out_.wrapped(*filled_text, text.max_lines);
        }
        out_.size(1, 1).bold(false).reverse(false).underline(0);
    }

    static bool holds_label(const Phrase& phrase) {
        return std::any_of(phrase.begin(), phrase.end(),
                           [](const Piece& piece) { return piece.field == Field::label; });
    }

    void put(const Row& row) {
        std::vector<std::string> texts;
        for (const auto& cell : row.cells) {
            auto text = filled(cell.phrase);
            if (!text) return;
            texts.push_back(std::move(*text));
        }
        std::vector<escpos::Cell> cells;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            cells.push_back({texts[i], row.cells[i].columns, row.cells[i].align});
        }
        out_.align(Align::left).bold(row.bold).row(cells).bold(false);
    }

    void put(const Feed& feed) { out_.feed(feed.lines); }

    void put(const Rule& rule) {
        std::string line;
        for (int i = 0; i < out_.columns(); ++i)
            line += rule.character;
        out_.align(Align::left).line(line);
    }

    void put(const Picture& picture) { out_.align(picture.align).image(picture.dots); }

    // A symbol that does not fit is left off: the paper says all that matters in words.
    void put(const Qr& qr) {
        const auto data = filled(qr.phrase);
        if (data) put_qr(*data, qr.level, qr.module_dots);
    }
    void put(const Wifi& wifi) {
        if (fields_[Field::wifi_name].empty()) return;
        put_qr(wifi_code(fields_[Field::wifi_name], fields_[Field::wifi_password]),
               escpos::QrLevel::m, wifi.module_dots);
    }
    void put_qr(const std::string& data, escpos::QrLevel level, int module_dots) {
        out_.align(Align::center);
        static_cast<void>(out_.qr(data, level, module_dots));
    }
    void put(const Barcode& barcode) {
        const auto data = filled(barcode.phrase);
        if (!data) return;
        out_.align(Align::center);
        static_cast<void>(out_.code128(*data, barcode.height_dots));
    }

    const Fields& fields_;
    const escpos::Profile& profile_;
    const Marks marks_;
    escpos::Encoder out_;
};

}  // namespace

std::vector<std::byte> lay_out(const Layout& layout, const Fields& fields,
                               const escpos::Profile& profile, Marks marks,
                               escpos::TextRaster* raster, escpos::Wear* wear) {
    Writer writer{fields, profile, marks, raster};
    auto paper = writer.write(layout);
    if (wear) *wear = writer.wear();
    return paper;
}

}  // namespace antrean::layout
