// Ours beside others: the controller and the peers in turn, several rounds, in one run, so that all
// of them meet the same disk and the same other programs.
#pragma once

#include "tools/benchmark/steps.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace antrean::benchmark {

// One server under one load, in one round.
struct PeerStep {
    double tickets_per_second = 0;
    Summary latency;
    double cpu_us_per_ticket = 0;  // of all the server's processes
    double written_bytes_per_ticket = 0;
    double bench_cpu_share = 0;
    std::uint64_t tickets = 0;  // from the first on, all of them looked for afterwards
    std::string problem;        // what it does not have of what it acknowledged; empty: nothing
};

struct Compared {
    std::string server;  // "antrean" or a peer's name
    std::string settings;
    std::size_t connections = 0;
    std::vector<PeerStep> rounds;

    // The round that stands in the middle by its tickets per second.
    const PeerStep& middle() const;
    double slowest() const;
    double fastest() const;
};

inline constexpr std::size_t peer_connections[] = {64, 256};
inline constexpr std::size_t peer_rounds = 3;

// SAY is told what is measured next.
std::vector<Compared> compare_with_peers(const Settings& settings, Machine& machine,
                                         Baseline& baseline,
                                         const std::function<void(const std::string&)>& say);

}  // namespace antrean::benchmark
