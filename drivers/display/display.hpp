// A display of a device: some rows of text. What is on it is its user's; how it gets there, and
// whether the display is there at all, is the driver's.
//
// Thread rule: everything on the thread of the io_context that the driver was made with.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace antrean::display {

// Where text can stand.
struct Room {
    std::size_t columns = 0;  // of characters; 0: as many as the text has
    std::size_t rows = 0;     // 1: each text is a line that follows the one before
    bool operator==(const Room&) const = default;
};

struct Status {
    bool works = false;
    std::string text{};  // for a technician, from outside too: "no answer: Remote I/O error"
    bool operator==(const Status&) const = default;
};

class Display {
public:
    Display() = default;
    virtual ~Display() = default;
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;

    // May change while it is used, as a window does; asked before each show().
    virtual Room room() const = 0;
    // These rows in place of those before, UTF-8; what does not fit is cut. Returns at once: a
    // display that is not there gets them when it comes.
    virtual void show(const std::vector<std::string>& rows) = 0;
    virtual Status status() const = 0;
};

}  // namespace antrean::display
