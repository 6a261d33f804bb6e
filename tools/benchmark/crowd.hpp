// What it costs to decide whom to call in a queue longer than any hall's: the engine alone, with no
// disk, socket or thread.
#pragma once

#include "tools/benchmark/sample.hpp"

#include <cstddef>

namespace antrean::benchmark {

struct Crowd {
    std::size_t waiting = 0;  // when the first was called
    Summary call;             // deciding and applying one CallNext
};

// Half of WAITING people are called at one counter, which takes two regular tickets for each of
// another class, from two series.
Crowd run_crowd(std::size_t waiting);

}  // namespace antrean::benchmark
