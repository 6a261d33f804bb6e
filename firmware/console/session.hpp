// The console without its cable: who is logged in, what is typed, which command runs, what is
// shown. Bytes and `now` in; actions out, in the order in which they are to be carried out.
//
// What it promises:
//   - before the right code was given it shows the prompt, why none is taken, and nothing else;
//   - a wrong code is counted durably (KeepFailures) before anything of it is shown, and the count
//     keeps everybody out for longer each time, whoever hangs up or cuts the power meanwhile: after
//     a start the whole wait begins anew, for no clock outlives a power cut;
//   - five minutes without a byte, a hang-up or Ctrl-D end it, and what runs is cancelled;
//   - one command at a time. What is typed meanwhile waits, up to max_ahead bytes.
//
// Pure: no clock, no I/O. One thread. COMMANDS must outlive it, and may not change.
#pragma once

#include "firmware/console/command.hpp"
#include "firmware/console/line_editor.hpp"
#include "firmware/console/login.hpp"
#include "proto/types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace antrean::device_console {

inline constexpr std::chrono::minutes idle_time{5};
inline constexpr std::size_t max_ahead = 4096;

struct SessionConfig {
    std::string name;               // "antrean-kiosk kiosk-1"; plain
    std::optional<Secret> secret;   // none: nobody gets in
    std::uint32_t wrong_codes = 0;  // in a row, as the store has it
};

using CallId = NumberId<struct CallTag>;

struct Write {
    std::string bytes;
};
// Durable before what follows.
struct KeepFailures {
    std::uint32_t wrong_codes = 0;
};
struct Run {
    CallId call;
    const Command* command = nullptr;
    std::vector<std::string> arguments;
};
struct Cancel {
    CallId call;
};
struct Log {
    std::string text;
};
using Action = std::variant<Write, KeepFailures, Run, Cancel, Log>;
using Actions = std::vector<Action>;

class Session {
public:
    Session(SessionConfig config, const Commands& commands, SteadyTime now);

    // Somebody may be there now, or is no more.
    void connected(SteadyTime now, Actions& out);
    void hung_up(SteadyTime now, Actions& out);
    void received(std::string_view bytes, SteadyTime now, Actions& out);
    // The command of CALL; one that is over is ignored.
    void row(CallId call, const Record& row, Actions& out);
    void finished(CallId call, const Answer& answer, SteadyTime now, Actions& out);
    void tick(SteadyTime now, Actions& out);
    // When tick() is wanted, if at all.
    std::optional<SteadyTime> deadline() const;

    bool is_logged_in() const { return state_ > State::code; }

private:
    enum class State {
        away,        // nobody is there
        locked,      // until locked_until_, or for ever without a secret
        code,        // it is awaited
        ready,       // a command is awaited
        confirming,  // what its command wants typed is awaited
        running,
    };

    void take(char byte, SteadyTime now, std::string& shown, Actions& out);
    void take_event(const LineEditor::Event& event, SteadyTime now, std::string& shown,
                    Actions& out);
    void take_code(const std::string& code, SteadyTime now, std::string& shown, Actions& out);
    void take_command(const std::string& line, std::string& shown, Actions& out);
    void take_confirmation(const std::string& line, std::string& shown, Actions& out);
    void take_ahead(SteadyTime now, std::string& shown, Actions& out);
    void run(std::string& shown, Actions& out);
    void show_answer(const std::string& command, const Answer& answer, std::string& shown) const;
    void await_code(SteadyTime now, std::string& shown);
    void await_command(std::string& shown);
    void log_off(const char* why, SteadyTime now, std::string& shown, Actions& out);
    void cancel(Actions& out);

    const SessionConfig config_;
    const Commands& commands_;
    LineEditor editor_;
    State state_ = State::away;
    std::uint32_t wrong_codes_;
    std::optional<SteadyTime> locked_until_;
    SteadyTime heard_{};
    Request request_;  // that runs, or is to be confirmed
    CallId last_call_;
    std::string ahead_;           // typed while a command runs
    bool ahead_is_lost_ = false;  // some of it
};

}  // namespace antrean::device_console
