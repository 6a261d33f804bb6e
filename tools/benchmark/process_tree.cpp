#include "tools/benchmark/process_tree.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

struct Stat {
    pid_t parent = 0;
    std::uint64_t reaped_ticks = 0;  // of children that have ended
};

// proc(5): the second field is a name in parentheses, which may hold anything.
Stat stat_of(pid_t pid) {
    std::ifstream in{fmt::format("/proc/{}/stat", pid)};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream fields{text.substr(name_end + 1)};
    std::string skipped;
    Stat stat;
    fields >> skipped >> stat.parent;
    for (int field = 5; field <= 15; ++field)
        fields >> skipped;
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    fields >> user >> system;
    stat.reaped_ticks = user + system;
    return stat;
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t root) {
    std::multimap<pid_t, pid_t> children;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto pid = static_cast<pid_t>(std::stol(name));
        children.emplace(stat_of(pid).parent, pid);
    }
    std::vector<pid_t> found;
    const auto add_children = [&](pid_t parent) {
        const auto [begin, end] = children.equal_range(parent);
        for (auto it = begin; it != end; ++it)
            found.push_back(it->second);
    };
    add_children(root);
    for (std::size_t i = 0; i < found.size(); ++i)
        add_children(found[i]);
    return found;
}

Usage usage_of_tree(pid_t root) {
    auto pids = descendants_of(root);
    pids.push_back(root);
    Usage sum;
    const auto ticks_a_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    for (const auto pid : pids) {
        const auto one = usage_of(pid);
        const auto reaped = stat_of(pid).reaped_ticks * 1'000'000'000 / ticks_a_second;
        sum.cpu += one.cpu + Nanoseconds{reaped};
        sum.written_bytes += one.written_bytes;
    }
    return sum;
}

}  // namespace antrean::benchmark
