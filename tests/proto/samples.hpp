// Messages and bytes for the protocol's tests.
#pragma once

#include "proto/codec.hpp"
#include "proto/messages.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::proto::samples {

// Every message at least once: as usual, with the least that it may hold, and with the most.
std::vector<Message> messages();

// "print_report", as the body of a Frame is called in antrean.proto.
std::string name(const Message& message);

// The body of a frame, without its length.
Bytes body(const Message& message);

// What BODY says; nullopt where it is refused.
std::optional<Message> decoded(std::span<const std::byte> body);
// Why BODY is refused; throws where it is not.
CodecError refusal(std::span<const std::byte> body);

// Bytes of the wire, written without the codec.
Bytes bytes(std::initializer_list<int> values);
Bytes varint(std::uint64_t value);
Bytes number(unsigned field, std::uint64_t value);
Bytes text(unsigned field, std::string_view value);
Bytes message(unsigned field, std::initializer_list<Bytes> fields);
Bytes joined(std::initializer_list<Bytes> parts);

// The same numbers from the same seed on every machine (splitmix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed} {}
    std::uint64_t next();
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

private:
    std::uint64_t state_;
};

template <class Id>
Id id(std::string_view text) {
    return Id::parse(text).value();
}

}  // namespace antrean::proto::samples
