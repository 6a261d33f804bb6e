#include "tools/benchmark/site_file.hpp"

#include <iterator>

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

constexpr std::size_t agencies = 20;
constexpr std::size_t services_per_agency = 3;
constexpr std::size_t all_services = agencies * services_per_agency;

// The last agencies count in a run of their own for each service, the others in one for all.
constexpr std::size_t agencies_with_one_series = 16;

char letter(std::size_t agency) {
    return static_cast<char>('A' + agency);
}

ServiceId service_id(std::size_t service) {
    return *ServiceId::parse(fmt::format("service-{:02}", service + 1));
}

// Kiosks differ, and the buttons of one are of different agencies.
std::size_t service_of(std::size_t kiosk, std::size_t button) {
    return (kiosk + button * 7) % all_services;
}

std::string name_of(std::size_t service) {
    return fmt::format("Service {:02}", service + 1);
}

void add_agency(std::string& out, std::size_t agency) {
    const auto to = std::back_inserter(out);
    const bool one_series = agency < agencies_with_one_series;
    fmt::format_to(to, "[[agency]]\nid = \"agency-{0:02}\"\nname = \"Agency {0}\"\n", agency + 1);
    if (one_series) fmt::format_to(to, "prefix = \"{}\"\n", letter(agency));
    for (std::size_t i = 0; i < services_per_agency; ++i) {
        const auto service = agency * services_per_agency + i;
        if (!one_series) {
            fmt::format_to(to,
                           "[[series]]\nid = \"series-{:02}\"\nagency = \"agency-{:02}\"\n"
                           "prefix = \"{}{}\"\n",
                           service + 1, agency + 1, letter(agency), i + 1);
        }
        fmt::format_to(to, "[[service]]\nid = \"{}\"\nagency = \"agency-{:02}\"\nname = \"{}\"\n",
                       service_id(service).view(), agency + 1, name_of(service));
        if (!one_series) fmt::format_to(to, "series = \"series-{:02}\"\n", service + 1);
    }
    fmt::format_to(to,
                   "[[counter]]\nid = \"counter-{0:02}\"\nname = \"Counter {0}\"\n"
                   "agencies = [\"agency-{0:02}\"]\n",
                   agency + 1);
}

}  // namespace

DeviceId kiosk_id(std::size_t kiosk) {
    return *DeviceId::parse(fmt::format("bench-{:04}", kiosk + 1));
}

std::vector<ServiceId> services_of(std::size_t kiosk) {
    std::vector<ServiceId> on_buttons;
    for (std::size_t button = 0; button < buttons_per_kiosk; ++button) {
        on_buttons.push_back(service_id(service_of(kiosk, button)));
    }
    return on_buttons;
}

std::string service_name(std::size_t kiosk, std::size_t button) {
    return name_of(service_of(kiosk, button));
}

std::string site_file(std::size_t kiosks, std::size_t idle) {
    std::string out =
        "[site]\nname = \"Bench\"\nplace = \"Loopback\"\ntime_zone = \"Asia/Jakarta\"\n";
    for (std::size_t agency = 0; agency < agencies; ++agency)
        add_agency(out, agency);
    for (std::size_t kiosk = 0; kiosk < kiosks + idle; ++kiosk) {
        fmt::format_to(std::back_inserter(out), "[[kiosk]]\nid = \"{}\"\nbuttons = {{",
                       kiosk_id(kiosk).view());
        std::size_t button = 0;
        auto services = services_of(kiosk);
        if (kiosk >= kiosks) services.resize(2);
        for (const auto service : services) {
            fmt::format_to(std::back_inserter(out), "{} {} = \"{}\"", button == 0 ? "" : ",",
                           button + 1, service.view());
            ++button;
        }
        out += " }\n";
    }
    return out;
}

}  // namespace antrean::benchmark
