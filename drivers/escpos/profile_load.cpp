#include "drivers/escpos/profile_load.hpp"

#include "drivers/config/file.hpp"
#include "drivers/escpos/profile_table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace antrean::escpos {
namespace {

constexpr config::FileKind profile_file{
    "a printer profile", max_profile_bytes, "one has some 5 KiB",
    "write a profile into it, as schemas/printers/README.md tells"};

}  // namespace

Loaded<Profile> load_profile(const std::filesystem::path& file) {
    config::Problems problems;
    const auto text = config::text_of(file, profile_file, problems);
    if (!text) return config::LoadError{file, std::move(problems).in_file_order()};
    return read_profile(*text, file);
}

std::span<const std::string_view> known_profiles() {
    static const auto names = [] {
        std::vector<std::string_view> list;
        for (const BuiltInProfile& one : built_in_profiles())
            list.push_back(one.name);
        return list;
    }();
    return names;
}

std::string_view known_profile_text(std::string_view name) {
    const auto all = built_in_profiles();
    const auto found = std::ranges::find(all, name, &BuiltInProfile::name);
    return found == all.end() ? std::string_view{} : *found->text;
}

Loaded<Profile> find_profile(const std::string& which) {
    if (which.find('/') != std::string::npos || which.ends_with(".toml")) {
        return load_profile(which);
    }
    const auto all = built_in_profiles();
    const auto found = std::ranges::find(all, which, &BuiltInProfile::name);
    if (found != all.end()) return read_profile(*found->text, which + ".toml");
    const auto names = known_profiles();
    const std::vector<std::string_view> known{names.begin(), names.end()};
    const std::string_view near = config::nearest(which, known);
    const std::string remedy =
        near.empty() ? "write one of " + config::joined(known) + ", or the path of a file"
                     : "did you mean '" + std::string{near} + "'?";
    return config::LoadError{which, {{0, "there is no printer profile of this name", remedy}}};
}

}  // namespace antrean::escpos
