// What the console keeps on disk: schemas/console. Its own file, so that a device that is reset
// keeps its code, and damage to it costs the console and no number. Each change is durable when it
// returns; it blocks for a flush of the disk. One thread.
#pragma once

#include "drivers/database/database.hpp"
#include "firmware/console/login.hpp"
#include "proto/types.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace antrean::device_console {

inline constexpr std::size_t max_papers = 100;  // older ones are dropped

// A paper that a printer was given. The words are those of drivers/printer.
struct PaperRecord {
    std::int64_t number = 0;  // given by the store
    WallTime at;
    std::string kind;  // "ticket", "copy", "reprint", "test"
    TicketId ticket;   // none of a test
    std::string label;
    int printer = 1;
    std::string outcome, reason, evidence;
    std::vector<std::pair<std::string, std::string>> fields;  // name and text
    bool operator==(const PaperRecord&) const = default;
};

// By name; each only rises.
using Counters = std::map<std::string, std::int64_t>;

class Store {
public:
    [[nodiscard]] static database::result<Store> open(const std::filesystem::path& file,
                                                      const char* vfs = nullptr);

    const std::optional<Secret>& secret() const { return secret_; }
    std::uint32_t wrong_codes() const { return wrong_codes_; }
    // Wrong codes are forgotten with the code that they were meant for.
    [[nodiscard]] database::result<void> set_secret(const Secret& secret);
    [[nodiscard]] database::result<void> keep_wrong_codes(std::uint32_t count);

    // With what it adds to the counters, together or not at all.
    [[nodiscard]] database::result<void> add_paper(const PaperRecord& paper, const Counters& added);
    [[nodiscard]] database::result<void> add(const Counters& added);
    [[nodiscard]] database::result<Counters> counters() const;

    // The newest first, without their fields.
    [[nodiscard]] database::result<std::vector<PaperRecord>> papers(std::size_t most) const;
    // The newest with LABEL that has fields, with them; none where there is none.
    [[nodiscard]] database::result<std::optional<PaperRecord>> find(const std::string& label) const;
    [[nodiscard]] database::result<void> forget_papers();

private:
    explicit Store(database::Database database) : database_{std::move(database)} {}
    database::result<void> load();
    bool count(const Counters& added);
    bool insert(const PaperRecord& paper);
    template <class Change>
    database::result<void> change(const Change& make);

    database::Database database_;  // first: it outlives its statements
    std::optional<Secret> secret_;
    std::uint32_t wrong_codes_ = 0;
};

}  // namespace antrean::device_console
