// One line typed on a serial terminal: editing, history, and what a terminal is to show of it.
//
// A small editor of our own, and not libedit, because what is typed here comes from whoever holds
// the cable: libedit's lines grow without a bound, its el_gets() blocks and needs a thread of its
// own, and its keys reach what a console must not offer (M-x takes any of its commands, "bind -v"
// among them, whose 'v' starts the editor vi, from where a shell is two keys away).
//
// Bytes in, bytes out. Nothing that came in goes out but the plain characters of
// drivers/tty/escape.hpp: a line holds no control character, and what is no UTF-8 is dropped with a
// bell. Escape sequences are those of ECMA-48 as terminals send them for their keys; unknown ones
// are swallowed. Every character counts as one column. Pure, bounded, one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::device_console {

class LineEditor {
public:
    static constexpr std::size_t max_line_bytes = 1024;
    static constexpr std::size_t max_history = 50;

    struct Event {
        enum class Kind {
            line,       // LINE was ended by Enter
            too_long,   // one of more than max_line_bytes was, and is dropped as a whole
            interrupt,  // Ctrl-C; what was typed is dropped
            end,        // Ctrl-D on an empty line
            complete,   // Tab: LINE is what stands before the cursor; see complete()
        };
        Kind kind{};
        std::string line{};
    };

    // Begins an empty line behind PROMPT (plain, one line). SECRET: nothing of it is shown, and
    // neither history nor cursor keys do anything.
    void start(std::string prompt, bool secret, std::string& out);
    // Takes one byte; OUT gets what the terminal is to show. After the first three kinds of events
    // nothing is taken as typed until start().
    std::optional<Event> feed(char byte, std::string& out);

    // What Tab found, each a whole word that the one before the cursor begins; none rings the bell,
    // one is put in, several are shown, and as much as they share is put in.
    void complete(const std::vector<std::string>& words, std::string& out);

    // The newest; not said twice in a row.
    void remember(std::string line);
    void forget_history() { history_.clear(); }
    // Whether anything has been typed of the line.
    bool is_empty() const { return text_.empty() && !overflowed_; }

private:
    enum class State { ground, escape, control, single };

    std::optional<Event> key(char byte, std::string& out);
    std::optional<Event> finish(Event::Kind kind, std::string& out);
    void character(char byte, std::string& out);
    void insert(std::string_view text, std::string& out);
    void sequence(char final, std::string& out);
    void move_to(std::size_t cursor, std::string& out);
    void erase(std::size_t from, std::size_t to, std::string& out);
    void replace(const std::string& line, std::string& out);
    void recall(int step, std::string& out);
    void draw(std::string& out) const;
    std::size_t before(std::size_t at) const;
    std::size_t after(std::size_t at) const;
    std::size_t word_before(std::size_t at) const;

    std::string prompt_;
    bool secret_ = false;
    std::string text_;
    std::size_t cursor_ = 0;  // a byte of text_, where a character begins
    bool overflowed_ = false;
    bool after_return_ = false;  // a line feed that follows it belongs to it
    State state_ = State::ground;
    std::string parameters_;           // of the escape sequence that is coming
    std::string partial_;              // of a character beyond ASCII
    std::deque<std::string> history_;  // the oldest first
    std::size_t recalled_ = 0;         // counted back from the newest; 0: none
    std::string own_;                  // what was typed when recalling began
};

}  // namespace antrean::device_console
