#include "firmware/kiosk/printer_commands.hpp"

#include "drivers/printer/probe.hpp"
#include "firmware/kiosk/printer_words.hpp"
#include "firmware/kiosk/test_paper.hpp"

#include <chrono>
#include <ctime>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

using device_console::Answer;
using device_console::Call;
using device_console::Desk;
using device_console::Record;
using device_console::refused;
using device_console::Table;
using device_console::Value;
using Ptr = std::shared_ptr<Call>;

// Longer than the probe's own questions take, and a printer needs to come back.
constexpr std::chrono::seconds probe_patience{20};

std::string local_time() {
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(std::time(nullptr)));
}

std::string text(std::string_view words) {
    return std::string{words};
}

Record state_of(std::size_t which, const printer::Printer& one) {
    const auto condition = one.condition();
    const auto usb = one.usb_identity();
    const auto& done = one.last_done();
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now() - condition.since);
    return {
        {"printer", static_cast<std::int64_t>(which + 1)},
        {"state", text(printer::to_string(condition.state))},
        {"since_s", condition.since == SteadyTime{} ? Value{} : Value{std::int64_t{since.count()}}},
        {"link", one.link()},
        {"profile", one.profile().name},
        {"usb", usb ? Value{printer::usb_name(*usb)} : Value{}},
        {"prints_now", one.busy()},
        {"last_outcome", done ? Value{text(printer::to_string(done->outcome))} : Value{}},
        {"last_evidence", done ? Value{text(printer::to_string(done->evidence))} : Value{}},
        {"remedy", text(condition.remedy)}};
}

bool is_free(const Ptr& call, const printer::Printer& one) {
    if (!one.busy()) return true;
    call->finish(refused("printing", "a paper is on its way", "Try again when it is out"));
    return false;
}

const char* heard(escpos::Heard what) {
    switch (what) {
        case escpos::Heard::not_asked:
            break;
        case escpos::Heard::silent:
            return "silent";
        case escpos::Heard::answered:
            return "answered";
    }
    return "not asked";
}

Answer probed(const printer::Probe& probe, const escpos::Match& match, const std::string& in_use) {
    const auto& identity = probe.identity();
    Answer answer;
    answer.fields = {{"maker", identity.said_maker.empty() ? identity.maker : identity.said_maker},
                     {"model", identity.said_model.empty() ? identity.model : identity.said_model},
                     {"serial", probe.serial()},
                     {"status", std::string{heard(identity.status)}},
                     {"asb", std::string{heard(identity.asb)}},
                     {"barrier", std::string{heard(identity.barrier)}},
                     {"counters", std::string{heard(identity.counters)}},
                     {"fits", match.profile.name},
                     {"why", match.why},
                     {"in_use", in_use}};
    return answer;
}

void probe(const Ptr& call, boost::asio::io_context& io, printer::Printer& one) {
    const auto timer = std::make_shared<boost::asio::steady_timer>(io, probe_patience);
    call->on_cancel = [timer, &one] {
        timer->cancel();
        one.probe(nullptr);
    };
    timer->async_wait([call, &one](boost::system::error_code error) {
        if (error) return;
        one.probe(nullptr);
        call->on_cancel = nullptr;
        call->finish(refused("no_answer",
                             "the printer could not be asked within 20 s: " + one.link(),
                             "Look at its cable and power"));
    });
    one.probe([call, timer, &one](const printer::Probe& answers, const escpos::Match& match) {
        timer->cancel();
        call->on_cancel = nullptr;
        call->finish(probed(answers, match, one.profile().name));
    });
}

Answer profile_of(const escpos::Profile& profile) {
    Answer answer;
    const auto number = [](auto value) { return static_cast<std::int64_t>(value); };
    answer.fields = {{"name", profile.name},
                     {"maker", profile.maker},
                     {"model", profile.model},
                     {"paper_mm", profile.paper_mm},
                     {"dots", number(profile.dots)},
                     {"dpi", number(profile.dpi)},
                     {"columns", number(profile.columns)},
                     {"cuts", profile.cutter != escpos::Cutter::none},
                     {"has_presenter", !profile.present.empty()},
                     {"prints_qr_itself", profile.native_qr},
                     {"answers", profile.answers},
                     {"tells_changes", profile.has_asb},
                     {"confirms_by_barrier", profile.has_barrier},
                     {"confirms_by_process_id", profile.has_process_id},
                     {"has_counters", profile.has_counters}};
    return answer;
}

void test(const Ptr& call, const Desk& desk, Shell& shell, std::size_t which) {
    TechniciansPaper paper;
    paper.bytes =
        make({desk.device().id, local_time()}, shell.printer(which).profile(), paper.wear);
    print_for(call, shell, which, std::move(paper), {});
}

using MoreChecks = std::function<std::vector<Record>()>;

// The checks of all devices, MORE, those of the printers, and, if one can print, the report on
// paper.
void self_test(const Ptr& call, boost::asio::io_context& io, Desk& desk, Shell& shell,
               const MoreChecks& more, std::size_t which) {
    auto running = std::make_shared<std::shared_ptr<void>>();
    call->on_cancel = [running] { running->reset(); };
    *running = run_checks(
        io, desk.device(), desk.store(),
        [call, &desk, &shell, more, which](std::vector<Record> checks) {
            call->on_cancel = nullptr;
            for (auto& one : more())
                checks.push_back(std::move(one));
            for (std::size_t i = 0; i < shell.printer_count(); ++i) {
                const auto state = shell.printer(i).state();
                checks.push_back(device_console::check(fmt::format("printer {}", i + 1),
                                                       to_ready(state) == PrinterReady::yes,
                                                       text(printer::to_string(state))));
            }
            Answer answer;
            TechniciansPaper paper;
            std::vector<std::string> lines;
            bool good = true;
            for (const auto& one : checks) {
                const bool is_good = std::get<bool>(one[1].value);
                good = good && is_good;
                lines.push_back(fmt::format("[{}] {}: {}", is_good ? "OK" : "BAD",
                                            std::get<std::string>(one[0].value),
                                            std::get<std::string>(one[2].value)));
            }
            answer.fields = {{"good", good}};
            answer.tables.push_back({"checks", std::move(checks)});
            paper.bytes = make({desk.device().id, local_time(), std::move(lines)},
                               shell.printer(which).profile(), paper.wear);
            print_for(call, shell, which, std::move(paper), std::move(answer));
        });
}

}  // namespace

Table printer_table(Shell& shell) {
    Table table{"printers", {}};
    for (std::size_t i = 0; i < shell.printer_count(); ++i)
        table.rows.push_back(state_of(i, shell.printer(i)));
    return table;
}

std::optional<std::size_t> pick_printer(const Ptr& call, const Shell& shell, std::size_t at) {
    if (call->arguments.size() <= at) return 0;
    const auto& which = call->arguments[at];
    const auto count = shell.printer_count();
    for (std::size_t i = 0; i < count; ++i) {
        if (which == std::to_string(i + 1)) return i;
    }
    call->finish(refused("argument", "there is no printer '" + which + "'",
                         count == 1 ? "Write 1" : fmt::format("Write 1 to {}", count)));
    return std::nullopt;
}

// Where the checks are done but nothing can be printed, they are told all the same.
void print_for(const Ptr& call, Shell& shell, std::size_t which, TechniciansPaper paper,
               Answer answer) {
    const auto& one = shell.printer(which);
    const auto number = static_cast<std::int64_t>(which + 1);
    answer.fields.push_back({"printer", number});
    if (to_ready(one.state()) != PrinterReady::yes) {
        answer.error = "printer";
        answer.text =
            fmt::format("printer {} cannot print: {}", number, printer::to_string(one.state()));
        answer.remedy = text(one.condition().remedy);
        return call->finish(std::move(answer));
    }
    const auto on_done = [call, answer](const printer::Done& done) mutable {
        answer.fields.insert(answer.fields.end(),
                             {{"outcome", text(printer::to_string(done.outcome))},
                              {"reason", text(printer::to_string(done.reason))},
                              {"evidence", text(printer::to_string(done.evidence))}});
        call->finish(std::move(answer));
    };
    if (!shell.print(which, std::move(paper), on_done)) {
        answer.error = "printing";
        answer.text = "a paper is on its way";
        answer.remedy = "Try again when it is out";
        call->finish(std::move(answer));
    }
}

void add_printer_commands(Desk& desk, boost::asio::io_context& io, Shell& shell,
                          MoreChecks more_checks) {
    const auto add = [&](const char* name, const char* summary, const char* help, auto run) {
        desk.commands().add(
            {.name = name,
             .arguments = "[PRINTER]",
             .most = 1,
             .summary = summary,
             .help = fmt::format("{}PRINTER is 1, or 2 for the one that stands in.\n"
                                 "Example: {} 1\n",
                                 help, name),
             .run = [run, &shell](const Ptr& call) {
                 if (const auto which = pick_printer(call, shell, 0)) run(call, *which);
             }});
    };
    add("printer state", "Tells how a printer is, and what is to be done about it", "",
        [&](const Ptr& call, std::size_t which) {
            Answer answer;
            answer.fields = state_of(which, shell.printer(which));
            call->finish(std::move(answer));
        });
    add("printer test", "Prints a test paper, and tells whether it came out",
        "A ticket that comes meanwhile waits for it.\n",
        [&](const Ptr& call, std::size_t which) { test(call, desk, shell, which); });
    add("printer probe", "Asks a printer what it is, and tells which profile fits",
        "No tickets are printed for the few seconds that takes. Which profile is used changes "
        "only\n"
        "with --profile auto.\n",
        [&](const Ptr& call, std::size_t which) {
            if (is_free(call, shell.printer(which))) probe(call, io, shell.printer(which));
        });
    add("printer profile", "Tells what a printer is taken for", "",
        [&](const Ptr& call, std::size_t which) {
            call->finish(profile_of(shell.printer(which).profile()));
        });
    add("printer clear", "Makes a printer forget what may be left inside",
        "The connection is made anew, which clears the printer first. See printer state after "
        "it.\n",
        [&](const Ptr& call, std::size_t which) {
            if (!is_free(call, shell.printer(which))) return;
            shell.printer(which).clear();
            call->finish({.text = "It is being cleared"});
        });
    add("self-test", "Looks at all of the device, and prints the report",
        "Disk, store, clock, connection, network, buttons and whether one is stuck, lamps, "
        "printers;\na printed report is the last check.\n",
        [&, more = std::move(more_checks)](const Ptr& call, std::size_t which) {
            self_test(call, io, desk, shell, more, which);
        });
}

}  // namespace antrean::kiosk
