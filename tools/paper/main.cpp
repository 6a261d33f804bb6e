// antrean-paper: looks at layouts, prints them, and finds out about printers.
#include "drivers/escpos/profile_load.hpp"
#include "drivers/tty/escape.hpp"
#include "tools/paper/commands.hpp"

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::paper;

struct Options {
    Look look;
    std::string profile = "generic-80";
    std::string printer = "usb";
    std::string output;
    bool watch = false;
    bool thorough = false;
    std::optional<double> paper_mm;
    unsigned seconds = 30;
};

void add_look(CLI::App* command, Options& options) {
    command->add_option("LAYOUT", options.look.layout,
                        "A layout file (schemas/papers/README.md); without it, the standard one");
    command->add_option("--field", options.look.fields,
                        "NAME=TEXT: what a field says, once for each; the others are an example's");
    command->add_flag("--copy", options.look.copy, "As a copy, marked SALINAN");
    command->add_option("--font", options.look.fonts,
                        "A font file for what the printer has no letters for, the preferred first");
}

void add_profile(CLI::App* command, Options& options) {
    command
        ->add_option("--profile", options.profile,
                     fmt::format("What the printer can do: the path of a profile's .toml, or {}",
                                 fmt::join(escpos::known_profiles(), ", ")))
        ->capture_default_str();
}

void add_printer(CLI::App* command, Options& options) {
    command
        ->add_option("--printer", options.printer,
                     "usb, usb:VID:PID, usb:VID:PID:SERIAL, usb:BUS-PORT or tcp:HOST:PORT")
        ->capture_default_str();
    command->add_option("--wait", options.seconds, "How many seconds to wait for the printer")
        ->check(CLI::Range(1u, 3600u))
        ->capture_default_str();
}

int with_profile(const Options& options, const auto& run) {
    const auto profile = escpos::find_profile(options.profile);
    if (profile) return run(*profile);
    fmt::print(stderr, "--profile: {}", profile.error().message());
    return exit_bad_file;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{
        "Looks at paper layouts, prints them, and finds out about printers.\n\n"
        "Examples:\n"
        "  antrean-paper preview schemas/papers/complete.toml --profile epson-tm-t88v -o "
        "paper.png\n"
        "  antrean-paper print --printer usb --profile generic-80 --field label=A-001\n"
        "  antrean-paper status --printer usb --profile generic-80 --watch\n"
        "  antrean-paper probe --printer usb --paper-mm 80 -o schemas/printers/my-printer.toml"};
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 done, and printed where something was to be; 4 the paper may have come out; "
        "5 it\n"
        "has not; 64 wrong options; 65 a layout or profile is wrong; 69 no printer; 73 cannot "
        "write.\n");

    auto* preview_command = app.add_subcommand("preview", "Draws a layout as a picture");
    add_look(preview_command, options);
    add_profile(preview_command, options);
    preview_command->add_option("-o,--output", options.output, "The PNG file to write")->required();

    auto* print_command = app.add_subcommand("print", "Prints a layout on a real printer");
    add_look(print_command, options);
    add_profile(print_command, options);
    add_printer(print_command, options);

    auto* status_command = app.add_subcommand("status", "Says what state a printer is in");
    add_profile(status_command, options);
    add_printer(status_command, options);
    status_command->add_flag("--watch", options.watch,
                             "Go on until Ctrl-C: a line for each change");

    auto* probe_command = app.add_subcommand(
        "probe", "Finds out what an unknown printer can do, and writes a profile file");
    add_printer(probe_command, options);
    probe_command->add_option("-o,--output", options.output, "The profile file to write (.toml)");
    probe_command
        ->add_option("--paper-mm", options.paper_mm,
                     "The width of its roll, 58 or 80: no printer says it")
        ->check(CLI::IsMember({58, 80}));
    probe_command->add_flag(
        "--thorough", options.thorough,
        "Also ask what a printer that does not know it prints as a scrap of text");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    const Wait wait{std::chrono::seconds{options.seconds}};
    try {
        if (preview_command->parsed()) {
            return with_profile(options, [&](const escpos::Profile& profile) {
                return preview(options.look, profile, options.output);
            });
        }
        if (print_command->parsed()) {
            return with_profile(options, [&](const escpos::Profile& profile) {
                return print(options.look, profile, options.printer, wait);
            });
        }
        if (status_command->parsed()) {
            return with_profile(options, [&](const escpos::Profile& profile) {
                return status(profile, options.printer, options.watch, wait);
            });
        }
        return probe(options.printer, options.thorough, options.paper_mm, options.output, wait);
    } catch (const std::invalid_argument& error) {
        fmt::print(stderr, "{}\n", tty::escaped(error.what()));
        return exit_usage;
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "{}\n", tty::escaped(error.what()));
        return exit_no_printer;
    }
}
