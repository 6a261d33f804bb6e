// Which of a kiosk's printers gets the next ticket, and how they look together. The first is used
// whenever it can print; the others stand in for it, in their order. A ticket that has been given
// to one stays with it, whatever becomes of that one.
//
// Pure: no clock, no I/O. One thread.
#pragma once

#include "drivers/printer/machine.hpp"
#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/printer_words.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace antrean::kiosk {

inline constexpr std::size_t max_printers = 2;

class Printers {
public:
    explicit Printers(std::size_t count) : printers_(count) { assert(count > 0); }

    std::size_t count() const { return printers_.size(); }
    void set_state(std::size_t printer, printer::PrinterState state) {
        printers_.at(printer).state = state;
    }

    // The one for a ticket that begins now. If none can print, the one that ready() speaks of.
    std::size_t next() const {
        const auto best = std::min_element(
            printers_.begin(), printers_.end(),
            [](const One& left, const One& right) { return rank(left) < rank(right); });
        return static_cast<std::size_t>(best - printers_.begin());
    }
    // For a person who wants a paper: trouble only if none of them can print.
    PrinterReady ready() const { return to_ready(printers_[next()].state); }

    // Part of an earlier paper may hang out of any of them: whoever prints next cuts it off first.
    void set_parted() {
        for (One& one : printers_)
            one.parted = true;
    }
    // Whether that is so of the one that prints now; once it has, it is not.
    bool take_parted(std::size_t printer) {
        return std::exchange(printers_.at(printer).parted, false);
    }

private:
    struct One {
        printer::PrinterState state = printer::PrinterState::gone;
        bool parted = false;
    };

    // The lower, the sooner it is asked. One that pauses by itself waits for no hands, but others
    // are faster. Of those that cannot print, one that says what is to be done comes first: that is
    // what people are told, and one that has been taken away must not hide it.
    static int rank(const One& one) {
        switch (to_ready(one.state)) {
            case PrinterReady::yes:
                return one.state == printer::PrinterState::head_hot ? 1 : 0;
            case PrinterReady::paper_out:
            case PrinterReady::cover_open:
                return 2;
            case PrinterReady::trouble:
                break;
        }
        return 3;
    }

    std::vector<One> printers_;
};

}  // namespace antrean::kiosk
