// antrean-virtual-printer: a receipt printer to develop, test and demonstrate with.
#include "drivers/escpos/profile_load.hpp"
#include "tools/virtual_printer/hand_commands.hpp"
#include "tools/virtual_printer/paper_files.hpp"
#include "tools/virtual_printer/server.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <sysexits.h>
#include <unistd.h>

namespace {

using namespace antrean::virtual_printer;
namespace escpos = antrean::escpos;

constexpr std::size_t most_script_bytes = 256 * 1024;

struct Place {
    std::string address;
    std::uint16_t port = 0;
};

// "127.0.0.1:9100" or "[::1]:9100".
std::optional<Place> parse_place(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    Place place{text.substr(0, colon), 0};
    if (place.address.front() == '[' && place.address.back() == ']') {
        place.address = place.address.substr(1, place.address.size() - 2);
    }
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, place.port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return place;
}

std::string known_profiles() {
    std::string out;
    for (const std::string_view name : escpos::known_profiles()) {
        out += out.empty() ? "" : ", ";
        out += name;
    }
    return out;
}

// The generic names are of printers that can do more than the cautious profiles of that name claim;
// all others are as their files say. nullopt: told on standard error what is wrong.
std::optional<Profile> choose_profile(const std::string& which) {
    if (which.starts_with("generic-")) {
        if (auto profile = find_profile(which)) return profile;
    }
    const auto model = escpos::find_profile(which);
    if (model) return from_model(*model);
    fmt::print(stderr, "antrean-virtual-printer: {}\n", model.error().message());
    return std::nullopt;
}

// Empty for no file. nullopt: told on standard error what is wrong.
std::optional<Script> read_script(const std::string& file) {
    if (file.empty()) return Script{};
    std::ifstream stream{file, std::ios::binary};
    std::string text(most_script_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (!stream.is_open() || stream.bad() || text.size() > most_script_bytes) {
        fmt::print(stderr, "antrean-virtual-printer: cannot read {}, a text of at most {} bytes\n",
                   file, most_script_bytes);
        return std::nullopt;
    }
    auto parsed = parse_script(text);
    if (const auto* error = std::get_if<ScriptError>(&parsed)) {
        fmt::print(stderr, "antrean-virtual-printer: {}:{}: {}\n", file, error->line, error->why);
        return std::nullopt;
    }
    return std::get<Script>(std::move(parsed));
}

void say(std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

int serve(const Place& place, const Profile& profile, const Script& script,
          const std::string& folder) {
    Machine machine{profile};
    std::optional<PaperFiles> files;
    try {
        files.emplace(folder);
    } catch (const std::exception& error) {
        fmt::print(stderr, "antrean-virtual-printer: {}\n", error.what());
        return EX_UNAVAILABLE;
    }
    Server::Callbacks callbacks;
    callbacks.tell = say;
    callbacks.paper = [&](const Paper& paper) {
        try {
            const std::string name = files->store(paper);
            say(fmt::format("{}: {} ({:.0f} mm{})", name, summary(paper),
                            profile.mm(paper.height_dots), paper.complete ? "" : ", torn off"));
        } catch (const std::exception& error) {
            fmt::print(stderr, "antrean-virtual-printer: {}\n", error.what());
        }
    };
    try {
        Server server{machine, place.address, place.port, callbacks};
        say(fmt::format("listening on {}:{} as {}; papers go to {}", place.address, server.port(),
                        profile.name, folder));
        machine.run_script(script, std::chrono::steady_clock::now());
        if (::isatty(STDIN_FILENO) != 0) say("\"help\" lists what a hand can do to the printer");
        server.run();
    } catch (const boost::system::system_error& error) {
        fmt::print(stderr,
                   "antrean-virtual-printer: cannot listen on {}:{}: {}\n"
                   "Choose another place with --listen ADDRESS:PORT; port 0 takes any free one.\n",
                   place.address, place.port, error.code().message());
        return EX_UNAVAILABLE;
    }
    return EX_OK;
}

}  // namespace

int main(int argc, char** argv) {
    std::string listen = "127.0.0.1:9100";
    std::string papers = "papers";
    std::string profile_name = "generic-80";
    std::string script_file;
    std::optional<double> speed;

    CLI::App app{
        "A receipt printer without the printer. Takes ESC/POS over TCP like a network printer,\n"
        "prints at a printer's pace, answers its status questions, and leaves each paper as\n"
        "paper-000001.png and paper-000001.txt.\n",
        "antrean-virtual-printer"};
    app.add_option("--listen", listen, "Where to listen; port 0 takes any free one")
        ->type_name("ADDRESS:PORT")
        ->capture_default_str();
    app.add_option("--papers", papers, "Where the papers go; made if it is not there")
        ->type_name("FOLDER")
        ->capture_default_str();
    app.add_option("--profile", profile_name,
                   "Which printer to be: a profile's file, or one of " + known_profiles())
        ->type_name("NAME or FILE")
        ->capture_default_str();
    app.add_option("--speed", speed, "In mm/s, instead of the model's own; 0 prints at once")
        ->type_name("MM/S")
        ->check(CLI::Range(0.0, 1000.0));
    app.add_option(
           "--script", script_file,
           "What goes wrong, and when: lines such as \"at cut 2: jam\", with the words below")
        ->type_name("FILE");
    app.set_version_flag("--version", ANTREAN_VERSION);
    app.footer(
        "Lines on standard input act on the printer like a hand, and so do those of a script:\n" +
        hand_commands_help() +
        "\n\nTry it:\n"
        "  antrean-virtual-printer --listen 127.0.0.1:9100 --papers papers &\n"
        "  printf 'Halo\\n\\035VB\\000' | nc -N 127.0.0.1 9100");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EX_OK : EX_USAGE;
    }

    const auto place = parse_place(listen);
    if (!place) {
        fmt::print(stderr, "antrean-virtual-printer: --listen wants ADDRESS:PORT, not \"{}\"\n",
                   listen);
        return EX_USAGE;
    }
    auto profile = choose_profile(profile_name);
    if (!profile) return EX_USAGE;
    const auto script = read_script(script_file);
    if (!script) return EX_USAGE;
    if (speed) profile->speed_mm_per_s = *speed;
    return serve(*place, *profile, *script, papers);
}
