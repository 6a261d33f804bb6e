#include "tests/sim/campaign.hpp"

#include "tests/sim/seed.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::sim {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int most_jobs = 64;

// What the processes of a campaign have in common: memory that they share.
struct Shared {
    std::atomic<std::uint64_t> next{0};  // of the seeds, counted from the first
    std::atomic<bool> stop{false};
    std::array<std::atomic<std::uint64_t>, most_jobs> begun{};  // by share: the seed in hand
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

std::atomic<Shared*> of_signal{nullptr};

// What a process tells of a seed; small enough that a pipe passes it whole.
struct Message {
    std::uint64_t seed = 0;
    bool passed = true;
    std::array<char, 8> rule{};
    std::array<char, 400> text{};
    MarkCounts marks{};
};
static_assert(sizeof(Message) <= 4096);  // PIPE_BUF

template <std::size_t Size>
void copy(const std::string& from, std::array<char, Size>& to) {
    std::strncpy(to.data(), from.c_str(), Size - 1);
}

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

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Running {
public:
    explicit Running(const Campaign& campaign) : campaign_{campaign} {
        void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw failure("mmap");
        shared_ = new (memory) Shared;
        if (pipe(pipe_.data()) != 0) throw failure("pipe");
        of_signal = shared_;
        for (const int signal : {SIGINT, SIGTERM})
            std::signal(signal, [](int) { of_signal.load()->stop = true; });
    }
    ~Running() {
        for (const int signal : {SIGINT, SIGTERM})
            std::signal(signal, SIG_DFL);
        close(pipe_[0]);
        close(pipe_[1]);
        munmap(shared_, sizeof(Shared));
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    Campaign::Result run() {
        const auto before = cpu_seconds();
        std::fflush(nullptr);
        for (int share = 0; share < campaign_.jobs; ++share)
            children_.push_back(begin(share));
        while (alive() > 0) {
            if (campaign_.time && Clock::now() - began_ >= *campaign_.time) shared_->stop = true;
            hear();
            bury();
            if (campaign_.show_progress) show();
        }
        hear();
        if (campaign_.show_progress) fmt::print(stderr, "\n");
        auto& failures = result_.failures;
        std::sort(failures.begin(), failures.end(),
                  [](const auto& a, const auto& b) { return a.seed < b.seed; });
        result_.next = campaign_.first + std::min<std::uint64_t>(shared_->next, campaign_.count);
        result_.cpu_seconds = cpu_seconds() - before;
        return std::move(result_);
    }

private:
    pid_t begin(int share) {
        const auto child = fork();
        if (child < 0) throw failure("fork");
        if (child == 0) work(share);
        return child;
    }

    // A child's life: seed after seed, until there is none left.
    [[noreturn]] void work(int share) {
        // Who stops the whole group stops the parent, which lets the last seeds end.
        std::signal(SIGINT, SIG_IGN);
        std::signal(SIGTERM, SIG_IGN);
        while (!shared_->stop) {
            const auto at = shared_->next++;
            if (at >= campaign_.count) break;
            Message message;
            message.seed = campaign_.first + at;
            shared_->begun[static_cast<std::size_t>(share)] = message.seed;
            auto verdict = run_seed(message.seed);
            if (campaign_.twice && verdict.passed &&
                run_seed(message.seed).trace != verdict.trace) {
                verdict.passed = false;
                verdict.rule = "twice";
                verdict.text = "its two runs leave different traces";
            }
            message.passed = verdict.passed;
            message.marks = verdict.marks;
            copy(verdict.rule, message.rule);
            copy(verdict.text, message.text);
            if (write(pipe_[1], &message, sizeof message) != ssize_t{sizeof message}) break;
        }
        _exit(0);
    }

    std::size_t alive() const {
        return static_cast<std::size_t>(
            std::count_if(children_.begin(), children_.end(), [](pid_t c) { return c != 0; }));
    }

    void fails(std::uint64_t seed, std::string rule, std::string text) {
        result_.failures.push_back({seed, std::move(rule), std::move(text)});
        if (!campaign_.goes_on) shared_->stop = true;
    }

    // All that the children have told by now, or within a moment.
    void hear() {
        pollfd ready{pipe_[0], POLLIN, 0};
        for (int wait_ms = 100; poll(&ready, 1, wait_ms) > 0; wait_ms = 0) {
            Message message;
            if (!read_whole(pipe_[0], message)) return;
            ++result_.done;
            for (std::size_t i = 0; i < mark_count; ++i)
                result_.marks[i] += message.marks[i];
            if (!message.passed) fails(message.seed, message.rule.data(), message.text.data());
        }
    }

    // An assertion of the product, or a sanitizer, ends the whole process.
    void bury() {
        for (std::size_t share = 0; share < children_.size(); ++share) {
            int status = 0;
            if (children_[share] == 0 || waitpid(children_[share], &status, WNOHANG) <= 0) continue;
            children_[share] = 0;
            if (status == 0) continue;
            ++result_.done;
            const auto text = WIFSIGNALED(status)
                                  ? fmt::format("the program died of signal {}", WTERMSIG(status))
                                  : std::string{"the program has ended itself"};
            fails(shared_->begun[share], "crash", text);
            if (!shared_->stop) children_[share] = begin(static_cast<int>(share));
        }
    }

    void show() {
        const auto passed = Clock::now() - began_;
        if (passed - shown_ < 500ms) return;
        shown_ = passed;
        const auto minutes = std::chrono::duration<double, std::ratio<60>>{passed}.count();
        const auto rate = static_cast<double>(result_.done) / minutes;
        fmt::print(stderr, "\r{}{} seeds, {} failed, {:.0f} a core-minute", result_.done,
                   campaign_.time ? std::string{} : fmt::format(" of {}", campaign_.count),
                   result_.failures.size(), rate / campaign_.jobs);
        const auto left =
            campaign_.time
                ? std::chrono::duration<double, std::ratio<60>>{*campaign_.time}.count() - minutes
                : static_cast<double>(campaign_.count - result_.done) / rate;
        if (result_.done > 0) fmt::print(stderr, ", {:.0f} min left   ", std::max(left, 0.0));
        std::fflush(stderr);
    }

    const Campaign& campaign_;
    Shared* shared_ = nullptr;
    std::array<int, 2> pipe_{};
    std::vector<pid_t> children_;  // by share; 0: it has ended
    Campaign::Result result_;
    const Clock::time_point began_ = Clock::now();
    Clock::duration shown_{};
};

}  // namespace

Campaign::Result Campaign::run() const {
    return Running{*this}.run();
}

bool Campaign::Result::marks_missing() const {
    return std::any_of(marks.begin(), marks.end(),
                       [](std::uint64_t reached) { return reached == 0; });
}

double Campaign::Result::seeds_a_core_minute() const {
    return cpu_seconds > 0 ? static_cast<double>(done) * 60 / cpu_seconds : 0;
}

void print_marks(const Campaign::Result& result) {
    for (std::size_t i = 0; i < mark_count; ++i) {
        fmt::print("{:9}  {}{}\n", result.marks[i], to_text(static_cast<Mark>(i)),
                   result.marks[i] == 0 ? "  (never)" : "");
    }
}

}  // namespace antrean::sim
