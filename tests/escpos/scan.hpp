// Reads a paper back, knowing only what the manuals say about the lengths of commands: a second
// opinion on the encoder's bytes. Knows no more commands than a paper may hold.
#pragma once

#include "drivers/escpos/bitmap.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::escpos {

struct Token {
    std::string name;      // "ESC a", "GS v", "text", "LF"
    std::string operands;  // what follows the name; of text, the text
    std::size_t size = 0;  // bytes in all
};

struct Scan {
    std::vector<Token> tokens;
    std::string problem;  // empty if every byte is accounted for

    // All text, each line ended by '\n'.
    std::string text() const {
        std::string all;
        for (const Token& token : tokens) {
            if (token.name == "text") all += token.operands;
            if (token.name == "LF") all += '\n';
        }
        return all;
    }
    std::size_t count(std::string_view name) const {
        return static_cast<std::size_t>(std::count_if(
            tokens.begin(), tokens.end(), [&](const Token& t) { return t.name == name; }));
    }
    // The operands of the first one so named, "none" if there is none.
    std::string operands(std::string_view name) const {
        for (const Token& token : tokens)
            if (token.name == name) return token.operands;
        return "none";
    }
};

// Where a sequence begins that a printer executes on arrival; npos if there is none.
inline std::size_t find_real_time(std::string_view bytes) {
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        const auto second = bytes[i + 1];
        if (bytes[i] == 0x10 && (second == 0x04 || second == 0x05 || second == 0x14)) return i;
    }
    return std::string_view::npos;
}

inline std::string as_string(std::span<const std::byte> bytes) {
    std::string text(bytes.size(), '\0');
    std::transform(bytes.begin(), bytes.end(), text.begin(),
                   [](std::byte b) { return static_cast<char>(b); });
    return text;
}

namespace scanning {

struct Command {
    std::string_view name;   // as shown
    std::string_view begin;  // its bytes
    int operands;            // how many; or one of those below
};
enum Length : int { block = -1, raster = -2, columns = -3, barcode = -4, cut = -5 };

inline constexpr Command commands[] = {
    {"ESC @", "\x1b@", 0},        {"ESC a", "\x1b\x61", 1},      {"ESC E", "\x1b\x45", 1},
    {"ESC -", "\x1b-", 1},        {"ESC R", "\x1bR", 1},         {"ESC t", "\x1bt", 1},
    {"ESC d", "\x1b\x64", 1},     {"ESC J", "\x1bJ", 1},         {"ESC 2", "\x1b\x32", 0},
    {"ESC 3", "\x1b\x33", 1},     {"ESC *", "\x1b*", columns},   {"ESC B", "\x1b\x42", 2},
    {"ESC ( A", "\x1b(A", block}, {"ESC i", "\x1bi", 0},         {"ESC m", "\x1bm", 0},
    {"FS .", "\x1c.", 0},         {"FS P", "\x1cP", 4},          {"GS !", "\x1d!", 1},
    {"GS B", "\x1d\x42", 1},      {"GS a", "\x1d\x61", 1},       {"GS V", "\x1dV", cut},
    {"GS v", "\x1dv0", raster},   {"GS ( L", "\x1d(L", block},   {"GS ( k", "\x1d(k", block},
    {"GS ( K", "\x1d(K", block},  {"GS h", "\x1dh", 1},          {"GS w", "\x1dw", 1},
    {"GS H", "\x1dH", 1},         {"GS k", "\x1dkI", barcode},   {"GS |", "\x1d|", 1},
    {"GS F0", "\x1d\xf0", 1},     {"GS e 3", "\x1d\x65\x03", 1}, {"GS e", "\x1d\x65", 1}};

inline int byte_at(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}
inline std::size_t word_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::size_t>(byte_at(bytes, at) | byte_at(bytes, at + 1) << 8);
}

// How many bytes follow the command's own.
inline std::size_t length(const Command& command, std::string_view rest) {
    switch (command.operands) {
        case block:
            return 2 + word_at(rest, 0);
        case raster:
            return 5 + word_at(rest, 1) * word_at(rest, 3);
        case columns:
            return 3 + word_at(rest, 1) * (byte_at(rest, 0) >= 32 ? 3 : 1);
        case barcode:
            return 1 + static_cast<std::size_t>(byte_at(rest, 0));
        case cut:
            return byte_at(rest, 0) >= 65 ? 2 : 1;
        default:
            return static_cast<std::size_t>(command.operands);
    }
}

}  // namespace scanning

inline Scan scan(std::string_view bytes) {
    Scan result;
    if (find_real_time(bytes) != std::string_view::npos) {
        result.problem = "a real-time command at " + std::to_string(find_real_time(bytes));
        return result;
    }
    for (std::size_t at = 0; at < bytes.size();) {
        const std::string_view rest = bytes.substr(at);
        const int first = scanning::byte_at(rest, 0);
        if (first >= 0x20 && first != 0x7f) {
            if (result.tokens.empty() || result.tokens.back().name != "text")
                result.tokens.push_back({"text", {}, 0});
            result.tokens.back().operands += rest.front();
            ++result.tokens.back().size;
            ++at;
            continue;
        }
        if (first == '\n') {
            result.tokens.push_back({"LF", {}, 1});
            ++at;
            continue;
        }
        const auto* const command =
            std::find_if(std::begin(scanning::commands), std::end(scanning::commands),
                         [&](const auto& c) { return rest.starts_with(c.begin); });
        if (command == std::end(scanning::commands)) {
            result.problem = "an unknown command at " + std::to_string(at);
            return result;
        }
        const std::string_view after = rest.substr(command->begin.size());
        const std::size_t length = scanning::length(*command, after);
        if (length > after.size()) {
            result.problem = "cut off at " + std::to_string(at);
            return result;
        }
        result.tokens.push_back({std::string{command->name}, std::string{after.substr(0, length)},
                                 command->begin.size() + length});
        at += command->begin.size() + length;
    }
    return result;
}

inline Scan scan(std::span<const std::byte> bytes) {
    return scan(as_string(bytes));
}

// The pictures of a paper, one below the other.
inline Bitmap pictures(const Scan& scan) {
    using scanning::byte_at;
    using scanning::word_at;
    struct Part {
        int width, height;
        std::string_view data;
        bool columns;
    };
    std::vector<Part> parts;
    int width = 0;
    int height = 0;
    for (const Token& token : scan.tokens) {
        const std::string_view data = token.operands;
        if (token.name == "GS v") {
            parts.push_back({static_cast<int>(word_at(data, 1)) * 8,
                             static_cast<int>(word_at(data, 3)), data.substr(5), false});
        } else if (token.name == "GS ( L" && byte_at(data, 3) == 0x70) {
            parts.push_back({static_cast<int>(word_at(data, 8)),
                             static_cast<int>(word_at(data, 10)), data.substr(12), false});
        } else if (token.name == "ESC *") {
            parts.push_back({static_cast<int>(word_at(data, 1)), 24, data.substr(3), true});
        } else {
            continue;
        }
        width = std::max(width, parts.back().width);
        height += parts.back().height;
    }
    Bitmap all{width, height};
    int top = 0;
    for (const Part& part : parts) {
        for (int y = 0; y < part.height; ++y) {
            for (int x = 0; x < part.width; ++x) {
                const int at = part.columns ? x * 3 + y / 8 : y * ((part.width + 7) / 8) + x / 8;
                const int bit = part.columns ? 7 - y % 8 : 7 - x % 8;
                if (byte_at(part.data, static_cast<std::size_t>(at)) >> bit & 1)
                    all.set(x, top + y);
            }
        }
        top += part.height;
    }
    return all;
}

}  // namespace antrean::escpos
