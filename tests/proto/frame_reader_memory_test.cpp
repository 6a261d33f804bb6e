// How much memory a stream can make a frame reader take, counted below operator new.
#include "proto/frame_reader.hpp"
#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::size_t live = 0;
std::size_t peak = 0;

void* allocate(std::size_t size) noexcept {
    void* memory = std::malloc(size);
    if (memory != nullptr) live += malloc_usable_size(memory);
    peak = std::max(peak, live);
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) live -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    void* memory = allocate(size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}

namespace antrean::proto {
namespace {

// The most memory that WORK holds at a time, beyond what was held before.
template <class Work>
std::size_t most_held(Work work) {
    const std::size_t before = live;
    peak = live;
    work();
    return peak - before;
}

TEST_CASE("a length alone takes no memory", "[proto][frame_reader]") {
    const auto length = samples::varint(max_body_bytes);
    const auto held = most_held([&] {
        FrameReader reader;
        reader.feed(length);
        if (!reader.next()) std::abort();
    });
    CHECK(held > 0);
    CHECK(held < 100);
}

TEST_CASE("a stream of many frames takes the memory of a few", "[proto][frame_reader]") {
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
