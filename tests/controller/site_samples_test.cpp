// The sample sites: each loads, and is what is known of its hall.
#include "tests/controller/site_bench.hpp"

#include <algorithm>

using namespace antrean;
using namespace antrean::site::bench;

namespace {

site::Site sample(const char* name) {
    return site::load(fs::path{ANTREAN_SITES} / name).value();
}

}  // namespace

TEST_CASE("every sample site loads without a problem", "[site]") {
    int found = 0;
    for (const auto& entry : fs::directory_iterator{ANTREAN_SITES}) {
        if (entry.path().extension() != ".toml") continue;
        ++found;
        const auto loaded = site::load(entry.path());
        if (loaded.has_error()) FAIL_CHECK(loaded.error().message());
    }
    CHECK(found == 5);
}

TEST_CASE("every sample site is as large as is known of its hall", "[site]") {
    struct Known {
        const char* file;
        std::size_t agencies, counters, services, staff;  // 0: not known
    };
    const Known known = GENERATE(
        Known{"jombang.toml", 11, 12, 0, 0}, Known{"tanjung-jabung-barat.toml", 20, 20, 0, 0},
        Known{"tubaba.toml", 39, 0, 0, 0}, Known{"jember.toml", 33, 0, 144, 0},
        Known{"pandeglang.toml", 21, 21, 153, 50});
    INFO(known.file);
    const site::Site mall = sample(known.file);
    const auto is = [](std::size_t count, std::size_t wanted) {
        return wanted == 0 ? count > 0 : count == wanted;
    };
    CHECK(is(mall.agencies.size(), known.agencies));
    CHECK(is(mall.counters.size(), known.counters));
    CHECK(is(mall.services.size(), known.services));
    CHECK(is(mall.staff.size(), known.staff));
}

TEST_CASE("a citizen finds every service of a sample site at a kiosk", "[site]") {
    const char* const name = GENERATE("jombang.toml", "tanjung-jabung-barat.toml", "tubaba.toml",
                                      "jember.toml", "pandeglang.toml");
    INFO(name);
    const site::Site mall = sample(name);
    for (const site::Service& service : mall.services) {
        const auto gives = [&](const site::Button& button) { return button.service == service.id; };
        const bool offered = std::ranges::any_of(mall.kiosks, [&](const site::Kiosk& kiosk) {
            return std::ranges::any_of(kiosk.buttons, gives);
        });
        INFO(service.name);
        CHECK(offered);
        CHECK(service.hours);
    }
    for (const site::Counter& counter : mall.counters)
        CHECK(counter.callpad);
}

TEST_CASE("the sample site of Tubaba has more than three hundred services", "[site]") {
    CHECK(sample("tubaba.toml").services.size() > 300);
}

TEST_CASE("an agency of Tanjung Jabung Barat serves within its agreement", "[site]") {
    const site::Site mall = sample("tanjung-jabung-barat.toml");
    CHECK(mall.counters.size() == mall.agencies.size());
    CHECK(mall.rules.hall_limit);
    CHECK_FALSE(mall.wifi.name.empty());
    for (const site::Agency& agency : mall.agencies) {
        INFO(agency.name);
        CHECK(agency.from);
        CHECK(agency.until);
    }
}

TEST_CASE("every service of Jember says its time, its fee and what to bring", "[site]") {
    for (const site::Service& service : sample("jember.toml").services) {
        INFO(service.name);
        CHECK(service.service_time);
        CHECK_FALSE(service.fee.empty());
        CHECK_FALSE(service.bring.empty());
    }
}

TEST_CASE("at every counter of Pandeglang somebody signs in", "[site]") {
    const site::Site mall = sample("pandeglang.toml");
    CHECK(mall.rules.sign_in_required);
    for (const site::Service& service : mall.services)
        CHECK(service.service_time);
}
