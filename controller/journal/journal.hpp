// The journal: the truth on disk. Events go in by batches, each batch one durable transaction, and
// come out again on start. Rows are chained by SHA-256, so that a changed, lost or invented row is
// noticed. Format: schemas/journal.
//
// It blocks on the disk; one thread at a time. It holds the file for itself alone: a second
// process, a reader included, is refused as long as it runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "controller/engine/event.hpp"
#include "controller/journal/row.hpp"
#include "drivers/database/database.hpp"

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

    // Makes EVENTS durable, all or none. After an error the journal must not be used again, and
    // whether the events are on disk is unknown until the next open().
    result<void> append(std::span<const engine::Event> events);

    // The sequence number that the next event will get.
    std::uint64_t next_seq() const { return next_seq_; }

private:
    explicit Journal(database::Database database) : database_{std::move(database)} {}
    result<void> check();
    result<void> load(const Fold& fold);
    result<void> prepare();
    JournalError damaged(std::uint64_t seq, const std::string& what) const;
    bool insert(const engine::Event& event);

    database::Database database_;  // first: it outlives its statements
    database::Statement insert_, insert_day_, begin_, commit_;
    std::uint64_t next_seq_ = 1;
    Hash last_hash_{};
};

}  // namespace antrean::journal
