// Who may use the console: the code of this device, kept as a salted hash, and how long a wrong one
// keeps everybody out. Pure: the salt and the time come from outside.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace antrean::device_console {

// PBKDF2 with HMAC-SHA-256 (RFC 8018). The rounds are kept with each hash, so that they may rise.
struct Secret {
    std::array<std::byte, 16> salt{};
    std::array<std::byte, 32> hash{};
    std::uint32_t rounds = 0;
    bool operator==(const Secret&) const = default;
};

// Some 20 ms of a small ARM board, 10 of a PC: it is the lockout that guessing breaks at, and the
// code's length; the rounds are for whoever has the store in hands. Buttons wait for as long.
inline constexpr std::uint32_t code_rounds = 20'000;
inline constexpr std::size_t min_code_bytes = 8;
inline constexpr std::size_t max_code_bytes = 128;

// SALT: 16 random bytes.
Secret make_secret(std::string_view code, const std::array<std::byte, 16>& salt,
                   std::uint32_t rounds = code_rounds);
// Takes as long whatever of it differs.
bool is_code(const Secret& secret, std::string_view code);

// How long nothing is taken after so many wrong codes in a row: 1 s, 2, 4 and so on to 15 min.
std::chrono::seconds lockout_after(std::uint32_t wrong_codes);

}  // namespace antrean::device_console
