#include "proto/frame_reader.hpp"

#include <cstdint>

namespace antrean::proto {
namespace {

constexpr std::size_t kept_bytes = 4096;

}  // namespace

void FrameReader::feed(std::span<const std::byte> bytes) {
    if (at_boundary() && buffer_.capacity() > kept_bytes) {
        // One large frame must not cost its memory for as long as the connection lasts.
        buffer_ = {};
        begin_ = 0;
    }
    if (begin_ != 0) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
        begin_ = 0;
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

boost::system::result<std::optional<std::span<const std::byte>>, frame_errc> FrameReader::next() {
    using Frame = std::optional<std::span<const std::byte>>;
    std::size_t length = 0;
    std::size_t at = begin_;
    for (unsigned shift = 0;; shift += 7) {
        if (at == buffer_.size()) return Frame{};
        const auto byte = std::to_integer<std::uint8_t>(buffer_[at++]);
        length |= static_cast<std::size_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) break;
        // Three bytes can say more than the longest body, so a fourth is never needed.
        if (shift == 14) return frame_errc::bad_length;
    }
    if (length == 0) return frame_errc::zero_length;
    if (length > most_) return frame_errc::too_long;
    if (buffer_.size() - at < length) return Frame{};
    begin_ = at + length;
    return Frame{std::span{buffer_}.subspan(at, length)};
}

const char* to_text(frame_errc error) {
    switch (error) {
        case frame_errc::zero_length:
            return "a frame of length 0";
        case frame_errc::too_long:
            return "a frame that is too long";
        case frame_errc::bad_length:
            return "a frame length of more than three bytes";
    }
    return "";
}

}  // namespace antrean::proto
