#include "drivers/tty/escape.hpp"
#include "tests/catch.hpp"

#include <string>

using namespace antrean::tty;

TEST_CASE("plain text stays as it is", "[tty]") {
    const std::string plain =
        GENERATE("", "Loket 3", "Dinas Kependudukan & Pencatatan Sipil", "café, 漢字, 🎫",
                 "C:\\loket", "tilde ~ and \xC2\xA0 hard space", "\xF4\x8F\xBF\xBF");
    CHECK(is_plain(plain));
    CHECK(escaped(plain) == plain);
}

TEST_CASE("what a terminal would obey is written out", "[tty][R16][F30]") {
    struct Case {
        std::string text, escaped;
    };
    const Case one = GENERATE(
        Case{"\x1b[2Jboo", "\\x1B[2Jboo"},                 // C0: clears the screen
        Case{"a\nb\tc\r", "a\\x0Ab\\x09c\\x0D"},           // would forge a line of a log
        Case{std::string{"a\0b", 3}, "a\\x00b"},           //
        Case{"\x1f \x7f", "\\x1F \\x7F"},                  // the last of C0, DEL
        Case{"\xC2\x80\xC2\x9F", "\\xC2\\x80\\xC2\\x9F"},  // first and last of C1
        Case{"\xC2\x9B"
             "31m",
             "\\xC2\\x9B31m"},  // C1: CSI
        Case{"\xE2\x80\xAE"
             "txt",
             "\\xE2\\x80\\xAEtxt"},  // U+202E, right to left
        Case{"\xE2\x81\xA6\xE2\x81\xA9", "\\xE2\\x81\\xA6\\xE2\\x81\\xA9"},  // U+2066, U+2069
        Case{"\xE2\x80\x8E\xE2\x80\x8F", "\\xE2\\x80\\x8E\\xE2\\x80\\x8F"},  // U+200E, U+200F
        Case{"\xD8\x9C", "\\xD8\\x9C"},                                      // U+061C
        Case{"\xE2\x80\xA8", "\\xE2\\x80\\xA8"});                            // U+2028
    CHECK_FALSE(is_plain(one.text));
    CHECK(escaped(one.text) == one.escaped);
    CHECK(is_plain(escaped(one.text)));
}

TEST_CASE("bytes that are not UTF-8 are written out one by one", "[tty][R16][F30]") {
    struct Case {
        std::string text, escaped;
    };
    const Case one = GENERATE(Case{"\x80", "\\x80"}, Case{"\xFF", "\\xFF"},
                              Case{"\x9B"
                                   "31m",
                                   "\\x9B31m"},                         // a bare C1 byte
                              Case{"\xC0\xAF", "\\xC0\\xAF"},           // an overlong slash
                              Case{"\xE0\x80\x9B", "\\xE0\\x80\\x9B"},  // an overlong CSI
                              Case{"\xED\xA0\x80", "\\xED\\xA0\\x80"},  // a surrogate
                              Case{"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},  // above U+10FFFF
                              Case{"\xE2\x80", "\\xE2\\x80"},                    // cut short
                              Case{"\xE2\x80z\xC3\xA9", "\\xE2\\x80zé"});  // what follows is kept
    CHECK_FALSE(is_plain(one.text));
    CHECK(escaped(one.text) == one.escaped);
}

TEST_CASE("the neighbours of the controls are plain", "[tty]") {
    for (const char32_t c : {0x20u, 0x7Eu, 0xA0u, 0x200Du, 0x2010u, 0x2027u, 0x202Fu, 0x2065u,
                             0x206Au, 0x061Bu, 0x061Du}) {
        INFO(static_cast<unsigned>(c));
        CHECK(is_plain(c));
    }
    for (const char32_t c : {0x00u, 0x1Fu, 0x7Fu, 0x80u, 0x9Fu, 0x200Eu, 0x200Fu, 0x2028u, 0x202Au,
                             0x202Eu, 0x2066u, 0x2069u, 0x061Cu}) {
        INFO(static_cast<unsigned>(c));
        CHECK_FALSE(is_plain(c));
    }
}

TEST_CASE("every single byte comes out harmless", "[tty][R16][F30]") {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string out = escaped(std::string(1, static_cast<char>(byte)));
        const bool harmless = byte >= 0x20 && byte <= 0x7E;
        INFO(byte);
        CHECK(out.size() == (harmless ? 1u : 4u));
        CHECK(is_plain(out));
    }
}
