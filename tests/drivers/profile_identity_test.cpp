#include "drivers/escpos/profile_identity.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <string>

using namespace antrean::escpos;

namespace {

const std::string vkp = "MFG:Custom Engineering;CMD:ESC/POS;MDL:VKP80II;CLS:PRINTER;SN:0042;";

}  // namespace

TEST_CASE("an IEEE 1284 id is read", "[profiles]") {
    const auto id = parse_device_id(vkp);
    REQUIRE(id);
    CHECK(id->maker == "Custom Engineering");
    CHECK(id->model == "VKP80II");
    CHECK(id->commands == "ESC/POS");
    CHECK(id->kind == "PRINTER");
    CHECK(id->serial == "0042");
    CHECK(id->description.empty());
}

TEST_CASE("keys are known by both names, in any case and with spaces around", "[profiles]") {
    const auto id = parse_device_id(
        " Manufacturer : EPSON ;model:TM-T88V;COMMAND SET:E,P;class:PRINTER;DESCRIPTION: a:b");
    REQUIRE(id);
    CHECK(id->maker == "EPSON");
    CHECK(id->model == "TM-T88V");
    CHECK(id->commands == "E,P");
    CHECK(id->description == "a:b");
    CHECK(id->serial.empty());
}

TEST_CASE("of keys given twice the first counts, and odd pairs are left out", "[profiles]") {
    const auto id = parse_device_id("MFG:A;;:;X;MDL:\x1b[2J;MDL:" + std::string(256, 'b') +
                                    ";MDL: ;MDL:good;MFG:B;SN:\xff\xfe;");
    REQUIRE(id);
    CHECK(id->maker == "A");
    CHECK(id->model == "good");
    CHECK(id->serial.empty());
}

TEST_CASE("what is no id is refused", "[profiles]") {
    CHECK_FALSE(parse_device_id(""));
    CHECK_FALSE(parse_device_id(std::string(64, '\xff')));
    CHECK_FALSE(parse_device_id("SN:12345678;"));  // neither maker nor model
    CHECK_FALSE(parse_device_id("MFG;MDL;EPSON"));
}

TEST_CASE("whatever a device answers, its id is short plain text or none", "[profiles][R16][F30]") {
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
        const auto id = parse_device_id(random() % 2 == 0 ? "MDL:x;" + text : text);
        if (!id) continue;
        REQUIRE((!id->maker.empty() || !id->model.empty()));
        for (const auto& part : {id->maker, id->model, id->commands, id->kind, id->serial}) {
            REQUIRE(part.size() <= 255);
            REQUIRE(
                std::all_of(part.begin(), part.end(), [](char c) { return c >= ' ' && c <= '~'; }));
        }
    }
}
