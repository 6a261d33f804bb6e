#include "drivers/escpos/profile_identity.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace antrean::escpos {
namespace {

constexpr std::size_t longest_text = 255;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string upper(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

std::string* field_of(std::string_view key, DeviceId& id) {
    const std::array<std::pair<std::string_view, std::string*>, 13> fields{{
        {"MFG", &id.maker},
        {"MANUFACTURER", &id.maker},
        {"MDL", &id.model},
        {"MODEL", &id.model},
        {"CMD", &id.commands},
        {"COMMAND SET", &id.commands},
        {"CLS", &id.kind},
        {"CLASS", &id.kind},
        {"DES", &id.description},
        {"DESCRIPTION", &id.description},
        {"SN", &id.serial},
        {"SERN", &id.serial},
        {"SERIALNUMBER", &id.serial},
    }};
    const std::string wanted = upper(key);
    for (const auto& [name, field] : fields) {
        if (name == wanted) return field;
    }
    return nullptr;
}

}  // namespace

std::optional<DeviceId> parse_device_id(std::string_view rest) {
    DeviceId id;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto colon = pair.find(':');
        if (colon == std::string_view::npos) continue;
        const bool plain = std::ranges::all_of(pair, [](char c) { return c >= ' ' && c <= '~'; });
        const std::string_view value = trimmed(pair.substr(colon + 1));
        std::string* field = field_of(trimmed(pair.substr(0, colon)), id);
        if (!plain || field == nullptr || !field->empty() || value.size() > longest_text) continue;
        *field = value;
    }
    if (id.maker.empty() && id.model.empty()) return std::nullopt;
    return id;
}

}  // namespace antrean::escpos
