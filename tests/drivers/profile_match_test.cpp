#include "drivers/escpos/profile_match.hpp"

#include "tests/catch.hpp"

using namespace antrean::escpos;

namespace {

Identity said(const std::string& maker, const std::string& model) {
    Identity identity;
    identity.said_maker = maker;
    identity.said_model = model;
    return identity;
}

Identity plug(const std::string& maker, const std::string& model) {
    Identity identity;
    identity.maker = maker;
    identity.model = model;
    return identity;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a printer that says what it is gets its profile", "[profiles]") {
    const auto by_word = match_profile(said("EPSON", "TM-T88V"));
    CHECK(by_word.known);
    CHECK(by_word.profile.name == "epson-tm-t88v");
    CHECK(by_word.profile.has_process_id);
    CHECK(by_word.why == "it calls itself 'EPSON' 'TM-T88V' by GS I, and that is epson-tm-t88v");

    const auto by_id = match_profile(plug("Custom Engineering", "VKP80 II"));
    CHECK(by_id.known);
    CHECK(by_id.profile.name == "custom-vkp80ii");
    CHECK(has(by_id.why, "its IEEE 1284 id is 'Custom Engineering' 'VKP80 II'"));
}

TEST_CASE("spelling counts nothing, but a model is whole or another", "[profiles]") {
    CHECK(match_profile(said("Epson", "EPSON TM-T88V")).profile.name == "epson-tm-t88v");
    CHECK(match_profile(said("EPSON", "TM T88VI")).profile.name == "epson-tm-t88vi");
    CHECK(match_profile(plug("Star", "TSP143 (STR_T-001)")).profile.name == "star-tsp100");
    CHECK_FALSE(match_profile(said("EPSON", "TM-T88")).known);
    CHECK_FALSE(match_profile(said("EPSON", "TM-T88VII")).known);
    CHECK_FALSE(match_profile(said("EPS", "TM-T88V")).known);
    CHECK_FALSE(match_profile(said("", "TM-T88V")).known);
    CHECK_FALSE(match_profile(said("(EPSON)", "(TM-T88V)")).known);
    CHECK_FALSE(match_profile(said("EPSON", "")).known);
}

TEST_CASE("a USB id never decides", "[profiles]") {
    for (const UsbId id : {UsbId{0x04b8, 0x0202}, UsbId{0x0416, 0x5011}, UsbId{0x0dd4, 0x0205}}) {
        Identity identity;
        identity.usb = id;
        const auto match = match_profile(identity);
        CHECK_FALSE(match.known);
        CHECK(match.profile.name == "generic-58");
        CHECK(has(match.why, "alone does not decide"));
    }
}

TEST_CASE("a name on another maker's USB id is a copy", "[profiles]") {
    auto identity = plug("EPSON", "TM-T88V");
    identity.usb = UsbId{0x0416, 0x5011};
    identity.paper_mm = 80;
    const auto match = match_profile(identity);
    CHECK_FALSE(match.known);
    CHECK(match.profile == generic_80());
    CHECK(has(match.why, "its USB vendor is another: a copy"));
    identity.usb = UsbId{0x04b8, 0x0e15};  // another product of the maker is no contradiction
    CHECK(match_profile(identity).known);
}

TEST_CASE("two names that contradict each other are both distrusted", "[profiles]") {
    auto identity = said("Xprinter", "XP-80");
    identity.maker = "EPSON";
    identity.model = "TM-T88V";
    const auto match = match_profile(identity);
    CHECK_FALSE(match.known);
    CHECK(match.profile.name == "generic-80");  // by its name
    CHECK(has(match.why, "one of them is copied"));
    // A second name that no profile is of contradicts nothing.
    identity.model = "UB-U05";
    CHECK(match_profile(identity).profile.name == "xprinter-xp-80");
}

TEST_CASE("what did not answer is not relied on", "[profiles]") {
    auto identity = said("EPSON", "TM-T88V");
    identity.status = identity.asb = identity.barrier = Heard::answered;
    identity.process_id = identity.clear = Heard::silent;
    const auto match = match_profile(identity);
    CHECK(match.known);
    CHECK(match.profile.answers);
    CHECK(match.profile.has_asb);
    CHECK(match.profile.has_barrier);
    CHECK_FALSE(match.profile.has_process_id);
    CHECK(match.profile.clear == ClearCommand::none);
    CHECK(has(match.why, "not relied on, for it did not answer: GS ( H, DLE DC4"));

    identity.status = Heard::silent;
    const Profile mute = match_profile(identity).profile;
    CHECK_FALSE(mute.answers);
    CHECK_FALSE(mute.has_asb);
    CHECK_FALSE(mute.has_barrier);
    CHECK_FALSE(mute.has_counters);
    CHECK_FALSE(mute.has_ids);
    CHECK(mute.dots == 512);
}

TEST_CASE("an unknown printer gets the generic profile of its paper", "[profiles]") {
    Identity identity;
    CHECK(match_profile(identity).profile.name == "generic-58");  // whole on any paper
    CHECK(has(match_profile(identity).why, "it does not say what it is"));
    identity.paper_mm = 80;
    CHECK(match_profile(identity).profile == generic_80());
    identity.paper_mm = 57.5;
    CHECK(match_profile(identity).profile == generic_58());
    identity.paper_mm.reset();
    identity.model = "POS-5890K";
    CHECK(match_profile(identity).profile.name == "generic-58");
    identity.model = "GP-80250";
    CHECK(match_profile(identity).profile.name == "generic-80");
    identity.model = "TM-T1880";
    CHECK(match_profile(identity).profile.name == "generic-58");
}

TEST_CASE("an unknown printer is relied on for what it answered, and no more", "[profiles]") {
    Identity identity;
    identity.paper_mm = 80;
    identity.status = identity.asb = Heard::answered;
    identity.barrier = Heard::silent;
    const Profile asked = match_profile(identity).profile;
    CHECK(asked.answers);
    CHECK_FALSE(asked.has_barrier);
    CHECK_FALSE(asked.has_asb);  // clones let its reports run into others
    identity.paper_mm = 58;
    identity.barrier = identity.process_id = Heard::answered;
    const Profile able = match_profile(identity).profile;
    CHECK(able.answers);
    CHECK(able.has_barrier);
    CHECK(able.has_process_id);
    identity.status = Heard::silent;
    CHECK(match_profile(identity).profile == generic_58());
}

TEST_CASE("a known printer with a narrow roll is not printed on as if it were wide", "[profiles]") {
    auto identity = said("EPSON", "TM-T88V");
    identity.paper_mm = 58;
    const auto match = match_profile(identity);
    CHECK_FALSE(match.known);
    CHECK(match.profile.name == "generic-58");
    CHECK(has(match.why, "another width than epson-tm-t88v is written for"));
    identity.paper_mm = 79.5;
    CHECK(match_profile(identity).known);
}

TEST_CASE("what a printer says is shown safely", "[profiles][R16][F30]") {
    const auto match = match_profile(said("\x1b[2J", std::string(500, 'x') + "\n"));
    CHECK(has(match.why, "'\\x1B[2J'"));
    CHECK(match.why.find('\n') == std::string::npos);
    CHECK(match.why.size() < 300);
}
