// A receipt printer as simple as it can be: it prints in no time, and remembers every paper. It is
// the judge of what the printer driver says about a paper, and shares no code with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace antrean::printer_test {

class PrinterModel {
public:
    struct Abilities {
        bool automatic_status = false;
        bool process_id = false;
        bool clear = false;
        bool barrier = true;
        std::size_t buffer_bytes = 4096;
    };

    explicit PrinterModel(Abilities abilities) : can_{abilities} {}

    // False: the buffer is full, the byte has not been taken.
    bool take(std::byte b) {
        if (queue_.size() >= can_.buffer_bytes) return false;
        ++bytes_taken;
        queue_.push_back(static_cast<std::uint8_t>(b));
        on_arrival(static_cast<std::uint8_t>(b));
        run();
        return true;
    }
    std::vector<std::byte> take_answers() { return std::exchange(answers_, {}); }

    // Hands and faults.
    void set_paper(bool in) { paper_ = in, changed(); }
    void set_cover(bool open) { cover_open_ = open, changed(); }
    void set_hot(bool hot) { hot_ = hot, changed(); }
    void set_paused(bool paused) { paused_ = paused, run(); }  // and does not say so
    void set_mute(bool mute) { mute_ = mute; }
    void set_jam(bool jammed) { jammed_ = jammed; }
    void power_cycle() {
        queue_.clear();
        answers_.clear();
        line_.clear();
        cutter_error_ = false;
        report_ = false;
        arrived_.clear();
    }

    const std::vector<std::string>& papers() const { return papers_; }
    std::size_t bytes_taken = 0;
    std::size_t lines_printed = 0;

private:
    bool stopped() const { return !paper_ || cover_open_ || hot_ || cutter_error_; }

    void answer(std::initializer_list<int> bytes) {
        if (mute_) return;
        for (const int b : bytes)
            answers_.push_back(static_cast<std::byte>(b));
    }

    void changed() {
        run();
        if (report_) report();
    }
    void report() {
        answer({0x10 | (stopped() ? 8 : 0) | (cover_open_ ? 0x20 : 0),
                (cutter_error_ ? 8 : 0) | (hot_ ? 0x40 : 0), paper_ ? 0 : 0x0f, 0x0f});
    }

    void on_arrival(std::uint8_t b) {
        arrived_.push_back(b);
        if (arrived_.size() > 10) arrived_.pop_front();
        if (ends_with({0x10, 0x04, 1})) answer({0x12 | (stopped() ? 8 : 0)});
        if (ends_with({0x10, 0x04, 2}))
            answer({0x12 | (cover_open_ ? 4 : 0) | (paper_ ? 0 : 0x20) |
                    (cutter_error_ || hot_ ? 0x40 : 0)});
        if (ends_with({0x10, 0x04, 3}))
            answer({0x12 | (cutter_error_ ? 8 : 0) | (hot_ ? 0x40 : 0)});
        if (ends_with({0x10, 0x04, 4})) answer({paper_ ? 0x12 : 0x7e});
        if (ends_with({0x10, 0x05, 0x02}) && cutter_error_ && !jammed_) {
            cutter_error_ = false;
            queue_.clear();
            line_.clear();
        }
        if (can_.clear && ends_with({0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8})) {
            queue_.clear();
            line_.clear();
            answer({0x37, 0x25, 0x00});
        }
    }
    bool ends_with(std::initializer_list<std::uint8_t> end) const {
        return arrived_.size() >= end.size() &&
               std::equal(end.begin(), end.end(), arrived_.end() - static_cast<long>(end.size()));
    }

    void run() {
        while (!stopped() && !paused_ && !queue_.empty()) {
            const std::size_t size = command_size();
            if (size == 0 || size > queue_.size()) return;
            execute(size);
        }
    }
    // 0: the size cannot be told yet.
    std::size_t command_size() const {
        const auto at = [this](std::size_t i) { return i < queue_.size() ? queue_[i] : -1; };
        switch (queue_[0]) {
            case 0x10:
                return at(1) < 0 ? 0 : at(1) == 0x14 ? 10 : 3;
            case 0x1b:
                return at(1) < 0 ? 0 : at(1) == '@' ? 2 : 3;
            case 0x1c:
                return 2;
            case 0x1d:
                if (at(1) == 'V') return 4;
                if (at(1) == '(') return at(4) < 0 ? 0 : 5u + static_cast<unsigned>(at(3));
                return 3;
            default:
                return 1;
        }
    }
    void execute(std::size_t size) {
        const std::vector<int> command(queue_.begin(), queue_.begin() + static_cast<long>(size));
        const int code = size > 1 ? command[1] : 0;
        if (command[0] == 0x1d && code == 'V' && jammed_) {
            cutter_error_ = true;  // the command waits, and so does all that follows
            if (report_) report();
            return;
        }
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<long>(size));
        if (command[0] == '\n') {
            hanging_ += line_ + "\n";
            ++lines_printed;
            line_.clear();
        } else if (size == 1 && command[0] >= 0x20) {
            line_ += static_cast<char>(command[0]);
        } else if (command[0] == 0x1b && code == '@') {
            line_.clear();
            report_ = false;
        } else if (command[0] == 0x1d && code == 'a' && can_.automatic_status) {
            report_ = true;
            report();
        } else if (command[0] == 0x1d && code == 'V') {
            papers_.push_back(std::exchange(hanging_, {}));
        } else if (command[0] == 0x1d && code == 'r' && can_.barrier) {
            answer({0x00});
        } else if (command[0] == 0x1d && code == '(' && can_.process_id && size == 11) {
            answer({0x37, 0x22, command[7], command[8], command[9], command[10], 0x00});
        }
    }

    const Abilities can_;
    std::deque<std::uint8_t> queue_;
    std::deque<std::uint8_t> arrived_;  // the last few, for commands executed on arrival
    std::vector<std::byte> answers_;
    std::string line_;
    std::string hanging_;
    std::vector<std::string> papers_;
    bool paper_ = true;
    bool cover_open_ = false;
    bool hot_ = false;
    bool jammed_ = false;
    bool cutter_error_ = false;
    bool mute_ = false;
    bool paused_ = false;
    bool report_ = false;
};

}  // namespace antrean::printer_test
