// How the controller is, as its shell knows it: what the hub cannot see for itself. A plain value.
#pragma once

#include "controller/engine/engine.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace antrean::console {

struct Vitals {
    std::chrono::seconds uptime{0};
    std::optional<std::uint64_t> storage_free_bytes{};  // on the journal's file system
    std::optional<std::uint64_t> reports_lag_events{};  // durable, not yet in reports.db
    // Why nobody should rely on it now: "the disk has no room for new tickets". Empty: it is well.
    std::string trouble{};
};

// A batch that is on its way to the disk for longer than this is more than a slow flush.
inline constexpr std::chrono::seconds journal_is_behind{5};

// What Vitals::trouble is to say. FLUSHING: for how long the batch that is on its way has been.
std::string trouble(engine::Room room, std::chrono::nanoseconds flushing);

}  // namespace antrean::console
