// Keeps reports.db up with the journal, in a thread of its own and at low priority, so that no
// ticket waits for a report. What is durable is offered to it; where it falls behind, or begins
// anew, it reads the journal itself, a slice at a time and only while no batch waits. Reports are
// at most a second behind, but for a load beyond any hall's: then tickets have the machine, and the
// reports catch up afterwards.
//
// The functions may be called from any thread; they never block on the disk.
#pragma once

#include "controller/journal/writer.hpp"
#include "controller/reports/reports.hpp"
#include "controller/sessions/hub.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace antrean::server {

// The names that reports show, as SITE has them.
reports::Names names_of(const site::Site& site);

class ReportsFeed {
public:
    struct Config {
        std::filesystem::path file;
        reports::Names names;
        std::uint64_t journal_seq = 0;  // of the last event that is durable now
        // Has a task run on the journal when no batch waits; false: not now.
        std::function<bool(journal::Writer::Task)> run_when_idle;
        // Called in the feed's thread.
        std::function<void(sessions::Notice)> on_notice;
        // While more events than this come, one step is made and then PAUSE kept.
        std::uint64_t busy_events_per_s = 5000;
        std::chrono::milliseconds pause = std::chrono::seconds{1};
    };
    explicit ReportsFeed(Config config);
    ~ReportsFeed();
    ReportsFeed(const ReportsFeed&) = delete;
    ReportsFeed& operator=(const ReportsFeed&) = delete;

    void offer(sessions::Durable durable);
    void rename(reports::Names names);
    // Throws the file away and makes it again from the journal.
    void rebuild();

    struct Lag {
        std::uint64_t last_seq = 0;     // in the reports
        std::uint64_t journal_seq = 0;  // on disk
        std::string problem;            // empty: none
    };
    Lag lag() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace antrean::server
