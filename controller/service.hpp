// The running controller: the journal, the hub and everything around them on one thread. main.cpp
// makes it from options; reading service.cpp shows the system.
#pragma once

#include "controller/journal/journal.hpp"
#include "controller/server/tcp.hpp"
#include "controller/site/site.hpp"

#include <filesystem>
#include <memory>
#include <stdexcept>

namespace antrean {

struct ServiceOptions {
    std::filesystem::path site;
    std::filesystem::path journal;
    std::filesystem::path reports;  // empty: none are kept
    std::filesystem::path socket;   // of the console; empty: none
    server::Endpoint devices;
    server::Endpoint web;
};

// An address or a socket cannot be listened on. The text names the option and the remedy.
struct CannotListen : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The journal cannot be used.
struct CannotOpen : std::runtime_error {
    explicit CannotOpen(const journal::JournalError& error)
        : std::runtime_error{error.text}, code{error.code} {}
    journal::journal_errc code;
};

class Service {
public:
    // Opens and listens; throws CannotOpen or CannotListen. ON_JOURNAL_FAILURE must end the
    // process: what was not answered then is not known to anybody, and the devices ask again.
    Service(const ServiceOptions& options, site::Site site,
            std::function<void(const journal::JournalError&)> on_journal_failure);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // Serves until SIGINT or SIGTERM. SIGHUP reads the site file anew.
    void run();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean
