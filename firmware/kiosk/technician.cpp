#include "firmware/kiosk/technician.hpp"

#include "firmware/kiosk/lamp_commands.hpp"
#include "firmware/kiosk/layout.hpp"
#include "firmware/kiosk/printer_commands.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

using device_console::Answer;
using device_console::Call;
using device_console::check;
using device_console::Counters;
using device_console::PaperRecord;
using device_console::Record;
using device_console::refused;
using device_console::Store;
using device_console::Table;
using device_console::Value;
using Ptr = std::shared_ptr<Call>;

std::int64_t held_s(const Front::StuckKey& stuck, SteadyTime now) {
    return std::chrono::duration_cast<std::chrono::seconds>(now - stuck.since).count();
}

std::vector<Record> stuck_keys(const Front& front) {
    std::vector<Record> rows;
    const auto now = std::chrono::steady_clock::now();
    for (const auto& stuck : front.stuck_keys()) {
        rows.push_back(
            {{"stuck", stuck.key},
             {"button", stuck.button ? Value{std::int64_t{stuck.button->value()}} : Value{}},
             {"device", stuck.device},
             {"held_s", held_s(stuck, now)}});
    }
    return rows;
}

Record check_stuck(const std::vector<Front::StuckKey>& stuck, SteadyTime now) {
    std::vector<std::string> found;
    for (const auto& one : stuck) {
        const auto button = one.button ? fmt::format("button {}, ", one.button->value()) : "";
        found.push_back(fmt::format("{}key {} of {}, held for {} s", button, one.key, one.device,
                                    held_s(one, now)));
    }
    return check("stuck buttons", found.empty(),
                 found.empty() ? "none" : fmt::format("{}", fmt::join(found, "; ")));
}

Record check_lamps(const std::vector<LampBoard::State>& lamps) {
    std::vector<std::string> found;
    for (const auto& lamp : lamps) {
        if (!lamp.trouble.empty())
            found.push_back(fmt::format("button {}: {}", lamp.button.value(), lamp.trouble));
    }
    return check("lamps", found.empty(),
                 found.empty() ? fmt::format("{} can be lit", lamps.size())
                               : fmt::format("{}", fmt::join(found, "; ")));
}

void add_status(Shell& shell, const Front& front, Answer& answer) {
    const auto& core = shell.core();
    const auto buttons = core.menu() ? core.menu()->buttons.size() : 0;
    answer.fields.insert(answer.fields.end(),
                         {{"has_menu", core.menu().has_value()},
                          {"buttons", static_cast<std::int64_t>(buttons)},
                          {"asks_controller", core.is_asking()},
                          {"papers_not_told", static_cast<std::int64_t>(core.jobs().size())},
                          {"numbers_not_told", static_cast<std::int64_t>(core.offline().size())}});
    answer.tables.push_back(printer_table(shell));
    answer.tables.push_back({"stuck_buttons", stuck_keys(front)});
}

Answer why_not_restart(Shell& shell) {
    for (std::size_t i = 0; i < shell.printer_count(); ++i) {
        if (shell.printer(i).busy())
            return refused("printing", "a paper is on its way", "Try again when it is out");
    }
    return {};
}

Answer why_not_reset(Shell& shell) {
    if (auto answer = why_not_restart(shell); !answer.error.empty()) return answer;
    const auto& core = shell.core();
    if (core.jobs().empty() && core.offline().empty() && !core.is_asking()) return {};
    return refused("not_told", "the controller has yet to be told of a paper or a press",
                   "Let the kiosk connect first; see network");
}

Record to_record(const PaperRecord& paper) {
    const auto at = std::chrono::system_clock::to_time_t(paper.at);
    return {{"number", paper.number},
            {"at", fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(at))},
            {"kind", paper.kind},
            {"label", paper.label},
            {"printer", std::int64_t{paper.printer}},
            {"outcome", paper.outcome},
            {"reason", paper.reason},
            {"evidence", paper.evidence}};
}

Answer journal(const Store& store, const std::vector<std::string>& arguments) {
    std::size_t most = 20;
    if (!arguments.empty()) {
        const auto& asked = arguments[0];
        const auto end = asked.data() + asked.size();
        const auto [rest, error] = std::from_chars(asked.data(), end, most);
        if (error != std::errc{} || rest != end || most < 1 || most > device_console::max_papers) {
            return refused("argument", "'" + asked + "' is no such number",
                           fmt::format("Write one from 1 to {}", device_console::max_papers));
        }
    }
    const auto papers = store.papers(most);
    if (!papers) return refused("store", papers.error().text, "Look at the log");
    Table table{"papers", {}};
    for (const auto& paper : *papers)
        table.rows.push_back(to_record(paper));
    Answer answer;
    answer.tables.push_back(std::move(table));
    return answer;
}

Answer leases(const Core& core) {
    device_console::Table table{"leases", {}};
    for (const auto& lease : core.leases()) {
        const auto untold =
            std::count_if(core.offline().begin(), core.offline().end(),
                          [&](const Offline& o) { return o.lease == lease.terms.lease; });
        table.rows.push_back({{"label", lease.terms.label},
                              {"series", std::string{lease.terms.series.view()}},
                              {"given", std::int64_t{lease.given}},
                              {"size", std::int64_t{lease.terms.size}},
                              {"not_told", static_cast<std::int64_t>(untold)},
                              {"retired", lease.retired}});
    }
    Answer answer;
    answer.tables.push_back(std::move(table));
    return answer;
}

// Always as a copy, for the paper may have come out already. A number that is void stays so: nobody
// would be called for it.
void reprint(const Ptr& call, Shell& shell, const Store& store) {
    std::string label = call->arguments[0];
    for (char& c : label)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto found = store.find(label);
    if (!found) return call->finish(refused("store", found.error().text, "Look at the log"));
    if (!*found) {
        return call->finish(refused("unknown", "no ticket " + label + " is in the journal",
                                    "See journal; only the last papers are kept"));
    }
    const auto& paper = **found;
    if (paper.kind == "ticket" && paper.outcome == "not printed") {
        return call->finish(refused("void", label + " surely did not come out, so it is void",
                                    "Press the button for a new number"));
    }
    const auto which = pick_printer(call, shell, 1);
    if (!which) return;
    layout::Fields fields;
    for (const auto& [name, text] : paper.fields) {
        if (const auto field = layout::field_of(name)) fields[*field] = text;
    }
    TechniciansPaper copy;
    copy.ticket = paper.ticket;
    copy.label = label;
    copy.bytes = shell.lay_out(*which, fields, {.copy = true, .parted = true}, copy.wear);
    Answer answer;
    answer.fields = {{"label", label}, {"date", fields[layout::Field::date]}};
    print_for(call, shell, *which, std::move(copy), std::move(answer));
}

}  // namespace

std::vector<Record> own_checks(const std::optional<proto::Menu>& menu,
                               const std::vector<Front::StuckKey>& stuck,
                               const std::vector<LampBoard::State>& lamps, SteadyTime now) {
    std::vector<Record> checks;
    checks.push_back(
        check("buttons", menu && !menu->buttons.empty(),
              menu ? fmt::format("{} in the menu", menu->buttons.size()) : "no menu yet"));
    checks.push_back(check_stuck(stuck, now));
    if (!lamps.empty()) checks.push_back(check_lamps(lamps));
    return checks;
}

void open_desk(device_console::Desk& desk, boost::asio::io_context& io, Shell& shell,
               const Front& front, LampBoard& lamps, const common::DeviceOptions& options) {
    add_printer_commands(desk, io, shell, [&shell, &front, &lamps] {
        return own_checks(shell.core().menu(), front.stuck_keys(), lamps.states(),
                          std::chrono::steady_clock::now());
    });
    desk.commands().add(
        {.name = "journal",
         .arguments = "[PAPERS]",
         .most = 1,
         .summary = "Shows the last papers, and what became of them",
         .help = fmt::format("The newest first; 20 of them, or as many as you say, up to {}.\n"
                             "Example: journal 5 --json\n",
                             device_console::max_papers),
         .run = [&](const Ptr& call) { call->finish(journal(desk.store(), call->arguments)); }});
    desk.commands().add({.name = "leases",
                         .summary = "Shows the numbers that it may give without the controller",
                         .help = "A label such as A-QK, how many numbers behind it were given, and "
                                 "of how many of them\n"
                                 "the controller has not been told.\n"
                                 "Example: leases --json\n",
                         .run = [&shell](const Ptr& call) { call->finish(leases(shell.core())); }});
    desk.commands().add(
        {.name = "reprint",
         .arguments = "LABEL [PRINTER]",
         .least = 1,
         .most = 2,
         .summary = "Prints a ticket of the journal again, marked as a copy (SALINAN)",
         .help = "Not one that surely did not come out: its number is void.\n"
                 "Example: reprint A-025\n",
         .run = [&](const Ptr& call) { reprint(call, shell, desk.store()); }});
    add_lamps_command(desk.commands(), io, lamps);
    device_console::Device device;
    device.program = "antrean-kiosk";
    device.id = options.device;
    device.folder = options.store.parent_path();
    device.link = [&shell]() -> const common::Link::Status& { return shell.link(); };
    device.add_status = [&](Answer& answer) { add_status(shell, front, answer); };
    desk.tap().show_stuck([&front] { return stuck_keys(front); });
    device.why_not_restart = [&shell] { return why_not_restart(shell); };
    device.why_not_reset = [&shell] { return why_not_reset(shell); };
    device.new_counts = [&shell, told = std::uint64_t{0}]() mutable {
        const auto saves = shell.saves();
        return Counters{
            {"store_writes", static_cast<std::int64_t>(saves - std::exchange(told, saves))}};
    };
    desk.open(std::move(device));
}

void keep_paper(device_console::Desk& desk, const PaperEnd& end) {
    PaperRecord record;
    record.at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    record.printer = static_cast<int>(end.printer) + 1;
    record.outcome = printer::to_string(end.done.outcome);
    record.reason = printer::to_string(end.done.reason);
    record.evidence = printer::to_string(end.done.evidence);
    if (end.ticket) {
        record.kind = end.copy ? "copy" : "ticket";
        record.ticket = end.ticket->ticket;
        record.label = end.ticket->label;
        const auto fields = to_fields(*end.ticket);
        for (const auto name : layout::field_names()) {
            const auto& text = fields[*layout::field_of(name)];
            if (!text.empty()) record.fields.emplace_back(name, text);
        }
    } else {
        record.kind = end.technicians_label.empty() ? "test" : "reprint";
        record.ticket = end.technicians_ticket;
        record.label = end.technicians_label;
    }
    Counters added;
    if (end.done.outcome != printer::Outcome::not_printed) {
        const auto prefix = fmt::format("printer_{}_", record.printer);
        added = {{prefix + "papers", 1},
                 {prefix + "cuts", end.wear.cuts},
                 {prefix + "paper_mm", std::lround(end.wear.paper_mm)}};
    }
    desk.keep(record, std::move(added));
}

Record press_of(const std::string& key, std::optional<ButtonNumber> button, const Core& core) {
    std::string service;
    if (button && core.menu()) {
        for (const auto& one : core.menu()->buttons) {
            if (one.number == *button) service = one.service_name;
        }
    }
    return {{"key", key},
            {"button", button ? Value{std::int64_t{button->value()}} : Value{}},
            {"service", service}};
}

}  // namespace antrean::kiosk
