#include "drivers/escpos/profile_identity.hpp"

#include "tests/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace antrean::escpos;

namespace {

std::vector<std::byte> bytes(const std::string& text) {
    std::vector<std::byte> out;
    for (const char c : text)
        out.push_back(static_cast<std::byte>(c));
    return out;
}

// TEXT behind its length, high byte first.
std::vector<std::byte> reply(const std::string& text) {
    const auto length = text.size() + 2;
    return bytes(std::string{static_cast<char>(length >> 8), static_cast<char>(length)} + text);
}

const std::string vkp = "MFG:Custom Engineering;CMD:ESC/POS;MDL:VKP80II;CLS:PRINTER;SN:0042;";

}  // namespace

TEST_CASE("an IEEE 1284 id is read", "[profiles]") {
    const auto id = parse_device_id(reply(vkp));
    REQUIRE(id);
    CHECK(id->maker == "Custom Engineering");
    CHECK(id->model == "VKP80II");
    CHECK(id->commands == "ESC/POS");
    CHECK(id->kind == "PRINTER");
    CHECK(id->serial == "0042");
    CHECK(id->description.empty());
}

TEST_CASE("keys are known by both names, in any case and with spaces around", "[profiles]") {
    const auto id = parse_device_id(reply(
        " Manufacturer : EPSON ;model:TM-T88V;COMMAND SET:E,P;class:PRINTER;DESCRIPTION: a:b"));
    REQUIRE(id);
    CHECK(id->maker == "EPSON");
    CHECK(id->model == "TM-T88V");
    CHECK(id->commands == "E,P");
    CHECK(id->description == "a:b");
    CHECK(id->serial.empty());
}

TEST_CASE("a length with its low byte first is taken where only that fits", "[profiles]") {
    const auto length = static_cast<char>(vkp.size() + 2);
    const auto little = bytes(std::string{length, '\0'} + vkp);
    CHECK(parse_device_id(little) == parse_device_id(reply(vkp)));
    // 14 bytes: 00 0E is both, and 0E 00 is 3584 the other way.
    CHECK(parse_device_id(bytes(std::string{"\x0e\0MFG:A;MDL:B;", 14})));
}

TEST_CASE("what follows the length is ignored", "[profiles]") {
    auto padded = reply(vkp);
    const auto more = bytes("MDL:OTHER;");
    padded.insert(padded.end(), more.begin(), more.end());
    CHECK(parse_device_id(padded) == parse_device_id(reply(vkp)));
    CHECK(parse_device_id(reply(vkp + std::string(400, '\0')))->model == "VKP80II");
}

TEST_CASE("of keys given twice the first counts, and odd pairs are left out", "[profiles]") {
    const auto id = parse_device_id(reply("MFG:A;;:;X;MDL:\x1b[2J;MDL:" + std::string(256, 'b') +
                                          ";MDL: ;MDL:good;MFG:B;SN:\xff\xfe;"));
    REQUIRE(id);
    CHECK(id->maker == "A");
    CHECK(id->model == "good");
    CHECK(id->serial.empty());
}

TEST_CASE("what is no id is refused", "[profiles]") {
    CHECK_FALSE(parse_device_id(std::span<const std::byte>{}));
    CHECK_FALSE(parse_device_id(bytes(std::string(1, '\0'))));
    CHECK_FALSE(parse_device_id(bytes(std::string(64, '\0'))));
    CHECK_FALSE(parse_device_id(bytes(std::string(64, '\xff'))));
    CHECK_FALSE(parse_device_id(reply("SN:12345678;")));              // neither maker nor model
    CHECK_FALSE(parse_device_id(bytes("MFG:A;MDL:B;CLS:PRINTER;")));  // no length
    CHECK_FALSE(parse_device_id(bytes(std::string{"\0\x0dMFG:A;MDL:B;", 14})));  // 13
    auto cut = reply(vkp);
    cut.pop_back();
    CHECK_FALSE(parse_device_id(cut));
}

TEST_CASE("whatever a device answers, its id is short plain text or none", "[profiles]") {
    std::mt19937 random{7};
    const std::string alphabet{
        "MFGDLCSN:;:; \0\x1b\xff\x80"
        "az",
        20};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        const std::size_t size = random() % 80;
        for (std::size_t i = 0; i < size; ++i)
            text += alphabet[random() % alphabet.size()];
        const auto id = parse_device_id(random() % 2 == 0 ? reply("MDL:x;" + text) : bytes(text));
        if (!id) continue;
        REQUIRE((!id->maker.empty() || !id->model.empty()));
        for (const auto& part : {id->maker, id->model, id->commands, id->kind, id->serial}) {
            REQUIRE(part.size() <= 255);
            REQUIRE(
                std::all_of(part.begin(), part.end(), [](char c) { return c >= ' ' && c <= '~'; }));
        }
    }
}
