// reports.db: what happened, in tables and views for people. It is made from the journal's events
// alone and can be made again from them: delete the file, and it is filled anew. Any program may
// read it while it is written. Format: schemas/reports.
//
// It blocks on the disk; one thread at a time. After an error it must not be used again: open it
// anew, or if that fails too, delete the file.
#pragma once

#include "controller/engine/event.hpp"
#include "drivers/database/database.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace antrean::reports {

template <class T>
using result = database::result<T>;

// What the site file calls things. Names of what is no longer in it are kept as last known.
struct Names {
    struct Service {
        ServiceId id;
        AgencyId agency;
        std::string name;
    };
    std::vector<std::pair<AgencyId, std::string>> agencies;
    std::vector<Service> services;
    std::vector<std::pair<CounterId, std::string>> counters;
    std::vector<std::pair<StaffId, std::string>> staff;
};

// An event of the journal and its sequence number.
using Numbered = std::pair<std::uint64_t, engine::Event>;

class Reports {
public:
    // Opens or makes FILE and writes NAMES down. The tickets of the open day are read into memory.
    [[nodiscard]] static result<Reports> open(const std::filesystem::path& file,
                                              const Names& names);
    Reports(Reports&& other) noexcept;
    Reports& operator=(Reports&&) = delete;
    ~Reports();

    // The last event that is in it; 0: none. What a power cut took is to be appended again.
    std::uint64_t last_seq() const;

    // Takes up events, by rising number and without a gap, in one transaction; those that are in it
    // already are passed over. An error of kind corrupt: they cannot follow what is in it, so that
    // it was made from another journal. A commit costs the same for one event and for a thousand.
    [[nodiscard]] result<void> append(std::span<const Numbered> events);

    // Brings the counts of the open day up to date, which `times` and `balance` are made from;
    // those of a day that is over are. It takes some 20 ms at the end of a large day, so that it is
    // not done for each batch: call it every few seconds, if something was appended since.
    [[nodiscard]] result<void> count();

    // The site file has changed.
    [[nodiscard]] result<void> rename(const Names& names);

private:
    class State;
    explicit Reports(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace antrean::reports
