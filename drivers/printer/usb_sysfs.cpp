#include "drivers/printer/usb_sysfs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace antrean::printer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 65536;  // of one file; a device has a few hundred
constexpr int most_files = 65536;          // looked at for a holder

fs::path folder_of(const std::string& port) {
    return fs::path{"/sys/bus/usb/devices"} / port;
}

std::string read_file(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text(most_bytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return text;
}

std::string read_line(const fs::path& path) {
    std::string text = read_file(path);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\0'))
        text.pop_back();
    return text;
}

std::uint8_t number_in(const std::string& text) {
    std::uint8_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool is_process(const std::string& name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<SysfsDevice> read_sysfs_device(const std::string& port) {
    const fs::path folder = folder_of(port);
    SysfsDevice device;
    for (const char c : read_file(folder / "descriptors"))
        device.descriptors.push_back(static_cast<std::byte>(c));
    const auto model = usb_model(device.descriptors);
    if (!model) return std::nullopt;
    device.active = number_in(read_line(folder / "bConfigurationValue"));
    UsbIdentity& identity = device.identity;
    identity.model = *model;
    identity.port = port;
    identity.maker = read_line(folder / "manufacturer");
    identity.product = read_line(folder / "product");
    identity.serial = read_line(folder / "serial");
    return device;
}

std::string interface_driver(const std::string& port, const UsbInterface& interface) {
    const std::string name = port + ":" + std::to_string(interface.configuration) + "." +
                             std::to_string(interface.number);
    std::error_code error;
    return fs::read_symlink(folder_of(port) / name / "driver", error).filename().string();
}

std::string node_holder(int bus, int address) {
    std::array<char, 40> node{};
    std::snprintf(node.data(), node.size(), "/dev/bus/usb/%03d/%03d", bus, address);
    const std::string self = std::to_string(::getpid());
    std::error_code error;
    int files = 0;
    for (fs::directory_iterator process{"/proc", error}, end; !error && process != end;
         process.increment(error)) {
        const std::string id = process->path().filename().string();
        if (!is_process(id)) continue;
        std::error_code hidden;  // another user's
        for (fs::directory_iterator file{process->path() / "fd", hidden};
             !hidden && file != end && files < most_files; file.increment(hidden), ++files) {
            std::error_code closed;
            if (fs::read_symlink(file->path(), closed) == node.data())
                return id == self ? "another printer of this program"
                                  : read_line(process->path() / "comm") + " (process " + id + ")";
        }
    }
    return {};
}

}  // namespace antrean::printer
