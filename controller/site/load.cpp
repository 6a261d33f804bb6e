#include "controller/site/draft.hpp"
#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace antrean::site {
namespace {

namespace fs = std::filesystem;

constexpr std::ptrdiff_t max_dots = 10'000;
constexpr std::string_view zone_folder = "/usr/share/zoneinfo/";

// The text of FILE; none where it cannot be had, which is told.
std::optional<std::string> text_of(const fs::path& file, Problems& problems) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) {
        problems.add(0, "there is no such file", "check the path, or copy a site file there");
        return std::nullopt;
    }
    if (status.type() == fs::file_type::directory) {
        problems.add(0, "this is a directory", "name a site file in it");
        return std::nullopt;
    }
    if (error) {
        problems.add(0, "cannot be read: " + error.message(), "let this user read it");
        return std::nullopt;
    }
    // A pipe or a device might never end, or never begin.
    if (status.type() != fs::file_type::regular) {
        problems.add(0, "this is no regular file", "name a site file");
        return std::nullopt;
    }
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        problems.add(0, "cannot be read: " + std::string{std::strerror(errno)},
                     "let this user read it");
        return std::nullopt;
    }
    // One byte more than allowed tells a file that is too large, even if it grows meanwhile.
    std::string text(max_file_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) {
        problems.add(0, "reading it failed", "check the disk that it is on");
        return std::nullopt;
    }
    if (text.size() > max_file_bytes) {
        problems.add(0, "is larger than 1 MiB",
                     "name a site file: a large hall's has some 100 KiB");
        return std::nullopt;
    }
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        problems.add(0, "the file is empty",
                     "write a site into it, as schemas/sites/README.md tells");
        return std::nullopt;
    }
    // Each dot may nest a table one deeper ("a.a.a = 1"), without bound in toml++, which then runs
    // out of stack taking them down again.
    if (std::ranges::count(text, '.') > max_dots) {
        problems.add(0, "has more than " + std::to_string(max_dots) + " dots",
                     "remove some from comments and names");
        return std::nullopt;
    }
    return text;
}

// Whether NAME is a zone of the system's database. The name is looked at before the file system
// is: it must not lead out of the folder, nor to the variants that count leap seconds, nor to what
// each machine sets for itself.
bool is_time_zone(std::string_view name) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    if (name.size() > 64 || name.find_first_not_of(allowed) != std::string_view::npos) return false;
    if (name.starts_with('/') || name.starts_with("right/") || name.starts_with("posix/")) {
        return false;
    }
    if (name == "localtime" || name == "posixrules") return false;
    // Zones may be links to each other, but not to elsewhere.
    std::error_code error;
    const fs::path file = fs::canonical(std::string{zone_folder}.append(name), error);
    if (error || !file.string().starts_with(zone_folder)) return false;
    if (!fs::is_regular_file(file, error)) return false;
    std::ifstream stream{file, std::ios::binary};
    char magic[4] = {};
    stream.read(magic, sizeof magic);
    return stream.gcount() == sizeof magic && std::memcmp(magic, "TZif", sizeof magic) == 0;
}

}  // namespace

boost::system::result<Site, LoadError> load(const fs::path& file) {
    Problems problems;
    Site site;
    if (const auto text = text_of(file, problems)) {
        if (const auto draft = read(*text, problems)) {
            site = resolve(*draft, problems);
            const Text& zone = draft->time_zone;
            if (!zone.value.empty() && !is_time_zone(zone.value)) {
                problems.add(
                    zone.line,
                    "time_zone " + in_quotes(zone.value) + " is not in " + std::string{zone_folder},
                    "write 'Asia/Jakarta', 'Asia/Makassar' or 'Asia/Jayapura'; if that "
                    "is what stands there, install the tzdata package");
            }
        }
    }
    if (!problems.empty()) return LoadError{file, std::move(problems).in_file_order()};
    return site;
}

}  // namespace antrean::site
