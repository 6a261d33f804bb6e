#include "tools/benchmark/child.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

constexpr std::chrono::milliseconds poll_interval{5};

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The number behind "KEY:" in a file of /proc; 0 where it is missing.
std::uint64_t number_in(const std::string& text, std::string_view key) {
    const auto at = text.find(key);
    if (at == std::string::npos) return 0;
    return std::stoull(text.substr(at + key.size()));
}

}  // namespace

Usage usage_of(pid_t pid) {
    clockid_t clock{};
    timespec spent{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &spent) != 0) return {};
    const auto io = read_file(fmt::format("/proc/{}/io", pid));
    return {std::chrono::seconds{spent.tv_sec} + Nanoseconds{spent.tv_nsec},
            number_in(io, "\nwrite_bytes:")};
}

Memory memory_of(pid_t pid) {
    const auto status = read_file(fmt::format("/proc/{}/status", pid));
    return {number_in(status, "VmRSS:") * 1024, number_in(status, "VmHWM:") * 1024};
}

std::uint64_t proportional_bytes_of(pid_t pid) {
    return number_in(read_file(fmt::format("/proc/{}/smaps_rollup", pid)), "\nPss:") * 1024;
}

Child::Child(const std::vector<std::string>& argv, std::filesystem::path stderr_file, int stdin_fd,
             const Manners& manners)
    : name_{std::filesystem::path{argv.at(0)}.filename().string()},
      stderr_file_{std::move(stderr_file)},
      last_signal_{manners.last_signal} {
    if (access(argv[0].c_str(), X_OK) != 0) {
        throw std::system_error{errno, std::generic_category(), argv[0]};
    }
    std::vector<char*> words;
    for (const auto& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const int err = open(stderr_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (err < 0 || null < 0) {
        throw std::system_error{errno, std::generic_category(), stderr_file_.string()};
    }
    pid_ = fork();
    if (pid_ == 0) {
        if (manners.user != geteuid() &&
            (setgroups(0, nullptr) != 0 || setgid(manners.group) != 0 ||
             setuid(manners.user) != 0)) {
            _exit(126);
        }
        // Whatever ends the bench, nothing that it started outlives it. Behind the change of the
        // user, which would undo it.
        prctl(PR_SET_PDEATHSIG, manners.last_signal);
        dup2(stdin_fd < 0 ? null : stdin_fd, 0);
        dup2(null, 1);
        dup2(err, 2);
        execv(words[0], words.data());
        _exit(127);
    }
    close(err);
    close(null);
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
}

Child::~Child() {
    if (pid_ <= 0) return;
    kill(pid_, last_signal_);
    int status = 0;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (!ended(status)) {
        if (std::chrono::steady_clock::now() > until) kill(pid_, SIGKILL);
        std::this_thread::sleep_for(poll_interval);
    }
}

void Child::fail(const std::string& what) const {
    auto words = read_file(stderr_file_);
    constexpr std::size_t most = 2000;
    if (words.size() > most) words.erase(0, words.size() - most);
    throw std::runtime_error{fmt::format("{}: {}. It said:\n{}", name_, what, words)};
}

bool Child::ended(int& status) {
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = -1;
    return true;
}

std::string Child::wait_for_line(std::string_view part, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        int status = 0;
        const bool gone = ended(status);
        const auto said = read_file(stderr_file_);
        if (const auto at = said.find(part); at != std::string::npos) {
            if (const auto end = said.find('\n', at); end != std::string::npos) {
                const auto before = said.rfind('\n', at);
                const auto begin = before == std::string::npos ? 0 : before + 1;
                return said.substr(begin, end - begin);
            }
        }
        if (gone) fail("ended at once");
        if (std::chrono::steady_clock::now() > until) fail("is not ready");
        std::this_thread::sleep_for(poll_interval);
    }
}

Usage Child::usage() const {
    return usage_of(pid_);
}
Memory Child::memory() const {
    return memory_of(pid_);
}

void Child::stop(std::chrono::milliseconds limit) {
    kill(pid_, SIGTERM);
    wait(limit);
}

void Child::wait(std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    int status = 0;
    while (!ended(status)) {
        if (std::chrono::steady_clock::now() > until) fail("does not end");
        std::this_thread::sleep_for(poll_interval);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail("did not end well");
}

}  // namespace antrean::benchmark
