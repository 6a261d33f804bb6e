#include "tests/sim/campaign.hpp"

#include "tests/sim/seed.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::sim {
namespace {

// What a process tells of a seed when it begins and when it is done; small enough that a pipe
// passes it whole.
struct Message {
    enum class Kind { begun, passed, failed };
    Kind kind{};
    int share = 0;
    std::uint64_t seed = 0;
    MarkCounts marks{};
};

std::system_error failure(const char* what) {
    return {errno, std::generic_category(), what};
}

bool read_whole(int from, Message& message) {
    auto* to = reinterpret_cast<char*>(&message);
    std::size_t got = 0;
    while (got < sizeof message) {
        const auto size = read(from, to + got, sizeof message - got);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        got += static_cast<std::size_t>(size);
    }
    return true;
}

// A child's life: every seed of its share, until its reader has gone.
[[noreturn]] void work(const Campaign& campaign, int share, int to) {
    for (auto at = static_cast<std::uint64_t>(share); at < campaign.count;
         at += static_cast<std::uint64_t>(campaign.jobs)) {
        Message message{Message::Kind::begun, share, campaign.first + at, {}};
        const auto tell = [&] {
            return write(to, &message, sizeof message) == static_cast<ssize_t>(sizeof message);
        };
        if (!tell()) break;
        const auto verdict = run_seed(message.seed);
        message.kind = verdict.passed ? Message::Kind::passed : Message::Kind::failed;
        message.marks = verdict.marks;
        if (!tell() || !verdict.passed) break;
    }
    _exit(0);
}

}  // namespace

Campaign::Result Campaign::run() const {
    std::array<int, 2> pipe_ends{};
    if (pipe(pipe_ends.data()) != 0) throw failure("pipe");
    std::fflush(nullptr);
    std::vector<pid_t> children;
    for (int share = 0; share < jobs; ++share) {
        const auto child = fork();
        if (child < 0) throw failure("fork");
        if (child == 0) {
            close(pipe_ends[0]);
            work(*this, share, pipe_ends[1]);
        }
        children.push_back(child);
    }
    close(pipe_ends[1]);
    Result result;
    const auto fails = [&](std::uint64_t seed) {
        result.failed = std::min(result.failed.value_or(seed), seed);
    };
    std::vector<std::uint64_t> begun(children.size());
    Message message;
    while (read_whole(pipe_ends[0], message)) {
        if (message.kind == Message::Kind::begun) {
            begun[static_cast<std::size_t>(message.share)] = message.seed;
            continue;
        }
        ++result.done;
        for (std::size_t i = 0; i < mark_count; ++i)
            result.marks[i] += message.marks[i];
        if (show_progress) fmt::print(stderr, "\r{} of {} seeds", result.done, count);
        if (message.kind == Message::Kind::passed) continue;
        fails(message.seed);
        for (const auto child : children)
            kill(child, SIGTERM);
    }
    if (show_progress) fmt::print(stderr, "\n");
    close(pipe_ends[0]);
    for (std::size_t share = 0; share < children.size(); ++share) {
        int status = 0;
        while (waitpid(children[share], &status, 0) < 0 && errno == EINTR) {
        }
        // An assertion of the product ends the whole process.
        const bool asked = WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
        if (WIFSIGNALED(status) && !asked) fails(begun[share]);
    }
    if (need_marks) {
        result.marks_missing = std::any_of(result.marks.begin(), result.marks.end(),
                                           [](std::uint64_t reached) { return reached == 0; });
    }
    return result;
}

void print_marks(const Campaign::Result& result) {
    for (std::size_t i = 0; i < mark_count; ++i) {
        fmt::print("{:9}  {}{}\n", result.marks[i], to_text(static_cast<Mark>(i)),
                   result.marks[i] == 0 ? "  (never)" : "");
    }
}

}  // namespace antrean::sim
