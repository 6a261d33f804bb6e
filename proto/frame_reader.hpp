// Finds frames in a byte stream: each is a varint length (1 to a bound) and that many bytes.
// The length is checked before a body is kept, so a peer cannot make us take more than one frame's
// memory. Pure; a value that one connection owns.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::proto {

inline constexpr std::size_t max_body_bytes = 384 * 1024;  // the longest menu has about 354,000
// Of a frame to the controller, which keeps one for each of many connections; the longest hello has
// about 62,000.
inline constexpr std::size_t max_body_bytes_of_device = 96 * 1024;

enum class frame_errc {
    zero_length = 1,
    too_long,    // over the bound
    bad_length,  // a varint that does not end within three bytes
};

class FrameReader {
public:
    // MOST: of a body, at most max_body_bytes.
    explicit FrameReader(std::size_t most = max_body_bytes) : most_{most} {}

    // Adds what arrived. At most MOST + 3 bytes are kept between calls of next() as long
    // as the caller takes every frame out after each feed().
    void feed(std::span<const std::byte> bytes);

    // The next whole body; nullopt: not there yet. The span is valid until the next feed(). After
    // an error the stream cannot be trusted any more: the connection is to be closed.
    boost::system::result<std::optional<std::span<const std::byte>>, frame_errc> next();

    // True between frames: the stream may end here without a loss.
    bool at_boundary() const { return begin_ == buffer_.size(); }

private:
    std::size_t most_;
    std::vector<std::byte> buffer_;
    std::size_t begin_ = 0;  // of what was not returned yet
};

const char* to_text(frame_errc error);

}  // namespace antrean::proto
