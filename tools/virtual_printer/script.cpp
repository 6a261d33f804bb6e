#include "tools/virtual_printer/script.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace antrean::virtual_printer {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds default_gap{20};
constexpr double longest_ms = 24 * 3600 * 1000.0;
constexpr double most_count = 1e12;

enum class Operand : std::uint8_t { none, millimetres, time, maybe_time, one_in, number };

struct Phrase {
    std::string_view words;
    Deed deed;
    Operand operand = Operand::none;
    std::optional<Deed> end;  // by which "for TIME" ends it
};

constexpr Phrase phrases[] = {
    {"paper out", Deed::paper_out, Operand::none, Deed::paper_load},
    {"paper low", Deed::paper_low, Operand::none, Deed::paper_load},
    {"paper left", Deed::paper_left, Operand::millimetres, {}},
    {"paper load", Deed::paper_load, Operand::none, {}},
    {"tear", Deed::tear, Operand::none, {}},
    {"cover open", Deed::cover_open, Operand::none, Deed::cover_close},
    {"cover close", Deed::cover_close, Operand::none, {}},
    {"jam", Deed::jam, Operand::none, Deed::unjam},
    {"unjam", Deed::unjam, Operand::none, {}},
    {"head hot", Deed::head_hot, Operand::none, Deed::head_cool},
    {"head cool", Deed::head_cool, Operand::none, {}},
    {"hot", Deed::head_hot, Operand::none, Deed::head_cool},
    {"cool", Deed::head_cool, Operand::none, {}},
    {"board broken", Deed::board_broken, Operand::none, {}},
    {"power off", Deed::power_off, Operand::none, Deed::power_on},
    {"power on", Deed::power_on, Operand::none, {}},
    {"power off: buffer lost", Deed::buffer_lost, Operand::none, {}},
    {"power on: rest printed", Deed::buffer_kept, Operand::none, {}},
    {"mute", Deed::mute, Operand::none, Deed::unmute},
    {"unmute", Deed::unmute, Operand::none, {}},
    {"replies late", Deed::replies_late, Operand::time, Deed::replies_normal},
    {"replies garbled", Deed::replies_garbled, Operand::one_in, Deed::replies_normal},
    {"replies split", Deed::replies_split, Operand::maybe_time, Deed::replies_normal},
    {"replies normal", Deed::replies_normal, Operand::none, {}},
    {"take", Deed::ticket_take, Operand::none, {}},
    {"ticket stuck", Deed::ticket_stuck, Operand::none, Deed::ticket_free},
    {"ticket free", Deed::ticket_free, Operand::none, {}},
    {"seed", Deed::seed, Operand::number, {}},
};

constexpr ScriptWord words_with_help[] = {
    {"paper out", "the roll ends here"},
    {"paper low", "one metre is left: near end"},
    {"paper left MM", "the roll ends after so many millimetres"},
    {"paper load", "put in a new roll; what waits in the buffer is printed"},
    {"tear", "tear off what hangs out"},
    {"cover open", ""},
    {"cover close", ""},
    {"jam", "the next cut gets stuck"},
    {"unjam", "free the cutter; the host, or the power switch, must clear the error"},
    {"head hot", "the head pauses; \"hot\" for short"},
    {"head cool", "it goes on; \"cool\" for short"},
    {"board broken", "an error that only a power cycle clears"},
    {"power off", "a half-printed paper stays hanging"},
    {"power on", ""},
    {"power off: buffer lost", "without power all that waits is forgotten, as usual"},
    {"power on: rest printed", "it is kept, and goes on where it stopped"},
    {"mute", "print, but answer nothing"},
    {"unmute", "answer again"},
    {"replies late TIME", "each answer comes so much later"},
    {"replies garbled 1 in N", "one answer in N is damaged on its way"},
    {"replies split [TIME]", "answers come byte by byte, with 20 ms or TIME between"},
    {"replies normal", "an end of all three"},
    {"take", "take the ticket from the presenter's mouth"},
    {"ticket stuck", "the next ticket that the presenter moves gets stuck"},
    {"ticket free", "pull it out"},
    {"seed N", "of the chance in \"replies garbled\""},
};

// Single spaces between words, none around them.
std::string tidy(std::string_view line) {
    std::string out;
    bool space = false;
    for (const char c : line) {
        if (c == '#') break;
        if (c == ' ' || c == '\t' || c == '\r') {
            space = !out.empty();
            continue;
        }
        if (space) out += ' ';
        space = false;
        out += c;
    }
    return out;
}

bool skip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<double> number(std::string_view& text) {
    double value = 0;
    const auto parsed =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (parsed.ec != std::errc{} || !(value >= 0)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    return value;
}

// "300 ms", "2 s", "1.5 min", with or without the space; all of `text`.
std::optional<milliseconds> time(std::string_view text) {
    const auto value = number(text);
    if (!value) return std::nullopt;
    skip(text, " ");
    double ms = 0;
    if (text == "ms") {
        ms = *value;
    } else if (text == "s") {
        ms = *value * 1'000;
    } else if (text == "min") {
        ms = *value * 60'000;
    } else {
        return std::nullopt;
    }
    if (ms > longest_ms) return std::nullopt;
    return milliseconds{static_cast<milliseconds::rep>(ms)};
}

std::optional<std::uint64_t> count(std::string_view text) {
    std::uint64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    if (!whole || value > static_cast<std::uint64_t>(most_count)) return std::nullopt;
    return value;
}

std::string quoted(std::string_view text) {
    return '"' + std::string{text} + '"';
}

std::variant<Trigger, std::string> parse_trigger(std::string_view text) {
    Trigger trigger;
    if (skip(text, "after ")) {
        const auto delay = time(text);
        if (!delay) return quoted(text) + " is no time such as \"300 ms\" or \"2 s\"";
        trigger.kind = Trigger::Kind::after;
        trigger.delay = *delay;
        return trigger;
    }
    skip(text, "at ");
    if (skip(text, "line ")) {
        trigger.kind = Trigger::Kind::line;
    } else if (skip(text, "byte ")) {
        trigger.kind = Trigger::Kind::byte;
    } else if (skip(text, "cut ")) {
        trigger.kind = Trigger::Kind::cut;
    } else {
        return quoted(text) + " is none of \"line N\", \"byte N\", \"cut N\"";
    }
    const auto value = count(text);
    if (!value || *value == 0) return quoted(text) + " is no number from 1 up";
    trigger.count = *value;
    return trigger;
}

// Reads the operand that follows the words of `phrase`; empty if all is well.
std::string parse_operand(const Phrase& phrase, std::string_view text, Act& act) {
    const std::string_view given = text;
    switch (phrase.operand) {
        case Operand::none:
            return text.empty() ? std::string{} : quoted(text) + " is too much";
        case Operand::millimetres: {
            const auto length = number(text);
            if (!length || !text.empty() || *length > 1e6)
                return quoted(given) + " is no length in millimetres";
            act.amount = *length;
            return {};
        }
        case Operand::maybe_time:
        case Operand::time: {
            const bool may_lack = phrase.operand == Operand::maybe_time && text.empty();
            const auto value = may_lack ? std::optional{default_gap} : time(text);
            if (!value) return quoted(given) + " is no time such as \"300 ms\"";
            act.time = *value;
            return {};
        }
        case Operand::one_in: {
            const bool one_in = skip(text, "1 in ");
            const auto value = one_in ? count(text) : std::nullopt;
            if (!value || *value == 0 || *value > 1'000'000)
                return quoted(given) + " is not \"1 in N\"";
            act.amount = static_cast<double>(*value);
            return {};
        }
        case Operand::number: {
            const auto value = count(text);
            if (!value) return quoted(given) + " is no number";
            act.amount = static_cast<double>(*value);
            return {};
        }
    }
    return {};
}

// The longest phrase that `text` begins with, as whole words.
const Phrase* find_phrase(std::string_view text) {
    const Phrase* found = nullptr;
    for (const Phrase& phrase : phrases) {
        const std::size_t size = phrase.words.size();
        const bool begins =
            text.starts_with(phrase.words) && (text.size() == size || text[size] == ' ');
        if (begins && (found == nullptr || size > found->words.size())) found = &phrase;
    }
    return found;
}

std::variant<Act, std::string> parse_act(std::string_view text) {
    Act act;
    std::string_view rest = text;
    std::string_view lasts;
    if (const auto at = rest.rfind(" for "); at != std::string_view::npos) {
        lasts = rest.substr(at + 5);
        rest = rest.substr(0, at);
    }
    const Phrase* const phrase = find_phrase(rest);
    if (phrase == nullptr) return quoted(rest) + " is nothing that can happen";
    act.deed = phrase->deed;
    rest.remove_prefix(phrase->words.size());
    skip(rest, " ");
    if (std::string why = parse_operand(*phrase, rest, act); !why.empty()) return why;
    if (lasts.empty()) return act;
    if (!phrase->end) return quoted(phrase->words) + " has no end, so \"for\" makes no sense";
    act.lasts = time(lasts);
    if (!act.lasts) return quoted(lasts) + " is no time such as \"300 ms\" or \"2 s\"";
    act.end = *phrase->end;
    return act;
}

}  // namespace

std::variant<std::optional<Statement>, std::string> parse_statement(std::string_view line) {
    const std::string text = tidy(line);
    if (text.empty()) return std::optional<Statement>{};
    Statement statement;
    std::string_view rest = text;
    // Only a time ends in a colon that is not part of what happens.
    if (rest.starts_with("at ") || rest.starts_with("after ")) {
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos) return "a colon must follow the time";
        auto trigger = parse_trigger(rest.substr(0, colon));
        if (auto* why = std::get_if<std::string>(&trigger)) return std::move(*why);
        statement.when = std::get<Trigger>(trigger);
        rest.remove_prefix(colon + 1);
        skip(rest, " ");
    }
    auto act = parse_act(rest);
    if (auto* why = std::get_if<std::string>(&act)) return std::move(*why);
    statement.what = std::get<Act>(act);
    return std::optional{statement};
}

std::variant<Script, ScriptError> parse_script(std::string_view text) {
    Script script;
    int line_number = 0;
    while (!text.empty()) {
        ++line_number;
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        auto statement = parse_statement(line);
        if (auto* why = std::get_if<std::string>(&statement)) {
            return ScriptError{line_number, std::move(*why)};
        }
        const auto& parsed = std::get<std::optional<Statement>>(statement);
        if (!parsed) continue;
        if (script.size() == most_statements) {
            return ScriptError{line_number, "a script has at most 1000 statements"};
        }
        script.push_back(*parsed);
    }
    return script;
}

std::span<const ScriptWord> script_words() {
    return words_with_help;
}

}  // namespace antrean::virtual_printer
