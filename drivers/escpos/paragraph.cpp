#include "drivers/escpos/paragraph.hpp"

#include "drivers/escpos/characters.hpp"

#include <algorithm>
#include <string_view>

#include <fribidi.h>

namespace antrean::escpos {
namespace {

constexpr std::size_t most_characters = 2000;
constexpr char32_t replacement = 0xfffd;
constexpr char32_t joiner = 0x200d;

bool is_mark(char32_t character) {
    switch (hb_unicode_general_category(hb_unicode_funcs_get_default(), character)) {
        case HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK:
        case HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK:
        case HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK:
            return true;
        default:
            return is_invisible(character);
    }
}

// Written without spaces, and broken anywhere between two characters.
bool breaks_anywhere(hb_script_t script) {
    return script == HB_SCRIPT_HAN || script == HB_SCRIPT_HIRAGANA ||
           script == HB_SCRIPT_KATAKANA || script == HB_SCRIPT_YI;
}

struct BufferDeleter {
    void operator()(hb_buffer_t* buffer) const { hb_buffer_destroy(buffer); }
};

}  // namespace

int GlyphRun::width() const {
    int sum = 0;
    for (const Glyph& glyph : glyphs)
        sum += glyph.advance;
    return sum;
}

Paragraph::Paragraph(std::span<const StyledText> text, FontList& fonts) : fonts_{fonts} {
    for (const StyledText& piece : text) {
        std::string_view rest = piece.utf8;
        while (!rest.empty() && characters_.size() < most_characters) {
            char32_t character = next_character(rest);
            if (is_direction_override(character)) continue;
            if (is_space(character)) character = ' ';
            if (is_control(character)) character = replacement;
            characters_.push_back(character);
            traits_.push_back({.style = &piece, .mark = is_mark(character)});
        }
    }
    if (characters_.empty()) return;
    find_directions();
    find_fonts();
    find_scripts();
    for (std::size_t i = 0; i < size(); ++i) {
        const bool last = i + 1 == size();
        traits_[i].break_after =
            characters_[i] == ' ' || characters_[i] == '-' ||
            (!last && !traits_[i + 1].mark && breaks_anywhere(traits_[i].script) &&
             breaks_anywhere(traits_[i + 1].script));
    }
    for (const GlyphRun& run : shape(0, size()))
        for (const GlyphRun::Glyph& glyph : run.glyphs)
            traits_[glyph.character].advance += glyph.advance;
}

void Paragraph::find_directions() {
    const auto count = static_cast<FriBidiStrIndex>(size());
    const std::vector<FriBidiChar> text(characters_.begin(), characters_.end());
    std::vector<FriBidiCharType> types(size());
    std::vector<FriBidiBracketType> brackets(size());
    std::vector<FriBidiLevel> levels(size());
    fribidi_get_bidi_types(text.data(), count, types.data());
    fribidi_get_bracket_types(text.data(), count, types.data(), brackets.data());
    FriBidiParType direction = FRIBIDI_PAR_ON;  // as the first letter has it
    // Without memory it returns 0 and leaves all from left to right.
    if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &direction,
                                            levels.data()) == 0)
        return;
    for (std::size_t i = 0; i < size(); ++i)
        traits_[i].level = static_cast<std::uint8_t>(levels[i]);
}

// A letter and its marks are of one font, or the marks would stand beside it.
void Paragraph::find_fonts() {
    for (std::size_t begin = 0; begin < size();) {
        std::size_t end = begin + 1;
        while (end < size() && (traits_[end].mark || characters_[end - 1] == joiner))
            ++end;
        int letter = -1;  // the first font that has the letter
        int all = -1;     // and that has its marks too
        for (int font = 0; font < fonts_.size() && all < 0; ++font) {
            if (!fonts_.has(font, characters_[begin])) continue;
            if (letter < 0) letter = font;
            const bool has_marks =
                std::all_of(characters_.begin() + static_cast<std::ptrdiff_t>(begin) + 1,
                            characters_.begin() + static_cast<std::ptrdiff_t>(end),
                            [&](char32_t c) { return is_invisible(c) || fonts_.has(font, c); });
            if (has_marks) all = font;
        }
        const int font = all >= 0 ? all : std::max(letter, 0);
        for (std::size_t i = begin; i < end; ++i)
            traits_[i].font = static_cast<std::uint8_t>(font);
        begin = end;
    }
    // Spaces and such stay with the font of the word before them, so that it is shaped in one
    // piece.
    for (std::size_t i = 1; i < size(); ++i)
        if (characters_[i] == ' ' && fonts_.size() > 0 && fonts_.has(traits_[i - 1].font, ' '))
            traits_[i].font = traits_[i - 1].font;
}

// Digits and signs take part in the script around them.
void Paragraph::find_scripts() {
    const auto is_shared = [](hb_script_t script) {
        return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED;
    };
    hb_script_t present = HB_SCRIPT_COMMON;
    for (std::size_t i = 0; i < size(); ++i) {
        const hb_script_t own = hb_unicode_script(hb_unicode_funcs_get_default(), characters_[i]);
        if (!is_shared(own)) present = own;
        traits_[i].script = present;
    }
    present = HB_SCRIPT_LATIN;
    for (std::size_t i = size(); i-- > 0;) {
        if (is_shared(traits_[i].script))
            traits_[i].script = present;
        else
            present = traits_[i].script;
    }
}

std::vector<GlyphRun> Paragraph::shape(std::size_t begin, std::size_t end) const {
    std::vector<GlyphRun> runs;
    while (begin < end) {
        std::size_t next = begin + 1;
        const Traits& first = traits_[begin];
        while (next < end && traits_[next].style == first.style &&
               traits_[next].font == first.font && traits_[next].level == first.level &&
               traits_[next].script == first.script)
            ++next;
        runs.push_back(shape_run(begin, next));
        begin = next;
    }
    return runs;
}

GlyphRun Paragraph::shape_run(std::size_t begin, std::size_t end) const {
    const Traits& traits = traits_[begin];
    GlyphRun run{traits.style, traits.font, traits.level, {}};
    const double em = fonts_.em_dots() * run.style->width * 64;
    if (fonts_.size() == 0) {
        for (std::size_t i = begin; i < end; ++i)
            run.glyphs.push_back({0, i, static_cast<int>(em * 0.6), 0, 0});
        if (run.level % 2 != 0) std::reverse(run.glyphs.begin(), run.glyphs.end());
        return run;
    }
    const std::unique_ptr<hb_buffer_t, BufferDeleter> buffer{hb_buffer_create()};
    static_assert(sizeof(char32_t) == sizeof(std::uint32_t));
    // The letters around the run decide how those at its ends are joined.
    hb_buffer_add_codepoints(
        buffer.get(), reinterpret_cast<const hb_codepoint_t*>(characters_.data()),
        static_cast<int>(size()), static_cast<unsigned>(begin), static_cast<int>(end - begin));
    hb_buffer_set_direction(buffer.get(), run.level % 2 != 0 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.get(), traits.script);
    hb_buffer_set_language(buffer.get(), hb_language_from_string("und", -1));
    hb_shape(fonts_.shaper(run.font, run.size()), buffer.get(), nullptr, 0);

    unsigned count = 0;
    const hb_glyph_info_t* const infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    const hb_glyph_position_t* const places = hb_buffer_get_glyph_positions(buffer.get(), &count);
    // Bounded, whatever a font says: a line of text is never wider than this.
    static constexpr int most = 1 << 16;
    const auto bounded = [](int value) { return std::clamp(value, -most, most); };
    for (unsigned i = 0; i < count; ++i) {
        const std::uint32_t index = infos[i].codepoint;
        const int advance = std::max(bounded(places[i].x_advance), 0);
        run.glyphs.push_back({index, std::clamp<std::size_t>(infos[i].cluster, begin, end - 1),
                              index == 0 ? static_cast<int>(em * 0.6) : advance,
                              bounded(places[i].x_offset), bounded(places[i].y_offset)});
    }
    return run;
}

Paragraph::Line Paragraph::line(std::size_t begin, int dots) const {
    std::int64_t room = static_cast<std::int64_t>(dots) * 64;
    std::size_t best = 0;  // the last place where the line may end
    std::size_t at = begin;
    for (; at < size(); ++at) {
        room -= traits_[at].advance;
        // A space at the end of a line needs no room.
        if (room < 0 && characters_[at] != ' ') break;
        if (traits_[at].break_after) best = at + 1;
    }
    if (at < size() && best == 0) {  // a word longer than the line
        best = std::max(at, begin + 1);
        while (best > begin + 1 && (traits_[best].mark || traits_[best].advance == 0))
            --best;
    }
    if (at == size()) best = at;
    std::size_t end = best;
    while (end > begin && characters_[end - 1] == ' ')
        --end;
    std::size_t next = best;
    while (next < size() && characters_[next] == ' ')
        ++next;
    return {end, next};
}

void put_in_visual_order(std::vector<GlyphRun>& runs) {
    int highest = 0;
    for (const GlyphRun& run : runs)
        highest = std::max(highest, run.level);
    for (int level = highest; level > 0; --level) {
        for (auto begin = runs.begin(); begin != runs.end();) {
            const auto is_at_least = [level](const GlyphRun& run) { return run.level >= level; };
            begin = std::find_if(begin, runs.end(), is_at_least);
            const auto end = std::find_if_not(begin, runs.end(), is_at_least);
            std::reverse(begin, end);
            begin = end;
        }
    }
}

}  // namespace antrean::escpos
