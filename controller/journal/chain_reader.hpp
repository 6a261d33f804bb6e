// Reads a journal's events in their order and follows their chain: the one place that knows what a
// row must be to stand where it stands. Of the journal's insides; holds one row at a time.
#pragma once

#include "controller/engine/event.hpp"
#include "controller/journal/row.hpp"
#include "drivers/database/database.hpp"

#include <cstdint>
#include <optional>

namespace antrean::journal {

class ChainReader {
public:
    struct Stored {
        std::uint64_t seq = 0;
        Row row;
        engine::Event event;
    };

    // Reads from FIRST on (1 or more), at most MOST events. The event before FIRST is not checked,
    // only taken as what the chain hangs on. A file of an older version lacks columns, which count
    // as null.
    [[nodiscard]] static database::result<ChainReader> open(const database::Database& database,
                                                            std::uint64_t first,
                                                            std::optional<std::uint64_t> most = {});

    // The next event; nullopt: there are no more. Damage is told with the event's number.
    [[nodiscard]] database::result<std::optional<Stored>> next();

    // Of the event that came last, or of the one before FIRST; all zero: there is none.
    const Hash& last_hash() const { return last_hash_; }
    // That the next event will have.
    std::uint64_t next_seq() const { return next_seq_; }

private:
    ChainReader(const database::Database& database, std::uint64_t first)
        : database_{database}, first_{first}, next_seq_{first} {}

    const database::Database& database_;
    database::Statement rows_;
    std::uint64_t first_;
    std::uint64_t next_seq_;
    Hash last_hash_{};
};

// Damage at an event, told as everywhere.
database::DatabaseError damaged_at(const database::Database& database, std::uint64_t seq,
                                   const std::string& what);

}  // namespace antrean::journal
