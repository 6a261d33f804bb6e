// The system's disk with faults: an SQLite VFS that passes everything on to the real one until an
// operation is to fail. For what a disk in memory does not show: the system's own words, reading
// errors, and files that other programs see.
//
// One thread at a time. Outlives its connections.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>

#include <sqlite3.h>

namespace antrean::journal::bench {

class FaultyDisk {
public:
    enum class Operation { none, read, write, sync };

    explicit FaultyDisk(std::string name)
        : name_{std::move(name)}, vfs_{*sqlite3_vfs_find(nullptr)} {
        vfs_.szOsFile += static_cast<int>(sizeof(File));
        vfs_.zName = name_.c_str();
        vfs_.pNext = nullptr;
        vfs_.pAppData = this;
        vfs_.xOpen = open;
        vfs_.xDelete = remove;
        vfs_.xGetLastError = [](sqlite3_vfs* vfs, int, char*) { return of(vfs).error_; };
        sqlite3_vfs_register(&vfs_, 0);
    }
    ~FaultyDisk() { sqlite3_vfs_unregister(&vfs_); }
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    const char* vfs() const { return name_.c_str(); }

    // The NTH from now (1: the next) fails with that error of the system; FOR_GOOD: so do all
    // after.
    void fail(Operation operation, std::uint64_t nth, int error, bool for_good = false) {
        operation_ = operation, left_ = nth, error_ = error, for_good_ = for_good;
    }
    // How often something was asked for that changes the disk, in vain or not.
    std::uint64_t changes() const { return changes_; }

private:
    struct File {
        sqlite3_file base;
        FaultyDisk* disk;
        sqlite3_file* real;
    };

    static FaultyDisk& of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
    static sqlite3_vfs* system() { return sqlite3_vfs_find(nullptr); }

    bool fails(Operation operation) {
        if (operation != Operation::read) ++changes_;
        if (operation != operation_ || left_ == 0 || --left_ > 0) return false;
        left_ = for_good_ ? 1 : 0;
        return true;
    }
    int code(int otherwise) const { return error_ == ENOSPC ? SQLITE_FULL : otherwise; }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
        auto& outer = of(file);
        outer.disk = &of(vfs);
        outer.real = reinterpret_cast<sqlite3_file*>(&outer + 1);
        outer.base.pMethods = nullptr;
        const int code = system()->xOpen(system(), name, outer.real, flags, out);
        if (code == SQLITE_OK) outer.base.pMethods = methods();
        return code;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int sync) {
        of(vfs).fails(Operation::none);
        return system()->xDelete(system(), name, sync);
    }
    static const sqlite3_io_methods* methods() {
        static const sqlite3_io_methods all = [] {
            sqlite3_io_methods m{};
            m.iVersion = 1;
            m.xClose = [](sqlite3_file* f) { return of(f).real->pMethods->xClose(of(f).real); };
            m.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
                if (of(f).disk->fails(Operation::read)) return int{SQLITE_IOERR_READ};
                return of(f).real->pMethods->xRead(of(f).real, to, size, at);
            };
            m.xWrite = [](sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
                if (of(f).disk->fails(Operation::write))
                    return of(f).disk->code(SQLITE_IOERR_WRITE);
                return of(f).real->pMethods->xWrite(of(f).real, from, size, at);
            };
            m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
                if (of(f).disk->fails(Operation::write)) return int{SQLITE_IOERR_TRUNCATE};
                return of(f).real->pMethods->xTruncate(of(f).real, size);
            };
            m.xSync = [](sqlite3_file* f, int flags) {
                if (of(f).disk->fails(Operation::sync)) return of(f).disk->code(SQLITE_IOERR_FSYNC);
                return of(f).real->pMethods->xSync(of(f).real, flags);
            };
            m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
                return of(f).real->pMethods->xFileSize(of(f).real, size);
            };
            m.xLock = [](sqlite3_file* f, int lock) {
                return of(f).real->pMethods->xLock(of(f).real, lock);
            };
            m.xUnlock = [](sqlite3_file* f, int lock) {
                return of(f).real->pMethods->xUnlock(of(f).real, lock);
            };
            m.xCheckReservedLock = [](sqlite3_file* f, int* held) {
                return of(f).real->pMethods->xCheckReservedLock(of(f).real, held);
            };
            m.xFileControl = [](sqlite3_file* f, int what, void* to) {
                if (what == SQLITE_FCNTL_LAST_ERRNO) {
                    *static_cast<int*>(to) = of(f).disk->error_;
                    return int{SQLITE_OK};
                }
                return of(f).real->pMethods->xFileControl(of(f).real, what, to);
            };
            m.xSectorSize = [](sqlite3_file* f) {
                return of(f).real->pMethods->xSectorSize(of(f).real);
            };
            m.xDeviceCharacteristics = [](sqlite3_file* f) {
                return of(f).real->pMethods->xDeviceCharacteristics(of(f).real);
            };
            return m;
        }();
        return &all;
    }

    std::string name_;
    sqlite3_vfs vfs_;
    Operation operation_ = Operation::none;
    std::uint64_t left_ = 0;
    std::uint64_t changes_ = 0;
    int error_ = 0;
    bool for_good_ = false;
};

}  // namespace antrean::journal::bench
