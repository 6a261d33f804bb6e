// The paper that every known model prints for the golden files: one of everything that a paper can
// have. Pure.
#pragma once

#include "drivers/escpos/profile.hpp"
#include "drivers/escpos/text_raster.hpp"

#include <cstddef>
#include <vector>

namespace antrean::escpos {

inline constexpr const char* golden_link = "https://antrean.example.go.id/t/7Q2M";
inline constexpr const char* golden_code = "A-012";

std::vector<std::byte> golden_paper(const Profile& profile, TextRaster& raster);

}  // namespace antrean::escpos
