#include "controller/journal/restore.hpp"

#include "controller/journal/kind.hpp"
#include "drivers/database/files.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace antrean::journal {
namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 1024;
constexpr std::size_t sign_bound_bytes = 4096;

// SQLite makes a log beside the file that a link leads to, so that is what is moved and replaced.
fs::path real(const fs::path& journal) {
    std::error_code error;
    const auto path = fs::weakly_canonical(journal, error);
    return error ? journal : path;
}

fs::path beside(const fs::path& journal, const std::string& ending) {
    return journal.string() + ending;
}
fs::path sign_of(const fs::path& journal) {
    return beside(real(journal), ".restored");
}
// There from before anything is moved until all is in place. It holds the name that the journal of
// before gets, so that a second run goes on with the same one.
fs::path mark_of(const fs::path& journal) {
    return beside(real(journal), ".restoring");
}

std::string utc(std::chrono::sys_seconds now, const char* format) {
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm parts{};
    char text[32] = "";
    gmtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, format, &parts);
    return text;
}

std::string first_line(const fs::path& file) {
    std::ifstream in{file};
    std::string line(sign_bound_bytes, '\0');
    in.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(in.gcount()));
    return line.substr(0, line.find('\n'));
}

// Holds the bytes of a file that every SQLite locks before it reads, so that nobody opens it while
// it is moved, whatever it contains.
class Lock {
public:
    explicit Lock(const fs::path& file) : descriptor_{::open(file.c_str(), O_RDWR | O_CLOEXEC)} {}
    ~Lock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    // 0, or an error number; EAGAIN: another process has it.
    int take() const {
        if (descriptor_ < 0) return errno;
        struct flock range {};
        range.l_type = F_WRLCK;
        range.l_whence = SEEK_SET;
        range.l_start = 0x40000000;
        range.l_len = 512;
        return ::fcntl(descriptor_, F_OFD_SETLK, &range) == 0 ? 0 : errno;
    }

private:
    int descriptor_;
};

JournalError in_use(const fs::path& journal) {
    return {
        journal_errc::locked,
        fmt::format("{}: another process has this journal open. Stop the controller, then restore",
                    journal.string())};
}

result<void> copy(const database::Database& from, const fs::path& to) {
    std::error_code error;
    fs::remove(to, error);  // of a restore that a crash ended
    auto backup = database::Backup::begin(from, to);
    if (!backup) return backup.error();
    for (;;) {
        const auto progress = (*backup)->step(pages_a_step);
        if (!progress) return progress.error();
        if (progress->done) return {};
    }
}

fs::path free_name(const fs::path& journal, std::chrono::sys_seconds now) {
    const auto name = beside(journal, ".aside-" + utc(now, "%Y%m%dT%H%M%SZ"));
    auto free = name;
    for (int i = 2; fs::exists(free); ++i)
        free = beside(name, "-" + std::to_string(i));
    return free;
}

// The name that an earlier run has begun to move the journal to, or a new one.
fs::path aside_name(const fs::path& journal, const fs::path& mark, std::chrono::sys_seconds now) {
    const auto name = fs::exists(mark) ? first_line(mark) : std::string{};
    if (name.starts_with(journal.filename().string() + ".aside-")) {
        return journal.parent_path() / name;
    }
    return free_name(journal, now);
}

// What has been moved by an earlier run stays where it is.
result<void> move_aside(const fs::path& journal, const fs::path& aside) {
    for (const char* ending : {"", "-wal"}) {
        const auto from = beside(journal, ending);
        const auto to = beside(aside, ending);
        if (!fs::exists(from) || fs::exists(to)) continue;
        if (auto done = database::rename_durably(from, to); !done) return done;
    }
    return {};
}

// Each restore puts one journal aside and begins one epoch, so their number is a bound as well,
// should the journal of before not be readable any more.
std::uint32_t epochs_before(const fs::path& journal, const fs::path& aside) {
    std::int64_t reached = 0;
    const auto& before = fs::exists(journal) ? journal : aside;
    if (const auto database = database::Database::inspect(before, kind())) {
        auto query = database->prepare("SELECT coalesce(max(epoch), 0) FROM events");
        if (query && query.step() == database::Statement::Step::row) query.read(0, reached);
    }
    const auto prefix = journal.filename().string() + ".aside-";
    std::int64_t asides = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{fs::absolute(journal).parent_path(), error}) {
        const auto name = entry.path().filename().string();
        asides += name.starts_with(prefix) && !name.ends_with("-wal") ? 1 : 0;
    }
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(reached, asides, 1 << 20));
}

std::string hex(const Hash& hash) {
    std::string text;
    for (const auto byte : hash)
        text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return text;
}

}  // namespace

result<Restored> restore(const fs::path& backup, const fs::path& given,
                         std::chrono::sys_seconds now, const Progress& progress) {
    const auto journal = real(given);
    std::error_code error;
    if (fs::equivalent(backup, journal, error)) {
        return JournalError{
            journal_errc::not_ours,
            fmt::format("{}: the backup and the journal are one file. Give the path "
                        "of a backup",
                        journal.string())};
    }
    const bool replaces = fs::exists(journal);
    if (replaces) {
        // Asked of SQLite first: within one process, only it knows its own locks.
        const auto present = database::Database::inspect(journal, kind());
        if (!present && present.error().code == journal_errc::locked) return in_use(journal);
    }
    Restored restored;
    const auto fresh = beside(journal, ".copy");
    {
        const auto source = database::Database::inspect(backup, kind());
        if (!source) return source.error();
        auto verified = verify(*source, progress);
        if (!verified) return verified.error();
        restored.backup = *verified;
        if (auto done = copy(*source, fresh); !done) return done.error();
    }
    if (auto verified = verify({fresh}); !verified) return verified.error();

    const auto mark = mark_of(journal);
    const auto aside = aside_name(journal, mark, now);
    const auto epochs = epochs_before(journal, aside);
    const Lock lock{journal};
    if (const int code = replaces ? lock.take() : 0; code != 0) {
        if (code == EAGAIN || code == EACCES) return in_use(journal);
        return database::file_failure(journal, "taking its lock", code);
    }
    if (auto done = database::write_durably(mark, aside.filename().string() + "\n"); !done) {
        return done.error();
    }
    if (auto done = move_aside(journal, aside); !done) return done.error();
    if (fs::exists(aside)) restored.moved_aside = aside;
    const auto sign = fmt::format(
        "restored at {} from {}: {} events, the last with the hash {}. The journal of before: {}\n"
        "epoch {}\n",
        utc(now, "%Y-%m-%d %H:%M:%S UTC"), backup.string(), restored.backup.events,
        hex(restored.backup.last_hash),
        restored.moved_aside ? restored.moved_aside->string() : "none", epochs);
    if (auto done = database::write_durably(sign_of(journal), sign); !done) return done.error();
    if (auto done = database::rename_durably(fresh, journal); !done) return done.error();
    if (auto done = database::remove_durably(mark); !done) return done.error();
    return restored;
}

std::optional<std::string> restored_sign(const fs::path& journal) {
    std::error_code error;
    const auto sign = sign_of(journal);
    if (!fs::exists(sign, error)) return std::nullopt;
    return first_line(sign);
}

std::uint32_t restored_epoch(const fs::path& journal) {
    std::ifstream in{sign_of(journal)};
    std::string line;
    std::uint32_t epoch = 0;
    while (std::getline(in, line)) {
        constexpr std::string_view word = "epoch ";
        if (!line.starts_with(word)) continue;
        std::from_chars(line.data() + word.size(), line.data() + line.size(), epoch);
    }
    return epoch;
}

result<void> remove_restored_sign(const fs::path& journal) {
    return database::remove_durably(sign_of(journal));
}

bool restore_unfinished(const fs::path& journal) {
    std::error_code error;
    return fs::exists(mark_of(journal), error);
}

}  // namespace antrean::journal
