// What was found of the kiosk's program: its part of the report. Pure.
#pragma once

#include "tools/benchmark/firmware.hpp"
#include "tools/benchmark/report_parts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace antrean::benchmark {

// FILE_SYSTEM: what the store was on.
void add_firmware(Out to, const std::optional<Firmware>& firmware, const std::string& file_system);
void add_promises(std::vector<Promise>& to, const std::optional<Firmware>& firmware);
std::string json(const std::optional<Firmware>& firmware);

}  // namespace antrean::benchmark
