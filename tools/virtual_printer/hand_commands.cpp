#include "tools/virtual_printer/hand_commands.hpp"

#include <charconv>

#include <fmt/format.h>

namespace antrean::virtual_printer {
namespace {

constexpr double low_mm = 1'000;

struct HandCommand {
    std::string_view name;
    std::string_view help;
    std::string (*run)(Machine& machine, SteadyTime now);
};

std::string status(Machine& machine, SteadyTime now) {
    machine.advance(now);
    const Condition c = machine.condition();
    const double hanging_mm = machine.profile().mm(machine.hanging().height_dots);
    return fmt::format(
        "{}; {:.1f} m of paper left, {:.0f} mm hanging out, {} bytes waiting, {} commands not "
        "understood",
        describe(c), c.paper_left_mm / 1000, hanging_mm, c.buffered, machine.unknown_count());
}

constexpr HandCommand hand_commands[] = {
    {"paper out", "the roll ends here",
     [](Machine& m, SteadyTime now) {
         m.set_paper_left(now, 0);
         return std::string{};
     }},
    {"paper low", "one metre is left: near end",
     [](Machine& m, SteadyTime now) {
         m.set_paper_left(now, low_mm);
         return std::string{};
     }},
    {"paper load", "put in a new roll; what waits in the buffer is printed",
     [](Machine& m, SteadyTime now) {
         m.load_paper(now);
         return std::string{};
     }},
    {"tear", "tear off what hangs out",
     [](Machine& m, SteadyTime now) {
         m.tear_off(now);
         return std::string{};
     }},
    {"cover open", "",
     [](Machine& m, SteadyTime now) {
         m.open_cover(now);
         return std::string{};
     }},
    {"cover close", "",
     [](Machine& m, SteadyTime now) {
         m.close_cover(now);
         return std::string{};
     }},
    {"jam", "the next cut gets stuck",
     [](Machine& m, SteadyTime now) {
         m.jam_cutter(now);
         return std::string{"the next cut gets stuck"};
     }},
    {"unjam", "free the cutter; the host, or the power switch, must clear the error",
     [](Machine& m, SteadyTime now) {
         m.clear_jam(now);
         return std::string{"the cutter is free"};
     }},
    {"hot", "the head is too hot and pauses",
     [](Machine& m, SteadyTime now) {
         m.overheat(now, true);
         return std::string{};
     }},
    {"cool", "the head has cooled down",
     [](Machine& m, SteadyTime now) {
         m.overheat(now, false);
         return std::string{};
     }},
    {"power off", "buffers are lost, a half-printed paper stays hanging",
     [](Machine& m, SteadyTime now) {
         m.power_off(now);
         return std::string{};
     }},
    {"power on", "",
     [](Machine& m, SteadyTime now) {
         m.power_on(now);
         return std::string{};
     }},
    {"mute", "print, but answer nothing",
     [](Machine& m, SteadyTime) {
         m.mute(true);
         return std::string{};
     }},
    {"unmute", "answer again",
     [](Machine& m, SteadyTime) {
         m.mute(false);
         return std::string{};
     }},
    {"status", "what a person in front of the printer sees", status},
    {"help", "this list", [](Machine&, SteadyTime) { return hand_commands_help(); }},
};

// The line with single spaces between its words and none around them.
std::string words(std::string_view line) {
    std::string out;
    bool space = false;
    for (const char c : line) {
        if (c == ' ' || c == '\t' || c == '\r') {
            space = !out.empty();
            continue;
        }
        if (space) out += ' ';
        space = false;
        out += c;
    }
    return out;
}

}  // namespace

std::string run_hand_command(Machine& machine, std::string_view line, SteadyTime now) {
    const std::string wanted = words(line);
    if (wanted.empty()) return {};
    for (const HandCommand& command : hand_commands) {
        if (command.name == wanted) return command.run(machine, now);
    }
    constexpr std::string_view left = "paper left ";
    if (wanted.starts_with(left)) {
        double length_mm = 0;
        const char* const end = wanted.data() + wanted.size();
        const auto parsed = std::from_chars(wanted.data() + left.size(), end, length_mm);
        if (parsed.ec == std::errc{} && parsed.ptr == end && length_mm >= 0 && length_mm <= 1e6) {
            machine.set_paper_left(now, length_mm);
            return {};
        }
    }
    return "not understood; \"help\" lists what is";
}

std::string hand_commands_help() {
    std::string out;
    const auto add = [&out](std::string_view name, std::string_view help) {
        out += fmt::format("  {:<14}{}", name, help);
        while (out.back() == ' ')
            out.pop_back();
        out += '\n';
    };
    for (const HandCommand& command : hand_commands)
        add(command.name, command.help);
    add("paper left MM", "the roll ends after so many millimetres");
    out.pop_back();
    return out;
}

std::string describe(const Condition& c) {
    if (!c.powered) return "switched off";
    std::string out = c.online ? "online" : "offline";
    std::string_view separator = ": ";
    const auto add = [&](bool is, std::string_view what) {
        if (!is) return;
        out += separator;
        out += what;
        separator = ", ";
    };
    add(c.cover_open, "cover open");
    add(c.paper_end, "out of paper");
    add(c.paper_near_end && !c.paper_end, "paper near its end");
    add(c.cutter_error, "cutter stuck");
    add(c.recovering && !c.cover_open, "head too hot");
    add(c.broken, "board broken");
    add(c.muted, "muted");
    return out;
}

}  // namespace antrean::virtual_printer
