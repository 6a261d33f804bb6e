// Probing unknown printers: virtual ones of every model, and of none.
#include "drivers/escpos/profile_load.hpp"
#include "drivers/escpos/profile_match.hpp"
#include "drivers/printer/probe.hpp"
#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <array>

namespace antrean::printer {
namespace {

using escpos::Heard;
using namespace std::chrono_literals;

struct Probed {
    escpos::Identity identity;
    std::vector<std::string> findings;
    std::string serial;
    SteadyTime::duration took{};
    bool clean_paper = true;
};

Probed probe(virtual_printer::Machine& printer, Probe::Depth depth = Probe::Depth::safe,
             const std::string& stale = {}) {
    const SteadyTime begin{1h};
    SteadyTime now = begin;
    printer.advance(now);
    printer.receive(std::as_bytes(std::span{stale}), now);
    Probe probe{{}, depth};
    Probe::Bytes out;
    probe.opened(now, out);
    std::vector<std::byte> waiting;
    for (int steps = 0; !probe.done(); ++steps) {
        REQUIRE(steps < 10'000);
        waiting.insert(waiting.end(), out.begin(), out.end());
        out.clear();
        const auto taken = printer.receive(waiting, now);
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
        if (const auto replies = printer.take_replies(); !replies.empty()) {
            probe.received(replies, now, out);
            continue;
        }
        const auto due = probe.deadline();
        REQUIRE(due);
        const auto next = printer.next_event();
        now = std::max(now, next && *next > now ? std::min(*next, *due) : *due);
        printer.advance(now);
        if (now >= *due) probe.tick(now, out);
    }
    return {probe.identity(), probe.findings(), probe.serial(), now - begin,
            printer.hanging().blank() && printer.unknown_count() == 0};
}

}  // namespace

TEST_CASE("a printer that says what it is gets its model's profile", "[probe]") {
    for (const auto name : escpos::known_profiles()) {
        const auto profile = *escpos::find_profile(std::string{name});
        virtual_printer::Machine printer{virtual_printer::from_model(profile)};
        const auto probed = probe(printer);
        INFO(name);
        const auto match = escpos::match_profile(probed.identity);
        INFO(match.why);
        CHECK(probed.took < 10s);
        CHECK(printer.hanging().blank());
        CHECK((probed.identity.status == Heard::answered) == profile.answers);
        if (profile.has_ids && profile.answers) {
            CHECK(match.known);
            CHECK(match.profile.name == profile.name);
        } else {
            CHECK_FALSE(match.known);
        }
        // Whatever is taken relies on nothing that the printer does not do.
        CHECK((profile.answers || !match.profile.answers));
        CHECK((profile.has_process_id || !match.profile.has_process_id));
        CHECK((profile.has_barrier || !match.profile.has_barrier));
    }
}

TEST_CASE("a printer that is not ready is not taken for one that can do little", "[probe]") {
    virtual_printer::Machine printer{virtual_printer::epson_tm_t88v()};
    printer.set_paper_left(SteadyTime{30min}, 0);
    const auto probed = probe(printer);
    CHECK(probed.identity.status == Heard::answered);
    CHECK(probed.identity.barrier == Heard::not_asked);
    CHECK(probed.identity.asb == Heard::not_asked);
    CHECK(probed.findings.back().find("not ready") != std::string::npos);
}

TEST_CASE("a printer that says nothing is found out in bounded time", "[probe]") {
    virtual_printer::Machine printer{virtual_printer::generic_58()};
    printer.mute(true);
    const auto probed = probe(printer);
    CHECK(probed.identity.status == Heard::silent);
    CHECK(probed.identity.barrier == Heard::silent);
    CHECK(probed.took < 10s);
    const auto match = escpos::match_profile(probed.identity);
    CHECK_FALSE(match.profile.answers);
}

TEST_CASE("answers to an earlier program are not taken for one's own", "[probe]") {
    virtual_printer::Machine printer{virtual_printer::epson_tm_t88v()};
    const auto probed = probe(printer, Probe::Depth::safe, "\x10\x04\x01\x1d\x49\x43\x1d\x72\x01");
    CHECK(probed.identity.said_model == "TM-T88V");
    CHECK(probed.identity.status == Heard::answered);
}

TEST_CASE("a picture that broke off half way does not swallow the questions", "[probe]") {
    virtual_printer::Machine printer{virtual_printer::epson_tm_t88v()};
    const std::string half{"\x1dv0\0\x40\0\x80\0\xff\xff", 10};
    const auto probed = probe(printer, Probe::Depth::safe, half);
    CHECK(probed.identity.said_model == "TM-T88V");
    CHECK(probed.identity.asb == Heard::answered);
    CHECK(probed.identity.barrier == Heard::answered);
}

TEST_CASE("a printer that never stops reporting is asked all the same", "[probe]") {
    Probe probe{{}};
    Probe::Bytes out;
    const SteadyTime begin{1h};
    probe.opened(begin, out);
    const std::array report{std::byte{0x10}, std::byte{0}, std::byte{0}, std::byte{0}};
    for (auto now = begin; now < begin + 5s && out.empty(); now += 100ms) {
        probe.tick(now, out);
        if (out.empty()) probe.received(report, now, out);
    }
    CHECK_FALSE(out.empty());
}

TEST_CASE("a thorough probe finds out what confirms a paper", "[probe]") {
    virtual_printer::Machine printer{virtual_printer::epson_tm_t88v()};
    const auto probed = probe(printer, Probe::Depth::thorough);
    CHECK(probed.identity.process_id == Heard::answered);
    CHECK(probed.identity.counters == Heard::answered);
    CHECK(probed.identity.clear == Heard::answered);
    CHECK(probed.clean_paper);
    CHECK_FALSE(probed.serial.empty());
}

}  // namespace antrean::printer
