#include "drivers/printer/usb_identity.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace antrean::printer {

std::string usb_name(const UsbIdentity& identity) {
    std::array<char, 16> model{};
    std::snprintf(model.data(), model.size(), "%04x:%04x", identity.model.vendor,
                  identity.model.product);
    return identity.port + " (" + model.data() + ")";
}

std::string device_id_text(std::span<const std::byte> answer) {
    constexpr std::size_t least = 14;  // shorter ones have been seen, and were never an id
    if (answer.size() < least) return {};
    const auto first = std::to_integer<std::size_t>(answer[0]);
    const auto second = std::to_integer<std::size_t>(answer[1]);
    const auto fits = [&](std::size_t size) { return size >= least && size <= answer.size(); };
    const std::size_t big = first << 8 | second;
    const std::size_t little = second << 8 | first;
    if (!fits(big) && !fits(little)) return {};
    std::string text;
    for (const std::byte b : answer.first(fits(big) ? big : little).subspan(2))
        text += static_cast<char>(b);
    text.resize(std::min(text.size(), text.find('\0')));
    // Without one "KEY:" it is noise.
    return text.find(':') == std::string::npos ? std::string{} : text;
}

}  // namespace antrean::printer
