// A Machine and a PrinterModel joined by a wire, in virtual time.
#pragma once

#include "drivers/escpos/encode.hpp"
#include "drivers/printer/machine.hpp"
#include "tests/drivers/printer_model.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace antrean::printer_test {

using namespace std::chrono_literals;
using namespace antrean::printer;

class Bench {
public:
    Bench(const escpos::Profile& profile, PrinterModel::Abilities abilities)
        : printer{abilities}, machine{profile, 4711} {}

    void open() {
        open_ = true;
        wire_.clear();
        total_ = 0;
        step([this](Actions& out) { machine.opened(now, out); });
    }
    void close(Reason why) {
        if (!open_) return;
        open_ = false;
        wire_.clear();
        step([&](Actions& out) { machine.closed(why, now, out); });
    }
    void print(std::uint64_t id, std::vector<std::byte> paper) {
        current_ = paper;
        paper_given = false;
        step([&](Actions& out) { machine.print({JobId{id}, std::move(paper)}, now, out); });
    }

    // Something that the printer did not say by itself.
    void hear(std::byte b) {
        step([&](Actions& out) { machine.received({&b, 1}, now, out); });
    }

    // Until `done`, or for `limit`. Time passes only when nothing else can happen.
    bool run(const std::function<bool()>& done, std::chrono::milliseconds limit = 3min) {
        const SteadyTime end = now + limit;
        while (!done()) {
            if (move_bytes()) continue;
            SteadyTime next = end;
            if (reopen_at_) next = std::min(next, *reopen_at_);
            if (const auto at = machine.deadline()) next = std::min(next, std::max(now, *at));
            if (next >= end) {
                now = end;
                return done();
            }
            now = next;
            if (reopen_at_ && now >= *reopen_at_) {
                reopen_at_.reset();
                open();
            }
            step([this](Actions& out) { machine.tick(now, out); });
        }
        return true;
    }
    void pass(std::chrono::milliseconds time) {
        run([] { return false; }, time);
    }
    bool run_until_done(std::size_t count) {
        return run([this, count] { return dones.size() >= count; });
    }

    PrinterModel printer;
    Machine machine;
    SteadyTime now{1h};
    std::size_t chunk = 16;    // bytes per transfer
    bool refuses = false;      // the wire takes nothing
    bool taken_late = false;   // answers are reported before the write that they follow
    bool paper_given = false;  // the paper has been given to the wire, if only in part
    std::function<void()> before_byte;
    std::vector<Done> dones;
    std::vector<PrinterState> states;
    std::vector<Presented> presentations;

private:
    void step(const std::function<void(Actions&)>& event) {
        Actions actions;
        event(actions);
        for (const Action& action : actions) {
            if (const auto* write = std::get_if<Write>(&action)) {
                wire_.insert(wire_.end(), write->bytes.begin(), write->bytes.end());
                paper_given = paper_given || write->bytes == current_;
            } else if (std::holds_alternative<CloseAndReopen>(action)) {
                open_ = false;
                wire_.clear();
                reopen_at_ = now + 200ms;
            } else if (const auto* done = std::get_if<Done>(&action)) {
                dones.push_back(*done);
            } else if (const auto* presented = std::get_if<Presented>(&action)) {
                presentations.push_back(*presented);
            } else {
                states.push_back(std::get<StateChanged>(action).state);
            }
        }
    }
    bool move_bytes() {
        if (!open_) return false;
        std::size_t moved = 0;
        while (open_ && moved < chunk && !wire_.empty() && !refuses) {
            if (before_byte) before_byte();  // may close the link
            if (!open_ || wire_.empty() || !printer.take(wire_.front())) break;
            wire_.pop_front();
            ++moved;
        }
        total_ += moved;
        const auto report_taken = [&] {
            if (moved > 0 && open_) step([this](Actions& out) { machine.taken(total_, now, out); });
        };
        if (!taken_late) report_taken();
        const std::vector<std::byte> answers = printer.take_answers();
        if (!answers.empty() && open_)
            step([&](Actions& out) { machine.received(answers, now, out); });
        if (taken_late) report_taken();
        return moved > 0 || !answers.empty();
    }

    bool open_ = false;
    std::deque<std::byte> wire_;
    std::uint64_t total_ = 0;
    std::optional<SteadyTime> reopen_at_;
    std::vector<std::byte> current_;
};

inline std::vector<std::byte> ticket(const escpos::Profile& profile, const std::string& number) {
    escpos::Encoder encoder{profile};
    encoder.init().align(escpos::Align::center).line("Mal Pelayanan Publik");
    encoder.size(2, 2).line(number).size(1, 1).line("Dukcapil").feed(1).cut();
    return encoder.take();
}
inline std::string ticket_text(const std::string& number) {
    return "Mal Pelayanan Publik\n" + number + "\nDukcapil\n";
}

// A kind of printer: what the driver believes, and what is so.
struct Kind {
    escpos::Profile profile;
    PrinterModel::Abilities abilities;
};
inline Kind epson() {
    return {escpos::epson_tm(), {true, true, true, true}};
}
// Believed to take pictures in narrow bands, so that what fills up half a command is short.
inline Kind clone() {
    escpos::Profile profile = escpos::generic_80();
    profile.band_rows = 8;
    return {profile, {false, false, false, true}};
}

}  // namespace antrean::printer_test
