#include "firmware/console/session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace antrean::device_console {
namespace {

using Kind = LineEditor::Event::Kind;

constexpr const char* code_prompt = "code: ";
constexpr const char* prompt = "> ";
constexpr char interrupt = '\x03';

void show(std::string shown, Actions& out) {
    if (!shown.empty()) out.push_back(Write{std::move(shown)});
}

}  // namespace

Session::Session(SessionConfig config, const Commands& commands, SteadyTime now)
    : config_{std::move(config)}, commands_{commands}, wrong_codes_{config_.wrong_codes} {
    if (wrong_codes_ > 0) locked_until_ = now + lockout_after(wrong_codes_);
}

void Session::connected(SteadyTime now, Actions& out) {
    std::string shown;
    heard_ = now;
    await_code(now, shown);
    show(std::move(shown), out);
}

void Session::hung_up(SteadyTime, Actions& out) {
    if (is_logged_in()) out.push_back(Log{"console: logged off by a hang-up"});
    cancel(out);
    state_ = State::away;
    editor_.forget_history();
    std::string ignored;
    editor_.start({}, true, ignored);
}

void Session::received(std::string_view bytes, SteadyTime now, Actions& out) {
    heard_ = now;
    std::string shown;
    for (const char byte : bytes) {
        if (state_ == State::away) break;
        take(byte, now, shown, out);
    }
    show(std::move(shown), out);
}

void Session::take(char byte, SteadyTime now, std::string& shown, Actions& out) {
    if (state_ == State::locked) {
        // Who presses Enter wants to know what is the matter; all else is dropped.
        if (byte == '\r' || byte == '\n') await_code(now, shown);
        return;
    }
    if (state_ == State::running) {
        if (byte == interrupt) {
            ahead_.clear();
            cancel(out);
            shown += "^C\r\n";
            await_command(shown);
        } else if (ahead_.size() < max_ahead) {
            ahead_ += byte;
        } else {
            ahead_is_lost_ = true;
        }
        return;
    }
    if (const auto event = editor_.feed(byte, shown)) take_event(*event, now, shown, out);
}

void Session::take_event(const LineEditor::Event& event, SteadyTime now, std::string& shown,
                         Actions& out) {
    if (event.kind == Kind::complete) {
        editor_.complete(
            state_ == State::ready ? commands_.completions(event.line) : std::vector<std::string>{},
            shown);
        return;
    }
    if (state_ == State::code) {
        if (event.kind == Kind::line && !event.line.empty()) {
            take_code(event.line, now, shown, out);
        } else {
            await_code(now, shown);
        }
        return;
    }
    switch (event.kind) {
        case Kind::end:
            return log_off("logged off", now, shown, out);
        case Kind::too_long:
            show_answer({},
                        refused("too_long",
                                fmt::format("a line of more than {} bytes is not taken",
                                            LineEditor::max_line_bytes),
                                "Write a shorter one"),
                        shown);
            return await_command(shown);
        case Kind::interrupt:
            return await_command(shown);
        case Kind::line:
        case Kind::complete:
            break;
    }
    if (state_ == State::confirming) {
        take_confirmation(event.line, shown, out);
    } else {
        take_command(event.line, shown, out);
    }
}

void Session::take_code(const std::string& code, SteadyTime now, std::string& shown, Actions& out) {
    if (is_code(*config_.secret, code)) {
        if (wrong_codes_ > 0) out.push_back(KeepFailures{0});
        out.push_back(Log{"console: logged in"});
        shown += config_.name + "\r\n";
        if (wrong_codes_ > 0)
            shown += fmt::format("Wrong codes since the last login: {}.\r\n", wrong_codes_);
        shown += "Write help for the commands.\r\n";
        wrong_codes_ = 0;
        locked_until_.reset();
        await_command(shown);
        return;
    }
    ++wrong_codes_;
    locked_until_ = now + lockout_after(wrong_codes_);
    out.push_back(KeepFailures{wrong_codes_});
    out.push_back(Log{fmt::format("console: wrong code, {} in a row", wrong_codes_)});
    shown += "Wrong code.\r\n";
    await_code(now, shown);
}

void Session::take_command(const std::string& line, std::string& shown, Actions& out) {
    editor_.remember(line);
    if (line.find_first_not_of(' ') == std::string::npos) return await_command(shown);
    auto request = commands_.parse(line);
    if (!request) {
        request_ = {};
        request_.json = line.find("--json") != std::string::npos;
        show_answer({}, request.error(), shown);
        return await_command(shown);
    }
    request_ = std::move(*request);
    if (request_.command->confirm.empty()) return run(shown, out);
    show_answer(
        request_.command->name,
        {.text = request_.command->warning + ". To do it, type " + request_.command->confirm},
        shown);
    state_ = State::confirming;
    editor_.start("sure? ", false, shown);
}

void Session::take_confirmation(const std::string& line, std::string& shown, Actions& out) {
    if (line == request_.command->confirm) return run(shown, out);
    show_answer(request_.command->name, refused("not_confirmed", "nothing was changed", {}), shown);
    await_command(shown);
}

void Session::run(std::string& shown, Actions& out) {
    state_ = State::running;
    last_call_ = last_call_.next();
    // What was shown so far stands in front of whatever the command shows.
    show(std::exchange(shown, {}), out);
    out.push_back(Run{last_call_, request_.command, request_.arguments});
}

void Session::row(CallId call, const Record& row, Actions& out) {
    if (state_ != State::running || call != last_call_) return;
    show(request_.json ? to_json(request_.command->name, row) : to_text(row), out);
}

void Session::finished(CallId call, const Answer& answer, SteadyTime now, Actions& out) {
    if (state_ != State::running || call != last_call_) return;
    std::string shown;
    show_answer(request_.command->name, answer, shown);
    if (answer.logs_off) {
        ahead_.clear();
        log_off("logged off", now, shown, out);
    } else {
        await_command(shown);
        take_ahead(now, shown, out);
    }
    show(std::move(shown), out);
}

void Session::take_ahead(SteadyTime now, std::string& shown, Actions& out) {
    const auto ahead = std::exchange(ahead_, {});
    if (std::exchange(ahead_is_lost_, false)) {
        shown += "\r\n";
        show_answer({},
                    refused("too_fast", "what was typed while a command ran is not taken",
                            "Wait for its answer"),
                    shown);
        return await_command(shown);
    }
    for (const char byte : ahead)
        take(byte, now, shown, out);
}

void Session::show_answer(const std::string& command, const Answer& answer,
                          std::string& shown) const {
    shown += request_.json ? to_json(command, answer) : to_text(answer);
}

void Session::await_code(SteadyTime now, std::string& shown) {
    state_ = State::locked;
    if (!config_.secret) {
        shown += config_.name +
                 ": no code is set, so nobody can log in. Start the program with "
                 "--console-code-file FILE once.\r\n";
        return;
    }
    if (locked_until_ && now < *locked_until_) {
        const auto left = std::chrono::ceil<std::chrono::seconds>(*locked_until_ - now);
        shown += fmt::format("Wait {} s.\r\n", left.count());
        return;
    }
    locked_until_.reset();
    state_ = State::code;
    editor_.start(config_.name + ' ' + code_prompt, true, shown);
}

void Session::await_command(std::string& shown) {
    state_ = State::ready;
    request_ = {};
    editor_.start(prompt, false, shown);
}

void Session::log_off(const char* why, SteadyTime now, std::string& shown, Actions& out) {
    cancel(out);
    out.push_back(Log{fmt::format("console: {}", why)});
    editor_.forget_history();
    shown += fmt::format("{}{}.\r\n", static_cast<char>(why[0] - 'a' + 'A'), why + 1);
    await_code(now, shown);
}

void Session::cancel(Actions& out) {
    if (state_ == State::running) out.push_back(Cancel{last_call_});
    ahead_.clear();
    ahead_is_lost_ = false;
    if (is_logged_in()) state_ = State::ready;
}

void Session::tick(SteadyTime now, Actions& out) {
    std::string shown;
    if (state_ == State::locked && locked_until_ && *locked_until_ <= now) {
        await_code(now, shown);
    } else if (state_ >= State::code && now - heard_ >= idle_time) {
        heard_ = now;
        shown += "\r\n";
        if (is_logged_in()) {
            log_off("logged off after five minutes without a key", now, shown, out);
        } else {
            await_code(now, shown);
        }
    }
    show(std::move(shown), out);
}

std::optional<SteadyTime> Session::deadline() const {
    switch (state_) {
        case State::away:
            return std::nullopt;
        case State::locked:
            return config_.secret ? locked_until_ : std::nullopt;
        case State::code:
            // An idle prompt needs no waking; half a code that somebody left there does.
            return editor_.is_empty() ? std::nullopt : std::optional{heard_ + idle_time};
        case State::ready:
        case State::confirming:
        case State::running:
            break;
    }
    return heard_ + idle_time;
}

}  // namespace antrean::device_console
