// antrean-sim: seeds by the thousand, or one of them told as a story.
#include "tests/sim/campaign.hpp"
#include "tests/sim/seed.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace antrean::sim;

constexpr std::size_t last_lines = 40;

void tell_failure(std::uint64_t seed, const char* program) {
    // Told first: the second run may end the program as the first did.
    fmt::print("seed {} fails. To see all of it: {} --seed {} --trace\n", seed, program, seed);
    std::fflush(stdout);
    const auto verdict = run_seed(seed, Telling::keep);
    const auto& story = verdict.story;
    const auto first = story.size() > last_lines ? story.size() - last_lines : 0;
    for (auto at = first; at < story.size(); ++at)
        fmt::print("  {}\n", story[at]);
    fmt::print("seed {} breaks {}: {}\n", seed, verdict.rule, verdict.text);
}

int run_one(std::uint64_t seed, bool trace, const char* program) {
    const auto verdict = run_seed(seed, trace ? Telling::print : Telling::hash);
    if (!verdict.passed && !trace) {
        tell_failure(seed, program);
        return 1;
    }
    if (!verdict.passed) {
        fmt::print("seed {} breaks {}: {}\n", seed, verdict.rule, verdict.text);
        return 1;
    }
    fmt::print("seed {}: good, trace {:016x}\n", seed, verdict.trace);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Campaign campaign;
    std::uint64_t seed = 0;
    bool trace = false;
    std::string expected;
    CLI::App app{
        "Runs the whole queue system in virtual time, with seeded faults, and judges what came "
        "out: "
        "papers,\nscreens and the journal.\n\nExample:\n  tools/sim --seeds 1000\n  tools/sim "
        "--seed "
        "4711 --trace"};
    auto* seeds_option = app.add_option("--seeds", campaign.count, "How many seeds to run")
                             ->capture_default_str()
                             ->check(CLI::PositiveNumber);
    app.add_option("--first", campaign.first, "The first of them")->capture_default_str();
    app.add_option("--jobs", campaign.jobs, "Processes that share them")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    auto* seed_option =
        app.add_option("--seed", seed, "Run this one alone")->excludes(seeds_option);
    app.add_flag("--trace", trace, "Tell its story line by line")->needs(seed_option);
    app.add_flag("--marks", campaign.need_marks,
                 "Fail where a situation that the seeds are to reach was never reached");
    app.add_option("--expect-failure", expected,
                   "Succeed only if a seed fails by one of these rules, such as R3,R4: for a build "
                   "with a planted bug");
    app.footer(
        "Exit codes: 0 every seed is good; 1 a seed failed, or a situation was never reached.");
    CLI11_PARSE(app, argc, argv);

    if (*seed_option) return run_one(seed, trace, argv[0]);
    campaign.show_progress = isatty(STDERR_FILENO) == 1;
    const auto result = campaign.run();
    if (!expected.empty()) {
        if (!result.failed) {
            fmt::print("no seed of {} has failed: the planted bug was not found\n", campaign.count);
            return 1;
        }
        const auto verdict = run_seed(*result.failed);
        fmt::print("seed {} breaks {}: {}\n", *result.failed, verdict.rule, verdict.text);
        return ("," + expected + ",").find("," + verdict.rule + ",") == std::string::npos ? 1 : 0;
    }
    print_marks(result);
    if (result.failed) {
        tell_failure(*result.failed, argv[0]);
        return 1;
    }
    fmt::print("{} seeds, all good\n", result.done);
    return result.marks_missing ? 1 : 0;
}
