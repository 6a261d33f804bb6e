// The driver's state machine against the virtual printer, which takes its time: the head prints
// behind what has been interpreted, and answers may come before the paper is out.
#pragma once

#include "drivers/escpos/encode.hpp"
#include "drivers/escpos/profile_load.hpp"
#include "drivers/printer/machine.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace antrean::printer_world {

using namespace antrean::printer;
using namespace std::chrono_literals;

// What the driver believes, and what is so.
struct Kind {
    escpos::Profile believed;
    virtual_printer::Profile real;
};
inline Kind epson() {
    return {escpos::epson_tm(), virtual_printer::epson_tm_t88v()};
}
inline Kind counting_epson() {
    Kind kind = epson();
    kind.believed.has_counters = true;
    return kind;
}
// Printers that cannot clear themselves are believed to take pictures in narrow bands, so that what
// fills up half a command is short and the sweeps are fast.
inline escpos::Profile generic() {
    escpos::Profile profile = escpos::generic_80();
    profile.band_rows = 8;
    return profile;
}
inline Kind clone() {
    return {generic(), virtual_printer::generic_80()};
}
// With a presenter that takes back after ten seconds what nobody takes.
inline Kind custom() {
    escpos::Profile profile = generic();
    profile.name = "custom";
    profile.dialect = escpos::Dialect::custom;
    profile.has_asb = profile.has_counters = profile.has_near_end = true;
    for (const int b : {0x1c, 0x50, 0x05, 0x01, 0x52, 0x0a})
        profile.present.push_back(static_cast<std::byte>(b));
    Kind kind{profile, virtual_printer::from_model(profile)};
    kind.real.presenter = virtual_printer::PresenterKind::fs_p;
    return kind;
}
// Which tells no counters and answers no barrier: there is only the sensor in its mouth.
inline Kind sensing_custom() {
    Kind kind = custom();
    kind.believed.name = "sensing custom";
    kind.believed.has_asb = kind.believed.has_counters = kind.believed.has_barrier = false;
    return kind;
}
inline Kind mute() {
    escpos::Profile profile = generic();
    profile.name = "mute";
    profile.answers = profile.has_barrier = false;
    return {profile, virtual_printer::from_model(profile)};
}
// A Star printer in ESC/POS emulation, which tells its status when it is asked, and no more.
inline Kind star() {
    escpos::Profile profile = escpos::find_profile("star-tsp654").value();
    profile.band_rows = generic().band_rows;
    return {profile, virtual_printer::from_model(profile)};
}

// What is on a paper, for comparison.
struct Sheet {
    std::string text;
    int rows = 0;  // of pictures
    bool whole = false;
    bool operator==(const Sheet&) const = default;
};
inline Sheet sheet_of(const virtual_printer::Paper& paper) {
    Sheet sheet{paper.text(), 0, paper.complete && !paper.interrupted};
    for (const auto& raster : paper.rasters)
        sheet.rows += raster.height;
    return sheet;
}

class World {
public:
    explicit World(const Kind& kind)
        : printer{kind.real}, machine{std::in_place, kind.believed, 99}, believed_{kind.believed} {}

    void open() {
        open_ = true;
        wire_.clear();
        total_ = written_ = 0;
        step([this](Actions& out) { machine->opened(now, out); });
    }
    void close() {
        if (!open_) return;
        open_ = false;
        wire_.clear();
        step([this](Actions& out) { machine->closed(Reason::gone, now, out); });
    }
    // The host starts anew: what it had not sent is gone, and nobody knows of the paper.
    void reboot() {
        open_ = false;
        wire_.clear();
        reopen_at_.reset();
        machine.emplace(believed_, 4711);
    }
    void print(std::uint64_t id, std::vector<std::byte> paper) {
        step([&](Actions& out) { machine->print({JobId{id}, std::move(paper)}, now, out); });
    }
    // Something that happens at a moment of its own.
    void at(SteadyTime time, std::function<void()> event) { event_ = {time, std::move(event)}; }
    // Or before the printer gets one more byte, when it has had so many from now on.
    void at_byte(std::size_t count, std::function<void()> event) {
        strike_at_ = received + count;
        strike_ = std::move(event);
    }

    bool run(const std::function<bool()>& done, std::chrono::milliseconds limit = 3min) {
        const SteadyTime end = now + limit;
        while (!done() && now < end) {
            exchange();
            if (done()) break;
            SteadyTime next = end;
            const auto consider = [&](std::optional<SteadyTime> time) {
                if (time) next = std::min(next, std::max(*time, now));
            };
            consider(machine->deadline());
            consider(reopen_at_);
            if (event_) consider(event_->time);
            if (open_ && !wire_.empty() && chunk_at_ > now) consider(chunk_at_);
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
            step([this](Actions& out) { machine->tick(now, out); });
        }
        return done();
    }
    void pass(std::chrono::milliseconds time) {
        run([] { return false; }, time);
    }
    bool run_until(PrinterState state) {
        return run([this, state] { return machine->state() == state; });
    }
    bool run_until_done(std::size_t count) {
        return run([this, count] { return dones.size() >= count; });
    }
    void collect() {
        for (const auto& paper : printer.take_papers())
            papers.push_back(sheet_of(paper));
    }
    std::ptrdiff_t count(const Sheet& sheet) const {
        return std::count(papers.begin(), papers.end(), sheet);
    }

    virtual_printer::Machine printer;
    std::optional<Machine> machine;
    SteadyTime now{1h};
    std::chrono::microseconds chunk_time{0};  // for each `chunk` bytes; 0: all at once
    std::size_t chunk = 16;
    std::size_t received = 0;  // by the printer
    bool adapter = false;      // takes every byte at once, and keeps what the printer refuses
    std::vector<Done> dones;
    std::vector<Presented> presentations;
    std::vector<Sheet> papers;

private:
    struct Event {
        SteadyTime time;
        std::function<void()> action;
    };

    void exchange() {
        for (bool moved = true; moved && open_;) {
            moved = send();
            if (!open_) break;
            printer.advance(now);
            if (const auto replies = printer.take_replies(); !replies.empty() && open_) {
                moved = true;
                step([&](Actions& out) { machine->received(replies, now, out); });
            }
        }
        collect();
    }
    bool send() {
        if (adapter && total_ < written_) {
            total_ = written_;
            step([this](Actions& out) { machine->taken(total_, now, out); });
        }
        if (strike_ && received >= strike_at_) {
            const auto strike = std::exchange(strike_, nullptr);
            strike();  // may close the link
            return true;
        }
        if (wire_.empty() || chunk_at_ > now) return false;
        std::size_t size = wire_.size();
        if (chunk_time > 0us) size = std::min(size, chunk);
        if (strike_) size = std::min(size, strike_at_ - received);
        const std::size_t taken = printer.receive(std::span{wire_}.first(size), now);
        if (taken == 0) return false;
        wire_.erase(wire_.begin(), wire_.begin() + static_cast<std::ptrdiff_t>(taken));
        received += taken;
        chunk_at_ = now + chunk_time;
        if (adapter) return true;
        total_ += taken;
        step([this](Actions& out) { machine->taken(total_, now, out); });
        return true;
    }
    void step(const std::function<void(Actions&)>& event) {
        Actions actions;
        event(actions);
        for (const Action& action : actions) {
            if (const auto* write = std::get_if<Write>(&action)) {
                wire_.insert(wire_.end(), write->bytes.begin(), write->bytes.end());
                written_ += write->bytes.size();
            } else if (std::holds_alternative<CloseAndReopen>(action)) {
                open_ = false;
                wire_.clear();
                reopen_at_ = now + 200ms;
            } else if (const auto* done = std::get_if<Done>(&action)) {
                collect();
                dones.push_back(*done);
            } else if (const auto* presented = std::get_if<Presented>(&action)) {
                presentations.push_back(*presented);
            }
        }
    }

    const escpos::Profile believed_;
    bool open_ = false;
    std::vector<std::byte> wire_;
    std::uint64_t total_ = 0;    // told as taken
    std::uint64_t written_ = 0;  // since the link was opened
    SteadyTime chunk_at_{};
    std::optional<SteadyTime> reopen_at_;
    std::optional<Event> event_;
    std::size_t strike_at_ = 0;
    std::function<void()> strike_;
};

// With a picture, so that a command can break off in its middle. `parted`: begins with a cut, as
// the kiosk prints when it does not know what hangs out of the printer.
inline std::vector<std::byte> ticket(const escpos::Profile& profile, const std::string& number,
                                     bool parted = false) {
    escpos::Encoder encoder{profile};
    encoder.init();
    if (parted) encoder.feed(1).cut();
    encoder.align(escpos::Align::center).bold(true).line("Mal Pelayanan Publik").bold(false);
    encoder.size(2, 2).line(number).size(1, 1).line("Dukcapil");
    std::vector<std::byte> paper = encoder.take();
    for (const int b : {0x1d, 0x76, 0x30, 0x00, 0x04, 0x00, 0x18, 0x00})
        paper.push_back(static_cast<std::byte>(b));
    paper.resize(paper.size() + std::size_t{4} * 24, std::byte{0xaa});
    escpos::Encoder rest{profile};
    rest.line("17 Agustus 2024 08:15").cut();
    for (const std::byte b : rest.take())
        paper.push_back(b);
    return paper;
}

}  // namespace antrean::printer_world
