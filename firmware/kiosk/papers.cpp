#include "firmware/kiosk/papers.hpp"

#include "drivers/escpos/font_text_raster.hpp"

#include <optional>
#include <utility>

namespace antrean::kiosk {

// Most halls print Latin letters for years: fonts are not opened before a name needs them.
class Papers::LateRaster final : public escpos::TextRaster {
public:
    explicit LateRaster(std::vector<std::string> fonts) : fonts_{std::move(fonts)} {}

    std::vector<escpos::Bitmap> lines(std::span<const escpos::StyledText> text, int dots,
                                      int max_lines) override {
        if (!real_) real_.emplace(fonts_);
        return real_->lines(text, dots, max_lines);
    }

private:
    const std::vector<std::string> fonts_;
    std::optional<escpos::FontTextRaster> real_;
};

Papers::Papers(PaperLook look)
    : look_{std::move(look)},
      raster_{std::make_unique<LateRaster>(
          look_.fonts.empty() ? std::vector<std::string>{escpos::default_font} : look_.fonts)} {}
Papers::~Papers() = default;

boost::system::result<void, config::LoadError> Papers::prepare(const escpos::Profile& profile) {
    if (look_.layout.empty()) return {};
    auto layout = layout::load(look_.layout, profile);
    if (!layout) return layout.error();
    layouts_.insert_or_assign(profile.name, std::move(*layout));
    return {};
}

std::vector<std::byte> Papers::make(const layout::Fields& fields, const escpos::Profile& profile,
                                    layout::Marks marks, escpos::Wear* wear) {
    const auto known = layouts_.find(profile.name);
    return layout::lay_out(known == layouts_.end() ? layout::standard() : known->second, fields,
                           profile, marks, raster_.get(), wear);
}

}  // namespace antrean::kiosk
