// antrean-sim: seeds by the thousand, or one of them told as a story.
#include "tests/sim/campaign.hpp"
#include "tests/sim/plants.hpp"
#include "tests/sim/seed.hpp"
#include "tests/sim/shrink.hpp"
#include "tests/sim/story.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace antrean::sim;

constexpr auto shrinking_limit = std::chrono::seconds{60};

// As few of a failing seed's doings as fail by the same rule, and the story of these.
void tell_failure(std::uint64_t seed, const std::string& program) {
    fmt::print("seed {} fails; its story is made short, which takes {} s at most\n", seed,
               shrinking_limit.count());
    std::fflush(stdout);
    const auto shrunk = shrink(seed, shrinking_limit);
    fmt::print("seed {} breaks {}: {}\nOf its {} doings {} are left after {} runs{}.\n", seed,
               shrunk.verdict.rule, shrunk.verdict.text, shrunk.had, shrunk.only.numbers().size(),
               shrunk.runs, shrunk.in_time ? "" : ", for the time was over");
    const auto again = fmt::format("{} --seed {} --only {}", program, seed, shrunk.only.text());
    fmt::print("Again, trace {:016x}: {}\nLine by line:             {} --trace\n",
               shrunk.verdict.trace, again, again);
    std::fflush(stdout);
    if (shrunk.verdict.ended) return;  // and so would this run end
    for (const auto& line : tell_story(run_seed(seed, Telling::keep, shrunk.only).story))
        fmt::print("  {}\n", line);
}

int run_one(std::uint64_t seed, const Only& only, bool trace, const std::string& program) {
    if (only.all() && !trace && !run_seed(seed).passed) {
        tell_failure(seed, program);
        return 1;
    }
    const auto verdict = run_seed(seed, trace ? Telling::print : Telling::hash, only);
    if (verdict.passed) {
        fmt::print("seed {}: good, trace {:016x}\n", seed, verdict.trace);
        return 0;
    }
    fmt::print("seed {} breaks {}: {}; trace {:016x}\n", seed, verdict.rule, verdict.text,
               verdict.trace);
    return 1;
}

void list_plants() {
    for (const auto& bug : planted_bugs())
        fmt::print("{:<27} {}; breaks {}\n", bug.name, bug.what, bug.rules);
}

// Every planted bug is found by a rule of its own, and without one nothing is.
int find_every_plant(Campaign campaign) {
    bool all = true;
    for (const auto& bug : planted_bugs()) {
        plant(&bug);
        const auto result = campaign.run();
        if (result.failures.empty()) {
            fmt::print("{:<27} NOT FOUND in {} seeds\n", bug.name, result.done);
            all = false;
        } else {
            const auto& first = result.failures.front();
            const bool right = bug.is_found_by(first.rule);
            all = all && right;
            fmt::print("{:<27} {:>4} seeds, {}{}: {}\n", bug.name, first.seed - campaign.first + 1,
                       first.rule, right ? "" : " and NOT " + std::string{bug.rules}, first.text);
        }
        std::fflush(stdout);
    }
    plant(nullptr);
    const auto sound = campaign.run();
    for (const auto& failure : sound.failures) {
        fmt::print("with nothing planted seed {} breaks {}: {}\n", failure.seed, failure.rule,
                   failure.text);
    }
    if (!all) fmt::print("not every planted bug is found by the rule that it breaks\n");
    return all && sound.failures.empty() ? 0 : 1;
}

// So that each run of the minutes plays other seeds: a hundred thousand for each minute since then.
std::uint64_t fresh_seed() {
    using namespace std::chrono;
    const auto since = system_clock::now() - sys_days{year{2026} / 1 / 1};
    return static_cast<std::uint64_t>(duration_cast<minutes>(since).count()) * 100'000;
}

int run_many(const Campaign& campaign, bool need_marks, const std::string& program) {
    if (campaign.time || campaign.goes_on) {
        fmt::print("seeds from {} on, by {} processes\n", campaign.first, campaign.jobs);
        std::fflush(stdout);
    }
    const auto result = campaign.run();
    if (need_marks) print_marks(result);
    const bool good = result.failures.empty();
    fmt::print("{} seeds, {}; {:.0f} a core-minute\n", result.done,
               good ? "all good" : fmt::format("{} failed", result.failures.size()),
               result.seeds_a_core_minute());
    if (campaign.goes_on) {
        for (const auto& failure : result.failures) {
            fmt::print("seed {} breaks {}: {}\n", failure.seed, failure.rule, failure.text);
        }
        fmt::print("The next seed is {}: --first {}\n", result.next, result.next);
    }
    if (!good) tell_failure(result.failures.front().seed, program);
    return good && !(need_marks && result.marks_missing()) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Campaign campaign;
    std::uint64_t seed = 0;
    std::string only_text;
    bool trace = false;
    bool need_marks = false;
    bool every_plant = false;
    bool nightly = false;
    double minutes = 0;
    std::string plant_name;
    CLI::App app{
        "Runs the whole queue system in virtual time, with seeded faults, and judges what came "
        "out: "
        "papers,\nscreens and the journal.\n\nExample:\n  tools/sim --seeds 1000\n  tools/sim "
        "--seed "
        "4711 --trace"};
    auto* seeds_option = app.add_option("--seeds", campaign.count, "How many seeds to run")
                             ->capture_default_str()
                             ->check(CLI::PositiveNumber);
    auto* first_option =
        app.add_option("--first", campaign.first, "The first of them")->capture_default_str();
    auto* minutes_option =
        app.add_option("--minutes", minutes,
                       "As many as fit into this time instead; the first is another one each time, "
                       "unless --first says it")
            ->check(CLI::PositiveNumber)
            ->excludes(seeds_option);
    app.add_flag("--nightly", nightly,
                 "A million, or so many as --seeds says, on all cores; goes on after a failure and "
                 "tells of all at the end, and after Ctrl-C where to go on by --first")
        ->excludes(minutes_option);
    auto* jobs_option = app.add_option("--jobs", campaign.jobs, "Processes that share them")
                            ->capture_default_str()
                            ->check(CLI::Range(1, 64));
    auto* seed_option =
        app.add_option("--seed", seed, "Run this one alone")->excludes(seeds_option);
    app.add_option("--only", only_text,
                   "Of what people do and faults befall in it only these numbers, such as "
                   "3,17-40; 0: none")
        ->needs(seed_option);
    app.add_flag("--trace", trace, "Tell its story line by line")->needs(seed_option);
    app.add_flag("--twice", campaign.twice,
                 "Run each seed twice, and fail where the two runs leave different traces");
    app.add_flag("--marks", need_marks,
                 "Count the situations that the seeds are to reach, and fail where one never was");
    app.add_option("--plant", plant_name,
                   "Have the product make a known mistake; 'list' tells which there are. Only "
                   "antrean-sim-planted can");
    app.add_flag("--every-plant", every_plant,
                 "Plant one after the other, and fail where the seeds do not find it")
        ->excludes(seed_option);
    app.footer(
        "Exit codes: 0 every seed is good; 1 a seed failed, or a situation was never reached; 64 "
        "no such planted bug.");
    CLI11_PARSE(app, argc, argv);

    if (plant_name == "list") {
        list_plants();
        return 0;
    }
    if ((every_plant || !plant_name.empty()) && !can_plant()) {
        fmt::print(stderr,
                   "--plant: nothing can be planted in this program; use tools/sim "
                   "--plant, which runs antrean-sim-planted\n");
        return 64;
    }
    if (!plant_name.empty()) {
        const auto* bug = find_planted_bug(plant_name);
        if (!bug) {
            fmt::print(stderr, "--plant: there is no '{}'; see --plant list\n", plant_name);
            return 64;
        }
        plant(bug);
    }
    // As it is to be started once more.
    const auto program = plant_name.empty() ? std::string{argv[0]}
                                            : fmt::format("{} --plant {}", argv[0], plant_name);
    if (*seed_option) {
        const auto only = only_text.empty() ? Only{} : Only::parse(only_text);
        if (!only) {
            fmt::print(stderr, "--only: '{}' is no list of numbers such as 3,17-40\n", only_text);
            return 64;
        }
        return run_one(seed, *only, trace, program);
    }
    if (nightly) {
        campaign.goes_on = need_marks = true;
        if (!*seeds_option) campaign.count = 1'000'000;
        if (!*jobs_option) {
            campaign.jobs = static_cast<int>(std::clamp(sysconf(_SC_NPROCESSORS_ONLN), 1L, 64L));
        }
    }
    if (*minutes_option) {
        campaign.count = Campaign::no_end;
        campaign.time = std::chrono::milliseconds{static_cast<std::int64_t>(minutes * 60'000)};
    }
    if ((nightly || *minutes_option) && !*first_option) campaign.first = fresh_seed();
    campaign.show_progress = isatty(STDERR_FILENO) == 1;
    if (every_plant) return find_every_plant(campaign);
    return run_many(campaign, need_marks, program);
}
