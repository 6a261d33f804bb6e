// antrean-ctl: the operator's commands for a running controller, and for its files.
#include "drivers/tty/escape.hpp"
#include "tools/ctl/appointment.hpp"
#include "tools/ctl/client.hpp"
#include "tools/ctl/export.hpp"
#include "tools/ctl/offline.hpp"
#include "tools/ctl/show.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

namespace {

using namespace antrean;
using namespace antrean::ctl;
namespace json = boost::json;

struct Options {
    std::string socket;
    bool json = false;
    // Of the commands; each takes what it needs.
    std::string counter, service, agency, label, ticket_class, reason, file, journal;
    Export table;
    Appointment appointment;
};

bool on_terminal(int fd) {
    const char* no_colour = std::getenv("NO_COLOR");
    return isatty(fd) && !(no_colour && *no_colour);
}

// A code is read from standard input, for what stands on a command line is seen by everybody.
std::string read_code() {
    termios before{};
    const bool hide = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (hide) {
        fmt::print(stderr, "code: ");
        auto quiet = before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    std::string code;
    std::getline(std::cin, code);
    if (hide) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fmt::print(stderr, "\n");
    }
    return code;
}

// Sends REQUEST and writes out what comes, up to the end of the answer.
int ask(const Options& options, const json::object& request) {
    Client client{console_socket(options.socket)};
    client.send(json::serialize(request));
    const std::string name{request.at("do").as_string().c_str()};
    while (const auto line = client.receive()) {
        // For programs a refusal is a line like others, and stands where they read.
        const auto shown =
            options.json ? pass_on(*line) : show(name, *line, on_terminal(STDOUT_FILENO));
        auto* out = shown.refused && !options.json ? stderr : stdout;
        if (std::fputs(shown.text.c_str(), out) < 0 || std::fflush(out) != 0) return exit_storage;
        if (shown.is_last) return shown.refused ? exit_refused : exit_ok;
    }
    fmt::print(stderr,
               "the controller hung up before it answered; whether it did what was asked is "
               "not known\n");
    return exit_no_controller;
}

// The commands that are one request each. RUN is set to what the chosen one does.
class Commands {
public:
    Commands(CLI::App& app, Options& options, std::function<int()>& run)
        : app_{app}, options_{options}, run_{run} {}

    void add_all() {
        plain("status", "How the controller, its devices and its disk are");
        plain("queue", "Who waits: by series and class; and what stands at the counters");
        plain("alarms", "Who waits too long, or soon will");
        plain("devices", "Which kiosks and callpads are connected, and which printers lack paper");
        plain("tail", "Every event from now on, until Ctrl-C");

        auto* call =
            at_counter("call", "Calls the next ticket to a counter", [this](json::object& request) {
                put(request, "class", options_.ticket_class);
                put(request, "label", options_.label);
            });
        auto* only = call->add_option("--class", options_.ticket_class, "Only one of this class")
                         ->check(CLI::IsMember({"regular", "priority", "appointment"}));
        call->add_option("--label", options_.label,
                         "This ticket, such as A-012: one that waits, is "
                         "held, or did not show up")
            ->excludes(only);
        at_counter("recall", "Calls the counter's ticket once more");
        at_counter("serve", "The holder of the counter's ticket has come");
        at_counter("finish", "The counter's ticket is done");
        at_counter("no-show", "The holder of the counter's ticket did not come");
        at_counter("hold", "The holder of the counter's ticket waits near the counter");
        auto* transfer = at_counter(
            "transfer", "Sends the holder of the counter's ticket to another service",
            [this](json::object& request) { put(request, "service", options_.service); });
        transfer->add_option("SERVICE", options_.service, "The service's id")->required();
        at_counter("undo", "Takes the counter's last step back");
        at_counter("sign-in",
                   "Signs a person in at a counter; the code is read from standard input",
                   [](json::object& request) { request["code"] = read_code(); });
        at_counter("sign-out", "Signs out who is signed in at a counter");
        auto* pause_counter =
            at_counter("pause-counter", "Pauses a counter",
                       [this](json::object& request) { put(request, "reason", options_.reason); });
        pause_counter->add_option("--reason", options_.reason, "Why, for its callpad");
        at_counter("open-counter", "Opens a paused counter again");

        auto* pause = of_service("pause", "No new tickets for a service, or for an agency's");
        pause->add_option("--reason", options_.reason, "Why, for the kiosks");
        of_service("resume", "New tickets again for what was paused");

        auto* void_ticket = command("void", "Makes a ticket void", [this](json::object& request) {
            put(request, "label", options_.label);
        });
        void_ticket->add_option("LABEL", options_.label, "As printed, such as A-012")->required();
        plain("close-day",
              "No new tickets today; who waits has the fate that the site file states");
        plain("reopen-day", "New tickets again after close-day");

        plain("reload", "Reads the site file anew");
        auto* backup = command("backup", "Copies the journal while the controller runs",
                               [this](json::object& request) {
                                   request["file"] =
                                       std::filesystem::absolute(options_.file).string();
                               });
        backup->add_option("FILE", options_.file, "A new file; the controller writes it")
            ->required();
        plain("rebuild-reports", "Makes reports.db anew from the journal");
    }

private:
    using Fill = std::function<void(json::object& request)>;

    static void put(json::object& request, const char* key, const std::string& value) {
        if (!value.empty()) request[key] = value;
    }
    CLI::App* command(const std::string& name, const std::string& help, Fill fill) {
        auto* sub = app_.add_subcommand(name, help);
        sub->callback([this, name, fill = std::move(fill)] {
            run_ = [this, name, fill] {
                json::object request{{"do", name}};
                fill(request);
                return ask(options_, request);
            };
        });
        return sub;
    }
    CLI::App* plain(const std::string& name, const std::string& help) {
        return command(name, help, [](json::object&) {});
    }
    CLI::App* at_counter(const std::string& name, const std::string& help, Fill fill = {}) {
        auto* sub = command(name, help, [this, fill = std::move(fill)](json::object& request) {
            put(request, "counter", options_.counter);
            if (fill) fill(request);
        });
        sub->add_option("COUNTER", options_.counter, "The counter's id, such as loket-1")
            ->required();
        return sub;
    }
    CLI::App* of_service(const std::string& name, const std::string& help) {
        auto* sub = command(name, help, [this](json::object& request) {
            put(request, "service", options_.service);
            put(request, "agency", options_.agency);
            put(request, "reason", options_.reason);
        });
        auto* which = sub->add_option_group("which");
        which->add_option("SERVICE", options_.service, "The service's id");
        which->add_option("--agency", options_.agency, "All services of this agency");
        which->require_option(1);
        return sub;
    }

    CLI::App& app_;
    Options& options_;
    std::function<int()>& run_;
};

void add_offline(CLI::App& app, Options& options, std::function<int()>& run) {
    auto* verify_command = app.add_subcommand(
        "verify", "Checks every event of a journal or of a backup; needs no controller");
    verify_command
        ->add_option("JOURNAL", options.journal, "The file; no controller may have it open")
        ->required();
    verify_command->callback([&] { run = [&] { return verify(options.journal); }; });

    auto* restore_command = app.add_subcommand(
        "restore",
        "Puts a backup in the place of a journal, which is kept; stop the controller first");
    restore_command->add_option("BACKUP", options.file, "The backup; it stays as it is")
        ->required();
    restore_command->add_option("JOURNAL", options.journal, "The controller's --journal")
        ->required();
    restore_command->callback(
        [&] { run = [&] { return restore(options.file, options.journal); }; });

    auto* appointment_command = app.add_subcommand(
        "appointment",
        "Makes the code of an appointment, as a booking system does; needs no controller");
    auto& appointment = options.appointment;
    appointment_command
        ->add_option("--key", appointment.key_file, "The key_file of the site's [appointments]")
        ->required();
    appointment_command->add_option("--service", appointment.service, "The service's id")
        ->required();
    appointment_command->add_option("--day", appointment.day, "Such as 2026-11-23")->required();
    appointment_command->add_option("--time", appointment.time, "Of the site's zone: 09:00")
        ->required();
    appointment_command->add_option(
        "--nonce", appointment.nonce,
        "1 to 16 of A-Z and 0-9, which no other appointment of that time has; without it, by "
        "chance");
    appointment_command->callback([&] { run = [&] { return make_code(appointment); }; });

    auto* command =
        app.add_subcommand("export", "Reads a table of reports.db; needs no controller");
    command->add_option("--reports", options.table.reports, "The file reports.db")->required();
    command
        ->add_option("--table", options.table.table,
                     "tickets, ticket_list, ...; a name that is not there brings the list of all")
        ->required();
    command->add_option("--day", options.table.day,
                        "Only the rows of this service day: 2026-11-22");
    command->add_flag("--csv", options.table.csv, "For a spreadsheet (RFC 4180), all rows of it");
    command->add_option("-o,--output", options.table.output, "A file instead of standard output");
    command->callback(
        [&] { run = [&] { return export_table(options.table, on_terminal(STDOUT_FILENO)); }; });
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    std::function<int()> run;
    CLI::App app{
        "Looks after an Antrean controller: what it does, what stands at its counters, and what "
        "has to "
        "be\ndone by hand.\n\n"
        "Examples:\n"
        "  antrean-ctl status\n"
        "  antrean-ctl call loket-1 --class priority\n"
        "  antrean-ctl pause --agency dukcapil --reason \"Server pusat tidak terhubung\"\n"
        "  antrean-ctl backup /var/backups/antrean/queue.journal\n"
        "  antrean-ctl tail --json | jq .event.label\n"
        "  antrean-ctl export --reports reports.db --table ticket_list --day 2026-11-22 --csv\n"
        "  antrean-ctl appointment --key appointment.key --service ktp-el --day 2026-11-23 --time "
        "09:00"};
    app.add_option(
        "--socket", options.socket,
        "The controller's console; else $ANTREAN_SOCKET, else /run/antrean/controller.sock");
    app.add_flag("--json", options.json, "The controller's own lines of JSON, for programs");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.fallthrough();  // options of all commands may stand behind the command too
    app.require_subcommand(1);
    app.footer(exit_codes);
    Commands commands{app, options, run};
    commands.add_all();
    add_offline(app, options, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    try {
        return run();
    } catch (const NoConsole& error) {
        fmt::print(stderr, "{}\n", tty::escaped(error.what()));
        return error.code;
    } catch (const std::exception& error) {
        fmt::print(stderr, "a rule that must hold is broken: {}\n", tty::escaped(error.what()));
        return exit_bug;
    }
}
