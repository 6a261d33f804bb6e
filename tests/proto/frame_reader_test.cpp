#include "proto/frame_reader.hpp"

#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

namespace antrean::proto {
namespace {

using samples::bytes;
using Bodies = std::vector<Bytes>;

Bytes frame_of(std::size_t size) {
    Bytes frame = samples::varint(size);
    for (std::size_t i = 0; i < size; ++i)
        frame.push_back(static_cast<std::byte>(i * 7 + size));
    return frame;
}

// Every frame that is whole by now.
std::vector<Bytes> take(FrameReader& reader) {
    std::vector<Bytes> bodies;
    for (;;) {
        const auto body = reader.next();
        REQUIRE(body.has_value());
        if (!*body) return bodies;
        bodies.emplace_back((*body)->begin(), (*body)->end());
    }
}

frame_errc error_of(const Bytes& stream) {
    FrameReader reader;
    reader.feed(stream);
    const auto body = reader.next();
    REQUIRE(body.has_error());
    return body.error();
}

TEST_CASE("a body may have any length from 1 to 393216", "[proto][frame_reader]") {
    const std::size_t size =
        GENERATE(1u, 2u, 127u, 128u, 16'383u, 16'384u, 65'535u, 65'536u, 393'215u, 393'216u);
    const auto frame = frame_of(size);
    FrameReader reader;
    reader.feed(std::span{frame}.first(frame.size() - 1));
    CHECK(take(reader).empty());
    CHECK_FALSE(reader.at_boundary());
    reader.feed(std::span{frame}.last(1));
    const auto bodies = take(reader);
    REQUIRE(bodies.size() == 1);
    CHECK(bodies[0].size() == size);
    CHECK(std::equal(bodies[0].begin(), bodies[0].end(), frame.end() - static_cast<long>(size)));
    CHECK(reader.at_boundary());
}

TEST_CASE("frames are found wherever the stream is cut", "[proto][frame_reader][F11]") {
    Bytes stream;
    std::vector<Bytes> expected;
    for (const std::size_t size : {1u, 200u, 3u, 130u, 1u}) {
        const auto frame = frame_of(size);
        stream.insert(stream.end(), frame.begin(), frame.end());
        expected.emplace_back(frame.end() - static_cast<long>(size), frame.end());
    }
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        FrameReader reader;
        reader.feed(std::span{stream}.first(cut));
        auto bodies = take(reader);
        reader.feed(std::span{stream}.subspan(cut));
        for (auto& body : take(reader))
            bodies.push_back(std::move(body));
        REQUIRE(bodies == expected);
    }
    FrameReader reader;
    std::vector<Bytes> one_by_one;
    for (const auto& byte : stream) {
        reader.feed({&byte, 1});
        for (auto& body : take(reader))
            one_by_one.push_back(std::move(body));
    }
    CHECK(one_by_one == expected);
}

TEST_CASE("several frames that arrive together are given one after the other",
          "[proto][frame_reader]") {
    FrameReader reader;
    CHECK(reader.at_boundary());
    reader.feed(bytes({0x01, 0xaa, 0x02, 0xbb, 0xcc, 0x03}));
    CHECK(take(reader) == Bodies{bytes({0xaa}), bytes({0xbb, 0xcc})});
    CHECK_FALSE(reader.at_boundary());
}

TEST_CASE("an empty feed changes nothing", "[proto][frame_reader]") {
    FrameReader reader;
    reader.feed({});
    CHECK(take(reader).empty());
    reader.feed(bytes({0x02, 0xaa}));
    reader.feed({});
    reader.feed(bytes({0xbb}));
    CHECK(take(reader) == Bodies{bytes({0xaa, 0xbb})});
}

TEST_CASE("a length may be written longer than it has to", "[proto][frame_reader]") {
    for (const auto& length : {bytes({0x81, 0x00}), bytes({0x81, 0x80, 0x00})}) {
        FrameReader reader;
        reader.feed(length);
        reader.feed(bytes({0xaa}));
        CHECK(take(reader) == Bodies{bytes({0xaa})});
    }
}

TEST_CASE("a length of 0 is refused", "[proto][frame_reader][F23]") {
    CHECK(error_of(bytes({0x00})) == frame_errc::zero_length);
    CHECK(error_of(bytes({0x80, 0x00})) == frame_errc::zero_length);
}

TEST_CASE("a length above 393216 is refused before its body comes",
          "[proto][frame_reader][R13][F23]") {
    CHECK(error_of(samples::varint(393'217)) == frame_errc::too_long);
    CHECK(error_of(samples::varint(2'097'151)) == frame_errc::too_long);
}

TEST_CASE("a bound of its own holds for a stream", "[proto][frame_reader]") {
    FrameReader reader{max_body_bytes_of_device};
    reader.feed(frame_of(max_body_bytes_of_device));
    CHECK(take(reader).size() == 1);
    reader.feed(samples::varint(max_body_bytes_of_device + 1));
    CHECK(reader.next().error() == frame_errc::too_long);
}

TEST_CASE("a length of four bytes is refused with its third", "[proto][frame_reader][F23]") {
    CHECK(error_of(bytes({0x80, 0x80, 0x80})) == frame_errc::bad_length);
    CHECK(error_of(bytes({0xff, 0xff, 0xff, 0xff, 0x0f})) == frame_errc::bad_length);
    FrameReader reader;
    reader.feed(bytes({0x80, 0x80}));
    CHECK(take(reader).empty());
}

TEST_CASE("a frame before a bad length is still given", "[proto][frame_reader]") {
    FrameReader reader;
    reader.feed(bytes({0x01, 0xaa, 0x00}));
    const auto body = reader.next();
    REQUIRE(body.has_value());
    REQUIRE(body->has_value());
    CHECK((**body)[0] == std::byte{0xaa});
    CHECK(reader.next().error() == frame_errc::zero_length);
    CHECK(reader.next().error() == frame_errc::zero_length);
}

TEST_CASE("every frame error has a text", "[proto][frame_reader]") {
    for (const auto error :
         {frame_errc::zero_length, frame_errc::too_long, frame_errc::bad_length}) {
        CHECK_FALSE(std::string{to_text(error)}.empty());
    }
}

}  // namespace
}  // namespace antrean::proto
