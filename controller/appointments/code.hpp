// The code of an appointment: what a booking system gives to a citizen, and what a reader at a
// kiosk reads. It says which service, day and time were booked, and is sealed with a key that the
// booking system and the controller share, so that the controller needs no list of bookings.
// schemas/appointments/README.md is normative for its form.
//
// Whether an appointment was used is not known here: that is the engine's.
//
// Pure; any thread; plain values. Text that is no code is nullopt, never an exception.
#pragma once

#include "proto/types.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace antrean::appointments {

inline constexpr std::size_t min_key_size = 32;  // in characters
inline constexpr std::size_t max_key_size = 512;
inline constexpr std::size_t max_nonce_size = 16;

// A secret. It is compared with nothing, shown nowhere, and has no form for people.
class Key {
public:
    // The key in the TEXT of a key file: what is left without the line ends at its end, if that is
    // min_key_size to max_key_size characters from '!' to '~'.
    static std::optional<Key> parse(std::string_view text);

private:
    friend std::string seal_of(std::string_view appointment, const Key& key);
    explicit Key(std::string_view characters) : characters_{characters} {}
    std::string characters_;
};

struct Code {
    std::string appointment;  // all before the seal: names one appointment for ever
    ServiceId service;
    ServiceDay day{};
    std::chrono::minutes time{0};  // of day
    std::string seal;              // as it was read
};

// Reads TEXT, in capitals or small letters, for a keyboard's Caps Lock may turn them. That it has
// the form says nothing of its seal.
std::optional<Code> parse(std::string_view text);

// Whether the seal was made with KEY. Takes the same time for any wrong seal.
bool is_genuine(const Code& code, const Key& key);

// The seal of APPOINTMENT: 16 characters.
std::string seal_of(std::string_view appointment, const Key& key);

// The code of an appointment, in capitals. TIME: less than a day. NONCE tells appointments of one
// service and time apart, and is 1 to max_nonce_size characters of A-Z and 0-9. nullopt: it is not,
// or the day is not of the years 1 to 9999.
std::optional<std::string> make(ServiceId service, ServiceDay day, std::chrono::minutes time,
                                std::string_view nonce, const Key& key);

}  // namespace antrean::appointments
