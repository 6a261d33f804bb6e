#include "tools/benchmark/healthy_printer.hpp"

#include <string_view>

namespace antrean::benchmark {
namespace {

using namespace std::string_view_literals;

constexpr char dle = 0x10, esc = 0x1b, fs = 0x1c, gs = 0x1d;
constexpr auto healthy_status = "\x12"sv;                   // to each DLE EOT
constexpr auto healthy_auto_status = "\x10\x00\x00\x00"sv;  // to GS a, and never again
constexpr auto paper_there = "\x00"sv;                      // to GS r
constexpr auto cleared = "\x37\x25\x00"sv;                  // to DLE DC4 8
constexpr std::size_t clear_size = 10;
constexpr std::size_t process_id_size = 11;

bool is_command(char c) {
    return c == dle || c == esc || c == fs || c == gs;
}

}  // namespace

HealthyPrinter::Heard HealthyPrinter::feed(std::span<const char> bytes) {
    Heard heard;
    rest_.append(bytes.data(), bytes.size());
    while (!rest_.empty()) {
        if (!is_command(rest_.front())) {
            heard.text = heard.text || static_cast<unsigned char>(rest_.front()) > 0x20;
            rest_.erase(0, 1);
            continue;
        }
        const auto size = command_size();
        if (size == 0 || rest_.size() < size) break;
        answer(size, heard);
        rest_.erase(0, size);
    }
    return heard;
}

std::size_t HealthyPrinter::command_size() const {
    if (rest_.size() < 2) return 0;
    const char first = rest_[0];
    const char second = rest_[1];
    if (first == dle) return second == 0x14 ? clear_size : 3;
    if (first == fs) return 2;
    if (first == esc) return second == '@' ? 2 : 3;
    if (second == '(') {
        if (rest_.size() < 5) return 0;
        return 5 + static_cast<unsigned char>(rest_[3]) +
               256 * std::size_t{static_cast<unsigned char>(rest_[4])};
    }
    if (second == 'V') {
        if (rest_.size() < 3) return 0;
        return rest_[2] == 'A' || rest_[2] == 'B' ? 4 : 3;
    }
    return 3;
}

void HealthyPrinter::answer(std::size_t size, Heard& heard) const {
    const std::string_view command = std::string_view{rest_}.substr(0, size);
    if (command.starts_with("\x10\x04"sv)) heard.answers += healthy_status;
    if (command.starts_with("\x10\x14\x08"sv)) heard.answers += cleared;
    if (command.starts_with("\x1d\x61"sv) && command[2] != 0) heard.answers += healthy_auto_status;
    if (command.starts_with("\x1dr"sv)) {
        heard.answers += paper_there;
        heard.confirmed = true;
    }
    if (command.starts_with("\x1d(H"sv) && size == process_id_size) {
        heard.answers += "\x37\x22"sv;
        heard.answers += command.substr(7);
        heard.answers += '\0';
        heard.confirmed = true;
    }
}

}  // namespace antrean::benchmark
