#include "drivers/database/backup.hpp"

#include "drivers/database/files.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace antrean::database {
namespace {

std::filesystem::path beside(const std::filesystem::path& file, const char* ending) {
    return file.string() + ending;
}

DatabaseError not_copied(const std::filesystem::path& to, const std::string& why, bool full) {
    return {
        database_errc::storage,
        fmt::format("{}: the copy cannot be made: {}. What it is made from is not affected. Choose "
                    "another place, or make room there",
                    to.string(), why),
        full};
}

// No room is asked for where the system does not know: the copy then fails by itself, or does not.
bool has_room(const std::filesystem::path& file, std::uint64_t bytes) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    struct statvfs room {};
    if (::statvfs(folder.c_str(), &room) != 0) return true;
    return std::uint64_t{room.f_bavail} * room.f_frsize >= bytes;
}

}  // namespace

Backup::Backup(const Database& source, std::filesystem::path destination)
    : source_{source}, destination_{std::move(destination)}, part_{beside(destination_, ".part")} {}

Backup::~Backup() {
    close();
}

void Backup::close() {
    sqlite3_backup_finish(std::exchange(backup_, nullptr));
    sqlite3_close(std::exchange(copy_, nullptr));
    // Only now: to close a descriptor of a file drops the locks that SQLite has on it.
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    if (std::exchange(kept_, true)) return;
    ::unlink(part_.c_str());
    ::unlink(beside(part_, "-wal").c_str());
}

result<std::unique_ptr<Backup>> Backup::begin(const Database& source,
                                              const std::filesystem::path& destination,
                                              std::uint64_t keep_free_bytes) {
    std::error_code ignored;
    if (std::filesystem::exists(destination, ignored)) {
        return not_copied(destination, "a file of that name is there already", false);
    }
    std::int64_t bytes = 0;
    {
        auto size = source.prepare(
            "SELECT (SELECT page_count FROM pragma_page_count) * "
            "(SELECT page_size FROM pragma_page_size)");
        if (!size || size.step() != Statement::Step::row) return source.failure("measuring it");
        size.read(0, bytes);
    }
    if (!has_room(destination, static_cast<std::uint64_t>(bytes) + keep_free_bytes)) {
        return not_copied(
            destination,
            fmt::format("it takes {} bytes, and {} must stay free there", bytes, keep_free_bytes),
            true);
    }
    std::unique_ptr<Backup> backup{new Backup{source, destination}};
    ::unlink(backup->part_.c_str());  // of a copy that a crash ended
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    // Until it has its name a crash may have it: nothing is synced or logged but the whole, at
    // last.
    int code = sqlite3_open_v2(backup->part_.c_str(), &backup->copy_, flags, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(backup->copy_,
                            "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF;"
                            "PRAGMA synchronous=OFF",
                            nullptr, nullptr, nullptr);
    }
    if (code == SQLITE_OK) {
        backup->backup_ = sqlite3_backup_init(backup->copy_, "main", source.db_, "main");
        if (!backup->backup_) code = sqlite3_extended_errcode(backup->copy_);
    }
    if (code != SQLITE_OK) return backup->failure(code);
    // Ours sees each error of writing back since now; SQLite's own would be closed too early.
    backup->descriptor_ = ::open(backup->part_.c_str(), O_RDWR | O_CLOEXEC);
    if (backup->descriptor_ < 0) {
        return not_copied(destination, std::generic_category().message(errno), false);
    }
    return backup;
}

DatabaseError Backup::failure(int code) {
    sqlite3_backup_finish(std::exchange(backup_, nullptr));
    const int system = sqlite3_system_errno(copy_);
    close();
    const int kind = code & 0xff;
    if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) {
        return source_.damaged(fmt::format("{}, found while copying it", sqlite3_errstr(kind)));
    }
    if (code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ) {
        return {
            database_errc::storage,
            fmt::format("{}: it cannot be read (SQLite error {}, while copying it to {}). Check "
                        "that the disk is healthy",
                        source_.file().string(), code, destination_.string())};
    }
    std::string why = sqlite3_errstr(code);
    if (system != 0) why += ": " + std::generic_category().message(system);
    return not_copied(destination_, fmt::format("{} (SQLite error {})", why, code),
                      kind == SQLITE_FULL);
}

result<Backup::Progress> Backup::step(int pages) {
    const int code = sqlite3_backup_step(backup_, pages);
    if (code != SQLITE_OK && code != SQLITE_DONE) return failure(code);
    Progress progress;
    progress.pages = sqlite3_backup_pagecount(backup_);
    progress.pages_done = progress.pages - sqlite3_backup_remaining(backup_);
    if (code == SQLITE_DONE) {
        if (auto done = finish(); !done) return done.error();
        progress.done = true;
        return progress;
    }
    constexpr auto flags = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE;
    if (::sync_file_range(descriptor_, 0, 0, flags) != 0 && errno != ENOSYS) {
        const int error = errno;
        close();
        return not_copied(destination_, std::generic_category().message(error), error == ENOSPC);
    }
    return progress;
}

result<void> Backup::finish() {
    int code = sqlite3_backup_finish(std::exchange(backup_, nullptr));
    // The copy says of itself, as its source does, that it has a log: a reader would want to make
    // one, where it may be allowed to read alone.
    if (code == SQLITE_OK) {
        code = sqlite3_exec(copy_, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
    }
    if (code != SQLITE_OK) return failure(sqlite3_extended_errcode(copy_));
    sqlite3_close(std::exchange(copy_, nullptr));
    if (::fsync(descriptor_) != 0) {
        const int error = errno;
        close();
        return not_copied(destination_, std::generic_category().message(error), error == ENOSPC);
    }
    if (auto done = rename_durably(part_, destination_); !done) {
        close();
        return done;
    }
    kept_ = true;
    close();
    return {};
}

}  // namespace antrean::database
