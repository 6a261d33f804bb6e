// CODE128 as bars, by ISO/IEC 15417. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace antrean::virtual_printer {

struct Barcode {
    std::vector<bool> modules;  // true is black; start to stop, without quiet zones
    std::string text;           // what it says in characters
};

// `data` is that of GS k 73: it begins with {A, {B or {C, which also change the set later on; {S is
// shift, {1 to {4 the functions, {{ a brace. In set C each byte is a pair of digits, 0 to 99.
// nullopt: a character that its set does not have, or no set at the beginning.
std::optional<Barcode> code128(std::span<const std::uint8_t> data);

}  // namespace antrean::virtual_printer
