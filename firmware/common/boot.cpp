#include "firmware/common/boot.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

namespace antrean::common {
namespace {

// The first line, up to a zero byte, as a device tree ends its texts.
std::string first_line(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::string line;
    std::getline(file, line);
    return line.substr(0, line.find('\0'));
}

// Of cards that are plugged into a bus; bridges and the like come and go.
std::string card_address() {
    std::vector<std::filesystem::path> cards;
    std::error_code error;
    for (const auto& card : std::filesystem::directory_iterator{"/sys/class/net", error}) {
        if (std::filesystem::exists(card.path() / "device", error)) cards.push_back(card.path());
    }
    std::sort(cards.begin(), cards.end());
    return cards.empty() ? std::string{} : first_line(cards.front() / "address");
}

}  // namespace

std::string boot_id() {
    return first_line("/proc/sys/kernel/random/boot_id");
}

std::string hardware_id() {
    auto serial = first_line("/proc/device-tree/serial-number");
    return serial.empty() ? card_address() : serial;
}

}  // namespace antrean::common
