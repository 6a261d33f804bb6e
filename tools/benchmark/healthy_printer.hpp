// A printer that is always well and takes any paper at once, so that what is measured in front of
// it is the kiosk alone. It knows just the ESC/POS commands that a kiosk sends: those that want an
// answer, and the length of the others, to tell text from parameters (Epson ESC/POS reference).
// Pure: bytes in, answers out.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace antrean::benchmark {

class HealthyPrinter {
public:
    struct Heard {
        std::string answers;     // to be sent back, in order
        bool text = false;       // characters for paper were among the bytes
        bool confirmed = false;  // the printer was asked, and has said, that a paper is through
    };
    Heard feed(std::span<const char> bytes);

private:
    // How many bytes the command at the front of rest_ has; 0: that cannot be told yet.
    std::size_t command_size() const;
    void answer(std::size_t size, Heard& heard) const;

    std::string rest_;  // a command that has not come to its end
};

}  // namespace antrean::benchmark
