#include "controller/appointments/code.hpp"

#include "proto/day.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace antrean::appointments {
namespace {

constexpr std::string_view version = "AJ1";
constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648, table 3
constexpr std::size_t seal_size = 16;
constexpr std::chrono::minutes whole_day = std::chrono::hours{24};

// Of ASCII alone: a locale would turn other letters.
char capital(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string turned(std::string_view text, char (*turn)(char)) {
    std::string turned{text};
    std::transform(turned.begin(), turned.end(), turned.begin(), turn);
    return turned;
}

bool is_nonce(std::string_view text) {
    return !text.empty() && text.size() <= max_nonce_size &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

// What stands behind the last dot of TEXT, which is cut off with it; nullopt where there is none. A
// service's id may hold dots, so a code is read from its end.
std::optional<std::string_view> take_last(std::string_view& text) {
    const auto dot = text.rfind('.');
    if (dot == text.npos) return std::nullopt;
    const auto last = text.substr(dot + 1);
    text.remove_suffix(text.size() - dot);
    return last;
}

std::optional<std::chrono::minutes> parse_time(std::string_view text) {
    const bool digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.size() != 4 || !digits) return std::nullopt;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[2] - '0') * 10 + (text[3] - '0');
    if (hour > 23 || minute > 59) return std::nullopt;
    return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

// "20261123".
std::optional<ServiceDay> parse_date(std::string_view text) {
    if (text.size() != 8) return std::nullopt;
    std::string iso{text};
    iso.insert(6, "-").insert(4, "-");
    return parse_day(iso);
}

}  // namespace

std::optional<Key> Key::parse(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.remove_suffix(1);
    const bool readable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~'; });
    if (text.size() < min_key_size || text.size() > max_key_size || !readable) return std::nullopt;
    return Key{text};
}

std::optional<Code> parse(std::string_view text) {
    const auto capitals = turned(text, capital);
    std::string_view rest = capitals;
    const auto seal = take_last(rest);
    Code code;
    code.appointment = rest;
    const auto nonce = take_last(rest);
    const auto time_text = take_last(rest);
    const auto day_text = take_last(rest);
    if (!seal || !nonce || !time_text || !day_text) return std::nullopt;
    if (!rest.starts_with(version) || rest.substr(version.size(), 1) != ".") return std::nullopt;
    rest.remove_prefix(version.size() + 1);
    const auto service = ServiceId::parse(turned(rest, small));
    const auto day = parse_date(*day_text);
    const auto time = parse_time(*time_text);
    if (!service || !day || !time || !is_nonce(*nonce) || seal->size() != seal_size) {
        return std::nullopt;
    }
    code.service = *service;
    code.day = *day;
    code.time = *time;
    code.seal = *seal;
    return code;
}

std::string seal_of(std::string_view appointment, const Key& key) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    const auto& secret = key.characters_;
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
              reinterpret_cast<const unsigned char*>(appointment.data()), appointment.size(),
              mac.data(), &size)) {
        throw std::runtime_error{"HMAC-SHA-256 failed"};
    }
    // Five bits a character: 16 of them are the first 10 bytes, so that nothing is padded.
    std::string seal;
    unsigned int bits = 0, held = 0;
    for (std::size_t i = 0; seal.size() < seal_size; ++i) {
        held = (held << 8U) | mac.at(i);
        for (bits += 8; bits >= 5; bits -= 5)
            seal += base32[(held >> (bits - 5)) & 31U];
    }
    return seal;
}

bool is_genuine(const Code& code, const Key& key) {
    const auto right = seal_of(code.appointment, key);
    return code.seal.size() == right.size() &&
           CRYPTO_memcmp(code.seal.data(), right.data(), right.size()) == 0;
}

std::optional<std::string> make(ServiceId service, ServiceDay day, std::chrono::minutes time,
                                std::string_view nonce, const Key& key) {
    const std::chrono::year_month_day date{day};
    const int year = static_cast<int>(date.year());
    if (!service || year < 1 || year > 9999 || time.count() < 0 || time >= whole_day ||
        !is_nonce(nonce)) {
        return std::nullopt;
    }
    auto day_digits = to_iso(day);
    std::erase(day_digits, '-');
    const auto two = [](std::int64_t number) {
        return std::string{number < 10 ? "0" : ""} + std::to_string(number);
    };
    auto code = std::string{version} + '.' + turned(service.view(), capital) + '.' + day_digits +
                '.' + two(time.count() / 60) + two(time.count() % 60) + '.' + std::string{nonce};
    code += '.' + seal_of(code, key);
    return code;
}

}  // namespace antrean::appointments
