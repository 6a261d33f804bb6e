// What a device's configuration file says: TOML whose keys are the long options of the program,
// each with a text or a list of texts.
//
//     controller = "192.168.1.10:7411"
//     printer = ["usb:1-1.2", "usb:1-1.3"]
#pragma once

#include "drivers/config/problems.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::common {

inline constexpr std::size_t max_settings_bytes = 16 << 10;
inline constexpr std::size_t max_setting_bytes = 500;  // of one text
inline constexpr std::size_t max_setting_texts = 9;    // of one key

using Settings = std::map<std::string, std::vector<std::string>>;

// KEYS: those that are known. All that is wrong with the form is told at once; what the texts mean
// is not looked at. A file that is not there is an error.
[[nodiscard]] boost::system::result<Settings, config::LoadError> read_settings(
    const std::filesystem::path& file, const std::vector<std::string>& keys);

// The text of a file that reads as SETTINGS, whose texts are plain (drivers/tty/escape.hpp).
std::string to_toml(const Settings& settings);

// Where the file before the last save is kept.
std::filesystem::path previous_of(const std::filesystem::path& file);

}  // namespace antrean::common
