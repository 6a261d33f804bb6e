#include "firmware/console/line_editor.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <utility>

namespace antrean::device_console {
namespace {

using Event = LineEditor::Event;

constexpr char bell = '\a';
constexpr char escape = '\x1b';
constexpr std::size_t columns = 79;  // of the terminal, whose last one some wrap at
constexpr std::size_t max_parameters = 16;

constexpr char control(char letter) {
    return static_cast<char>(letter & 0x1F);
}

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80;
}

std::size_t size_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

}  // namespace

void LineEditor::start(std::string prompt, bool secret, std::string& out) {
    prompt_ = std::move(prompt);
    secret_ = secret;
    text_.clear();
    own_.clear();
    partial_.clear();
    cursor_ = recalled_ = 0;
    overflowed_ = false;
    draw(out);
}

std::optional<Event> LineEditor::feed(char byte, std::string& out) {
    const bool second_of_two = std::exchange(after_return_, byte == '\r') && byte == '\n';
    if (second_of_two) return std::nullopt;
    switch (state_) {
        case State::ground:
            return key(byte, out);
        case State::escape:
            parameters_.clear();
            state_ = byte == '['      ? State::control
                     : byte == 'O'    ? State::single
                     : byte == escape ? State::escape
                                      : State::ground;
            return std::nullopt;
        case State::single:
            state_ = State::ground;
            sequence(byte, out);
            return std::nullopt;
        case State::control:
            break;
    }
    // ECMA-48, 5.4: parameters and intermediates, then one final byte. A control among them is no
    // part of a sequence: it counts as the key that it is.
    if (byte >= 0x20 && byte <= 0x3F) {
        if (parameters_.size() < max_parameters) parameters_ += byte;
        return std::nullopt;
    }
    state_ = State::ground;
    if (byte >= 0x40 && byte <= 0x7E) {
        sequence(byte, out);
        return std::nullopt;
    }
    return key(byte, out);
}

std::optional<Event> LineEditor::key(char byte, std::string& out) {
    switch (byte) {
        case '\r':
        case '\n':
            return finish(overflowed_ ? Event::Kind::too_long : Event::Kind::line, out);
        case control('C'):
            return finish(Event::Kind::interrupt, out);
        case control('U'):
            overflowed_ = false;
            erase(0, cursor_, out);
            return std::nullopt;
        case escape:
            state_ = State::escape;
            return std::nullopt;
        default:
            break;
    }
    if (overflowed_) return std::nullopt;
    switch (byte) {
        case control('D'):
            if (text_.empty()) return finish(Event::Kind::end, out);
            if (!secret_) erase(cursor_, after(cursor_), out);
            return std::nullopt;
        case '\b':
        case '\x7f':
            erase(before(cursor_), cursor_, out);
            return std::nullopt;
        case control('W'):
            erase(word_before(cursor_), cursor_, out);
            return std::nullopt;
        default:
            break;
    }
    if (static_cast<unsigned char>(byte) >= 0x20) {
        character(byte, out);
        return std::nullopt;
    }
    if (secret_) return std::nullopt;
    switch (byte) {
        case '\t':
            return Event{Event::Kind::complete, text_.substr(0, cursor_)};
        case control('A'):
            move_to(0, out);
            break;
        case control('E'):
            move_to(text_.size(), out);
            break;
        case control('B'):
            move_to(before(cursor_), out);
            break;
        case control('F'):
            move_to(after(cursor_), out);
            break;
        case control('P'):
            recall(1, out);
            break;
        case control('N'):
            recall(-1, out);
            break;
        case control('K'):
            erase(cursor_, text_.size(), out);
            break;
        case control('L'):
            out += "\x1b[H\x1b[2J";
            draw(out);
            break;
        default:
            break;
    }
    return std::nullopt;
}

std::optional<Event> LineEditor::finish(Event::Kind kind, std::string& out) {
    if (!secret_ && cursor_ != text_.size()) move_to(text_.size(), out);
    if (kind == Event::Kind::interrupt) out += "^C";
    out += "\r\n";
    Event event{kind, std::move(text_)};
    if (kind != Event::Kind::line) event.line.clear();
    text_.clear();
    partial_.clear();
    cursor_ = 0;
    overflowed_ = false;
    return event;
}

void LineEditor::character(char byte, std::string& out) {
    if (partial_.empty()) {
        const auto lead = static_cast<unsigned char>(byte);
        if (lead < 0x80) return insert({&byte, 1}, out);
        if (lead < 0xC2 || lead > 0xF4) {
            out += bell;
            return;
        }
        partial_ = byte;
        return;
    }
    if (!continues(byte)) {
        partial_.clear();
        out += bell;
        return character(byte, out);
    }
    partial_ += byte;
    if (partial_.size() < size_of(partial_.front())) return;
    const auto whole = std::exchange(partial_, {});
    if (tty::is_plain(whole)) {
        insert(whole, out);
    } else {
        out += bell;
    }
}

void LineEditor::insert(std::string_view text, std::string& out) {
    if (text_.size() + text.size() > max_line_bytes) {
        overflowed_ = true;
        text_.clear();
        cursor_ = 0;
        out += bell;
        return;
    }
    text_.insert(cursor_, text);
    cursor_ += text.size();
    if (secret_) return;
    if (cursor_ == text_.size() && width(prompt_) + width(text_) < columns) {
        out += text;
    } else {
        draw(out);
    }
}

void LineEditor::sequence(char final, std::string& out) {
    if (secret_ || overflowed_) return;
    switch (final) {
        case 'A':
            return recall(1, out);
        case 'B':
            return recall(-1, out);
        case 'C':
            return move_to(after(cursor_), out);
        case 'D':
            return move_to(before(cursor_), out);
        case 'H':
            return move_to(0, out);
        case 'F':
            return move_to(text_.size(), out);
        case '~':
            // What the VT220's editing keypad sends, and terminals since.
            if (parameters_ == "1" || parameters_ == "7") return move_to(0, out);
            if (parameters_ == "4" || parameters_ == "8") return move_to(text_.size(), out);
            if (parameters_ == "3") return erase(cursor_, after(cursor_), out);
            return;
        default:
            return;
    }
}

void LineEditor::move_to(std::size_t cursor, std::string& out) {
    cursor_ = cursor;
    draw(out);
}

void LineEditor::erase(std::size_t from, std::size_t to, std::string& out) {
    if (!partial_.empty()) partial_.clear();
    text_.erase(from, to - from);
    cursor_ = from;
    if (!secret_) draw(out);
}

void LineEditor::replace(const std::string& line, std::string& out) {
    text_ = line;
    cursor_ = text_.size();
    draw(out);
}

void LineEditor::recall(int step, std::string& out) {
    const auto wanted = static_cast<std::ptrdiff_t>(recalled_) + step;
    if (wanted < 0 || wanted > static_cast<std::ptrdiff_t>(history_.size())) {
        out += bell;
        return;
    }
    if (recalled_ == 0) own_ = text_;
    recalled_ = static_cast<std::size_t>(wanted);
    replace(recalled_ == 0 ? own_ : history_[history_.size() - recalled_], out);
}

// The line anew, in one row of the terminal: of a longer one the part around the cursor.
void LineEditor::draw(std::string& out) const {
    out += "\r\x1b[K" + prompt_;
    if (secret_) return;
    const auto room = columns - std::min(columns / 2, width(prompt_));
    const auto behind = width(std::string_view{text_}.substr(0, cursor_));
    std::size_t from = 0;
    for (std::size_t skip = behind >= room ? behind - room + 1 : 0; skip > 0; --skip)
        from = after(from);
    std::size_t to = from;
    std::size_t shown = 0;
    for (; shown < room && to < text_.size(); ++shown)
        to = after(to);
    out += text_.substr(from, to - from);
    const auto back = shown - width(std::string_view{text_}.substr(from, cursor_ - from));
    if (back > 0) out += "\x1b[" + std::to_string(back) + 'D';
}

std::size_t LineEditor::before(std::size_t at) const {
    while (at > 0 && continues(text_[--at])) {
    }
    return at;
}

std::size_t LineEditor::after(std::size_t at) const {
    if (at < text_.size()) ++at;
    while (at < text_.size() && continues(text_[at]))
        ++at;
    return at;
}

std::size_t LineEditor::word_before(std::size_t at) const {
    while (at > 0 && text_[at - 1] == ' ')
        --at;
    while (at > 0 && text_[at - 1] != ' ')
        --at;
    return at;
}

void LineEditor::complete(const std::vector<std::string>& words, std::string& out) {
    if (words.empty()) {
        out += bell;
        return;
    }
    auto shared = words.front();
    for (const auto& word : words) {
        const auto ends = std::mismatch(shared.begin(), shared.end(), word.begin(), word.end());
        shared.erase(ends.first, shared.end());
    }
    std::size_t begin = cursor_;
    while (begin > 0 && text_[begin - 1] != ' ')
        --begin;
    const auto typed = cursor_ - begin;
    if (words.size() > 1 && shared.size() <= typed) {
        out += "\r\n";
        for (const auto& word : words)
            out += word + "  ";
        out += "\r\n";
        draw(out);
        return;
    }
    if (words.size() == 1) shared += ' ';
    if (shared.size() > typed) insert(std::string_view{shared}.substr(typed), out);
}

void LineEditor::remember(std::string line) {
    if (line.empty() || (!history_.empty() && history_.back() == line)) return;
    if (history_.size() == max_history) history_.pop_front();
    history_.push_back(std::move(line));
}

}  // namespace antrean::device_console
