// A process with all that it has started, as the kernel accounts for them. For servers that answer
// each connection by a process of its own.
#pragma once

#include "tools/benchmark/child.hpp"

#include <vector>

namespace antrean::benchmark {

// Children, their children and so on, as they are now; ROOT itself is not among them.
std::vector<pid_t> descendants_of(pid_t root);

// Of ROOT and its descendants: those that run, and those that have ended and were waited for (of
// these only the processor's time, to 10 ms).
Usage usage_of_tree(pid_t root);

}  // namespace antrean::benchmark
