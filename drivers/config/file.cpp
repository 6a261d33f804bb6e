#include "drivers/config/file.hpp"

#include "drivers/config/problems.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace antrean::config {
namespace {

namespace fs = std::filesystem;

std::string size_in_words(std::size_t bytes) {
    constexpr std::size_t kib = 1024;
    constexpr std::size_t mib = kib * kib;
    return bytes % mib == 0 ? std::to_string(bytes / mib) + " MiB"
                            : std::to_string(bytes / kib) + " KiB";
}

}  // namespace

std::optional<std::string> text_of(const fs::path& file, const FileKind& kind, Problems& problems) {
    const std::string noun{kind.noun};
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) {
        problems.add(0, "there is no such file", "check the path, or copy " + noun + " there");
        return std::nullopt;
    }
    if (status.type() == fs::file_type::directory) {
        problems.add(0, "this is a directory", "name " + noun + " in it");
        return std::nullopt;
    }
    if (error) {
        problems.add(0, "cannot be read: " + error.message(), "let this user read it");
        return std::nullopt;
    }
    // A pipe or a device might never end, or never begin.
    if (status.type() != fs::file_type::regular) {
        problems.add(0, "this is no regular file", "name " + noun);
        return std::nullopt;
    }
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        problems.add(0, "cannot be read: " + std::string{std::strerror(errno)},
                     "let this user read it");
        return std::nullopt;
    }
    // One byte more than allowed tells a file that is too large, even if it grows meanwhile.
    std::string text(kind.max_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) {
        problems.add(0, "reading it failed", "check the disk that it is on");
        return std::nullopt;
    }
    if (text.size() > kind.max_bytes) {
        problems.add(0, "is larger than " + size_in_words(kind.max_bytes),
                     "name " + noun + ": " + std::string{kind.usual});
        return std::nullopt;
    }
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        problems.add(0, "the file is empty", std::string{kind.if_empty});
        return std::nullopt;
    }
    return text;
}

}  // namespace antrean::config
