// What happens to a printer, written down: faults, hands, and when each comes.
//
// A script is text, one statement to a line; a '#' begins a comment. Each statement says what
// happens, and before a colon, when:
//
//     replies late 300 ms               at once, and from then on
//     at line 3: paper low              when the third line of text is on the paper
//     at byte 120: power off            when the printer has received 120 bytes
//     after 2 s: power on               so long after what the line above says has happened
//     at cut 2: jam                     when the second cut begins
//     at line 9: head hot for 5 s       and the end of it, too
//
// Lines, bytes and cuts count from when the script begins, over all papers. An "after" on the first
// line counts from there as well. script_words() lists all that can happen. The same text is
// the same run: there is no chance but that of "replies garbled", which "seed" sets.
//
// Pure functions and plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace antrean::virtual_printer {

enum class Deed : std::uint8_t {
    paper_out,
    paper_low,
    paper_left,  // amount: mm
    paper_load,
    tear,
    cover_open,
    cover_close,
    jam,
    unjam,
    head_hot,
    head_cool,
    board_broken,
    power_off,
    power_on,
    buffer_lost,  // without power, from now on
    buffer_kept,
    mute,
    unmute,
    replies_late,     // lasts: by how much
    replies_garbled,  // amount: one in so many
    replies_split,    // lasts: the gap
    replies_normal,
    ticket_take,
    ticket_stuck,
    ticket_free,
    seed,  // amount
};

struct Act {
    Deed deed{};
    double amount = 0;
    std::chrono::milliseconds time{0};  // of deeds that have one
    // When it ends by itself, and by what.
    std::optional<std::chrono::milliseconds> lasts;
    Deed end{};
};

struct Trigger {
    enum class Kind : std::uint8_t { at_once, line, byte, cut, after };
    Kind kind = Kind::at_once;
    std::uint64_t count = 0;             // of line, byte, cut; from 1
    std::chrono::milliseconds delay{0};  // of after
};

struct Statement {
    Trigger when;
    Act what;
};

using Script = std::vector<Statement>;
inline constexpr std::size_t most_statements = 1'000;

struct ScriptError {
    int line = 0;     // from 1
    std::string why;  // one line
};

std::variant<Script, ScriptError> parse_script(std::string_view text);
// One line: a statement, nothing (empty or a comment), or why it is not understood.
std::variant<std::optional<Statement>, std::string> parse_statement(std::string_view line);

// One row for each thing that can happen, for whoever lists them.
struct ScriptWord {
    std::string_view name;  // with capitals for what is to be filled in
    std::string_view help;
};
std::span<const ScriptWord> script_words();

}  // namespace antrean::virtual_printer
