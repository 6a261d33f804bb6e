// What was found beside peers, among idle devices and behind a long history: its part of the
// report. Each table is nothing where that was not measured. Pure.
#pragma once

#include "tools/benchmark/history.hpp"
#include "tools/benchmark/idle.hpp"
#include "tools/benchmark/peers.hpp"
#include "tools/benchmark/report_parts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace antrean::benchmark {

struct Scale {
    std::vector<Compared> peers;
    std::optional<IdleCrowd> idle;
    std::optional<History> history;
};

void add_scale(Out to, const Scale& scale);
void add_promises(std::vector<Promise>& to, const Scale& scale);
// What does not agree with the tickets, a sentence each; none: all does.
std::vector<std::string> problems(const Scale& scale);
std::uint64_t tickets_compared(const Scale& scale);
// Members of an object: "peers":...,"idle":...,"history":...
std::string json(const Scale& scale);

}  // namespace antrean::benchmark
