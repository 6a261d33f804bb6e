// antrean-controller: puts the parts together; reading it shows the system.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "controller/journal/journal.hpp"
#include "controller/server/tcp.hpp"
#include "controller/site/site.hpp"
#include "controller/web/server.hpp"

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
    "Exit codes: 0 stopped as asked; 64 wrong options; 65 the journal cannot be used; 69 the address\n"
    "cannot be listened on; 70 an invariant broke (please report it); 74 the disk failed; 75 another\n"
    "controller has the journal; 78 the site file is wrong.\n";

struct Options {
    std::filesystem::path site;
    std::filesystem::path journal;
    std::string listen = "127.0.0.1:7411";
    std::string http = "127.0.0.1:8080";
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
        throw CLI::ValidationError(option, "'" + text +
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
            option, "'" + address + "' is no IP address; write 127.0.0.1 for this machine alone, "
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
        case journal::journal_errc::locked: return exit_locked;
        case journal::journal_errc::storage: return exit_storage;
        case journal::journal_errc::newer:
        case journal::journal_errc::not_ours:
        case journal::journal_errc::corrupt: break;
    }
    return exit_journal_unusable;
}

int serve(const Options& options, const site::Site& site) {
    const auto tcp_endpoint = parse_endpoint(options.listen, "--listen");
    const auto http_endpoint = parse_endpoint(options.http, "--http");
    server::Calendar calendar{site.time_zone, site.day_starts};

    projections::Hall hall{site};
    std::optional<engine::Engine> engine;
    auto journal = journal::Journal::open(
        {options.journal}, [&](std::uint64_t seq, const engine::Event& event) {
            if (!engine) engine.emplace(site.catalog(), seq);
            engine->apply(event);
            hall.apply(seq, event);
        });
    if (!journal) {
        spdlog::critical("{}", journal.error().text);
        return exit_code(journal.error().code);
    }
    if (!engine) engine.emplace(site.catalog());

    sessions::Hub hub{site, std::move(*engine), std::move(hall), {}, calendar.now().steady};
    boost::asio::io_context io{1};
    std::optional<web::Server> web;
    std::optional<server::TcpServer> tcp;
    const char* listening_for = "--http";
    try {
        web.emplace(io, web::Config{.address = http_endpoint.address, .port = http_endpoint.port});
        listening_for = "--listen";
        tcp.emplace(io, tcp_endpoint, hub, **journal, calendar,
                    server::TcpServer::Handlers{
                        .on_board = [&] { web->publish([&hub] { return hub.board(); }); },
                        .on_notice =
                            [](const sessions::Notice& notice) {
                                const bool warning =
                                    notice.level == sessions::Notice::Level::warning;
                                spdlog::log(warning ? spdlog::level::warn : spdlog::level::info,
                                            "{}", notice.text);
                            },
                        // What was not answered is not known to anybody: the devices ask again.
                        .on_journal_failure =
                            [](const journal::JournalError& error) {
                                spdlog::critical("{}. Stopping; nothing more is answered",
                                                 error.text);
                                spdlog::shutdown();
                                std::_Exit(exit_storage);
                            }});
    } catch (const boost::system::system_error& error) {
        spdlog::critical(
            "cannot listen on {} ({}): {}. Stop what uses that port, or choose another by {}",
            listening_for == std::string{"--http"} ? options.http : options.listen, listening_for,
            error.code().message(), listening_for);
        return exit_cannot_listen;
    }

    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (error) return;
        spdlog::info("stopping");
        tcp->stop();
        web->stop();
    });
    spdlog::info("{}: {} agencies, {} services, {} counters", site.name, site.agencies.size(),
                 site.services.size(), site.counters.size());
    spdlog::info("devices at {}:{}, board at http://{}:{}/board, journal {}", tcp_endpoint.address,
                 tcp->port(), http_endpoint.address, web->port(), options.journal.string());
    io.run();
    return exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{
        "The controller of an Antrean queue system: owns the ticket numbers of every agency, keeps "
        "them\nin the journal, and serves kiosks, callpads and public boards.\n\n"
        "Example:\n  antrean-controller --site schemas/sites/jombang.toml --journal queue.journal\n"};
    app.add_option("--site", options.site, "The site file (TOML): agencies, services, counters, kiosks")
        ->required();
    app.add_option("--journal", options.journal,
                   "The journal, an SQLite file; it is made where there is none");
    app.add_option("--listen", options.listen, "Where kiosks and callpads connect")
        ->capture_default_str();
    app.add_option("--http", options.http, "Where browsers find /board")->capture_default_str();
    app.add_flag("--check", options.check, "Only check the site file");
    app.set_version_flag("--version", "antrean " ANTREAN_VERSION);
    app.footer(exit_codes);
    try {
        app.parse(argc, argv);
        if (!options.check && options.journal.empty()) throw CLI::RequiredError("--journal");
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    spdlog::set_default_logger(spdlog::stderr_logger_st("controller"));
    spdlog::set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");

    const auto site = site::load(options.site);
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
        return serve(options, *site);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        spdlog::critical("a rule that must hold is broken: {}. Stopping", error.what());
        return exit_bug;
    }
}
