#include "controller/site/draft.hpp"
#include "drivers/config/file.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <openssl/evp.h>

namespace antrean::site {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view zone_folder = "/usr/share/zoneinfo/";
constexpr config::FileKind site_file{"a site file", max_file_bytes,
                                     "a large hall's has some 100 KiB",
                                     "write a site into it, as schemas/sites/README.md tells"};

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

// What Site::version says of TEXT.
std::string version_of(std::string_view text) {
    constexpr std::size_t bytes = 8;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1 ||
        size < bytes) {
        throw std::runtime_error{"SHA-256 failed"};
    }
    std::string digits;
    for (std::size_t i = 0; i < bytes; ++i) {
        digits += "0123456789abcdef"[hash[i] >> 4u];
        digits += "0123456789abcdef"[hash[i] & 0xFu];
    }
    return digits;
}

}  // namespace

boost::system::result<Site, LoadError> load(const fs::path& file) {
    Problems problems;
    Site site;
    if (const auto text = config::text_of(file, site_file, problems)) {
        if (const auto draft = read(*text, problems)) {
            site = resolve(*draft, problems);
            site.version = version_of(*text);
            const Text& key_file = draft->appointments.key_file;
            if (!key_file.value.empty()) {
                site.appointment_key = read_key(key_file, file.parent_path(), problems);
            }
            const Text& zone = draft->hall.time_zone;
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
