// The driver's state machine against the virtual printer, which takes its time: the head prints
// behind what has been interpreted, and answers may come before the paper is out.
#include "drivers/escpos/encode.hpp"
#include "drivers/printer/machine.hpp"
#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace antrean::printer;
using namespace std::chrono_literals;
using antrean::SteadyTime;
namespace escpos = antrean::escpos;
namespace virtual_printer = antrean::virtual_printer;

struct Kind {
    escpos::Profile believed;
    virtual_printer::Profile real;
};
Kind epson() {
    return {escpos::epson_tm(), virtual_printer::epson_tm_t88v()};
}
Kind clone() {
    return {escpos::generic_80(), virtual_printer::generic_80()};
}

class World {
public:
    explicit World(const Kind& kind) : printer{kind.real}, machine{kind.believed, 99} {}

    void open() {
        open_ = true;
        wire_.clear();
        total_ = 0;
        step([this](Actions& out) { machine.opened(now, out); });
    }
    void close() {
        if (!open_) return;
        open_ = false;
        wire_.clear();
        step([this](Actions& out) { machine.closed(Reason::gone, now, out); });
    }
    void print(std::uint64_t id, std::vector<std::byte> paper) {
        step([&](Actions& out) { machine.print({JobId{id}, std::move(paper)}, now, out); });
    }
    // Something that happens at a moment of its own.
    void at(SteadyTime time, std::function<void()> event) { event_ = {time, std::move(event)}; }

    bool run(const std::function<bool()>& done, std::chrono::milliseconds limit = 3min) {
        const SteadyTime end = now + limit;
        while (!done() && now < end) {
            exchange();
            if (done()) break;
            SteadyTime next = end;
            const auto consider = [&](std::optional<SteadyTime> time) {
                if (time) next = std::min(next, std::max(*time, now));
            };
            consider(machine.deadline());
            consider(reopen_at_);
            if (event_) consider(event_->time);
            if (const auto moves = printer.next_event(); moves && *moves > now) consider(moves);
            now = next;
            if (event_ && now >= event_->time) {
                const auto event = std::move(event_->action);
                event_.reset();
                event();
            }
            if (reopen_at_ && now >= *reopen_at_) {
                reopen_at_.reset();
                open();
            }
            printer.advance(now);
            step([this](Actions& out) { machine.tick(now, out); });
        }
        return done();
    }
    void collect() {
        for (const auto& paper : printer.take_papers())
            papers.push_back(paper.text());
    }

    virtual_printer::Machine printer;
    Machine machine;
    SteadyTime now{1h};
    std::vector<Done> dones;
    std::vector<std::string> papers;

private:
    struct Event {
        SteadyTime time;
        std::function<void()> action;
    };

    void exchange() {
        for (bool moved = true; moved && open_;) {
            moved = false;
            if (const std::size_t taken = printer.receive(wire_, now); taken > 0) {
                wire_.erase(wire_.begin(), wire_.begin() + static_cast<std::ptrdiff_t>(taken));
                total_ += taken;
                moved = true;
                step([this](Actions& out) { machine.taken(total_, now, out); });
            }
            printer.advance(now);
            if (const auto replies = printer.take_replies(); !replies.empty() && open_) {
                moved = true;
                step([&](Actions& out) { machine.received(replies, now, out); });
            }
        }
        collect();
    }
    void step(const std::function<void(Actions&)>& event) {
        Actions actions;
        event(actions);
        for (const Action& action : actions) {
            if (const auto* write = std::get_if<Write>(&action)) {
                wire_.insert(wire_.end(), write->bytes.begin(), write->bytes.end());
            } else if (std::holds_alternative<CloseAndReopen>(action)) {
                open_ = false;
                wire_.clear();
                reopen_at_ = now + 200ms;
            } else if (const auto* done = std::get_if<Done>(&action)) {
                collect();
                dones.push_back(*done);
            }
        }
    }

    bool open_ = false;
    std::vector<std::byte> wire_;
    std::uint64_t total_ = 0;
    std::optional<SteadyTime> reopen_at_;
    std::optional<Event> event_;
};

std::vector<std::byte> ticket(const escpos::Profile& profile, const std::string& number) {
    escpos::Encoder encoder{profile};
    encoder.init().align(escpos::Align::center).bold(true).line("Mal Pelayanan Publik");
    encoder.bold(false).line("Jl. Merdeka 1").feed(1).size(4, 4).line(number).size(1, 1);
    encoder.wrapped("Dinas Kependudukan dan Pencatatan Sipil, pembuatan akta kelahiran");
    encoder.feed(1).line("Sabtu 17 Agustus 2024 08:15").cut();
    return encoder.take();
}

std::string expected(const Kind& kind, const std::string& number) {
    World world{kind};
    world.open();
    world.run([&] { return world.machine.state() == PrinterState::ready; });
    world.print(1, ticket(kind.believed, number));
    world.run([&] { return !world.dones.empty(); });
    REQUIRE(world.papers.size() == 1);
    REQUIRE(world.dones[0].outcome == Outcome::printed);
    REQUIRE(world.printer.unknown_count() == 0);
    return world.papers[0];
}

TEST_CASE("a paper is not called printed before it is out", "[printer][timed]") {
    const Kind kind = GENERATE(0, 1) == 0 ? epson() : clone();
    const std::string text = expected(kind, "A001");
    CHECK_THAT(text, Catch::Contains("A001\n"));
    CHECK_THAT(text, Catch::EndsWith("08:15\n"));
}

TEST_CASE("no fault at any moment of a paper makes a wrong outcome", "[printer][timed]") {
    enum Fault { paper_out, cover, jam, power, hot, mute, fault_count };
    const bool is_epson = GENERATE(true, false);
    const Kind kind = is_epson ? epson() : clone();
    const int fault = GENERATE(range(0, static_cast<int>(fault_count)));
    const std::string text = expected(kind, "A001");
    const std::string next_text = expected(kind, "A002");
    std::mt19937 random{static_cast<unsigned>(fault + 1)};
    int printed = 0;
    int unconfirmed = 0;
    for (int round = 0; round < 400; ++round) {
        World world{kind};
        world.open();
        world.run([&] { return world.machine.state() == PrinterState::ready; });
        world.run([] { return false; }, 3s);
        const auto moment = world.now + std::chrono::microseconds{random() % 1'500'000};
        world.at(moment, [&] {
            auto& p = world.printer;
            if (fault == paper_out) p.set_paper_left(world.now, 0);
            if (fault == cover) p.open_cover(world.now);
            if (fault == jam) p.jam_cutter(world.now);
            if (fault == hot) p.overheat(world.now, true);
            if (fault == mute) p.mute(true);
            if (fault == power) {
                p.power_off(world.now);
                world.close();
            }
        });
        world.print(1, ticket(kind.believed, "A001"));
        REQUIRE(world.run([&] { return !world.dones.empty(); }));
        CAPTURE(kind.believed.name, fault, round, static_cast<int>(world.dones[0].reason));
        const auto copies = std::count(world.papers.begin(), world.papers.end(), text);
        const Outcome outcome = world.dones[0].outcome;
        if (outcome == Outcome::printed) {
            REQUIRE(copies == 1);
            ++printed;
        }
        if (outcome == Outcome::unconfirmed) ++unconfirmed;

        world.run([] { return false; }, 5s);
        auto& p = world.printer;
        if (fault == paper_out) p.load_paper(world.now);
        if (fault == cover) p.close_cover(world.now);
        if (fault == jam) p.clear_jam(world.now);
        if (fault == hot) p.overheat(world.now, false);
        p.mute(false);
        if (fault == power) {
            p.power_on(world.now);
            world.open();
        }
        world.run([] { return false; }, 60s);
        REQUIRE(world.machine.state() == PrinterState::ready);
        world.papers.clear();
        world.print(2, ticket(kind.believed, "A002"));
        REQUIRE(world.run([&] { return world.dones.size() == 2; }));
        REQUIRE(world.dones[1].outcome == Outcome::printed);
        REQUIRE(world.papers == std::vector{next_text});
    }
    CHECK(printed > 0);
    if (fault != hot) CHECK(unconfirmed > 0);
}

}  // namespace
