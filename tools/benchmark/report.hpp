// What a run found, for people and for programs. Pure.
#pragma once

#include "tools/benchmark/crowd.hpp"
#include "tools/benchmark/firmware_report.hpp"
#include "tools/benchmark/order.hpp"
#include "tools/benchmark/press.hpp"
#include "tools/benchmark/report_parts.hpp"
#include "tools/benchmark/scale_report.hpp"
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
    std::optional<Order> order;
    std::optional<Crowd> crowd;
    std::optional<Firmware> firmware;
    Scale scale;
};

// Those that RUN allows to tell.
std::vector<Promise> promises(const Run& run);

std::string to_table(const Run& run);
std::string to_json(const Run& run);

}  // namespace antrean::benchmark
