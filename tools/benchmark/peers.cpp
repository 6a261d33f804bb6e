#include "tools/benchmark/peers.hpp"

#include "tools/benchmark/peer_fleet.hpp"
#include "tools/benchmark/peer_servers.hpp"
#include "tools/benchmark/process_tree.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds warm_up{1000};

// Empty: it has what it acknowledged, each number once, and nothing else.
std::string audit(const Stored& stored, const Acknowledged& acknowledged) {
    const auto count = acknowledged.tickets;
    if (stored.tickets != count || stored.last_number != count) {
        return fmt::format("it acknowledged {} tickets, and has {} and a last number of {}", count,
                           stored.tickets, stored.last_number);
    }
    if (acknowledged.sum_of_numbers != count * (count + 1) / 2) return "a number came twice";
    return {};
}

PeerStep run_peer(const Settings& settings, const Peer& peer, std::size_t connections) {
    PeerStep step;
    const auto dir = settings.dir / peer.name;
    {
        const auto server = peer.start(dir);
        {
            PeerFleet fleet{server->port(), connections, [&] { return server->speak(); }};
            Sample warming;
            fleet.ask_until(Clock::now() + warm_up, warming);

            Sample sample{warming.count() + 100'000 * (1 + settings.measure.count() / 1000)};
            const auto server_begin = usage_of_tree(server->pid());
            const auto bench_begin = usage_of(getpid());
            const auto begin = Clock::now();
            fleet.ask_until(begin + settings.measure, sample);
            const auto lasted = Clock::now() - begin;
            const auto bench_end = usage_of(getpid());
            const auto server_end = usage_of_tree(server->pid());
            fleet.finish();

            const std::chrono::duration<double> seconds = lasted;
            const auto load = load_between(server_begin, server_end, lasted, sample.count(), {});
            step.tickets_per_second = static_cast<double>(sample.count()) / seconds.count();
            step.latency = sample.summary();
            step.cpu_us_per_ticket = load.cpu_us_per_ticket;
            step.written_bytes_per_ticket = load.written_bytes_per_ticket;
            step.bench_cpu_share =
                load_between(bench_begin, bench_end, lasted, sample.count(), {}).cpu_share;
            step.tickets = fleet.acknowledged().tickets;
            step.problem = audit(server->stored(), fleet.acknowledged());
        }
        server->stop();
    }
    std::filesystem::remove_all(dir);
    return step;
}

PeerStep as_peer(const Step& ours) {
    return {ours.tickets_per_second,
            ours.latency,
            ours.controller.cpu_us_per_ticket,
            ours.controller.written_bytes_per_ticket,
            ours.bench.cpu_share,
            ours.told.tickets,
            ours.problem};
}

}  // namespace

const PeerStep& Compared::middle() const {
    std::vector<const PeerStep*> sorted;
    for (const auto& round : rounds)
        sorted.push_back(&round);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
        return a->tickets_per_second < b->tickets_per_second;
    });
    return *sorted.at(sorted.size() / 2);
}

double Compared::slowest() const {
    double least = rounds.at(0).tickets_per_second;
    for (const auto& round : rounds)
        least = std::min(least, round.tickets_per_second);
    return least;
}

double Compared::fastest() const {
    double most = 0;
    for (const auto& round : rounds)
        most = std::max(most, round.tickets_per_second);
    return most;
}

std::vector<Compared> compare_with_peers(const Settings& settings, Machine& machine,
                                         Baseline& baseline,
                                         const std::function<void(const std::string&)>& say) {
    std::vector<Compared> all;
    for (const auto connections : peer_connections) {
        std::vector<Compared> here{
            {"antrean", "one journal, group commit, synchronous=FULL", connections, {}}};
        for (const auto& peer : peers)
            here.push_back({peer.name, peer.settings, connections, {}});
        for (std::size_t round = 1; round <= peer_rounds; ++round) {
            say(fmt::format("ours and peers at {} connections, round {} of {} ...", connections,
                            round, peer_rounds));
            auto* to = here.data();
            to++->rounds.push_back(as_peer(run_step(settings, connections, machine, baseline)));
            for (const auto& peer : peers)
                to++->rounds.push_back(run_peer(settings, peer, connections));
        }
        std::move(here.begin(), here.end(), std::back_inserter(all));
    }
    return all;
}

}  // namespace antrean::benchmark
