// The commands as a table: a row has the name, what may follow it, its help and its function. What
// a line means, what Tab offers and all help come from the rows alone.
//
// The table is pure; what its functions do is not its business.
#pragma once

#include "firmware/console/answer.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace antrean::device_console {

// A command on its way. Whoever runs it answers by finish(), at once or later, and exactly once;
// what comes after that, or after it was cancelled, is dropped. One thread.
class Call {
public:
    explicit Call(std::vector<std::string> words) : arguments{std::move(words)} {}
    virtual ~Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    // Something that is to be seen before the end.
    virtual void row(Record row) = 0;
    virtual void finish(Answer answer) = 0;

    const std::vector<std::string> arguments;
    // Called once if nobody waits for the answer any more (Ctrl-C, a hang-up); may be empty.
    std::function<void()> on_cancel;
};

struct Command {
    std::string name;         // one or two words: "printer test"
    std::string arguments{};  // "[PRINTER]"; empty: none
    std::size_t least = 0;    // how many arguments it takes
    std::size_t most = 0;
    std::string summary{};  // one line without its stop
    std::string help{};     // more of it, with an example; lines end in '\n'
    std::function<void(const std::shared_ptr<Call>&)> run{};
    // Not empty: it runs only after WARNING was shown and this was typed.
    std::string confirm{};
    std::string warning{};
    // What an argument may be, for Tab; empty function: nothing is known.
    std::function<std::vector<std::string>()> choices{};
};

// A line that was understood.
struct Request {
    const Command* command = nullptr;
    std::vector<std::string> arguments;
    bool json = false;
};

class Commands {
public:
    // NAME must be new. Rows stay where they are only once all are added.
    void add(Command command);
    // help itself, made of all that are there when it is asked. Last, once.
    void add_help();

    // What LINE asks. Words are parted by spaces; "a word" and a\ word are one. --json may stand
    // anywhere. The error is for the technician.
    [[nodiscard]] boost::system::result<Request, Answer> parse(std::string_view line) const;
    // The words that may go on where TEXT, a line up to the cursor, ends.
    std::vector<std::string> completions(std::string_view text) const;

    const std::vector<Command>& rows() const { return rows_; }

private:
    Answer help(const std::vector<std::string>& words) const;
    Answer unknown(const std::vector<std::string>& words) const;

    std::vector<Command> rows_;
};

}  // namespace antrean::device_console
