// A copy of a database that is in use, made page by page between its owner's own transactions. What
// the owner writes meanwhile through the same connection goes into the copy as well, so that at its
// end it is the database as it is then, whole, and not as it was at the beginning.
//
// The copy grows as DESTINATION.part and gets its name when all of it is on disk: a file of that
// name is complete. It is one file by itself, without a log, that any SQLite can read from any
// medium.
//
// Not thread-safe: it works on the database's connection, in the thread that owns that. It must be
// gone before the database is closed. A copy that fails or is given up leaves the database as it is
// and no file behind; a failure to write the copy never reaches a commit of the source.
#pragma once

#include "drivers/database/database.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

struct sqlite3_backup;

namespace antrean::database {

class Backup {
public:
    struct Progress {
        std::int64_t pages_done = 0;
        std::int64_t pages = 0;  // grows if the source does
        bool done = false;       // the copy has its name, durably
    };

    // DESTINATION must not exist; its folder must. KEEP_FREE_BYTES of the destination's file system
    // are to be left over: a copy that would fill the disk of its source does harm.
    [[nodiscard]] static result<std::unique_ptr<Backup>> begin(
        const Database& source, const std::filesystem::path& destination,
        std::uint64_t keep_free_bytes = 0);
    ~Backup();
    Backup(const Backup&) = delete;
    Backup& operator=(const Backup&) = delete;

    // Copies up to PAGES pages, and waits until those of the step before are on their way out of
    // the system's cache, so that no step, the last one included, waits for the whole file. After
    // an error, or once it is done, it must not be called again.
    [[nodiscard]] result<Progress> step(int pages);

private:
    Backup(const Database& source, std::filesystem::path destination);
    DatabaseError failure(int code);
    result<void> finish();
    void close();

    const Database& source_;
    std::filesystem::path destination_, part_;
    sqlite3* copy_ = nullptr;
    sqlite3_backup* backup_ = nullptr;
    int descriptor_ = -1;
    bool kept_ = false;
};

}  // namespace antrean::database
