#include "tools/benchmark/baseline.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds flush_time{500};  // for each of the two patterns
constexpr std::size_t most_flushes = 2000;
constexpr std::chrono::milliseconds round_trip_time{300};
constexpr std::size_t most_round_trips = 5000;
constexpr std::size_t message_bytes = 64;

int must(int returned, const char* doing) {
    if (returned < 0) throw std::system_error{errno, std::generic_category(), doing};
    return returned;
}

void no_delay(int fd) {
    const int on = 1;
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setting TCP_NODELAY");
}

// Reads exactly BYTES; false: the other end has gone.
bool read_all(int fd, void* to, std::size_t bytes) {
    auto* at = static_cast<char*>(to);
    while (bytes > 0) {
        const auto got = read(fd, at, bytes);
        if (got <= 0) return false;
        at += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

[[noreturn]] void echo_until_closed(int listener) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int fd = accept(listener, nullptr, nullptr);
    std::array<char, message_bytes> message;
    if (fd >= 0) no_delay(fd);
    while (fd >= 0 && read_all(fd, message.data(), message.size())) {
        if (write(fd, message.data(), message.size()) < 0) break;
    }
    _exit(0);
}

}  // namespace

void Baseline::add(const Baseline& other) {
    overwrite.add(other.overwrite);
    extend.add(other.extend);
    round_trip.add(other.round_trip);
}

class Machine::File {
public:
    explicit File(const std::filesystem::path& path)
        : path_{path},
          fd_{must(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
                   "making a file to flush")} {}
    ~File() {
        close(fd_);
        unlink(path_.c_str());
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void allocate() {
        const std::vector<char> zeros(log_bytes);
        must(static_cast<int>(pwrite(fd_, zeros.data(), zeros.size(), 0)), "filling a file");
        must(fsync(fd_), "flushing a file");
    }
    void empty() {
        must(ftruncate(fd_, 0), "emptying a file");
        must(fsync(fd_), "flushing a file");
        at_ = 0;
    }
    Sample flushes() {
        Sample sample{most_flushes};
        const auto until = Clock::now() + flush_time;
        auto begin = Clock::now();
        while (begin < until && sample.count() < most_flushes) {
            write();
            const auto end = Clock::now();
            sample.add(end - begin);
            begin = end;
        }
        return sample;
    }
    Nanoseconds flush() {
        const auto begin = Clock::now();
        write();
        return Clock::now() - begin;
    }

private:
    void write() {
        page_.fill(static_cast<char>(at_ / static_cast<off_t>(flush_bytes)));
        must(static_cast<int>(pwrite(fd_, page_.data(), page_.size(), at_)), "writing a page");
        must(fdatasync(fd_), "flushing a page");
        at_ += flush_bytes;
        if (at_ + flush_bytes > log_bytes) at_ = 0;
    }

    std::filesystem::path path_;
    int fd_;
    off_t at_ = 0;
    std::array<char, flush_bytes> page_{};
};

class Machine::Echo {
public:
    Echo() {
        const int listener =
            must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "making a socket");
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        must(bind(listener, any, size), "binding to loopback");
        must(listen(listener, 1), "listening");
        must(getsockname(listener, any, &size), "asking for the port");
        pid_ = must(fork(), "forking");
        if (pid_ == 0) echo_until_closed(listener);
        fd_ = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "making a socket");
        must(connect(fd_, any, size), "connecting over loopback");
        no_delay(fd_);
        close(listener);
    }
    ~Echo() {
        close(fd_);
        waitpid(pid_, nullptr, 0);
    }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    Sample round_trips() {
        Sample sample{most_round_trips};
        std::array<char, message_bytes> message{};
        const auto until = Clock::now() + round_trip_time;
        auto begin = Clock::now();
        while (begin < until && sample.count() < most_round_trips) {
            if (write(fd_, message.data(), message.size()) < 0 ||
                !read_all(fd_, message.data(), message.size())) {
                throw std::runtime_error{"the process that echoes has gone"};
            }
            const auto end = Clock::now();
            sample.add(end - begin);
            begin = end;
        }
        return sample;
    }

private:
    pid_t pid_ = -1;
    int fd_ = -1;
};

Machine::Machine(const std::filesystem::path& dir)
    : overwritten_{std::make_unique<File>(dir / "overwritten")},
      extended_{std::make_unique<File>(dir / "extended")},
      echo_{std::make_unique<Echo>()} {
    overwritten_->allocate();
}

Machine::~Machine() = default;

Baseline Machine::measure() {
    extended_->empty();
    return {overwritten_->flushes(), extended_->flushes(), echo_->round_trips()};
}

Nanoseconds Machine::flush_extending() {
    return extended_->flush();
}

FileSystem file_system_of(const std::filesystem::path& dir) {
    struct statfs found {};
    must(statfs(dir.c_str(), &found), "asking for the file system");
    switch (static_cast<unsigned long>(found.f_type)) {
        case TMPFS_MAGIC:
            return {"tmpfs", true};
        case RAMFS_MAGIC:
            return {"ramfs", true};
        case EXT4_SUPER_MAGIC:
            return {"ext4", false};
        case XFS_SUPER_MAGIC:
            return {"xfs", false};
        case BTRFS_SUPER_MAGIC:
            return {"btrfs", false};
        case F2FS_SUPER_MAGIC:
            return {"f2fs", false};
        case OVERLAYFS_SUPER_MAGIC:
            return {"overlayfs", false};
        default:
            return {fmt::format("type {:#x}", found.f_type), false};
    }
}

}  // namespace antrean::benchmark
