#include "tests/sim/shrink.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <system_error>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::sim {
namespace {

using Clock = std::chrono::steady_clock;
using Numbers = std::vector<Only::Number>;

struct Told {
    bool passed = true;
    std::array<char, 8> rule{};
    std::array<char, 400> text{};
    std::uint64_t trace = 0;
    std::uint32_t doings = 0;
};

std::system_error failure(const char* what) {
    return {errno, std::generic_category(), what};
}

Verdict run_apart(std::uint64_t seed, const Only& only) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw failure("pipe");
    std::fflush(nullptr);
    const auto child = fork();
    if (child < 0) throw failure("fork");
    if (child == 0) {
        // What an assertion says is told once, by the run that is not to shrink anything.
        if (!std::freopen("/dev/null", "w", stderr)) _exit(1);
        const auto verdict = run_seed(seed, Telling::hash, only);
        Told told{verdict.passed, {}, {}, verdict.trace, verdict.doings};
        std::strncpy(told.rule.data(), verdict.rule.c_str(), told.rule.size() - 1);
        std::strncpy(told.text.data(), verdict.text.c_str(), told.text.size() - 1);
        _exit(write(ends[1], &told, sizeof told) == ssize_t{sizeof told} ? 0 : 1);
    }
    close(ends[1]);
    Told told;
    const auto size = read(ends[0], &told, sizeof told);
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    Verdict verdict;
    verdict.passed = false;
    if (size != ssize_t{sizeof told}) {
        verdict.ended = true;
        verdict.rule = "crash";
        verdict.text = "the program has ended itself";
        return verdict;
    }
    verdict.passed = told.passed;
    verdict.rule = told.rule.data();
    verdict.text = told.text.data();
    verdict.trace = told.trace;
    verdict.doings = told.doings;
    return verdict;
}

class Shrinking {
public:
    Shrinking(std::uint64_t seed, std::chrono::milliseconds limit)
        : seed_{seed}, until_{Clock::now() + limit} {}

    Shrunk run() {
        result_.verdict = run_apart(seed_, {});
        ++result_.runs;
        if (result_.verdict.passed) return std::move(result_);
        // A run that ended itself does not tell how many it had.
        constexpr std::uint32_t most = 4096;
        const auto had = result_.verdict.ended ? most : result_.verdict.doings;
        result_.had = had;
        kept_.resize(had);
        std::iota(kept_.begin(), kept_.end(), Only::Number{1});
        try_with({});
        for (auto part = std::max<std::size_t>(kept_.size() / 2, 1); !kept_.empty(); part /= 2) {
            const bool any = leave_out_parts_of(part);
            if (!result_.in_time || (part == 1 && !any)) break;
            if (part == 1) part = 2;  // what one needed may be needed no more
        }
        result_.only = Only{kept_};
        result_.verdict = run_apart(seed_, result_.only);
        return std::move(result_);
    }

private:
    // Whether one of them could be left out. From behind: what comes last hangs on what came
    // before.
    bool leave_out_parts_of(std::size_t part) {
        bool any = false;
        for (auto end = kept_.size(); end > 0;) {
            end = std::min(end, kept_.size());
            const auto begin = end - std::min(part, end);
            Numbers rest{kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(begin)};
            rest.insert(rest.end(), kept_.begin() + static_cast<std::ptrdiff_t>(end), kept_.end());
            any = try_with(std::move(rest)) || any;
            if (!result_.in_time) break;
            end = begin;
        }
        return any;
    }

    bool try_with(Numbers numbers) {
        if (Clock::now() >= until_) {
            result_.in_time = false;
            return false;
        }
        ++result_.runs;
        const auto verdict = run_apart(seed_, Only{numbers});
        if (verdict.passed || verdict.rule != result_.verdict.rule) return false;
        // It may fail earlier now: what came behind that is not done.
        if (!verdict.ended) {
            std::erase_if(numbers, [&](Only::Number one) { return one > verdict.doings; });
        }
        kept_ = std::move(numbers);
        return true;
    }

    const std::uint64_t seed_;
    const Clock::time_point until_;
    Numbers kept_;
    Shrunk result_;
};

}  // namespace

Shrunk shrink(std::uint64_t seed, std::chrono::milliseconds limit) {
    return Shrinking{seed, limit}.run();
}

}  // namespace antrean::sim
