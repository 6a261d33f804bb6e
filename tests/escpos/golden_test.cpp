// Every known model's paper: the same bytes as before, the same dots, and nothing in it that the
// model would not understand.
//
// After a change that is meant, run this program with ANTREAN_UPDATE_GOLDEN=1 in the environment
// and look at what git says has changed: FOLDER/golden/MODEL.hex (the bytes, one command or run of
// text to a line), MODEL.txt (its text as the printer understands it) and MODEL.png.
#include "drivers/escpos/font_text_raster.hpp"
#include "drivers/escpos/profile_load.hpp"
#include "tests/catch.hpp"
#include "tests/escpos/golden_paper.hpp"
#include "tests/escpos/scan.hpp"
#include "tests/files.hpp"
#include "tools/virtual_printer/machine.hpp"
#include "tools/virtual_printer/render.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include <png.h>

namespace antrean::escpos {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path folder = GOLDEN_FOLDER;

bool updating() {
    return std::getenv("ANTREAN_UPDATE_GOLDEN") != nullptr;
}

std::string read(const std::string& name) {
    return tests::content(folder / name);
}

void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories(folder);
    std::ofstream file{folder / name, std::ios::binary};
    file << content;
    REQUIRE(file.flush());
}

std::string hex(const std::string& bytes) {
    constexpr std::size_t most_in_line = 48;
    std::string out;
    std::size_t at = 0;
    for (const Token& token : scan(bytes).tokens) {
        for (std::size_t i = 0; i < token.size; ++i, ++at) {
            constexpr const char* digits = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(bytes[at]);
            if (i > 0) out += i % most_in_line == 0 ? '\n' : ' ';
            out += digits[byte / 16];
            out += digits[byte % 16];
        }
        out += '\n';
    }
    return out;
}

virtual_printer::Paper print(const std::string& bytes, const Profile& profile) {
    auto model = virtual_printer::from_model(profile);
    model.speed_mm_per_s = 0;
    virtual_printer::Machine machine{model};
    SteadyTime now{1h};
    std::span<const std::byte> rest = std::as_bytes(std::span{bytes});
    for (int offers = 0; !rest.empty() || machine.next_event(); ++offers) {
        REQUIRE(offers < 10'000);
        rest = rest.subspan(machine.receive(rest, now));
        if (const auto next = machine.next_event()) now = std::max(now, *next);
        machine.advance(now);
    }
    for (const auto& unknown : machine.unknown_commands())
        FAIL_CHECK(unknown.why);
    auto papers = machine.take_papers();
    if (papers.empty()) papers.push_back(machine.hanging());  // at the tear bar
    REQUIRE(papers.size() == 1);
    return papers[0];
}

struct Pixels {
    unsigned width = 0;
    unsigned height = 0;
    std::vector<unsigned char> grey;
};

Pixels decode(const std::string& png) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_memory(&image, png.data(), png.size()));
    image.format = PNG_FORMAT_GRAY;
    Pixels pixels{image.width, image.height, {}};
    pixels.grey.resize(PNG_IMAGE_SIZE(image));
    REQUIRE(png_image_finish_read(&image, nullptr, pixels.grey.data(), 0, nullptr));
    return pixels;
}

}  // namespace

TEST_CASE("every known model prints what it printed before", "[golden]") {
    FontTextRaster raster;
    REQUIRE(raster.problems().empty());
    virtual_printer::Renderer renderer;
    REQUIRE(known_profiles().size() >= 18);
    for (const std::string_view name_view : known_profiles()) {
        const std::string name{name_view};
        INFO(name << "; set ANTREAN_UPDATE_GOLDEN=1 to accept a change");
        const Profile profile = find_profile(name).value();
        const std::string bytes = as_string(golden_paper(profile, raster));
        REQUIRE(scan(bytes).problem == "");
        const auto paper = print(bytes, profile);
        CHECK(paper.complete == (profile.cutter != Cutter::none));
        const std::string png = as_string(renderer.png(paper));
        if (updating()) {
            write(name + ".hex", hex(bytes));
            write(name + ".txt", paper.text());
            write(name + ".png", png);
        }
        CHECK(read(name + ".hex") == hex(bytes));
        CHECK(read(name + ".txt") == paper.text());
        const Pixels before = decode(read(name + ".png"));
        const Pixels after = decode(png);
        REQUIRE(before.width == after.width);
        REQUIRE(before.height == after.height);
        std::size_t different = 0;
        for (std::size_t i = 0; i < before.grey.size(); ++i)
            different += before.grey[i] != after.grey[i] ? 1 : 0;
        // The letters of the printer's own fonts are drawn a little differently by other versions
        // of FreeType; a line that is missing or moved is far more than that.
        CHECK(different <= before.grey.size() / 500);
    }
}

TEST_CASE("there is no golden file of a model that is not known", "[golden]") {
    const auto known = known_profiles();
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        INFO(entry.path());
        CHECK(std::find(known.begin(), known.end(), entry.path().stem().string()) != known.end());
    }
}

}  // namespace antrean::escpos
