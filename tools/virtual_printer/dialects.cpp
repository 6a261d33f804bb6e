// The commands that only one maker has: Custom's presenter, full status and counters (VKP80II and
// VKP80III manuals), and Star's documents and status (line mode specifications).
#include "tools/virtual_printer/interpreter.hpp"

#include <algorithm>
#include <chrono>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t esc = 0x1b;
constexpr std::uint8_t fs = 0x1c;
constexpr std::uint8_t gs = 0x1d;
constexpr std::uint8_t etb = 0x17;
constexpr std::uint8_t can = 0x18;

// Operands such as "0/48": a number or its digit.
int number(std::uint8_t operand) {
    return operand >= '0' ? operand - '0' : operand;
}

}  // namespace

std::span<const Interpreter::Command> Interpreter::custom_table() {
    static constexpr Command table[] = {
        {gs, 0xe0, 1, false, &Interpreter::full_status},
        {gs, 0xe1, 0, false, &Interpreter::paper_left_counter},
        {gs, 0xe2, 0, false, &Interpreter::cut_counter},
        {gs, 0xe3, 0, false, &Interpreter::printed_counter},
        {gs, 0xe4, 0, false, &Interpreter::retracted_counter},
        {gs, 0xe5, 0, false, &Interpreter::power_on_counter},
        {gs, 0xe8, 1, false, &Interpreter::accept},  // the shortest ticket
        {gs, 0xf6, 0, false, &Interpreter::accept},  // marks on the paper, which has none here
        {gs, 0xf8, 0, false, &Interpreter::accept},
        {fs, 'P', 4, true, &Interpreter::present},
        {fs, 'K', 1, true, &Interpreter::feed_mm},
        {fs, 0xc1, 1, false, &Interpreter::accept},  // how far the paper is pulled back
        {esc, 'C', 1, true, &Interpreter::retract},
        {esc, 'F', 0, true, &Interpreter::eject},
    };
    return table;
}

std::span<const Interpreter::Command> Interpreter::star_table() {
    static constexpr Command table[] = {
        {esc, 0x1e, 2, false, &Interpreter::star_automatic_status},
        {esc, 0x06, 1, false, &Interpreter::accept},  // carried out on arrival
        {esc, 0x16, 2, false, &Interpreter::accept},  // of a presenter that is not there
    };
    return table;
}

Interpreter::Step Interpreter::control_character(SteadyTime now) {
    const std::uint8_t character = buffer_[0];
    if (board_.profile.dialect != Dialect::star || (character != etb && character != can)) {
        skip_unknown(1, "control character");
        return Step::done;
    }
    if (character == can) {
        buffer_.pop(1);
        line_.clear();
        board_.star_documents = 0;
        return Step::done;
    }
    // The end of a document is told when the motor has stopped behind it.
    if (!mechanism_.idle(now)) return Step::waits_for_head;
    buffer_.pop(1);
    board_.star_documents = (board_.star_documents + 1) & 31;
    board_.star_document_ended = true;
    board_.report_changes();
    return Step::done;
}

// ESC RS: E 0 sets the counter of documents to zero, a switches automatic status.
void Interpreter::star_automatic_status(Bytes b) {
    if (b[0] == 'E' && b[1] == 0) {
        board_.star_documents = 0;
        board_.automatic.star_told = board_.star_status();
    } else if (b[0] == 'a') {
        board_.automatic.star_enabled = number(b[1]) != 0 && board_.profile.answers_dle_eot;
        if (board_.automatic.star_enabled) board_.send_star_status();
    } else {
        note({esc, 0x1e, b[0], b[1]}, "unknown function of ESC RS");
    }
}

void Interpreter::full_status(Bytes b) {
    if (board_.profile.answers_dle_eot) board_.enable_full_status(b[0]);
}

void Interpreter::custom_counter(std::uint64_t value, std::string_view unit) {
    if (!board_.profile.has_counters) return;
    board_.outbox.send_text(std::to_string(value) + std::string{unit});
}

void Interpreter::paper_left_counter(Bytes) {
    const double cm = std::min(mechanism_.paper_left_mm() / 10, 1e9);
    custom_counter(static_cast<std::uint64_t>(cm), "cm");
}

void Interpreter::cut_counter(Bytes) {
    custom_counter(mechanism_.cuts(), "cuts");
}

void Interpreter::printed_counter(Bytes) {
    const auto dots = static_cast<double>(mechanism_.dots_fed());
    custom_counter(static_cast<std::uint64_t>(dots * 2.54 / board_.profile.dpi), "cm");
}

void Interpreter::retracted_counter(Bytes) {
    custom_counter(mechanism_.presenter().retracted(), "ret");
}

void Interpreter::power_on_counter(Bytes) {
    custom_counter(board_.power_ons, "on");
}

// FS P steps led mode timeout: 'E' or 'R' says what is done after so many seconds; 0 is never.
void Interpreter::present(Bytes b) {
    if (board_.profile.presenter != PresenterKind::fs_p) {
        return note({fs, 'P', b[0], b[1], b[2], b[3]}, "this model has no FS P");
    }
    if (b[2] != 'E' && b[2] != 'R') {
        return note({fs, 'P', b[0], b[1], b[2], b[3]}, "unknown mode of FS P");
    }
    if (b[0] == 0) return;
    mechanism_.presenter().offer(std::chrono::seconds{b[3]}, b[2] == 'R', mechanism_.moment());
}

void Interpreter::retract(Bytes) {
    mechanism_.presenter().retract(mechanism_.moment());
}

void Interpreter::eject(Bytes) {
    mechanism_.presenter().eject(mechanism_.moment());
}

// FS K n: millimetres.
void Interpreter::feed_mm(Bytes b) {
    const int feed = std::max(board_.profile.dots(b[0]), line_.height());
    put_line();
    mechanism_.move(feed);
}

// GS e n [m]: 2 retract, 3 present so many steps, 5 eject, 6 tell where the ticket is. Other
// numbers move the motor on other families, and are not understood here.
Interpreter::Step Interpreter::presenter_command(SteadyTime now) {
    if (buffer_.size() < 3) return Step::starved;
    const std::uint8_t function = buffer_[2];
    const std::size_t length = function == 3 ? 4 : 3;
    if (function != 2 && function != 3 && function != 5 && function != 6) {
        skip_unknown(3, "unknown function of GS e");
        return Step::done;
    }
    if (buffer_.size() < length) return Step::starved;
    if (function != 6 && !mechanism_.idle(now)) return Step::waits_for_head;
    const int steps = function == 3 ? buffer_[3] : 0;
    buffer_.pop(length);
    Presenter& presenter = mechanism_.presenter();
    switch (function) {
        case 2:
            presenter.retract(mechanism_.moment());
            break;
        case 3:
            if (steps > 0)
                presenter.offer(std::chrono::milliseconds{0}, false, mechanism_.moment());
            break;
        case 5:
            presenter.eject(mechanism_.moment());
            break;
        default:
            if (board_.profile.answers_dle_eot) board_.outbox.send({board_.ejector_status()});
    }
    return Step::done;
}

}  // namespace antrean::virtual_printer
