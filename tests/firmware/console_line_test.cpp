#include "drivers/tty/escape.hpp"
#include "firmware/console/line_editor.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <string>

namespace antrean::firmware_test {

using device_console::LineEditor;
using Kind = LineEditor::Event::Kind;

namespace {

// A terminal of one row, as far as the editor uses one.
struct Terminal {
    std::string row;
    std::size_t cursor = 0;

    void show(std::string_view bytes) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const char c = bytes[i];
            if (c == '\r') {
                cursor = 0;
            } else if (c == '\n') {
                row.clear();
            } else if (c == '\x1b') {
                REQUIRE(bytes.at(++i) == '[');
                std::size_t count = 0;
                for (++i; bytes.at(i) >= '0' && bytes.at(i) <= '9'; ++i)
                    count = count * 10 + static_cast<std::size_t>(bytes[i] - '0');
                if (bytes[i] == 'K') {
                    row.resize(std::min(cursor, row.size()));
                } else {
                    REQUIRE(bytes[i] == 'D');
                    REQUIRE(count <= cursor);
                    cursor -= count;
                }
            } else if (c != '\a') {
                if (cursor == row.size()) row += ' ';
                row.at(cursor++) = c;
            }
        }
    }
};

struct Typist {
    LineEditor editor;
    Terminal terminal;
    std::optional<LineEditor::Event> last;

    Typist() { start(); }
    void start() {
        std::string out;
        editor.start("> ", false, out);
        terminal.show(out);
    }
    // The events' kinds are dropped but the last.
    void type(std::string_view bytes) {
        for (const char byte : bytes) {
            std::string out;
            if (auto event = editor.feed(byte, out)) last = std::move(event);
            terminal.show(out);
        }
    }
    std::string enter(std::string_view bytes) {
        last.reset();
        type(bytes);
        type("\r");
        REQUIRE(last);
        REQUIRE(last->kind == Kind::line);
        const auto line = last->line;
        editor.remember(line);
        start();
        return line;
    }
};

}  // namespace

TEST_CASE("a line is edited as terminals' keys say", "[firmware][console]") {
    Typist typist;
    CHECK(typist.enter("status") == "status");
    CHECK(typist.enter("statsu\x7f\x7fus") == "status");
    CHECK(typist.enter("tus\x01sta\x05!") == "status!");
    CHECK(typist.enter("stXus\x1b[D\x1b[D\x1b[D\x1b[3~ta\x1b[C\x1b[C") == "sttaus");
    CHECK(typist.enter("a bc def\x17\x17x") == "a x");
    CHECK(typist.enter("abc\x02\x02\x0b") == "a");
    CHECK(typist.enter("abc\x15x") == "x");
    CHECK(typist.enter("abc\x1b[Hx\x1b[Fy\x1b[1~z\x1b[4~.") == "zxabcy.");
    CHECK(typist.enter("\x1bOAz\x15x") == "x");
}

TEST_CASE("letters beyond ASCII are edited whole", "[firmware][console]") {
    Typist typist;
    CHECK(typist.enter("é€😀\x7f") == "é€");
    CHECK(typist.enter("é€\x1b[D\x7fx") == "x€");
    CHECK(typist.enter("\x82\xff\xc3(\xe2\x82x") == "(x");
    CHECK(typist.enter("a\u202eb\u0085c") == "abc");
}

TEST_CASE("what the terminal shows is the line, wherever the cursor is", "[firmware][console]") {
    Typist typist;
    typist.type("printer state");
    CHECK(typist.terminal.row == "> printer state");
    typist.type("\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x7f_");
    CHECK(typist.terminal.row == "> printer_state");
    CHECK(typist.terminal.cursor == 10);
    typist.type("\x01\x0b");
    CHECK(typist.terminal.row == "> ");
    // A longer line keeps to its row, with the cursor in sight.
    typist.type(std::string(100, 'a') + std::string(100, 'b'));
    CHECK(typist.terminal.row.size() <= 79);
    CHECK(typist.terminal.row.ends_with("bbb"));
    typist.type("\x01");
    CHECK(typist.terminal.row.starts_with("> aaa"));
    CHECK(typist.terminal.cursor == 2);
}

TEST_CASE("CR, LF and both together end one line", "[firmware][console]") {
    Typist typist;
    int lines = 0;
    for (const char byte : std::string_view{"a\rb\nc\r\nd\n\r"}) {
        std::string out;
        if (typist.editor.feed(byte, out)) ++lines;
    }
    CHECK(lines == 5);
}

TEST_CASE("history brings back what was typed, and the line that was begun",
          "[firmware][console]") {
    Typist typist;
    typist.enter("one");
    typist.enter("two");
    typist.enter("two");
    CHECK(typist.enter("\x1b[A") == "two");
    CHECK(typist.enter("\x1b[A\x1b[A") == "one");
    CHECK(typist.enter("own\x1b[A\x1b[A\x1b[A\x1b[B\x1b[B\x1b[B") == "own");
    for (int i = 0; i < 200; ++i)
        typist.enter(std::to_string(i));
    std::string up;
    for (std::size_t i = 0; i < 2 * LineEditor::max_history; ++i)
        up += "\x10";
    CHECK(typist.enter(up) == std::to_string(200 - LineEditor::max_history));
}

TEST_CASE("a secret is neither shown nor edited by cursor keys", "[firmware][console]") {
    LineEditor editor;
    std::string out;
    editor.remember("history");
    editor.start("code: ", true, out);
    out.clear();
    std::optional<LineEditor::Event> event;
    for (const char byte : std::string_view{"sec\x1b[A\x1b[D\x01x\x7fret\t\x10\r"})
        event = editor.feed(byte, out);
    REQUIRE(event);
    CHECK(event->line == "secret");
    CHECK(out == "\r\n");
}

TEST_CASE("Tab puts in what is sure and shows what is not", "[firmware][console]") {
    Typist typist;
    typist.type("x pr\t");
    REQUIRE(typist.last);
    CHECK(typist.last->kind == Kind::complete);
    CHECK(typist.last->line == "x pr");
    std::string out;
    typist.editor.complete({"printer", "print-all"}, out);
    CHECK(out == "int");
    out.clear();
    typist.editor.complete({"printer", "print-all"}, out);
    CHECK(out.find("printer  print-all") != std::string::npos);
    out.clear();
    typist.editor.complete({"printer"}, out);
    CHECK(out == "er ");
    out.clear();
    typist.editor.complete({}, out);
    CHECK(out == "\a");
}

TEST_CASE("whatever comes in, only plain text and the editor's own keys go out",
          "[firmware][console][R16][F30]") {
    LineEditor editor;
    std::string out;
    editor.start("> ", false, out);
    std::uint32_t random = 1;
    for (int i = 0; i < 300'000; ++i) {
        random = random * 1664525u + 1013904223u;
        // Half of them such as make sequences and characters.
        const auto pick = random >> 24;
        const char byte = random & 0x800000 ? "\x1b[OABCD~\x7f\t\xc3\xa9\xe2\x80\xae"[pick % 15]
                                            : static_cast<char>(pick);
        const auto event = editor.feed(byte, out);
        if (event) {
            CHECK(event->line.size() <= LineEditor::max_line_bytes);
            if (!tty::is_plain(event->line)) FAIL("a line with a control");
            if (event->kind == Kind::complete) {
                editor.complete({"printer", "print"}, out);
            } else {
                editor.remember(event->line);
                editor.start("> ", false, out);
            }
        }
        std::string rest;
        for (std::size_t at = 0; at < out.size(); ++at) {
            const char c = out[at];
            if (c == '\r' || c == '\n' || c == '\a') continue;
            if (c == '\x1b') {
                REQUIRE(out.at(at + 1) == '[');
                at += 2;
                while (out.at(at) >= '0' && out.at(at) <= '9')
                    ++at;
                REQUIRE(std::string_view{"KDHJ"}.find(out.at(at)) != std::string_view::npos);
                continue;
            }
            rest += c;
        }
        if (!tty::is_plain(rest)) FAIL("a control went out");
        out.clear();
    }
}

}  // namespace antrean::firmware_test
