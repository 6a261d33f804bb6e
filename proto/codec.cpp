#include "proto/codec.hpp"

#include "antrean.pb.h"
#include "proto/frame_reader.hpp"
#include "proto/wire.hpp"

#include <cassert>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/common.h>

namespace antrean::proto {
namespace {

// protobuf would write to standard error for what it dislikes in bytes from outside (invalid
// UTF-8); decode() tells its caller instead.
const struct QuietProtobuf {
    QuietProtobuf() { google::protobuf::SetLogHandler(nullptr); }
} quiet_protobuf;

}  // namespace

std::string CodecError::text() const {
    switch (code) {
        case codec_errc::not_protobuf:
            return "a frame that is no message of this protocol";
        case codec_errc::empty_frame:
            return "a frame without a body that this version knows";
        case codec_errc::bad_field:
            return std::string{"field "} + field + " is out of its range";
    }
    return {};
}

void encode(const Message& message, Bytes& out) {
    thread_local v1::Frame frame;
    frame.Clear();
    write(message, frame);
    const std::size_t size = frame.ByteSizeLong();
    assert(size <= max_body_bytes);
    std::uint8_t length[5];
    const auto* end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(
        static_cast<std::uint32_t>(size), length);
    const auto prefix = static_cast<std::size_t>(end - length);
    const std::size_t at = out.size();
    out.resize(at + prefix + size);
    auto* to = reinterpret_cast<std::uint8_t*>(out.data()) + at;
    std::copy(length, length + prefix, to);
    frame.SerializeWithCachedSizesToArray(to + prefix);
}

Bytes encode(const Message& message) {
    Bytes out;
    encode(message, out);
    return out;
}

boost::system::result<Message, CodecError> decode(std::span<const std::byte> body) {
    thread_local v1::Frame frame;
    if (body.size() > max_body_bytes ||
        !frame.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return CodecError{codec_errc::not_protobuf};
    }
    auto [message, failed_field] = read(frame);
    if (!message) return CodecError{codec_errc::empty_frame};
    if (failed_field) return CodecError{codec_errc::bad_field, failed_field};
    return *std::move(message);
}

}  // namespace antrean::proto
