// A console's session at a desk: what is typed goes in as text, what is shown comes out as text.
#pragma once

#include "firmware/console/session.hpp"
#include "tests/catch.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace antrean::firmware_test {

using namespace std::chrono_literals;
using namespace device_console;

inline constexpr const char* right_code = "right-code";

inline Secret secret_of(std::string_view code) {
    return make_secret(code, {std::byte{7}}, 2);
}

struct ConsoleBench {
    explicit ConsoleBench(std::uint32_t wrong_codes = 0, bool has_secret = true)
        : session{{"antrean-test device-1",
                   has_secret ? std::optional{secret_of(right_code)} : std::nullopt, wrong_codes},
                  commands,
                  now} {}

    // Commands that never answer by themselves: answer() does.
    static Commands make_commands() {
        Commands made;
        const auto add = [&](Command command) {
            command.summary = "Does " + command.name;
            command.run = [](const std::shared_ptr<Call>&) {};
            made.add(std::move(command));
        };
        add({.name = "status"});
        add({.name = "printer state", .arguments = "[PRINTER]", .most = 1});
        add({.name = "printer test", .arguments = "[PRINTER]", .most = 1});
        add({.name = "log level", .arguments = "[LEVEL]", .most = 1, .choices = [] {
                 return std::vector<std::string>{"debug", "info"};
             }});
        add({.name = "wipe", .confirm = "device-1", .warning = "This wipes all"});
        made.add_help();
        return made;
    }

    // Takes what the session gives; the order of actions is kept in `log`, as words.
    void take(Actions actions) {
        for (auto& action : actions) {
            if (auto* write = std::get_if<Write>(&action)) {
                shown += write->bytes;
                log.push_back("write");
            } else if (auto* keep = std::get_if<KeepFailures>(&action)) {
                kept = keep->wrong_codes;
                log.push_back("keep");
            } else if (auto* run = std::get_if<Run>(&action)) {
                running = *run;
                log.push_back("run " + run->command->name);
            } else if (std::holds_alternative<Cancel>(action)) {
                log.push_back("cancel");
            }
        }
    }
    template <class Event>
    std::string step(const Event& event) {
        shown.clear();
        log.clear();
        Actions out;
        event(out);
        take(std::move(out));
        return shown;
    }

    std::string connect() {
        return step([&](Actions& out) { session.connected(now, out); });
    }
    std::string hang_up() {
        return step([&](Actions& out) { session.hung_up(now, out); });
    }
    std::string type(std::string_view bytes) {
        return step([&](Actions& out) { session.received(bytes, now, out); });
    }
    std::string answer(const Answer& answer) {
        return step([&](Actions& out) { session.finished(running.call, answer, now, out); });
    }
    // Time passes; whoever wants to be woken is.
    std::string wait(std::chrono::milliseconds time) {
        now += time;
        const auto deadline = session.deadline();
        if (!deadline || *deadline > now) return {};
        return step([&](Actions& out) { session.tick(now, out); });
    }
    void log_in() {
        connect();
        type(std::string{right_code} + '\r');
        REQUIRE(session.is_logged_in());
    }

    SteadyTime now{1h};
    Commands commands = make_commands();
    Session session;
    std::string shown;
    std::vector<std::string> log;
    std::optional<std::uint32_t> kept;
    Run running;
};

inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace antrean::firmware_test
