// The tables of characters against those of the C library, and what is let through of them.
#include "drivers/escpos/code_pages.hpp"
#include "tests/catch.hpp"

#include <array>
#include <map>
#include <string>

#include <iconv.h>

namespace antrean::escpos {
namespace {

const std::map<CodePage, std::string> names{
    {CodePage::cp437, "CP437"},   {CodePage::cp737, "CP737"},   {CodePage::cp775, "CP775"},
    {CodePage::cp850, "CP850"},   {CodePage::cp852, "CP852"},   {CodePage::cp855, "CP855"},
    {CodePage::cp857, "CP857"},   {CodePage::cp858, "CP858"},   {CodePage::cp860, "CP860"},
    {CodePage::cp863, "CP863"},   {CodePage::cp865, "CP865"},   {CodePage::cp866, "CP866"},
    {CodePage::cp1250, "CP1250"}, {CodePage::cp1251, "CP1251"}, {CodePage::cp1252, "CP1252"},
    {CodePage::cp1253, "CP1253"}, {CodePage::cp1254, "CP1254"}, {CodePage::cp1257, "CP1257"}};

// 0 where the C library knows none, or a control character.
char32_t decoded(const std::string& page, unsigned byte) {
    const iconv_t converter = iconv_open("UTF-32LE", page.c_str());
    REQUIRE(reinterpret_cast<std::intptr_t>(converter) != -1);
    char in = static_cast<char>(byte);
    char* from = &in;
    std::size_t from_left = 1;
    std::array<char, 8> out{};
    char* to = out.data();
    std::size_t to_left = out.size();
    const bool known = iconv(converter, &from, &from_left, &to, &to_left) == 0;
    iconv_close(converter);
    if (!known) return 0;
    char32_t character = 0;
    for (int i = 3; i >= 0; --i)
        character = character << 8 | static_cast<unsigned char>(out[static_cast<std::size_t>(i)]);
    return character < 0xa0 ? 0 : character;
}

}  // namespace

TEST_CASE("every byte of every code page is the character that the C library says",
          "[escpos][encode]") {
    for (int n = 1; n <= static_cast<int>(CodePage::cp1257); ++n) {
        const auto page = static_cast<CodePage>(n);
        REQUIRE(names.contains(page));
        for (unsigned byte = 0x80; byte <= 0xff; ++byte) {
            INFO(names.at(page) << " byte " << byte);
            CHECK(upper_half(page)[byte - 0x80] == decoded(names.at(page), byte));
        }
    }
}

TEST_CASE(
    "every character of a code page comes back as its own byte, except marks for the breaking "
    "of lines",
    "[escpos][encode]") {
    for (const auto& [page, name] : names) {
        for (unsigned byte = 0x80; byte <= 0xff; ++byte) {
            const char32_t character = upper_half(page)[byte - 0x80];
            if (character == 0) continue;
            INFO(name << " byte " << byte);
            const auto encoded = to_page(character, page);
            if (character == 0xa0 || character == 0xad) {
                CHECK_FALSE(encoded);
            } else {
                REQUIRE(encoded);
                CHECK(static_cast<unsigned char>(*encoded) == byte);
            }
        }
    }
}

TEST_CASE("no page gives a control byte for any character there is", "[escpos][encode][F29]") {
    std::size_t printable = 0;
    for (int n = 0; n <= static_cast<int>(CodePage::cp1257); ++n) {
        const auto page = static_cast<CodePage>(n);
        for (char32_t character = 0; character <= 0x10000; ++character) {
            const auto encoded = to_page(character, page);
            if (!encoded) continue;
            ++printable;
            const auto byte = static_cast<unsigned char>(*encoded);
            if (byte < 0x20 || byte == 0x7f || (byte >= 0x80) != (character >= 0x80))
                FAIL("byte " << int{byte} << " for " << std::uint32_t{character});
        }
        CHECK_FALSE(to_page(0xffffffff, page));
        CHECK_FALSE(to_page(0x10ffff, page));
    }
    CHECK(printable > 19 * 95);
}

}  // namespace antrean::escpos
