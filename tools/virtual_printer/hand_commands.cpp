#include "tools/virtual_printer/hand_commands.hpp"

#include <variant>

#include <fmt/format.h>

namespace antrean::virtual_printer {
namespace {

std::string status(Machine& machine, SteadyTime now) {
    machine.advance(now);
    const Condition c = machine.condition();
    const double hanging_mm = machine.profile().mm(machine.hanging().height_dots);
    return fmt::format(
        "{}; {:.1f} m of paper left, {:.0f} mm hanging out, {} bytes waiting, {} commands not "
        "understood",
        describe(c), c.paper_left_mm / 1000, hanging_mm, c.buffered, machine.unknown_count());
}

// What happened, where nothing else shows it.
std::string answer_to(Deed deed) {
    switch (deed) {
        case Deed::jam:
            return "the next cut gets stuck";
        case Deed::unjam:
            return "the cutter is free";
        case Deed::ticket_stuck:
            return "the next ticket gets stuck in the presenter";
        case Deed::buffer_lost:
        case Deed::buffer_kept:
        case Deed::replies_late:
        case Deed::replies_garbled:
        case Deed::replies_split:
        case Deed::replies_normal:
        case Deed::seed:
            return "from now on";
        default:
            return {};
    }
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    const auto begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

std::string run_hand_command(Machine& machine, std::string_view line, SteadyTime now) {
    const std::string_view wanted = trimmed(line);
    if (wanted == "status") return status(machine, now);
    if (wanted == "help") return hand_commands_help();
    const auto parsed = parse_statement(wanted);
    if (const auto* why = std::get_if<std::string>(&parsed)) {
        return fmt::format("not understood: {}; \"help\" lists what is", *why);
    }
    const auto& statement = std::get<std::optional<Statement>>(parsed);
    if (!statement) return {};
    if (statement->when.kind != Trigger::Kind::at_once) {
        const bool kept = machine.run_script({*statement}, now);
        return kept ? "noted" : "too much is to come already";
    }
    if (statement->what.deed == Deed::ticket_take && !machine.condition().ticket_in_mouth) {
        return "there is no ticket to take";
    }
    machine.act(statement->what, now);
    return answer_to(statement->what.deed);
}

std::string hand_commands_help() {
    std::string out;
    const auto add = [&out](std::string_view name, std::string_view help) {
        out += fmt::format("  {:<24}{}", name, help);
        while (out.back() == ' ')
            out.pop_back();
        out += '\n';
    };
    for (const ScriptWord& word : script_words())
        add(word.name, word.help);
    add("... for TIME", "whatever has an end, ended after so long: \"head hot for 5 s\"");
    add("at line N: ...", "once N lines are on paper from now on; likewise byte N, cut N");
    add("after TIME: ...", "so much later");
    add("status", "what a person in front of the printer sees");
    add("help", "this list");
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
    add(c.ticket_stuck, "ticket stuck in the presenter");
    add(c.ticket_in_mouth, "a ticket can be taken");
    add(c.muted, "muted");
    return out;
}

}  // namespace antrean::virtual_printer
