#include "firmware/callpad/large.hpp"

#include <algorithm>

namespace antrean::callpad {
namespace {

struct Glyph {
    char character;
    std::array<const char*, large_lines> lines;
};
// clang-format off
constexpr std::array glyphs{
    Glyph{'0', {"#####", "#   #", "#   #", "#   #", "#####"}},
    Glyph{'1', {"  #  ", " ##  ", "  #  ", "  #  ", "#####"}},
    Glyph{'2', {"#####", "    #", "#####", "#    ", "#####"}},
    Glyph{'3', {"#####", "    #", " ####", "    #", "#####"}},
    Glyph{'4', {"#   #", "#   #", "#####", "    #", "    #"}},
    Glyph{'5', {"#####", "#    ", "#####", "    #", "#####"}},
    Glyph{'6', {"#####", "#    ", "#####", "#   #", "#####"}},
    Glyph{'7', {"#####", "    #", "   # ", "  #  ", "  #  "}},
    Glyph{'8', {"#####", "#   #", "#####", "#   #", "#####"}},
    Glyph{'9', {"#####", "#   #", "#####", "    #", "#####"}},
    Glyph{'-', {"     ", "     ", " ### ", "     ", "     "}},
    Glyph{'A', {" ### ", "#   #", "#####", "#   #", "#   #"}},
    Glyph{'B', {"#### ", "#   #", "#### ", "#   #", "#### "}},
    Glyph{'C', {" ####", "#    ", "#    ", "#    ", " ####"}},
    Glyph{'D', {"#### ", "#   #", "#   #", "#   #", "#### "}},
    Glyph{'E', {"#####", "#    ", "#### ", "#    ", "#####"}},
    Glyph{'F', {"#####", "#    ", "#### ", "#    ", "#    "}},
    Glyph{'G', {" ####", "#    ", "#  ##", "#   #", " ####"}},
    Glyph{'H', {"#   #", "#   #", "#####", "#   #", "#   #"}},
    Glyph{'I', {" ### ", "  #  ", "  #  ", "  #  ", " ### "}},
    Glyph{'J', {"  ###", "   # ", "   # ", "#  # ", " ##  "}},
    Glyph{'K', {"#   #", "#  # ", "###  ", "#  # ", "#   #"}},
    Glyph{'L', {"#    ", "#    ", "#    ", "#    ", "#####"}},
    Glyph{'M', {"#   #", "## ##", "# # #", "#   #", "#   #"}},
    Glyph{'N', {"#   #", "##  #", "# # #", "#  ##", "#   #"}},
    Glyph{'O', {" ### ", "#   #", "#   #", "#   #", " ### "}},
    Glyph{'P', {"#### ", "#   #", "#### ", "#    ", "#    "}},
    Glyph{'Q', {" ### ", "#   #", "# # #", "#  # ", " ## #"}},
    Glyph{'R', {"#### ", "#   #", "#### ", "#  # ", "#   #"}},
    Glyph{'S', {" ####", "#    ", " ### ", "    #", "#### "}},
    Glyph{'T', {"#####", "  #  ", "  #  ", "  #  ", "  #  "}},
    Glyph{'U', {"#   #", "#   #", "#   #", "#   #", " ### "}},
    Glyph{'V', {"#   #", "#   #", "#   #", " # # ", "  #  "}},
    Glyph{'W', {"#   #", "#   #", "# # #", "## ##", "#   #"}},
    Glyph{'X', {"#   #", " # # ", "  #  ", " # # ", "#   #"}},
    Glyph{'Y', {"#   #", " # # ", "  #  ", "  #  ", "  #  "}},
    Glyph{'Z', {"#####", "   # ", "  #  ", " #   ", "#####"}},
};
// clang-format on

}  // namespace

std::array<std::string, large_lines> large(std::string_view label) {
    std::array<std::string, large_lines> lines;
    for (const char c : label) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        const auto glyph = std::find_if(glyphs.begin(), glyphs.end(),
                                        [&](const Glyph& g) { return g.character == upper; });
        for (std::size_t i = 0; i < large_lines; ++i) {
            lines[i] += glyph == glyphs.end() ? "     " : glyph->lines[i];
            lines[i] += ' ';
        }
    }
    return lines;
}

}  // namespace antrean::callpad
