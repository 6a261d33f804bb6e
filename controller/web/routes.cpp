#include "controller/web/routes.hpp"

#include <array>
#include <cstdio>

namespace antrean::web {

extern const std::string_view board_html;
extern const std::string_view board_css;
extern const std::string_view board_js;

namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

}  // namespace

Answer answer_for(Method method, std::string_view target) {
    if (method == Method::other) return {405, plain_text, "405 method not allowed\n"};
    const std::string_view path = target.substr(0, target.find('?'));
    if (path == "/board") return {200, "text/html; charset=utf-8", board_html};
    if (path == "/board.css") return {200, "text/css; charset=utf-8", board_css};
    if (path == "/board.js") return {200, "text/javascript; charset=utf-8", board_js};
    if (path == "/board/events") return {200, "text/event-stream", {}, {}, true};
    if (path == "/") return {302, plain_text, "the board is at /board\n", "/board"};
    return {404, plain_text, "404 not found\n"};
}

Answer refusal(unsigned status) {
    switch (status) {
        case 431:
            return {431, plain_text, "431 request header too large\n"};
        case 503:
            return {503, plain_text, "503 too many connections\n"};
        default:
            return {400, plain_text, "400 bad request\n"};
    }
}

std::string page_version() {
    // FNV-1a: any change of the files has to show, nobody has to be kept from forging it.
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::string_view file : {board_html, board_css, board_js}) {
        for (const char c : file) {
            hash ^= static_cast<unsigned char>(c);
            hash *= 0x100000001b3u;
        }
    }
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
    return text.data();
}

}  // namespace antrean::web
