#include "drivers/database/database.hpp"

#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace antrean::database {

Statement::Statement(Statement&& other) noexcept
    : statement_{std::exchange(other.statement_, nullptr)} {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }

void Statement::bind(int at, const std::string& text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind(int at, std::span<const std::byte> blob) {
    sqlite3_bind_blob(statement_, at, blob.data(), static_cast<int>(blob.size()), SQLITE_STATIC);
}

void Statement::bind_null(int at) { sqlite3_bind_null(statement_, at); }

Statement::Step Statement::step() {
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW: return Step::row;
        case SQLITE_DONE: return Step::done;
        default: return Step::failed;
    }
}

bool Statement::run() {
    const bool done = step() == Step::done;
    sqlite3_reset(statement_);
    return done;
}

void Statement::read(int at, std::int64_t& to) const { to = sqlite3_column_int64(statement_, at); }

void Statement::read(int at, std::string& to) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
    to.assign(text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, at)));
}

bool Statement::is_null(int at) const {
    return sqlite3_column_type(statement_, at) == SQLITE_NULL;
}

std::span<const std::byte> Statement::blob(int at) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, at));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, at))};
}

Database::Database(Database&& other) noexcept
    : file_{std::move(other.file_)}, kind_{other.kind_}, db_{std::exchange(other.db_, nullptr)} {}

Database::~Database() { sqlite3_close(db_); }

result<Database> Database::open(const std::filesystem::path& file, const Kind& kind,
                                const char* vfs) {
    Database database{file, kind};
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file.c_str(), &database.db_, flags, vfs) != SQLITE_OK) {
        return database.failure("opening it");
    }
    // Looked at before it is touched: turning WAL on would change a file that is not ours.
    if (auto done = database.run("PRAGMA locking_mode=EXCLUSIVE", "opening it"); !done) {
        return done.error();
    }
    const auto version = database.version();
    if (!version) return version.error();
    // One connection that owns the file: no shared memory beside it, and none of the races between
    // connections that WAL mode has had. FULL: a commit returns once it is on disk. The first
    // transaction takes the lock, and keeps it.
    if (auto done = database.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;"
                                 "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                                 "BEGIN EXCLUSIVE; COMMIT;",
                                 "opening it");
        !done) {
        return done.error();
    }
    if (auto done = database.migrate(*version); !done) return done.error();
    // Damage in the middle of a WAL looks like its end: the less is in it, the less can be lost so.
    if (auto done = database.run("PRAGMA wal_checkpoint(TRUNCATE)", "checkpointing it"); !done) {
        return done.error();
    }
    return database;
}

Statement Database::prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(db_, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                       &statement, nullptr);
    return Statement{statement};
}

result<void> Database::run(const char* sql, const char* doing) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(doing);
    return {};
}

DatabaseError Database::failure(const char* doing) const {
    const int code = sqlite3_extended_errcode(db_);
    const auto file = file_.string();
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {database_errc::locked,
                    fmt::format("{}: another process has this {} open. Stop the other {} (or sqlite3 "
                                "shell), or give this one a {} of its own",
                                file, kind_.noun, kind_.owner, kind_.noun)};
        case SQLITE_CORRUPT: return damaged(sqlite3_errmsg(db_));
        case SQLITE_NOTADB:
            return {database_errc::not_ours,
                    fmt::format("{}: not a {} of Antrean. Give the path of its {}, or of a file that "
                                "does not exist yet",
                                file, kind_.noun, kind_.noun)};
        default: break;
    }
    return {database_errc::storage,
            fmt::format("{}: {} (SQLite error {}, while {}). Check that its folder exists, that the "
                        "disk is healthy and has room, and that this user may write there",
                        file, sqlite3_errmsg(db_), code, doing)};
}

DatabaseError Database::damaged(const std::string& what) const {
    return {database_errc::corrupt,
            fmt::format("{}: damaged: {}. Keep the file as it is, and restore the last backup",
                        file_.string(), what)};
}

result<std::int64_t> Database::version() const {
    std::int64_t version = 0;
    std::int64_t id = 0;
    std::int64_t tables = 0;
    {
        auto query = prepare(
            "SELECT (SELECT user_version FROM pragma_user_version),"
            "(SELECT application_id FROM pragma_application_id),"
            "(SELECT count(*) FROM sqlite_schema)");
        if (!query || query.step() != Statement::Step::row) return failure("reading its version");
        query.read(0, version);
        query.read(1, id);
        query.read(2, tables);
    }
    const bool fresh = version == 0 && id == 0 && tables == 0;
    if (!fresh && id != kind_.application_id) {
        return DatabaseError{
            database_errc::not_ours,
            fmt::format("{}: an SQLite file, but not a {} of Antrean. Give the path of its {}, or of "
                        "a file that does not exist yet",
                        file_.string(), kind_.noun, kind_.noun)};
    }
    if (version > static_cast<std::int64_t>(kind_.migrations.size())) {
        return DatabaseError{
            database_errc::newer,
            fmt::format("{}: written by a newer version (schema {}, this program knows {}). Start the "
                        "newer program again",
                        file_.string(), version, kind_.migrations.size())};
    }
    return version;
}

result<void> Database::migrate(std::int64_t version) {
    for (auto at = static_cast<std::size_t>(version); at < kind_.migrations.size(); ++at) {
        const auto sql = fmt::format(
            "BEGIN EXCLUSIVE; {} PRAGMA application_id={}; PRAGMA user_version={}; COMMIT;",
            kind_.migrations[at], kind_.application_id, at + 1);
        if (auto done = run(sql.c_str(), "bringing its schema up to date"); !done) return done;
    }
    return {};
}

}  // namespace antrean::database
