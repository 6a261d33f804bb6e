// A message that a store keeps as the bytes of its frame. Pure.
#pragma once

#include "proto/codec.hpp"
#include "proto/frame_reader.hpp"

#include <optional>
#include <span>
#include <type_traits>

namespace antrean::common {

// The message T (or a T that is Request or Answer) in FRAME; nullopt where it is none.
template <class T>
std::optional<T> read_frame(std::span<const std::byte> frame) {
    proto::FrameReader reader;
    reader.feed(frame);
    const auto body = reader.next();
    if (!body || !*body) return std::nullopt;
    const auto message = proto::decode(**body);
    if (!message) return std::nullopt;
    if constexpr (std::is_same_v<T, proto::Request>) {
        return proto::message_as<proto::Request>(*message);
    } else {
        const auto* found = std::get_if<T>(&*message);
        return found ? std::optional{*found} : std::nullopt;
    }
}

}  // namespace antrean::common
