#include "drivers/escpos/font_text_raster.hpp"
#include "drivers/tty/escape.hpp"
#include "tools/paper/commands.hpp"
#include "tools/virtual_printer/machine.hpp"
#include "tools/virtual_printer/render.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

namespace antrean::paper {
namespace {

// None after telling which is wrong.
std::optional<layout::Fields> fields_of(const std::vector<std::string>& given) {
    auto fields = layout::example();
    for (const auto& one : given) {
        const auto equals = one.find('=');
        const auto field = layout::field_of(std::string_view{one}.substr(0, equals));
        if (equals == std::string::npos || !field) {
            const auto names = layout::field_names();
            fmt::print(stderr, "--field {}: write NAME=TEXT; the names are {}\n", tty::escaped(one),
                       fmt::join(names.begin(), names.end(), ", "));
            return std::nullopt;
        }
        fields[*field] = one.substr(equals + 1);
    }
    return fields;
}

}  // namespace

std::optional<std::vector<std::byte>> bytes_of(const Look& look, const escpos::Profile& profile) {
    const auto fields = fields_of(look.fields);
    if (!fields) return std::nullopt;
    auto layout = look.layout.empty() ? layout::Loaded<layout::Layout>{layout::standard()}
                                      : layout::load(look.layout, profile);
    if (!layout) {
        fmt::print(stderr, "{}", layout.error().message());
        return std::nullopt;
    }
    escpos::FontTextRaster raster{
        look.fonts.empty() ? std::vector<std::string>{escpos::default_font} : look.fonts};
    for (const auto& problem : raster.problems())
        fmt::print(stderr, "{}\n", tty::escaped(problem));
    return layout::lay_out(*layout, *fields, profile, {.copy = look.copy}, &raster);
}

bool write_file(const std::filesystem::path& file, const void* data, std::size_t size) {
    std::ofstream stream{file, std::ios::binary};
    stream.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
    stream.close();
    if (stream) return true;
    fmt::print(stderr, "{}: cannot be written: {}\n", tty::escaped(file.string()),
               std::strerror(errno));
    return false;
}

int preview(const Look& look, const escpos::Profile& profile, const std::filesystem::path& output) {
    const auto bytes = bytes_of(look, profile);
    if (!bytes) return exit_bad_file;
    auto model = virtual_printer::from_model(profile);
    model.speed_mm_per_s = 0;
    model.cut_time = {};
    model.receive_buffer = bytes->size() + 1024;
    virtual_printer::Machine printer{model};
    SteadyTime now{};
    printer.receive(*bytes, now);
    while (const auto next = printer.next_event()) {
        now = std::max(now, *next);
        printer.advance(now);
    }
    auto papers = printer.take_papers();
    // A copy begins with a cut of its own, which leaves a blank piece.
    std::erase_if(papers, [](const auto& paper) { return paper.blank(); });
    const auto& paper = papers.empty() ? printer.hanging() : papers.back();
    const auto png = virtual_printer::Renderer{}.png(paper);
    if (!write_file(output, png.data(), png.size())) return exit_cannot_write;
    fmt::print("{}: {} x {} dots, {:.0f} mm, {} bytes for {}\n", tty::escaped(output.string()),
               paper.width_dots, paper.height_dots, paper.height_dots * 25.4 / paper.dpi,
               bytes->size(), profile.name);
    return exit_ok;
}

}  // namespace antrean::paper
