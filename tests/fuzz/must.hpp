// What a fuzzer states: where it does not hold, the process ends, and libFuzzer keeps the input.
#pragma once

#include "drivers/tty/escape.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace antrean::fuzz {

inline void must(bool holds, int line = __builtin_LINE(), const char* file = __builtin_FILE()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%d: what must hold does not\n", file, line);
    std::abort();
}

// That TEXT, made for people of what came from outside, is one line which a terminal merely shows.
inline void must_be_plain(std::string_view text, int line = __builtin_LINE(),
                          const char* file = __builtin_FILE()) {
    if (!tty::is_plain(text)) {
        std::fprintf(stderr, "not plain: %s\n", tty::escaped(text).c_str());
        must(false, line, file);
    }
}

}  // namespace antrean::fuzz
