// What the tests of printer profiles share.
#pragma once

#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace antrean::escpos::bench {

inline std::string printer_file(const std::string& name) {
    auto text = tests::content(std::filesystem::path{ANTREAN_PRINTERS} / name);
    REQUIRE_FALSE(text.empty());
    return text;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("not in the text: " + from);
    return text.replace(at, from.size(), to);
}

}  // namespace antrean::escpos::bench
