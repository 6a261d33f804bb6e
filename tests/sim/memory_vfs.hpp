// A disk in memory that can lose power: an SQLite VFS for simulations and fault tests. What is
// written lies in a cache that every reader sees; only xSync puts it on the disk. crash() is a
// power cut: of what was not synced, each piece of each 512-byte sector is kept, dropped or torn as
// the caller's random numbers say.
//
// What it models, after a Linux machine with an ordered-metadata file system:
//   - a write that is torn keeps the bytes that it does not cover (SQLite: power-safe overwrite);
//   - creations and deletions reach the disk in order, some first part of them survives a crash.
//     They are all durable once a new journal or WAL file is synced for the first time, for then
//     SQLite syncs the directory, and once a file is deleted with its directory synced;
//   - after a sync that failed, the cache shows data that the disk lacks, and no later sync brings
//     it there.
// It has no shared memory: WAL works in exclusive locking mode alone. Locks hold among connections.
//
// Deterministic: the same calls give the same bytes, SQLite's random numbers and its clock
// included. One thread per disk. A disk outlives its connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace antrean::sim {

class MemoryDisk {
public:
    static constexpr std::size_t sector_bytes = 512;

    // Registers the VFS under NAME, which no other disk may have at the same time. SEED is of
    // SQLite's random numbers, and of what a failed sync forgets.
    MemoryDisk(std::string name, std::uint64_t seed);
    ~MemoryDisk();
    MemoryDisk(const MemoryDisk&) = delete;
    MemoryDisk& operator=(const MemoryDisk&) = delete;

    // For sqlite3_open_v2() and journal::Journal::Options; valid as long as the disk.
    const char* vfs() const;

    // Gives a number of 64 random bits.
    using Random = std::function<std::uint64_t()>;
    // The process dies, the machine goes on: its files are as it saw them. Connections that were
    // open get an error from each operation from now on; close them at any time.
    void kill();
    // The machine dies too, and comes up again: what was not synced is partly lost.
    void crash(const Random& random);

    enum class Fault { io, full };  // EIO, ENOSPC
    // Of the writes (or truncations), or syncs, that follow, the Nth fails, counted from 1.
    void fail_write(std::uint64_t nth, Fault fault);
    void fail_sync(std::uint64_t nth, Fault fault);
    // The Nth operation from now that would change the disk finds no power, nor does any later one
    // until crash() or kill(). So a crash can fall between any two steps of SQLite.
    void cut_power(std::uint64_t nth);
    // A disk that says it has synced and has not: to prove that a test can see loss.
    void ignore_syncs(bool ignore);

    // What SQLite takes for the wall clock; it moves only by this, and by SQLite's own sleeping.
    void set_time(std::chrono::sys_time<std::chrono::milliseconds> now);

    // For tests that look at, or damage, what lies on the disk: the bytes that a reader sees.
    bool exists(const std::string& file) const;
    std::string read(const std::string& file) const;
    // Makes FILE with CONTENT, durably.
    void write(const std::string& file, const std::string& content);

    std::uint64_t writes() const;
    std::uint64_t syncs() const;

    class Impl;  // named here for the callbacks that SQLite is given

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::sim
