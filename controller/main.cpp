// antrean-controller: its options and exit codes. service.cpp shows the system.
#include "controller/server/log.hpp"
#include "controller/service.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

namespace {

using namespace antrean;

// The codes of sysexits.h, which service managers and people know.
enum ExitCode {
    exit_ok = 0,
    exit_usage = 64,
    exit_journal_unusable = 65,  // damaged, of a newer version, or no journal
    exit_cannot_listen = 69,
    exit_bug = 70,
    exit_storage = 74,
    exit_locked = 75,
    exit_site_file = 78,
};

constexpr const char* exit_codes =
    "Exit codes: 0 stopped as asked; 64 wrong options; 65 the journal cannot be used; 69 the "
    "address\n"
    "cannot be listened on; 70 an invariant broke (please report it); 74 the disk failed; 75 "
    "another\n"
    "controller has the journal; 78 the site file is wrong.\n";

struct Options {
    std::filesystem::path site;
    std::filesystem::path journal;
    std::string listen = "127.0.0.1:7411";
    std::string http = "127.0.0.1:8080";
    std::filesystem::path reports;
    bool no_reports = false;
    std::filesystem::path socket;
    server::LogFormat log = server::LogFormat::people;
    bool check = false;
};

// "127.0.0.1:7411" or "[::1]:7411".
server::Endpoint parse_endpoint(const std::string& text, const char* option) {
    const auto colon = text.rfind(':');
    unsigned long port = 0;
    std::size_t used = 0;
    try {
        if (colon != std::string::npos) port = std::stoul(text.substr(colon + 1), &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used == 0 || colon + 1 + used != text.size() || port > 65535) {
        throw CLI::ValidationError(option,
                                   "'" + text +
                                       "' is no ADDRESS:PORT, such as 127.0.0.1:7411 or "
                                       "[::1]:7411; 0.0.0.0 is every address of this machine");
    }
    auto address = text.substr(0, colon);
    if (address.size() > 1 && address.front() == '[' && address.back() == ']') {
        address = address.substr(1, address.size() - 2);
    }
    boost::system::error_code error;
    boost::asio::ip::make_address(address, error);
    if (error) {
        throw CLI::ValidationError(
            option, "'" + address +
                        "' is no IP address; write 127.0.0.1 for this machine alone, "
                        "0.0.0.0 for every address of it");
    }
    return {address, static_cast<std::uint16_t>(port)};
}

// Each connection is a descriptor; the usual soft limit of 1,024 is less than a region's devices.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

ExitCode exit_code(journal::journal_errc error) {
    switch (error) {
        case journal::journal_errc::locked:
            return exit_locked;
        case journal::journal_errc::storage:
            return exit_storage;
        case journal::journal_errc::newer:
        case journal::journal_errc::not_ours:
        case journal::journal_errc::corrupt:
            break;
    }
    return exit_journal_unusable;
}

int serve(const Options& options, site::Site site) {
    ServiceOptions service{options.site,
                           options.journal,
                           options.reports,
                           options.socket,
                           parse_endpoint(options.listen, "--listen"),
                           parse_endpoint(options.http, "--http")};
    if (options.no_reports) {
        service.reports.clear();
    } else if (service.reports.empty()) {
        service.reports = options.journal;
        service.reports.replace_extension(".reports.db");
    }
    try {
        Service{service, std::move(site),
                [](const journal::JournalError& error) {
                    spdlog::critical("{}. Stopping; nothing more is answered", error.text);
                    spdlog::shutdown();
                    std::_Exit(exit_storage);
                }}
            .run();
    } catch (const CannotOpen& error) {
        spdlog::critical("{}", error.what());
        return exit_code(error.code);
    } catch (const CannotListen& error) {
        spdlog::critical("{}", error.what());
        return exit_cannot_listen;
    }
    return exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{
        "The controller of an Antrean queue system: owns the ticket numbers of every agency, keeps "
        "them\nin the journal, and serves kiosks, callpads and public boards.\n\n"
        "Example:\n  antrean-controller --site schemas/sites/jombang.toml --journal "
        "queue.journal\n"};
    app.add_option("--site", options.site,
                   "The site file (TOML): agencies, services, counters, kiosks")
        ->required();
    app.add_option("--journal", options.journal,
                   "The journal, an SQLite file; it is made where there is none");
    app.add_option("--listen", options.listen, "Where kiosks and callpads connect")
        ->capture_default_str();
    app.add_option("--http", options.http, "Where browsers find /board")->capture_default_str();
    app.add_option("--reports", options.reports,
                   "Tables and views for people, an SQLite file that anybody may read; it can be "
                   "deleted\nand is then made again [beside the journal, as .reports.db]");
    app.add_flag("--no-reports", options.no_reports, "Keep no reports");
    app.add_option(
        "--socket", options.socket,
        "Where antrean-ctl reaches this controller; who may write there may do everything");
    app.add_option("--log", options.log, "people or json: a JSON object for each line of the log")
        ->transform(CLI::CheckedTransformer(std::map<std::string, server::LogFormat>{
            {"people", server::LogFormat::people}, {"json", server::LogFormat::json}}));
    app.add_flag("--check", options.check, "Only check the site file");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(exit_codes);
    try {
        app.parse(argc, argv);
        if (!options.check && options.journal.empty()) throw CLI::RequiredError("--journal");
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    server::set_log_format(options.log);

    auto site = site::load(options.site);
    if (!site) {
        std::fprintf(stderr, "%s\n", site.error().message().c_str());
        return exit_site_file;
    }
    if (options.check) {
        std::printf("%s: good\n", options.site.c_str());
        return exit_ok;
    }
    try {
        raise_descriptor_limit();
        return serve(options, std::move(*site));
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        spdlog::critical("a rule that must hold is broken: {}. Stopping", error.what());
        return exit_bug;
    }
}
