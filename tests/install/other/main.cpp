// A program that knows the drivers by their installed headers alone.
#include <cstdio>

#include <boost/asio/io_context.hpp>
#include <drivers/escpos/font_text_raster.hpp>
#include <drivers/escpos/profile_load.hpp>
#include <drivers/layout/layout.hpp>
#include <drivers/printer/printer.hpp>

int main() {
    using namespace antrean;
    const auto profile = escpos::find_profile("epson-tm-t88v").value();
    escpos::FontTextRaster raster;
    const auto paper = layout::lay_out(layout::standard(), layout::example(), profile, {}, &raster);
    boost::asio::io_context io;
    printer::Printer printer{io, {.address = "tcp:127.0.0.1:9", .profile = profile}, {}};
    std::printf("%zu bytes for %s\n", paper.size(), profile.name.c_str());
    return paper.size() > 300 && printer.state() == printer::PrinterState::gone ? 0 : 1;
}
