// Printer profiles from files: the ones that come with the program, and one's own.
//
// schemas/printers/README.md says what a file has in it. All functions may be called from any
// thread.
#pragma once

#include "drivers/config/problems.hpp"
#include "drivers/escpos/profile.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace antrean::escpos {

template <class T>
using Loaded = boost::system::result<T, config::LoadError>;

// Reads and checks FILE. Its name without ".toml" becomes the profile's name. Where anything is
// wrong no profile is made, and all that is wrong is told at once.
inline constexpr std::size_t max_profile_bytes = 64 * 1024;
[[nodiscard]] Loaded<Profile> load_profile(const std::filesystem::path& file);

// The same of a TEXT that was read from FILE, or that stands for it. Pure.
[[nodiscard]] Loaded<Profile> read_profile(std::string_view text,
                                           const std::filesystem::path& file);

// The names of the profiles that come with the program, sorted: those of schemas/printers.
std::span<const std::string_view> known_profiles();

// The file of that profile, as it was when the program was built; empty for another name.
std::string_view known_profile_text(std::string_view name);

// The profile of that name, which is read when asked for. WHICH may also be a path: it has a '/' in
// it or ends in ".toml". A name that is not known is told, with the known ones.
[[nodiscard]] Loaded<Profile> find_profile(const std::string& which);

}  // namespace antrean::escpos
