#include "controller/journal/journal.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "controller/engine/engine.hpp"
#include "controller/journal/schema.hpp"

namespace antrean::journal {
namespace {

constexpr int application_id = 0x416e7472;  // "Antr", in the file's header

// A whole check of a large journal takes longer than a start may; the chain of the open day is
// checked in any case.
constexpr std::int64_t quick_check_bound_bytes = 32 << 20;

}  // namespace

// A prepared statement, reset after each use.
class Journal::Statement {
public:
    Statement(sqlite3* db, const std::string& sql) {
        sqlite3_prepare_v3(db, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement_, nullptr);
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    bool ok() const { return statement_ != nullptr; }
    // A text must stay as it is until the statement has run.
    void bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }
    void bind(int at, const std::string& text) {
        sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    void bind(int at, std::string_view bytes, int) {
        sqlite3_bind_blob(statement_, at, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_STATIC);
    }
    template <class T>
    void bind(int at, const std::optional<T>& value) {
        if (value) {
            bind(at, *value);
        } else {
            sqlite3_bind_null(statement_, at);
        }
    }
    int step() { return sqlite3_step(statement_); }
    // Runs a statement without rows.
    bool run() {
        const int code = step();
        sqlite3_reset(statement_);
        return code == SQLITE_DONE;
    }

    void read(int at, std::int64_t& to) const { to = sqlite3_column_int64(statement_, at); }
    void read(int at, std::string& to) const {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
        to.assign(text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, at)));
    }
    template <class T>
    void read(int at, std::optional<T>& to) const {
        if (sqlite3_column_type(statement_, at) == SQLITE_NULL) {
            to.reset();
        } else {
            read(at, to.emplace());
        }
    }
    bool read_hash(int at, Hash& to) const {
        const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, at));
        if (sqlite3_column_bytes(statement_, at) != static_cast<int>(to.size())) return false;
        std::copy(bytes, bytes + to.size(), to.begin());
        return true;
    }

private:
    sqlite3_stmt* statement_ = nullptr;
};

result<std::unique_ptr<Journal>> Journal::open(const Options& options, const Fold& fold) {
    std::unique_ptr<Journal> journal{new Journal{options.file}};
    if (auto done = journal->open_file(options.vfs); !done) return done.error();
    if (auto done = journal->migrate(); !done) return done.error();
    if (auto done = journal->load(fold); !done) return done.error();
    return journal;
}

Journal::Journal(std::filesystem::path file) : file_{std::move(file)} {}

Journal::~Journal() {
    insert_.reset();
    insert_day_.reset();
    begin_.reset();
    commit_.reset();
    sqlite3_close(db_);
}

JournalError Journal::failure(const char* doing) const {
    const int code = sqlite3_extended_errcode(db_);
    const auto file = file_.string();
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {journal_errc::locked,
                    fmt::format("{}: another process has this journal open. Stop the other "
                                "controller (or sqlite3 shell), or give this one a journal of its own",
                                file)};
        case SQLITE_CORRUPT:
            return {journal_errc::corrupt,
                    fmt::format("{}: damaged ({}, while {}). Keep the file as it is, and restore the "
                                "last backup",
                                file, sqlite3_errmsg(db_), doing)};
        case SQLITE_NOTADB:
            return {journal_errc::not_ours,
                    fmt::format("{}: not a journal of Antrean. Give the path of its journal, or of a "
                                "file that does not exist yet",
                                file)};
        default: break;
    }
    return {journal_errc::storage,
            fmt::format("{}: {} (SQLite error {}, while {}). Check that the disk is healthy, has "
                        "room and may be written by this user",
                        file, sqlite3_errmsg(db_), code, doing)};
}

JournalError Journal::corrupt(std::uint64_t seq, const std::string& what) const {
    return {journal_errc::corrupt,
            fmt::format("{}: damaged at event {}: {}. Keep the file as it is, and restore the last "
                        "backup",
                        file_.string(), seq, what)};
}

result<void> Journal::run(const char* sql, const char* doing) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(doing);
    return {};
}

result<void> Journal::open_file(const char* vfs) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file_.c_str(), &db_, flags, vfs) != SQLITE_OK) return failure("opening it");
    // One connection that owns the file: no shared memory beside it, and none of the races between
    // connections that WAL mode has had. FULL: a commit returns once it is on disk.
    if (auto done = run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                        "PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON;"
                        "PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=67108864;",
                        "setting it up");
        !done) {
        return done;
    }
    // The first transaction takes the lock, and keeps it.
    return run("BEGIN EXCLUSIVE; COMMIT;", "locking it");
}

result<void> Journal::migrate() {
    std::int64_t version = 0;
    std::int64_t id = 0;
    std::int64_t tables = 0;
    {
        Statement query{db_,
                        "SELECT (SELECT user_version FROM pragma_user_version),"
                        "(SELECT application_id FROM pragma_application_id),"
                        "(SELECT count(*) FROM sqlite_schema)"};
        if (!query.ok() || query.step() != SQLITE_ROW) return failure("reading its version");
        query.read(0, version);
        query.read(1, id);
        query.read(2, tables);
    }
    const bool fresh = version == 0 && id == 0 && tables == 0;
    if (!fresh && id != application_id) {
        return JournalError{journal_errc::not_ours,
                            fmt::format("{}: an SQLite file, but not a journal of Antrean. Give the "
                                        "path of its journal, or of a file that does not exist yet",
                                        file_.string())};
    }
    const auto migrations = schema();
    if (version > static_cast<std::int64_t>(migrations.size())) {
        return JournalError{
            journal_errc::newer,
            fmt::format("{}: written by a newer version (schema {}, this program knows {}). Start the "
                        "newer program again",
                        file_.string(), version, migrations.size())};
    }
    for (auto at = static_cast<std::size_t>(version); at < migrations.size(); ++at) {
        const auto sql = fmt::format(
            "BEGIN EXCLUSIVE; {} PRAGMA application_id={}; PRAGMA user_version={}; COMMIT;",
            migrations[at], application_id, at + 1);
        if (auto done = run(sql.c_str(), "bringing its schema up to date"); !done) return done;
    }
    return {};
}

result<void> Journal::load(const Fold& fold) {
    {
        Statement pages{db_,
                        "SELECT (SELECT page_count FROM pragma_page_count) * "
                        "(SELECT page_size FROM pragma_page_size)"};
        std::int64_t bytes = 0;
        if (!pages.ok() || pages.step() != SQLITE_ROW) return failure("measuring it");
        pages.read(0, bytes);
        if (bytes <= quick_check_bound_bytes) {
            Statement check{db_, "PRAGMA quick_check(1)"};
            if (!check.ok() || check.step() != SQLITE_ROW) return failure("checking it");
            std::string verdict;
            check.read(0, verdict);
            if (verdict != "ok") return corrupt(0, verdict);
        }
    }
    std::int64_t first = 1;
    {
        Statement day{db_, "SELECT first_seq FROM days ORDER BY first_seq DESC LIMIT 1"};
        if (!day.ok()) return failure("reading its days");
        if (const int code = day.step(); code == SQLITE_ROW) {
            day.read(0, first);
        } else if (code != SQLITE_DONE) {
            return failure("reading its days");
        }
    }
    std::string columns = "seq, hash";
    for (const auto* name : column_names) columns += fmt::format(", {}", name);
    Statement rows{db_, fmt::format("SELECT {} FROM events WHERE seq >= {} ORDER BY seq", columns,
                                    std::max<std::int64_t>(first - 1, 1))};
    if (!rows.ok()) return failure("reading its events");
    next_seq_ = static_cast<std::uint64_t>(first);
    int code = SQLITE_DONE;
    while ((code = rows.step()) == SQLITE_ROW) {
        std::int64_t seq = 0;
        Hash hash{};
        Row row;
        rows.read(0, seq);
        if (!rows.read_hash(1, hash)) return corrupt(static_cast<std::uint64_t>(seq), "no hash");
        if (seq == first - 1) {  // the row that the day's chain hangs on
            last_hash_ = hash;
            continue;
        }
        int at = 2;
        Row::for_each(row, [&](auto& column) { rows.read(at++, column); });
        if (static_cast<std::uint64_t>(seq) != next_seq_) {
            return corrupt(next_seq_, "the event is missing");
        }
        if (chain(last_hash_, next_seq_, row) != hash) {
            return corrupt(next_seq_, "the row does not match its hash");
        }
        const auto event = from_row(row);
        if (!event) return corrupt(next_seq_, "no event of this program");
        try {
            fold(next_seq_, *event);
        } catch (const engine::BrokenHistory& broken) {
            return corrupt(next_seq_, broken.what());
        }
        last_hash_ = hash;
        ++next_seq_;
    }
    if (code != SQLITE_DONE) return failure("reading its events");

    std::string places = "?, ?";
    for (std::size_t i = 0; i < column_names.size(); ++i) places += ", ?";
    insert_ = std::make_unique<Statement>(
        db_, fmt::format("INSERT INTO events ({}) VALUES ({})", columns, places));
    insert_day_ =
        std::make_unique<Statement>(db_, "INSERT INTO days (first_seq, day) VALUES (?, ?)");
    begin_ = std::make_unique<Statement>(db_, "BEGIN IMMEDIATE");
    commit_ = std::make_unique<Statement>(db_, "COMMIT");
    if (!insert_->ok() || !insert_day_->ok() || !begin_->ok() || !commit_->ok()) {
        return failure("preparing to write");
    }
    return {};
}

bool Journal::insert(const engine::Event& event) {
    const Row row = to_row(event);
    last_hash_ = chain(last_hash_, next_seq_, row);
    insert_->bind(1, static_cast<std::int64_t>(next_seq_));
    insert_->bind(2, {reinterpret_cast<const char*>(last_hash_.data()), last_hash_.size()}, 0);
    int at = 3;
    Row::for_each(row, [&](const auto& column) { insert_->bind(at++, column); });
    if (!insert_->run()) return false;
    if (std::holds_alternative<engine::DayOpened>(event.fact)) {
        insert_day_->bind(1, static_cast<std::int64_t>(next_seq_));
        insert_day_->bind(2, row.day);
        if (!insert_day_->run()) return false;
    }
    ++next_seq_;
    return true;
}

result<void> Journal::append(std::span<const engine::Event> events) {
    if (!begin_->run()) return failure("beginning a batch");
    for (const auto& event : events) {
        if (!insert(event)) return failure("writing a batch");
    }
    if (!commit_->run()) return failure("committing a batch");
    return {};
}

}  // namespace antrean::journal
