// The configuration file of a device: what is written of settings reads as these settings.
#include "firmware/common/settings.hpp"

#include "tests/catch.hpp"
#include "tests/files.hpp"

namespace {

using namespace antrean;
using common::Settings;

Settings written_and_read(const Settings& settings) {
    const tests::Folder folder;
    const auto file = folder / "kiosk.toml";
    std::ofstream{file} << common::to_toml(settings);
    return common::read_settings(file, {"controller", "printer"}).value();
}

TEST_CASE("settings read as they were written", "[settings]") {
    const Settings settings{{"controller", {"192.0.2.1:7411"}},
                            {"printer", {"usb:1-1.2", R"(tcp:"a\b":9100)"}}};
    CHECK(written_and_read(settings) == settings);
}

TEST_CASE("a file in which no key is set is not taken for one that was cut off", "[settings]") {
    CHECK(written_and_read({}).empty());
}

}  // namespace
