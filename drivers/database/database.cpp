#include "drivers/database/database.hpp"

#include "drivers/tty/escape.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace antrean::database {
namespace {

// The log of a database in WAL mode, as its VFS has it open; null: there is none.
sqlite3_file* log_of(sqlite3* db) {
    sqlite3_file* log = nullptr;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    return log && log->pMethods ? log : nullptr;
}

// Of what failed last; 0: unknown. For a commit SQLite keeps it with the log alone.
int system_error(sqlite3* db) {
    if (const int error = sqlite3_system_errno(db); error != 0) return error;
    int error = 0;
    if (auto* log = log_of(db)) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
    return error;
}

bool begins_with_zeros(const std::filesystem::path& file) {
    std::array<char, 16> head{};  // of the length of SQLite's own mark
    head.fill(1);
    std::ifstream{file, std::ios::binary}.read(head.data(), head.size());
    return std::all_of(head.begin(), head.end(), [](char c) { return c == 0; });
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_{std::exchange(other.statement_, nullptr)} {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::bind(int at, std::int64_t value) {
    sqlite3_bind_int64(statement_, at, value);
}

void Statement::bind(int at, const std::string& text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind(int at, std::span<const std::byte> blob) {
    sqlite3_bind_blob(statement_, at, blob.data(), static_cast<int>(blob.size()), SQLITE_STATIC);
}

void Statement::bind_null(int at) {
    sqlite3_bind_null(statement_, at);
}

Statement::Step Statement::step() {
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW:
            return Step::row;
        case SQLITE_DONE:
            return Step::done;
        default:
            return Step::failed;
    }
}

bool Statement::run() {
    const bool done = step() == Step::done;
    sqlite3_reset(statement_);
    return done;
}

void Statement::read(int at, std::int64_t& to) const {
    to = sqlite3_column_int64(statement_, at);
}

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
    : file_{std::move(other.file_)},
      kind_{other.kind_},
      flushes_{other.flushes_},
      log_{std::move(other.log_)},
      db_{std::exchange(other.db_, nullptr)} {}

Database::~Database() {
    sqlite3_close(db_);
}

result<Database> Database::open_file(const std::filesystem::path& file, const Kind& kind, int flags,
                                     const char* vfs) {
    Database database{file, kind};
    if (sqlite3_open_v2(file.c_str(), &database.db_, flags | SQLITE_OPEN_NOMUTEX, vfs) !=
        SQLITE_OK) {
        return database.failure("opening it");
    }
    sqlite3_wal_hook(database.db_, on_commit, database.log_.get());
    // Who reads a projection may hold it up for a moment, when the file is opened or made smaller.
    const char* const locking =
        kind.is_projection ? "PRAGMA busy_timeout=5000" : "PRAGMA locking_mode=EXCLUSIVE";
    if (auto done = database.run(locking, "opening it"); !done) return done.error();
    return database;
}

result<Database> Database::inspect(const std::filesystem::path& file, const Kind& kind,
                                   const char* vfs) {
    auto database = open_file(file, kind, SQLITE_OPEN_READWRITE, vfs);
    if (!database) return database.error();
    const auto version = database->version();
    if (!version) return version.error();
    if (*version == 0) {
        return DatabaseError{database_errc::not_ours,
                             fmt::format("{}: an empty file, no {} yet", file.string(), kind.noun)};
    }
    // A log that is not empty stays as it is, too; an empty one, which only reading has made, goes.
    auto* log = log_of(database->db_);
    sqlite3_int64 bytes = 0;
    if (log && log->pMethods->xFileSize(log, &bytes) == SQLITE_OK && bytes > 0) database->seal();
    return database;
}

result<Database> Database::open(const std::filesystem::path& file, const Kind& kind,
                                const char* vfs) {
    auto opened = open_file(file, kind, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
    if (!opened) return opened.error();
    auto& database = *opened;
    // Looked at before it is touched: turning WAL on would change a file that is not ours.
    const auto version = database.version();
    if (!version) return version.error();
    const auto page_size = fmt::format("PRAGMA page_size={}", kind.page_bytes);
    if (auto done = database.run(page_size.c_str(), "opening it"); !done) return done.error();
    // One connection that owns the file: no shared memory beside it, and none of the races between
    // connections that WAL mode has had. FULL: a commit returns once it is on disk. The first
    // transaction takes the lock, and keeps it.
    const char* const mode =
        kind.is_projection
            ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=0;"
              "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
            : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;"
              "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
              "BEGIN EXCLUSIVE; COMMIT;";
    if (auto done = database.run(mode, "opening it"); !done) return done.error();
    if (kind.is_checked) {
        if (auto done = database.check_pages(true); !done) return done.error();
    }
    if (auto done = database.migrate(*version); !done) return done.error();
    // Damage in the middle of a WAL looks like its end: the less is in it, the less can be lost so.
    if (auto done = database.run("PRAGMA wal_checkpoint(TRUNCATE)", "checkpointing it"); !done) {
        return done.error();
    }
    return opened;
}

// As SQLite does by itself, but that the pages are counted. Its result would be the commit's, which
// is over.
int Database::on_commit(void* log, sqlite3* db, const char* name, int pages) {
    auto& its = *static_cast<Log*>(log);
    its.pages = pages;
    if (pages >= its.most)
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
}

void Database::carry() {
    sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // What readers of a projection still need stays, and the next commit counts it.
    log_->pages = 0;
}

void Database::seal() {
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
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

result<void> Database::set_flushing(bool flushes) {
    if (flushes == flushes_) return {};
    flushes_ = flushes;
    return run(flushes ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
               "preparing to write");
}

DatabaseError Database::failure(const char* doing) const {
    const int code = sqlite3_extended_errcode(db_);
    const auto file = file_.string();
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {
                database_errc::locked,
                fmt::format("{}: another process has this {} open. Stop the other {} (or sqlite3 "
                            "shell), or give this one a {} of its own",
                            file, kind_.noun, kind_.owner, kind_.noun)};
        case SQLITE_CORRUPT:
            return damaged(sqlite3_errmsg(db_));
        case SQLITE_NOTADB:
            // As a power cut leaves a file whose first page had not reached the disk.
            if (begins_with_zeros(file_)) return damaged("its first page is empty");
            return {
                database_errc::not_ours,
                fmt::format("{}: not a {} of Antrean. Give the path of its {}, or of a file that "
                            "does not exist yet",
                            file, kind_.noun, kind_.noun)};
        case SQLITE_FULL:
            return {database_errc::storage,
                    fmt::format("{}: no room is left on its disk (SQLite error {}, while {}). Make "
                                "room there, then start again",
                                file, code, doing),
                    true};
        default:
            break;
    }
    // The system's own word, where SQLite has kept it, says more: a read-only file system, a quota.
    const int system =
        (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN ? system_error(db_) : 0;
    const auto word = system ? ": " + std::generic_category().message(system) : std::string{};
    return {
        database_errc::storage,
        fmt::format("{}: {}{} (SQLite error {}, while {}). Check that its folder exists, that the "
                    "disk is healthy and has room, and that this user may write there",
                    file, tty::escaped(sqlite3_errmsg(db_)), word, code, doing)};
}

result<void> Database::check_pages(bool quick) const {
    auto check = prepare(quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)");
    if (!check || check.step() != Statement::Step::row) return failure("checking its pages");
    std::string verdict;
    check.read(0, verdict);
    if (verdict == "ok") return {};
    // A page that cannot be read counts as damage there; but then the disk is what people must look
    // at.
    constexpr std::string_view mark = "error code=";
    if (const auto at = verdict.find(mark); at != std::string::npos) {
        const int code = std::atoi(verdict.c_str() + at + mark.size());
        if ((code & 0xff) == SQLITE_IOERR) {
            return DatabaseError{
                database_errc::storage,
                fmt::format("{}: it cannot be read (SQLite error {}, while checking "
                            "its pages). Check that the disk is healthy",
                            file_.string(), code)};
        }
    }
    // Where, and on the next line what.
    const auto what = verdict.find_last_of('\n');
    return damaged(what == std::string::npos ? verdict : verdict.substr(what + 1));
}

DatabaseError Database::damaged(const std::string& what) const {
    // What SQLite says of a damaged file quotes it: whatever stands there now.
    return {database_errc::corrupt,
            fmt::format("{}: damaged: {}. Keep the file as it is, and restore the last backup",
                        file_.string(), tty::escaped(what))};
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
            fmt::format(
                "{}: an SQLite file, but not a {} of Antrean. Give the path of its {}, or of "
                "a file that does not exist yet",
                file_.string(), kind_.noun, kind_.noun)};
    }
    if (version > static_cast<std::int64_t>(kind_.migrations.size())) {
        return DatabaseError{
            database_errc::newer,
            fmt::format(
                "{}: written by a newer version (schema {}, this program knows {}). Start the "
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
