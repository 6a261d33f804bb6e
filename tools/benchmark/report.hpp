// What a run found, for people and for programs. Pure.
#pragma once

#include "tools/benchmark/press.hpp"
#include "tools/benchmark/steps.hpp"

#include <optional>
#include <string>
#include <vector>

namespace antrean::benchmark {

struct Run {
    std::string cpu;
    unsigned cores = 0;
    std::string kernel;
    double busy_before = 0;  // processes that wanted a core in the minute before (load average)
    std::string dir;
    FileSystem file_system;
    bool with_reports = false;
    double seconds = 0;
    std::vector<Step> steps;
    std::optional<Press> press;
};

// Something that the project promises about its speed, as this run found it.
struct Promise {
    std::string text;  // "1 connection: half of the tickets within 1.5 x (flush + round trip)"
    std::string unit;
    double measured = 0;
    double bound = 0;
    bool at_most = true;  // else at least
    bool kept() const { return at_most ? measured <= bound : measured >= bound; }
};

// Those that the steps of RUN allow to tell.
std::vector<Promise> promises(const Run& run);

std::string to_table(const Run& run);
std::string to_json(const Run& run);

}  // namespace antrean::benchmark
