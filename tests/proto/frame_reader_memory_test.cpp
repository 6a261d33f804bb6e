// How much memory a stream can make a frame reader take, counted below operator new.
#include "proto/frame_reader.hpp"
#include "tests/catch.hpp"
#include "tests/live_bytes.hpp"
#include "tests/proto/samples.hpp"

#include <algorithm>

namespace antrean::proto {
namespace {

// The most memory that WORK holds at a time, beyond what was held before.
template <class Work>
std::size_t most_held(Work work) {
    const std::size_t before = live_bytes::now();
    live_bytes::forget_most();
    work();
    return live_bytes::most() - before;
}

TEST_CASE("a length alone takes no memory", "[proto][frame_reader][R13][F23]") {
    const auto length = samples::varint(max_body_bytes);
    const auto held = most_held([&] {
        FrameReader reader;
        reader.feed(length);
        if (!reader.next()) std::abort();
    });
    CHECK(held > 0);
    CHECK(held < 100);
}

TEST_CASE("a stream of many frames takes the memory of a few", "[proto][frame_reader][R13]") {
    // As a connection reads: chunks that have nothing to do with where frames begin.
    constexpr std::size_t chunk_bytes = 4096;
    constexpr int frames = 200;
    Bytes frame = samples::varint(max_body_bytes);
    frame.resize(frame.size() + max_body_bytes, std::byte{0x42});
    int seen = 0;
    const auto held = most_held([&] {
        FrameReader reader;
        for (int i = 0; i < frames; ++i) {
            for (std::size_t at = 0; at < frame.size(); at += chunk_bytes) {
                const auto size = std::min(chunk_bytes, frame.size() - at);
                reader.feed(std::span{frame}.subspan(at, size));
                while (reader.next()->has_value())
                    ++seen;
            }
        }
    });
    CHECK(seen == frames);
    // A growing vector holds its old and its new memory for a moment.
    CHECK(held >= max_body_bytes);
    CHECK(held < 4 * (max_body_bytes + chunk_bytes));
}

}  // namespace
}  // namespace antrean::proto
