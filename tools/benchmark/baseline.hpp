// What the machine itself takes for the two things that no ticket can do without: one flush of the
// log to the disk, and one round trip over loopback. Measured in the same run as the tickets, close
// to them in time, because disks of virtual machines are not equally fast from minute to minute.
//
// One thread; blocks while measuring. What the system refuses is std::system_error.
#pragma once

#include "tools/benchmark/sample.hpp"

#include <filesystem>
#include <memory>

namespace antrean::benchmark {

// SQLite's log takes a frame header of 24 bytes and a page of 4,096 for a small commit, and starts
// anew at the front of its file when it has 1,000 pages.
inline constexpr std::size_t flush_bytes = 4120;
inline constexpr std::size_t log_bytes = 1000 * flush_bytes;

struct Baseline {
    Sample overwrite;   // pwrite of flush_bytes into a file that is allocated already, fdatasync
    Sample extend;      // the same at the end of a file, which grows by it
    Sample round_trip;  // 64 bytes to another process and back by TCP over loopback

    void add(const Baseline& other);
};

class Machine {
public:
    // Makes two files in DIR and starts the process that echoes.
    explicit Machine(const std::filesystem::path& dir);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // Takes about a second and a half.
    Baseline measure();
    // One flush of Baseline::extend, for who writes now and then: a disk that was at rest takes
    // longer than one that is kept busy, and its slowest moments are others.
    Nanoseconds flush_extending();

private:
    class File;
    class Echo;
    std::unique_ptr<File> overwritten_;
    std::unique_ptr<File> extended_;
    std::unique_ptr<Echo> echo_;
};

// The name of the file system that DIR lies on, as far as it tells how flushes are to be read.
struct FileSystem {
    std::string name;
    bool in_memory = false;  // a flush there reaches no disk
};
FileSystem file_system_of(const std::filesystem::path& dir);

}  // namespace antrean::benchmark
