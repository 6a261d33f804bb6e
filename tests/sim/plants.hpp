// The bugs that can be planted (proto/plant.hpp): what each does, and by which promise it is to be
// found. A plant that no seed finds shows a hole in the checker, or a situation that no seed plays.
#pragma once

#include "proto/plant.hpp"

#include <span>
#include <string_view>

namespace antrean::sim {

struct PlantedBug {
    Plant plant{};
    std::string_view name;   // as the enumerator is called
    std::string_view what;   // the mistake
    std::string_view rules;  // one of them is broken first: "R3,R4"

    bool is_found_by(std::string_view rule) const;
};

// All but Plant::none.
std::span<const PlantedBug> planted_bugs();
// Null: there is none of that name.
const PlantedBug* find_planted_bug(std::string_view name);

// Whether this program's objects hold the mistakes.
bool can_plant();
// Only where can_plant(). Of BUG null nothing is planted.
void plant(const PlantedBug* bug);

}  // namespace antrean::sim
