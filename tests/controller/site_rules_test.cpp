// Hours, rules, visits, shifts and people in a site file: what each key becomes.
#include "proto/day.hpp"
#include "tests/controller/site_bench.hpp"

using namespace antrean;
using namespace antrean::site::bench;
using namespace std::chrono_literals;

namespace {

template <class Id>
Id id(std::string_view text) {
    return *Id::parse(text);
}

ServiceDay day(std::string_view text) {
    return *parse_day(text);
}

}  // namespace

TEST_CASE("the rules of a hall load as they were written", "[site]") {
    const site::Site mall = loaded(ruled);
    CHECK(mall.rules.hall_limit == 250u);
    CHECK(mall.rules.recall_limit == 3);
    CHECK(mall.rules.no_show_returns == 1);
    CHECK(mall.rules.transfer_place == engine::Place::front);
    CHECK(mall.rules.fate == engine::Fate::serve);
    CHECK(mall.rules.sign_in_required);
    CHECK(mall.holidays == std::set{day("2026-12-25"), day("2027-01-01")});
    CHECK(mall.wifi.name == "Mal Contoh");
    CHECK(mall.wifi.password == "selamat datang");
    CHECK(mall.paper_link == "https://antrean.example/t");
    CHECK(mall.agency(id<AgencyId>("dukcapil"))->from == day("2026-01-31"));
    CHECK(mall.agency(id<AgencyId>("dukcapil"))->until == day("2028-01-30"));
    CHECK_FALSE(mall.agency(id<AgencyId>("pajak"))->from);
}

TEST_CASE("a service has what it says, and else what the site says", "[site]") {
    const site::Site mall = loaded(ruled);
    const site::Service& ktp = *mall.service(id<ServiceId>("ktp-el"));
    REQUIRE(ktp.hours);
    const engine::Hours pagi{{{{}, {}, {}, {}, {}, {{7h, 12h}}, {{20h, 27h}}}}};
    CHECK(*ktp.hours == pagi);
    CHECK(ktp.last_ticket_before == 0min);
    CHECK(ktp.quota == 400u);
    CHECK(ktp.then == std::vector{id<ServiceId>("npwp"), id<ServiceId>("kartu-keluarga")});
    CHECK(ktp.bring == "Kartu Keluarga dan surat pengantar");
    CHECK(ktp.fee == "Gratis");
    CHECK(ktp.service_time == 10min);
    CHECK(ktp.waiting_limit == 60min);

    const site::Service& npwp = *mall.service(id<ServiceId>("npwp"));
    REQUIRE(npwp.hours);
    const engine::Hours kantor{
        {{{{8h, 12h}, {13h, 15h}}, {}, {}, {}, {{8h, 11h + 30min}, {13h + 30min, 24h}}, {}, {}}}};
    CHECK(*npwp.hours == kantor);
    CHECK(npwp.last_ticket_before == 30min);
    CHECK(npwp.waiting_limit == 45min);
    CHECK_FALSE(npwp.quota);
    CHECK_FALSE(npwp.service_time);
    CHECK(npwp.then.empty());
    CHECK(npwp.bring.empty());
}

TEST_CASE("a counter has what it says, and else what the site says", "[site]") {
    const site::Site mall = loaded(ruled);
    using Kind = engine::Policy::Kind;
    const site::Counter& first = *mall.counter(id<CounterId>("loket-1"));
    CHECK(first.policy.kind == Kind::strict);
    CHECK(first.policy.most_passes == 7);
    CHECK(first.shifts.empty());
    const site::Counter& second = *mall.counter(id<CounterId>("loket-2"));
    CHECK(second.policy == engine::Policy{Kind::interleave, 3, 2, 4});
    // By their hours, not by their place in the file.
    REQUIRE(second.shifts.size() == 2);
    CHECK(second.shifts[0].hours == engine::Interval{8h, 9h + 30min});
    CHECK(second.shifts[0].series == std::vector{id<SeriesId>("pajak"), id<SeriesId>("dukcapil")});
    CHECK(second.shifts[1].hours == engine::Interval{12h, 13h});
    CHECK(second.shifts[1].series == std::vector{id<SeriesId>("dukcapil")});
}

TEST_CASE("staff and the classes of buttons load as they were written", "[site]") {
    const site::Site mall = loaded(ruled);
    const site::Staff* first = mall.person(id<StaffId>("petugas-1"));
    REQUIRE(first != nullptr);
    CHECK(first->name == "Petugas loket 1");
    CHECK(first->code == "4711");
    CHECK(first->counters == std::vector{id<CounterId>("loket-1")});
    CHECK(mall.person(id<StaffId>("pengganti"))->counters.empty());
    CHECK(mall.person(id<StaffId>("none")) == nullptr);

    const auto& buttons = mall.kiosk(id<DeviceId>("kiosk-1"))->buttons;
    REQUIRE(buttons.size() == 4);
    CHECK(buttons[0].ticket_class == TicketClass::regular);
    CHECK(buttons[1].ticket_class == TicketClass::priority);
    CHECK(buttons[1].service == id<ServiceId>("ktp-el"));
    CHECK(buttons[2].ticket_class == TicketClass::appointment);
    CHECK(buttons[3].ticket_class == TicketClass::regular);
    CHECK(buttons[3].service == id<ServiceId>("npwp"));
}

TEST_CASE("the catalog holds the rules of a site", "[site]") {
    const site::Site mall = loaded(ruled);
    const engine::Catalog catalog = mall.catalog();
    CHECK(catalog.agencies.at(id<AgencyId>("dukcapil")).until == day("2028-01-30"));
    CHECK(catalog.agencies.size() == 2);
    const engine::Service& ktp = catalog.services.at(id<ServiceId>("ktp-el"));
    CHECK(ktp.hours == mall.service(id<ServiceId>("ktp-el"))->hours);
    CHECK(ktp.quota == 400u);
    CHECK(ktp.then.size() == 2);
    CHECK(catalog.services.at(id<ServiceId>("npwp")).last_ticket_before == 30min);
    const engine::Counter& second = catalog.counters.at(id<CounterId>("loket-2"));
    CHECK(second.shifts.size() == 2);
    CHECK(second.policy.most_passes == 4);
    CHECK(catalog.staff.at(id<StaffId>("petugas-1")).code == "4711");
    CHECK(catalog.staff.at(id<StaffId>("petugas-1")).counters.size() == 1);
    CHECK(catalog.holidays == mall.holidays);
    CHECK(catalog.rules.no_show_returns == 1);
    CHECK(catalog.rules.fate == engine::Fate::serve);
    CHECK(catalog.version == mall.version);
}

TEST_CASE("a site that says nothing has the engine's own rules", "[site]") {
    const site::Site mall = loaded(good);
    const engine::Rules rules{};
    CHECK_FALSE(mall.rules.hall_limit);
    CHECK(mall.rules.recall_limit == rules.recall_limit);
    CHECK(mall.rules.no_show_returns == rules.no_show_returns);
    CHECK(mall.rules.transfer_place == rules.transfer_place);
    CHECK(mall.rules.fate == rules.fate);
    CHECK_FALSE(mall.rules.sign_in_required);
    CHECK(mall.holidays.empty());
    for (const site::Service& service : mall.services) {
        CHECK_FALSE(service.hours);
        CHECK_FALSE(service.waiting_limit);
    }
    for (const site::Counter& counter : mall.counters)
        CHECK(counter.policy == engine::Policy{});
}

TEST_CASE("the version of a site changes with every byte of its file", "[site]") {
    const site::Site one = loaded(good);
    CHECK(one.version.size() == 16);
    CHECK(one.version.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(loaded(good).version == one.version);
    CHECK(loaded(good + "\n").version != one.version);
    // As sha256sum tells of the same bytes.
    CHECK(loaded("[site]\nname = \"M\"\nplace = \"P\"\ntime_zone = \"Asia/Jakarta\"\n"
                 "[[agency]]\nid = \"a\"\nname = \"A\"\nprefix = \"A\"\n"
                 "[[service]]\nid = \"s\"\nagency = \"a\"\nname = \"S\"\n"
                 "[[counter]]\nid = \"c\"\nname = \"C\"\nagencies = [\"a\"]\n")
              .version == "cfd70ef433382d78");
}

TEST_CASE("a visit leads through eight services, and not through nine", "[site]") {
    const auto visit = [](int more) {
        std::string services, then;
        for (int i = 1; i <= more; ++i) {
            const std::string id = "\"s" + std::to_string(i) + '"';
            services += "[[service]]\nid = " + id + "\nagency = \"pajak\"\nname = \"S\"\n";
            then += id + ", ";
        }
        return replaced(replaced(ruled, "[\"npwp\", \"kartu-keluarga\"]", '[' + then + ']'),
                        "[[counter]]", services + "[[counter]]");
    };
    CHECK(loaded(visit(7)).service(id<ServiceId>("ktp-el"))->then.size() == 7);
    const site::LoadError error = problems_of(visit(8));
    REQUIRE(error.problems.size() == 1);
    CHECK(error.problems[0].text == "service 'ktp-el' leads to 8 services more");
    CHECK(error.problems[0].remedy == "name at most 7 in 'then'");
}

TEST_CASE("holidays are told apart up to their bound", "[site]") {
    const auto with_days = [](int count) {
        std::string days;
        for (int i = 0; i < count; ++i)
            days += '"' + to_iso(day("2026-01-01") + std::chrono::days{i}) + "\", ";
        return replaced(ruled, "[\"2026-12-25\", \"2027-01-01\"]", '[' + days + ']');
    };
    CHECK(loaded(with_days(400)).holidays.size() == 400);
    const site::LoadError error = problems_of(with_days(401));
    REQUIRE(error.problems.size() == 1);
    CHECK(error.problems[0].text == "'holidays' of [site] has more than 400 days");
}

TEST_CASE("twelve thousand kiosks of eight buttons load", "[site]") {
    std::string text = good;
    for (int i = 0; i < 11'998; ++i) {
        text += "[[kiosk]]\nid = \"bench-" + std::to_string(10'000 + i) + "\"\nbuttons = {";
        for (int button = 1; button <= 8; ++button)
            text += (button == 1 ? " " : ", ") + std::to_string(button) + " = \"ktp-el\"";
        text += " }\n";
    }
    CHECK(loaded(text).kiosks.size() == 12'000);
}
