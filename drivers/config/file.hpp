// Reads a configuration file whole, within bounds.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace antrean::config {

class Problems;

// What a kind of file is called, so that a problem's remedy says what to name instead.
struct FileKind {
    std::string_view noun;      // "a site file"
    std::size_t max_bytes = 0;  // a multiple of 1024
    std::string_view usual;     // of its size: "a large hall's has some 100 KiB"
    std::string_view if_empty;  // the remedy: "write a site into it, as ... tells"
};

// The text of FILE; none where it cannot be had, which is told. A file that is larger than the kind
// allows, or no regular file, is refused unread. Nothing is kept open. Any thread.
std::optional<std::string> text_of(const std::filesystem::path& file, const FileKind& kind,
                                   Problems& problems);

}  // namespace antrean::config
