// Makes the bytes of tickets: the site's layout for whichever printer prints, and fonts for what
// its characters cannot say. Not thread-safe.
#pragma once

#include "drivers/layout/layout.hpp"
#include "firmware/kiosk/core.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace antrean::kiosk {

struct PaperLook {
    std::filesystem::path layout;    // empty: the standard one
    std::vector<std::string> fonts;  // empty: DejaVu Sans
};

class Papers {
public:
    explicit Papers(PaperLook look);
    ~Papers();
    Papers(const Papers&) = delete;
    Papers& operator=(const Papers&) = delete;

    // Reads the layout for a printer of PROFILE. Where it cannot be used the standard one stands
    // in, and the error is told.
    [[nodiscard]] boost::system::result<void, config::LoadError> prepare(
        const escpos::Profile& profile);

    // WEAR, if given, gets what the paper takes of the printer.
    std::vector<std::byte> make(const layout::Fields& fields, const escpos::Profile& profile,
                                layout::Marks marks, escpos::Wear* wear = nullptr);

private:
    class LateRaster;
    const PaperLook look_;
    std::map<std::string, layout::Layout> layouts_;  // by the profile's name
    std::unique_ptr<LateRaster> raster_;
};

}  // namespace antrean::kiosk
