#include "drivers/escpos/encode.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace {

using namespace antrean::escpos;

std::string as_text(const std::vector<std::byte>& bytes) {
    std::string text;
    for (const std::byte b : bytes)
        text += static_cast<char>(b);
    return text;
}

std::string operator""_s(const char* text, std::size_t size) {
    return {text, size};
}

TEST_CASE("a small paper is encoded byte for byte", "[escpos][encode]") {
    Encoder encoder{generic_80()};
    encoder.init().align(Align::center).bold(true).line("Loket 3").bold(false);
    encoder.size(2, 4).line("A012").size(1, 1).feed(2).cut();
    CHECK(as_text(encoder.take()) ==
          "\x1b@\x1c.\x1bR\0\x1bt\x10"
          "\x1b"
          "a\x01\x1b"
          "E\x01Loket 3\n\x1b"
          "E\0"
          "\x1d!\x13"
          "A012\n\x1d!\0"
          "\x1b"
          "d\x02"
          "\x1dVB\0"_s);
    CHECK(encoder.bytes().empty());
}

TEST_CASE("a paper switches status reports on again where the printer has them",
          "[escpos][encode]") {
    Encoder encoder{epson_tm()};
    CHECK(as_text(encoder.init().bytes()) ==
          "\x1b@\x1c.\x1d"
          "a\xff\x1bR\0\x1bt\x10"_s);
}

TEST_CASE("characters are put into the code page or replaced", "[escpos][encode]") {
    struct Row {
        std::string_view utf8;
        CodePage page;
        std::string encoded;
    };
    const auto row = GENERATE(values<Row>({
        {"Kantor Pajak", CodePage::ascii, "Kantor Pajak"},
        {"é", CodePage::ascii, "?"},
        {"é ÿ €", CodePage::cp1252, "\xe9 \xff \x80"},
        {"é ÿ €", CodePage::cp858, "\x82 \x98 \xd5"},
        {"“Ja’far” – —", CodePage::cp1252,
         "\x93Ja\x92"
         "far\x94 \x96 \x97"},
        {"“Ja’far” – —", CodePage::cp858, "\"Ja'far\" - -"},
        {"\xc2\xad", CodePage::cp1252, "?"},      // a soft hyphen
        {"a\xc2\xa0z", CodePage::cp1252, "a z"},  // a space that does not break
        {"日本", CodePage::cp1252, "??"},
        {"a\tb\r\nc", CodePage::ascii, "a b  c"},
        {"\x1b@\x10\x14\x7f", CodePage::cp1252, "?@???"},
        {"\xc0\x9b@", CodePage::cp1252, "??@"},       // ESC in a longer form than needed
        {"\xed\xa0\x80", CodePage::cp1252, "?"},      // half of a surrogate pair
        {"\xf4\x90\x80\x80", CodePage::cp1252, "?"},  // beyond the last character
        {"\xe2\x82", CodePage::cp1252, "?"},          // cut off
        {"\xe2(\xa1", CodePage::cp1252, "?(?"},
        {"\xc2\x9b", CodePage::cp1252, "?"},  // CSI as one C1 character
    }));
    CHECK(encode_text(row.utf8, row.page) == row.encoded);
}

TEST_CASE("no control byte comes out of any text", "[escpos][encode]") {
    std::mt19937 random{20240817};
    for (int round = 0; round < 20000; ++round) {
        std::string text(random() % 40, '\0');
        for (char& c : text)
            c = static_cast<char>(random());
        const auto page = static_cast<CodePage>(random() % 3);
        for (const char c : encode_text(text, page)) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (byte < 0x20 || byte == 0x7f || (page == CodePage::ascii && byte > 0x7f))
                FAIL("control byte " << int{byte} << " in round " << round);
        }
    }
    SUCCEED();
}

TEST_CASE("text cannot change what the encoder itself puts between", "[escpos][encode]") {
    // The same calls with hostile and with harmless text have the same bytes around the text.
    std::mt19937 random{7};
    for (int round = 0; round < 2000; ++round) {
        std::string text(random() % 60, '\0');
        for (char& c : text)
            c = static_cast<char>(random() % 0x30);
        Encoder hostile{generic_80()};
        hostile.init().line(text).wrapped(text, 2).size(2, 2).text(text).cut();
        const std::string bytes = as_text(hostile.bytes());
        int escapes = 0;
        for (const char c : bytes)
            escapes += c == '\x1b' || c == '\x1c' || c == '\x1d';
        REQUIRE(escapes == 6);  // ESC @, FS ., ESC R, ESC t, GS !, GS V
    }
}

TEST_CASE("a line is clipped at the right edge for its size", "[escpos][encode]") {
    Encoder encoder{generic_58()};
    encoder.line(std::string(40, 'x'));
    CHECK(as_text(encoder.take()) == std::string(32, 'x') + "\n");
    encoder.text(std::string(30, 'x')).size(2, 1).text("yz");
    CHECK(as_text(encoder.take()) == std::string(30, 'x') + "\x1d!\x10y");
    CHECK(Encoder{generic_58()}.size(3, 1).columns() == 10);
}

TEST_CASE("text is wrapped between words", "[escpos][encode]") {
    struct Row {
        std::string_view text;
        int max_lines;
        std::string lines;
    };
    const auto row = GENERATE(values<Row>({
        {"Dinas Kependudukan dan Pencatatan Sipil Kota", 4,
         "Dinas Kependudukan dan\nPencatatan Sipil Kota\n"},
        {"Dinas Kependudukan dan Pencatatan Sipil Kota", 1, "Dinas Kependudukan dan\n"},
        {"  a  ", 4, "a\n"},
        {"", 4, ""},
        {"   ", 4, ""},
        {"12345678901234567890123456789012 x", 4, "12345678901234567890123456789012\nx\n"},
        {"123456789012345678901234567890123 x", 4, "12345678901234567890123456789012\n3 x\n"},
        {"a\nb", 4, "a b\n"},
    }));
    Encoder encoder{generic_58()};
    CHECK(as_text(encoder.wrapped(row.text, row.max_lines).take()) == row.lines);
}

TEST_CASE("alignment, feed and cut end a line that has begun", "[escpos][encode]") {
    Encoder encoder{generic_58()};
    encoder.text("a").align(Align::right).text("b").feed(0).text("c").cut();
    CHECK(as_text(encoder.take()) ==
          "a\n\x1b"
          "a\x02"
          "b\nc\n\x1b"
          "d\x05"_s);
}

}  // namespace
