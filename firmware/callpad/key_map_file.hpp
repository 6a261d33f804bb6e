// Reads key maps: TOML, as schemas/keys/README.md tells. Any thread.
#pragma once

#include "drivers/config/problems.hpp"
#include "firmware/callpad/key_map.hpp"

#include <filesystem>
#include <string_view>

#include <boost/system/result.hpp>

namespace antrean::callpad {

inline constexpr std::size_t max_key_map_bytes = 64 << 10;

// TEXT is what FILE says; FILE is only named in errors, which tell all that is wrong at once.
[[nodiscard]] boost::system::result<KeyMap, config::LoadError> read_key_map(
    std::string_view text, const std::filesystem::path& file);
[[nodiscard]] boost::system::result<KeyMap, config::LoadError> load_key_map(
    const std::filesystem::path& file);

// schemas/keys/standard.toml, which is built in.
const KeyMap& standard_key_map();

}  // namespace antrean::callpad
