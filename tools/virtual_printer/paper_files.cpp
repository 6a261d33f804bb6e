#include "tools/virtual_printer/paper_files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace antrean::virtual_printer {
namespace {

constexpr std::string_view prefix = "paper-";

// The number in "paper-000007.png"; 0 for any other name.
std::uint64_t number_of(std::string_view name) {
    if (!name.starts_with(prefix)) return 0;
    name.remove_prefix(prefix.size());
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
    return parsed.ec == std::errc{} ? number : 0;
}

}  // namespace

PaperFiles::PaperFiles(std::filesystem::path folder) : folder_{std::move(folder)} {
    std::filesystem::create_directories(folder_);
    for (const auto& entry : std::filesystem::directory_iterator{folder_}) {
        next_ = std::max(next_, number_of(entry.path().filename().string()) + 1);
    }
}

std::string PaperFiles::store(const Paper& paper) {
    const std::string name = fmt::format("{}{:06}", prefix, next_++);
    const std::string text = paper.text();
    write(name + ".txt", text.data(), text.size());
    const auto png = renderer_.png(paper);
    write(name + ".png", reinterpret_cast<const char*>(png.data()), png.size());
    ++stored_;
    return name;
}

void PaperFiles::write(const std::string& name, const char* data, std::size_t size) {
    const std::filesystem::path temporary = folder_ / ("." + name + ".part");
    std::ofstream file{temporary, std::ios::binary};
    file.write(data, static_cast<std::streamsize>(size));
    file.close();
    std::error_code failed;
    if (file) std::filesystem::rename(temporary, folder_ / name, failed);
    if (file && !failed) return;
    std::filesystem::remove(temporary, failed);
    throw std::runtime_error{fmt::format("cannot write {}", (folder_ / name).string())};
}

std::string summary(const Paper& paper) {
    constexpr std::size_t longest = 100;
    std::string out;
    for (const Mark& line : paper.lines) {
        const auto first = line.text.find_first_not_of(' ');
        if (first == std::string::npos) continue;
        const std::string_view text = std::string_view{line.text}.substr(first);
        if (!out.empty() && out.size() + text.size() > longest) break;
        if (!out.empty()) out += " | ";
        out += text;
    }
    return out.empty() ? "(no text)" : out;
}

}  // namespace antrean::virtual_printer
