// The journal: the truth on disk. Events go in by batches, each batch one durable transaction, and
// come out again on start. Rows are chained by SHA-256, so that a changed, lost or invented row is
// noticed. Format: schemas/journal.
//
// It blocks on the disk; one thread at a time. It holds the file for itself alone: a second
// process, a reader included, is refused as long as it runs.
#pragma once

#include "controller/engine/event.hpp"
#include "controller/journal/row.hpp"
#include "drivers/database/backup.hpp"
#include "drivers/database/database.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace antrean::journal {

// A journal fails as any database file does; damage includes a chain that does not hold.
using journal_errc = database::database_errc;
using JournalError = database::DatabaseError;
template <class T>
using result = database::result<T>;

class Journal {
public:
    struct Options {
        std::filesystem::path file;
        const char* vfs = nullptr;  // a registered SQLite VFS; null: the system's
    };
    // Called for each event of the open service day, oldest first, before open() returns.
    using Fold = std::function<void(std::uint64_t seq, const engine::Event& event)>;

    // Opens or makes FILE, brings its schema up to date, checks the chain of the open day, and
    // folds that day. What FOLD throws as engine::BrokenHistory is told as corrupt.
    static result<std::unique_ptr<Journal>> open(const Options& options, const Fold& fold);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    using Batch = std::span<const engine::Event>;
    // Makes all events of BATCHES durable, all or none. After an error the journal must not be used
    // again, and whether the events are on disk is unknown until the next open(). It writes nothing
    // more, not even when it is closed; a further append() is told the same error.
    result<void> append(std::span<const Batch> batches);
    result<void> append(Batch events) { return append(std::span{&events, 1}); }

    using Recorded = std::pair<std::uint64_t, engine::Event>;
    // At most MAX_EVENTS from FROM_SEQ on, oldest first, of any day, for a projection that has
    // fallen behind; none behind the last one. Their chain is checked.
    [[nodiscard]] result<std::vector<Recorded>> read(std::uint64_t from_seq,
                                                     std::size_t max_events) const;

    // Begins a copy, to be made step by step between batches: see backup.hpp. What is appended
    // until its end is in it. KEEP_FREE_BYTES are to be left over where it goes.
    [[nodiscard]] result<std::unique_ptr<database::Backup>> backup(
        const std::filesystem::path& destination, std::uint64_t keep_free_bytes) const;

    // As of database::Database: the one from any thread, the other where time is to spare.
    int log_pages() const { return database_.log_pages(); }
    void carry() { database_.carry(); }

    // The sequence number that the next event will get.
    std::uint64_t next_seq() const { return next_seq_; }

private:
    explicit Journal(database::Database database) : database_{std::move(database)} {}
    result<void> check();
    result<void> load(const Fold& fold);
    result<void> prepare();
    bool insert(const engine::Event& event);
    JournalError fail(const char* doing);

    database::Database database_;  // first: it outlives its statements
    database::Statement insert_, insert_day_, begin_, commit_;
    std::vector<bool> bound_;  // the columns of insert_ that are not null
    std::uint64_t next_seq_ = 1;
    Hash last_hash_{};
    std::optional<JournalError> failed_;
};

}  // namespace antrean::journal
