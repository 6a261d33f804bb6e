// A program that the bench starts, watches from outside through the kernel's accounts, and stops.
// What it writes to standard error goes to a file, so that nobody has to read a pipe while
// measuring. Owned by one thread; the destructor kills what still runs. A program that cannot be
// started, or does not say what is awaited, is an exception with its last words.
#pragma once

#include "tools/benchmark/sample.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

namespace antrean::benchmark {

// What a process has taken from the machine since its start.
struct Usage {
    Nanoseconds cpu{};                // of all its threads
    std::uint64_t written_bytes = 0;  // handed to the disk
};

struct Memory {
    std::uint64_t resident_bytes = 0;
    std::uint64_t peak_bytes = 0;
};

// For a program that does not run as the bench's own user, or has things to put away.
struct Manners {
    uid_t user = geteuid();
    gid_t group = getegid();
    int last_signal = SIGKILL;  // where the run ends early; it ends the program within 5 s
};

class Child {
public:
    // ARGV[0] is the program's file. STDIN_FD becomes its standard input; -1: /dev/null.
    // STDERR_FILE is made anew.
    Child(const std::vector<std::string>& argv, std::filesystem::path stderr_file,
          int stdin_fd = -1, const Manners& manners = {});
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // The first line on its standard error that contains PART.
    std::string wait_for_line(std::string_view part, std::chrono::milliseconds limit);

    pid_t pid() const { return pid_; }
    Usage usage() const;
    Memory memory() const;

    // Asks it to end (SIGTERM) and waits. Anything but exit code 0 within LIMIT is an exception.
    void stop(std::chrono::milliseconds limit = std::chrono::seconds{10});
    // The same for a program that ends by itself.
    void wait(std::chrono::milliseconds limit);

private:
    [[noreturn]] void fail(const std::string& what) const;
    bool ended(int& status);

    std::string name_;
    std::filesystem::path stderr_file_;
    int last_signal_;
    pid_t pid_ = -1;
};

// Of the process PID, which may be the bench itself.
Usage usage_of(pid_t pid);
Memory memory_of(pid_t pid);
// Its resident memory, in which what it shares with others counts by halves, thirds and so on.
std::uint64_t proportional_bytes_of(pid_t pid);

}  // namespace antrean::benchmark
