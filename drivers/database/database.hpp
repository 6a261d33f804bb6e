// An SQLite file that one process owns: opened exclusively, durable on commit, with a schema that
// is brought up to date by numbered migrations and refused where it is newer. What the controller's
// journal and the devices' stores have in common.
//
// It blocks on the disk; one thread at a time. After an error of kind storage the file must be
// closed: what the disk holds is known only after opening it again.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace antrean::database {

enum class database_errc {
    locked = 1,  // another process has it open
    newer,       // a later version of the program wrote it
    not_ours,    // another kind of file
    corrupt,     // damaged
    storage,     // the disk failed, is full or does not allow it; nothing is known about the commit
};

struct DatabaseError {
    database_errc code{};
    std::string text;   // for people: what, where, and what to do
    bool full = false;  // of storage: there is no room left, nothing else is known to be wrong
};

template <class T>
using result = boost::system::result<T, DatabaseError>;

// What a kind of file is.
struct Kind {
    std::string_view noun;                         // for messages: "journal"
    std::string_view owner;                        // who else might have it open: "controller"
    std::uint32_t application_id;                  // in the file's header: four ASCII letters
    std::span<const std::string_view> migrations;  // N brings a file from version N to N + 1
    // It can be made again from another file: anybody may read it while it is open, and a power cut
    // may take the last commits, though never a part of one.
    bool is_projection = false;
    // Every page is looked at before it is used: for files of a few MB, of which nobody has a
    // backup.
    bool is_checked = false;
    // Of a new file; a file that is there keeps its own. A commit writes every page that it changes
    // as a whole: small pages spare the flash memory of a device.
    int page_bytes = 4096;
    // That wait in the log, see Database::log_pages().
    int most_log_pages = 1000;
};

// A prepared statement. Texts and blobs that are bound must stay as they are until it has run.
class Statement {
public:
    Statement() = default;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    explicit operator bool() const { return statement_ != nullptr; }
    void bind(int at, std::int64_t value);
    void bind(int at, const std::string& text);
    void bind(int at, std::span<const std::byte> blob);
    void bind_null(int at);
    template <class T>
    void bind(int at, const std::optional<T>& value) {
        if (value) {
            bind(at, *value);
        } else {
            bind_null(at);
        }
    }

    enum class Step { row, done, failed };
    Step step();
    // Runs a statement without rows, and makes it ready to be bound and run again.
    bool run();

    // Columns of the present row, counted from 0.
    void read(int at, std::int64_t& to) const;
    void read(int at, std::string& to) const;
    template <class T>
    void read(int at, std::optional<T>& to) const {
        if (is_null(at)) {
            to.reset();
        } else {
            read(at, to.emplace());
        }
    }
    bool is_null(int at) const;
    // Valid until the next step.
    std::span<const std::byte> blob(int at) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* statement) : statement_{statement} {}
    sqlite3_stmt* statement_ = nullptr;
};

class Database {
public:
    // Opens or makes FILE by the VFS of that name (null: the system's), takes its lock for as long
    // as it is open, and brings its schema up to date.
    [[nodiscard]] static result<Database> open(const std::filesystem::path& file, const Kind& kind,
                                               const char* vfs = nullptr);
    // Opens FILE, which must exist, to look at it: takes its lock for as long as it is open, leaves
    // its schema as it is, and writes nothing, though a log of an unclean end is read with it. The
    // file may be of an older version.
    [[nodiscard]] static result<Database> inspect(const std::filesystem::path& file,
                                                  const Kind& kind, const char* vfs = nullptr);
    Database(Database&& other) noexcept;
    Database& operator=(Database&&) = delete;
    ~Database();  // every statement and backup must be gone before

    // An empty statement if SQL cannot be prepared; failure() says why.
    Statement prepare(const std::string& sql) const;
    [[nodiscard]] result<void> run(const char* sql, const char* doing);
    // The last error, told for people; DOING: "writing a batch".
    DatabaseError failure(const char* doing) const;
    // Has SQLite look at every page. Quick: not whether what is indexed is what the index says,
    // which takes several times as long.
    [[nodiscard]] result<void> check_pages(bool quick) const;
    // Damage that SQLite did not see.
    DatabaseError damaged(const std::string& what) const;
    // Whether a commit waits until it is on the disk, as it does from the start on. One that does
    // not is lost by a power cut, though not by the end of the process, until a later one has
    // waited. Not within a transaction.
    [[nodiscard]] result<void> set_flushing(bool flushes);
    // How many pages wait in the log to be carried into the file. Once there are as many as its
    // kind allows, a commit does it, and takes as long as tens of others; who has time before then
    // does it by carry(). From any thread.
    int log_pages() const { return log_->pages; }
    // Carries them. Where that fails they stay in the log, and a commit tries it again.
    void carry();
    // After a failed write: closing writes nothing any more. Without it SQLite would carry its log
    // into the file at the end, on a disk that has just lost something.
    void seal();

    const std::filesystem::path& file() const { return file_; }

private:
    friend class Backup;
    // What is not looked at yet.
    static result<Database> open_file(const std::filesystem::path& file, const Kind& kind,
                                      int flags, const char* vfs);
    struct Log {
        std::atomic<int> pages;
        int most;
    };
    Database(std::filesystem::path file, const Kind& kind)
        : file_{std::move(file)}, kind_{kind}, log_{new Log{0, kind.most_log_pages}} {}
    // The schema's version; an error if the file is not ours, or newer.
    result<std::int64_t> version() const;
    result<void> migrate(std::int64_t version);
    static int on_commit(void* log, sqlite3* db, const char* name, int pages);

    std::filesystem::path file_;
    Kind kind_;
    bool flushes_ = true;
    std::unique_ptr<Log> log_;
    sqlite3* db_ = nullptr;
};

}  // namespace antrean::database
