#include "tests/sim/memory_vfs.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace antrean::sim {
namespace {

// Milliseconds from noon of 24 November 4714 BC, where Julian days begin, to 1970.
constexpr sqlite3_int64 julian_1970_ms = 210'866'760'000'000;

// One change of a file's content that is not on the disk yet.
struct Change {
    std::size_t offset = 0;
    std::string bytes;
    std::optional<std::size_t> truncated_to;  // set: a truncation, the rest means nothing
};

void put(std::string& content, std::size_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
    std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void redo(std::string& content, const Change& change) {
    if (change.truncated_to) {
        content.resize(*change.truncated_to);
    } else {
        put(content, change.offset, change.bytes);
    }
}

struct Handle;

struct Inode {
    std::string seen;
    std::string durable;
    std::vector<Change> pending;  // what made SEEN out of DURABLE, in order
    std::vector<Handle*> open;

    void change(Change what) {
        redo(seen, what);
        pending.push_back(std::move(what));
    }
    void sync() {
        for (const auto& what : pending)
            redo(durable, what);
        pending.clear();
    }
};
using InodePtr = std::shared_ptr<Inode>;

// A name that was made (INODE set) or deleted.
struct NameChange {
    std::string name;
    InodePtr inode;
};
using Names = std::map<std::string, InodePtr>;

void redo(Names& names, const NameChange& change) {
    if (change.inode) {
        names[change.name] = change.inode;
    } else {
        names.erase(change.name);
    }
}

}  // namespace

class MemoryDisk::Impl {
public:
    Impl(std::string name, std::uint64_t seed);
    ~Impl() {
        sqlite3_vfs_unregister(&vfs_);
        seed_sqlite(0);
    }

    // SQLite has one generator for the whole process, and asks the default VFS alone to seed it. 0:
    // as it was before.
    static void seed_sqlite(int seed) {
        sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, static_cast<sqlite3*>(nullptr));
    }
    // Whether the power is on for one more change of the disk.
    bool powered() {
        if (power_left_ && *power_left_ > 0 && --*power_left_ == 0) off_ = true;
        return !off_;
    }
    void kill() {
        ++boot_;
        off_ = false;
        power_left_.reset();
    }
    void crash(const Random& random);
    std::uint64_t next_random() {  // SplitMix64
        std::uint64_t z = random_state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    void change_name(NameChange change) {
        redo(names_, change);
        pending_names_.push_back(std::move(change));
    }
    void sync_names() {
        for (const auto& change : pending_names_)
            redo(durable_names_, change);
        pending_names_.clear();
    }
    InodePtr find(const std::string& name) const {
        const auto it = names_.find(name);
        return it == names_.end() ? nullptr : it->second;
    }

    struct Planned {
        std::uint64_t left = 0;  // 0: none
        Fault fault{};
        std::optional<Fault> next() {
            if (left == 0 || --left > 0) return std::nullopt;
            return fault;
        }
    };

    std::string name_;
    sqlite3_vfs vfs_{};
    Names names_, durable_names_;
    std::vector<NameChange> pending_names_;
    std::uint64_t boot_ = 1;
    std::uint64_t random_state_;
    std::optional<std::uint64_t> power_left_;
    bool off_ = false;
    bool ignore_syncs_ = false;
    Planned write_fault_, sync_fault_;
    std::uint64_t writes_ = 0;
    std::uint64_t syncs_ = 0;
    sqlite3_int64 now_ms_ = 0;  // since 1970
};

namespace {

struct Handle {
    MemoryDisk::Impl& disk;
    InodePtr inode;
    std::uint64_t boot;
    std::string name;  // empty: a temporary file
    bool delete_on_close = false;
    bool sync_names_first = false;  // a journal or WAL, new or not, that this handle has not synced
    int lock = SQLITE_LOCK_NONE;

    bool alive() const { return boot == disk.boot_; }
};

// What SQLite allocates for each open file.
struct File {
    sqlite3_file base;
    Handle* handle;
};

Handle& handle_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file)->handle;
}

int code_of(MemoryDisk::Fault fault, int io_code) {
    return fault == MemoryDisk::Fault::full ? SQLITE_FULL : io_code;
}

int close_file(sqlite3_file* file) {
    auto* handle = reinterpret_cast<File*>(file)->handle;
    std::erase(handle->inode->open, handle);
    if (handle->alive() && handle->delete_on_close && !handle->name.empty()) {
        handle->disk.change_name({handle->name, nullptr});
    }
    delete handle;
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
    const auto& handle = handle_of(file);
    if (!handle.alive()) return SQLITE_IOERR_READ;
    const auto& seen = handle.inode->seen;
    const auto begin = std::min(static_cast<std::size_t>(offset), seen.size());
    const auto wanted = static_cast<std::size_t>(amount);
    const auto got = std::min(wanted, seen.size() - begin);
    std::memcpy(to, seen.data() + begin, got);
    std::memset(static_cast<char*>(to) + got, 0, wanted - got);
    return got == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

// Common to writes and truncations.
int change_file(Handle& handle, Change change, int io_code) {
    if (!handle.alive() || !handle.disk.powered()) return io_code;
    ++handle.disk.writes_;
    if (const auto fault = handle.disk.write_fault_.next()) return code_of(*fault, io_code);
    handle.inode->change(std::move(change));
    return SQLITE_OK;
}

int write_file(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    return change_file(handle_of(file),
                       {static_cast<std::size_t>(offset),
                        {static_cast<const char*>(from), static_cast<std::size_t>(amount)},
                        std::nullopt},
                       SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return change_file(handle_of(file), {0, {}, static_cast<std::size_t>(size)},
                       SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
    auto& handle = handle_of(file);
    auto& disk = handle.disk;
    if (!handle.alive() || !disk.powered()) return SQLITE_IOERR_FSYNC;
    ++disk.syncs_;
    if (const auto fault = disk.sync_fault_.next()) {
        // Linux marks the pages clean that it could not write: no later sync tries them again.
        std::erase_if(handle.inode->pending, [&](const Change&) { return disk.next_random() & 1; });
        return code_of(*fault, SQLITE_IOERR_FSYNC);
    }
    if (disk.ignore_syncs_) return SQLITE_OK;
    handle.inode->sync();
    if (std::exchange(handle.sync_names_first, false)) disk.sync_names();
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    const auto& handle = handle_of(file);
    if (!handle.alive()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(handle.inode->seen.size());
    return SQLITE_OK;
}

// The highest lock that another living connection holds on the file.
int lock_of_others(const Handle& handle) {
    int highest = SQLITE_LOCK_NONE;
    for (const auto* other : handle.inode->open) {
        if (other != &handle && other->alive()) highest = std::max(highest, other->lock);
    }
    return highest;
}

int lock_file(sqlite3_file* file, int wanted) {
    auto& handle = handle_of(file);
    if (!handle.alive()) return SQLITE_IOERR_LOCK;
    if (handle.lock >= wanted) return SQLITE_OK;
    const int others = lock_of_others(handle);
    switch (wanted) {
        case SQLITE_LOCK_SHARED:
            if (others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
            break;
        case SQLITE_LOCK_RESERVED:
            if (others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
            break;
        default:
            if (others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
            if (others >= SQLITE_LOCK_SHARED) {
                handle.lock = SQLITE_LOCK_PENDING;  // keeps new readers out until the others left
                return SQLITE_BUSY;
            }
    }
    handle.lock = wanted;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int to) {
    auto& handle = handle_of(file);
    handle.lock = std::min(handle.lock, to);
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* held) {
    const auto& handle = handle_of(file);
    if (!handle.alive()) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *held = std::max(handle.lock, lock_of_others(handle)) >= SQLITE_LOCK_RESERVED;
    return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
    return static_cast<int>(MemoryDisk::sector_bytes);
}
int device_characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods io_methods = [] {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;  // no shared memory, no memory mapping
    methods.xClose = close_file;
    methods.xRead = read_file;
    methods.xWrite = write_file;
    methods.xTruncate = truncate_file;
    methods.xSync = sync_file;
    methods.xFileSize = file_size;
    methods.xLock = lock_file;
    methods.xUnlock = unlock_file;
    methods.xCheckReservedLock = check_reserved_lock;
    methods.xFileControl = control_file;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = device_characteristics;
    return methods;
}();

MemoryDisk::Impl& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<MemoryDisk::Impl*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& disk = disk_of(vfs);
    file->pMethods = nullptr;
    auto inode = name ? disk.find(name) : std::make_shared<Inode>();
    const bool is_new = !inode;
    if (is_new) {
        if ((flags & SQLITE_OPEN_CREATE) == 0 || !disk.powered()) return SQLITE_CANTOPEN;
        inode = std::make_shared<Inode>();
        disk.change_name({name, inode});
    }
    constexpr int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    auto* handle = new Handle{disk,
                              inode,
                              disk.boot_,
                              name ? name : "",
                              (flags & SQLITE_OPEN_DELETEONCLOSE) != 0,
                              (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journals) != 0,
                              SQLITE_LOCK_NONE};
    inode->open.push_back(handle);
    reinterpret_cast<File*>(file)->handle = handle;
    file->pMethods = &io_methods;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    auto& disk = disk_of(vfs);
    if (!disk.find(name)) return SQLITE_IOERR_DELETE_NOENT;
    if (!disk.powered()) return SQLITE_IOERR_DELETE;
    disk.change_name({name, nullptr});
    if (sync_directory && !disk.ignore_syncs_) disk.sync_names();
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    const auto inode = disk_of(vfs).find(name);
    // As SQLite's own does: an empty file counts as none.
    *result = inode && (flags != SQLITE_ACCESS_EXISTS || !inode->seen.empty());
    return SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
    if (std::strlen(name) >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::strcpy(out, name);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
    for (int i = 0; i < size; ++i)
        out[i] = static_cast<char>(disk_of(vfs).next_random());
    return size;
}

int sleep_for(sqlite3_vfs* vfs, int microseconds) {
    disk_of(vfs).now_ms_ += microseconds / 1000;
    return microseconds;
}

int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* now) {
    *now = julian_1970_ms + disk_of(vfs).now_ms_;
    return SQLITE_OK;
}

}  // namespace

MemoryDisk::Impl::Impl(std::string name, std::uint64_t seed)
    : name_{std::move(name)}, random_state_{seed} {
    if (sqlite3_vfs_find(name_.c_str())) throw std::logic_error{"two disks of one name"};
    vfs_.iVersion = 2;
    vfs_.szOsFile = sizeof(File);
    vfs_.mxPathname = 512;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = open_file;
    vfs_.xDelete = delete_file;
    vfs_.xAccess = access_file;
    vfs_.xFullPathname = full_pathname;
    vfs_.xRandomness = randomness;
    vfs_.xSleep = sleep_for;
    vfs_.xCurrentTimeInt64 = current_time_ms;
    if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) throw std::runtime_error{"no VFS registered"};
    seed_sqlite(static_cast<int>(next_random() >> 34) | 1);
}

void MemoryDisk::Impl::crash(const Random& random) {
    kill();
    const auto below = [&](std::size_t bound) {
        return static_cast<std::size_t>(random() % bound);
    };
    for (auto kept = below(pending_names_.size() + 1); const auto& change : pending_names_) {
        if (kept-- == 0) break;
        redo(durable_names_, change);
    }
    pending_names_.clear();
    names_ = durable_names_;
    // Some crashes lose all, some nothing, most a part: each kind finds other mistakes.
    const std::size_t keep_of_4 = below(5);
    for (auto& [name, inode] : names_) {
        for (const auto& change : inode->pending) {
            if (change.truncated_to) {
                if (below(4) < keep_of_4) redo(inode->durable, change);
                continue;
            }
            std::string_view rest = change.bytes;
            for (auto at = change.offset; !rest.empty();) {
                const auto size = std::min(rest.size(), sector_bytes - at % sector_bytes);
                auto piece = rest.substr(0, size);
                const bool torn = keep_of_4 > 0 && keep_of_4 < 4 && below(8) == 0;
                if (torn) piece = piece.substr(0, below(size + 1));
                if (torn || below(4) < keep_of_4) put(inode->durable, at, piece);
                at += size;
                rest.remove_prefix(size);
            }
        }
        inode->pending.clear();
        inode->seen = inode->durable;
    }
}

MemoryDisk::MemoryDisk(std::string name, std::uint64_t seed)
    : impl_{std::make_unique<Impl>(std::move(name), seed)} {}
MemoryDisk::~MemoryDisk() = default;

const char* MemoryDisk::vfs() const {
    return impl_->vfs_.zName;
}
void MemoryDisk::kill() {
    impl_->kill();
}
void MemoryDisk::crash(const Random& random) {
    impl_->crash(random);
}

void MemoryDisk::fail_write(std::uint64_t nth, Fault fault) {
    assert(nth > 0);
    impl_->write_fault_ = {nth, fault};
}

void MemoryDisk::fail_sync(std::uint64_t nth, Fault fault) {
    assert(nth > 0);
    impl_->sync_fault_ = {nth, fault};
}

void MemoryDisk::cut_power(std::uint64_t nth) {
    assert(nth > 0);
    impl_->power_left_ = nth;
}

void MemoryDisk::ignore_syncs(bool ignore) {
    impl_->ignore_syncs_ = ignore;
}

void MemoryDisk::set_time(std::chrono::sys_time<std::chrono::milliseconds> now) {
    impl_->now_ms_ = now.time_since_epoch().count();
}

bool MemoryDisk::exists(const std::string& file) const {
    return impl_->find(file) != nullptr;
}

std::string MemoryDisk::read(const std::string& file) const {
    const auto inode = impl_->find(file);
    return inode ? inode->seen : std::string{};
}

void MemoryDisk::write(const std::string& file, const std::string& content) {
    auto inode = impl_->find(file);
    if (!inode) {
        inode = std::make_shared<Inode>();
        impl_->change_name({file, inode});
        impl_->sync_names();
    }
    inode->seen = inode->durable = content;
    inode->pending.clear();
}

std::uint64_t MemoryDisk::writes() const {
    return impl_->writes_;
}
std::uint64_t MemoryDisk::syncs() const {
    return impl_->syncs_;
}

}  // namespace antrean::sim
