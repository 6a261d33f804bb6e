#include "drivers/config/file.hpp"
#include "drivers/layout/layout.hpp"

#include <utility>

namespace antrean::layout {

namespace files {
extern const std::string_view ticket_toml;
}

namespace {

constexpr config::FileKind layout_file{"a paper layout", max_layout_bytes, "one has some 3 KiB",
                                       "write a layout into it, as schemas/papers/README.md tells"};

}  // namespace

Loaded<Layout> load(const std::filesystem::path& file, const escpos::Profile& profile) {
    config::Problems problems;
    const auto text = config::text_of(file, layout_file, problems);
    if (!text) return config::LoadError{file, std::move(problems).in_file_order()};
    return read(*text, file, profile);
}

const Layout& standard() {
    static const Layout layout = read(files::ticket_toml, "ticket.toml", {}).value();
    return layout;
}

}  // namespace antrean::layout
