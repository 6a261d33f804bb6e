// Single keys from a terminal, as they are pressed, without Enter and without echo; or the
// characters of a pipe or a file, where that is what stands in for one.
//
// Everything runs on the thread of the io_context, the handlers too, which are never called from
// within the constructor. The io_context must outlive the object. The object may be destroyed at
// any time on that thread, also by one of its own handlers; none is called afterwards.
//
// The terminal keeps its signals (Ctrl-C, Ctrl-\, Ctrl-Z) and its output as it was. It gets its
// former modes back when the object is destroyed, and when the process dies of a signal that
// nobody else handles, a crash included. A process in the background leaves the terminal alone
// until it is brought to the front.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace antrean::tty {

struct KeyHandlers {
    // A byte as it came: Enter is '\n', Ctrl-D is '\x04', a letter beyond ASCII comes as the bytes
    // of its UTF-8. Keys that send an escape sequence, such as the arrows, are not told.
    std::function<void(char)> key;
    // Nothing will ever come again: the pipe or file is at its end, the terminal is gone.
    std::function<void()> end;
};

class TerminalKeys {
public:
    // Reads FD, which stays open and the caller's, and whose flags are not changed: other
    // processes may share it. Both handlers must be set. Throws std::system_error where FD is not
    // open, and std::logic_error where it is a terminal and another TerminalKeys has one already.
    TerminalKeys(boost::asio::io_context& io, KeyHandlers handlers, int fd = 0);
    ~TerminalKeys();
    TerminalKeys(const TerminalKeys&) = delete;
    TerminalKeys& operator=(const TerminalKeys&) = delete;

private:
    class Reader;
    std::shared_ptr<Reader> reader_;
};

// BYTES, as one read returned them, without the escape sequences in it: ESC with what follows it
// up to the sequence's end (ECMA-48, section 5.4), or with one byte more where Alt was held. Pure.
std::string single_keys(std::string_view bytes);

}  // namespace antrean::tty
