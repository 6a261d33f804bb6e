// Sends a picture by the command that a printer has for it. Pure, thread-safe.
//
// No byte sequence within a command is one that the printer executes on arrival (DLE EOT, DLE ENQ,
// DLE DC4; Epson warns of them in picture data): a dot beside a black one is made black where the
// picture would hold one. GS v 0, GS ( L and ESC * are those of the Epson ESC/POS reference.
#pragma once

#include "drivers/escpos/bitmap.hpp"
#include "drivers/escpos/profile.hpp"

#include <cstddef>
#include <vector>

namespace antrean::escpos {

// Appends the picture, clipped to the width of the head, in bands of profile.band_rows; the last
// one is filled up with white to a multiple of profile.band_multiple. To be printed where a line
// begins, aligned as ESC a says. Nothing is appended for an empty picture.
void append_raster(std::vector<std::byte>& out, const Bitmap& picture, const Profile& profile);

}  // namespace antrean::escpos
