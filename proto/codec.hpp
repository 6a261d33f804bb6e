// Messages to bytes and back, by protobuf. A frame on the wire is a varint length and the body;
// this file knows bodies and whole frames, frame_reader.hpp finds frames in a stream.
// Pure; decode() never throws for bytes from outside.
#pragma once

#include "proto/messages.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::proto {

using Bytes = std::vector<std::byte>;

enum class codec_errc {
    not_protobuf = 1,  // the body is no Frame of antrean.proto
    empty_frame,       // a Frame without a body that this version knows
    bad_field,         // a field is out of its range
};

struct CodecError {
    codec_errc code{};
    const char* field = "";  // "ticket.label"; a literal
    std::string text() const;
};

// Appends the whole frame, length included, to OUT. The message must keep its bounds (asserted).
void encode(const Message& message, Bytes& out);
Bytes encode(const Message& message);

// Decodes one body, without its length.
boost::system::result<Message, CodecError> decode(std::span<const std::byte> body);

}  // namespace antrean::proto
