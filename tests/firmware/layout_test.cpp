// A ticket's paper, as a printer of either width makes it.
#include "firmware/kiosk/layout.hpp"

#include "drivers/escpos/profile.hpp"
#include "tests/catch.hpp"
#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <sstream>

namespace antrean::kiosk {
namespace {

using namespace std::chrono_literals;

struct Kind {
    escpos::Profile driver;
    virtual_printer::Profile printer;
};

Kind wide() {
    return {escpos::generic_80(), virtual_printer::generic_80()};
}
Kind narrow() {
    return {escpos::generic_58(), virtual_printer::generic_58()};
}
// As wide as the driver takes it to be, which the TM-T88V with its 180 dpi is not.
Kind epson() {
    Kind kind{escpos::epson_tm(), virtual_printer::epson_tm_t88v()};
    kind.printer.head_dots = kind.driver.dots;
    kind.printer.dpi = 203;
    return kind;
}

struct Printed {
    std::vector<virtual_printer::Paper> papers;
    std::size_t misunderstood = 0;

    // All lines of all papers that hold text, without the spaces around it.
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto& paper : papers) {
            for (const auto& mark : paper.lines) {
                const auto first = mark.text.find_first_not_of(' ');
                if (first == std::string::npos) continue;
                const auto last = mark.text.find_last_not_of(' ');
                all.push_back(mark.text.substr(first, last - first + 1));
            }
        }
        return all;
    }
};

// HANGING: text that a paper before it has left, not cut off.
Printed print(const Paper& paper, bool copy, Kind kind, bool parted = false,
              const std::string& hanging = {}) {
    kind.printer.speed_mm_per_s = 0;
    virtual_printer::Machine machine{kind.printer};
    SteadyTime now{1h};
    machine.receive(std::as_bytes(std::span{hanging}), now);
    const auto bytes = lay_out(paper, copy, kind.driver, parted);
    std::span<const std::byte> rest{bytes};
    for (int offers = 0; !rest.empty(); ++offers) {
        REQUIRE(offers < 1000);
        rest = rest.subspan(machine.receive(rest, now));
        while (const auto next = machine.next_event()) {
            now = std::max(now, *next);
            machine.advance(now);
        }
    }
    Printed printed{machine.take_papers(), machine.unknown_count()};
    if (!machine.hanging().blank()) printed.papers.push_back(machine.hanging());
    return printed;
}

Paper ticket() {
    return {TicketId{7},
            "A-025",
            "Mal Pelayanan Publik Jombang",
            "Jombang",
            "Dinas Kependudukan dan Pencatatan Sipil",
            "KTP elektronik",
            ServiceDay{std::chrono::days{20423}},  // 1 December 2025
            WallTime{1'764'554'700'000ms},         // 1 December 2025, 02:05 UTC
            420min,
            "WIB",
            4};
}

// The area of a character of the run that holds TEXT.
int cell_area(const virtual_printer::Paper& paper, const std::string& text) {
    const auto run = std::find_if(paper.runs.begin(), paper.runs.end(), [&](const auto& r) {
        return r.text.find(text) != std::string::npos;
    });
    REQUIRE(run != paper.runs.end());
    return run->cell_width * run->cell_height;
}

}  // namespace

TEST_CASE("a ticket says whose it is, for what, which number, when and how many are before",
          "[layout]") {
    const auto printed = print(ticket(), false, wide());
    CHECK(printed.misunderstood == 0);
    REQUIRE(printed.papers.size() == 1);
    CHECK(printed.papers[0].complete);
    CHECK(printed.lines() ==
          std::vector<std::string>{
              "Mal Pelayanan Publik Jombang", "Dinas Kependudukan dan Pencatatan Sipil",
              "KTP elektronik", "NOMOR ANTREAN", "A-025", "Senin, 1 Desember 2025 \u00b7 09.05 WIB",
              "4 orang menunggu di depan Anda", "Mohon menunggu nomor Anda dipanggil."});
}

TEST_CASE("a ticket says its class, the wait, what to bring, the network and where to follow it",
          "[layout]") {
    auto paper = ticket();
    paper.ticket_class = TicketClass::priority;
    paper.estimate = 26min;
    paper.bring = "KTP lama";
    paper.wifi_name = "MPP Jombang";
    paper.wifi_password = "selamatdatang";
    paper.link = "https://antrean.example.id/t";
    for (const auto& kind : {wide(), narrow(), epson()}) {
        INFO(kind.driver.name);
        const auto printed = print(paper, false, kind);
        CHECK(printed.misunderstood == 0);
        const auto lines = printed.lines();
        const auto has = [&](const std::string& line) {
            return std::count(lines.begin(), lines.end(), line) == 1;
        };
        CHECK(has("PRIORITAS"));
        CHECK(has("Perkiraan tunggu \u00b1 25 menit"));
        CHECK(has("Siapkan: KTP lama"));
        CHECK(has("Wi-Fi: MPP Jombang"));
        CHECK(has("Kata sandi: selamatdatang"));
    }
}

TEST_CASE("the link on a ticket names its label and its day", "[layout]") {
    auto paper = ticket();
    CHECK(follow_url(paper).empty());
    paper.link = "https://antrean.example.id/t";
    CHECK(follow_url(paper) == "https://antrean.example.id/t?n=A-025&d=2025-12-01");
    paper.link = "https://antrean.example.id/?mall=jombang";
    CHECK(follow_url(paper) == "https://antrean.example.id/?mall=jombang&n=A-025&d=2025-12-01");
    paper.label = "A&d=1 \u00e9%";
    paper.link = "x";
    CHECK(follow_url(paper) == "x?n=A%26d%3D1%20%C3%A9%25&d=2025-12-01");
    CHECK(to_fields(paper)[layout::Field::url] == follow_url(paper));
}

TEST_CASE("the date on a ticket is the service day, whatever the clock says", "[layout][R10][F9]") {
    auto paper = ticket();
    paper.service_day += std::chrono::days{1};  // the clock was set back over midnight
    const auto lines = print(paper, false, wide()).lines();
    CHECK(std::count(lines.begin(), lines.end(), "Selasa, 2 Desember 2025 \u00b7 09.05 WIB") == 1);
}

TEST_CASE("on narrow paper nothing is cut off: what is too long is broken", "[layout]") {
    const auto printed = print(ticket(), false, narrow());
    CHECK(printed.misunderstood == 0);
    CHECK(printed.lines() ==
          std::vector<std::string>{
              "Mal Pelayanan Publik Jombang", "Dinas Kependudukan dan", "Pencatatan Sipil",
              "KTP elektronik", "NOMOR ANTREAN", "A-025", "Senin, 1 Desember 2025", "09.05 WIB",
              "4 orang menunggu di depan Anda", "Mohon menunggu nomor Anda", "dipanggil."});
}

TEST_CASE("the longest date and the longest queue are on the paper as a whole", "[layout]") {
    auto paper = ticket();
    paper.service_day = ServiceDay{std::chrono::days{20702}};  // 6 September 2026
    paper.issued = WallTime{1'788'667'200'000ms};              // that day, 04:00 UTC
    paper.utc_offset = 480min;
    paper.zone = "WITA";
    paper.ahead = 4'294'967'295u;
    for (const auto& kind : {wide(), narrow(), epson()}) {
        INFO(kind.driver.name);
        std::string all;
        for (const auto& line : print(paper, false, kind).lines())
            all += line + " ";
        CHECK(all.find("Minggu, 6 September 2026") != std::string::npos);
        CHECK(all.find("12.00 WITA") != std::string::npos);
        CHECK(all.find("4294967295 orang menunggu di depan Anda") != std::string::npos);
    }
}

TEST_CASE("who is first is told so", "[layout]") {
    auto paper = ticket();
    paper.ahead = 0;
    const auto lines = print(paper, false, narrow()).lines();
    CHECK(std::count(lines.begin(), lines.end(), "Anda yang pertama dalam antrean") == 1);
}

TEST_CASE("the number is the largest thing on the paper, whatever its length", "[layout]") {
    auto paper = ticket();
    paper.label = GENERATE("A-1", "A-025", "ABC-1234", "ABC-9999999");
    for (const auto& kind : {wide(), narrow(), epson()}) {
        INFO(kind.driver.name << " " << paper.label);
        const auto printed = print(paper, false, kind);
        REQUIRE(printed.papers.size() == 1);
        const auto lines = printed.lines();
        CHECK(std::count(lines.begin(), lines.end(), paper.label) == 1);
        const int label = cell_area(printed.papers[0], paper.label);
        for (const auto& run : printed.papers[0].runs) {
            if (run.text.find(paper.label) != std::string::npos) continue;
            CHECK(run.cell_width * run.cell_height < label);
        }
    }
}

TEST_CASE(
    "a copy is marked at its head and beside its number, and parted from what may hang in the "
    "printer",
    "[layout][R1][F18]") {
    for (const auto& kind : {wide(), epson()}) {
        INFO(kind.driver.name);
        const auto printed = print(ticket(), true, kind);
        CHECK(printed.misunderstood == 0);
        REQUIRE(printed.papers.size() == 2);
        CHECK(printed.papers[0].blank());
        const auto& copy = printed.papers[1];
        CHECK(copy.complete);
        REQUIRE(copy.lines.size() > 4);
        const auto lines = printed.lines();
        CHECK(lines.front() == "SALINAN");
        CHECK(std::count(lines.begin(), lines.end(), "SALINAN A-025") == 1);
        CHECK(cell_area(copy, "SALINAN") > cell_area(copy, "Mal"));
        CHECK(cell_area(copy, "SALINAN") < cell_area(copy, "A-025"));
    }
    const auto original = print(ticket(), false, wide()).lines();
    CHECK(std::count(original.begin(), original.end(), "SALINAN") == 0);
}

TEST_CASE("a paper that is parted, or a copy, has nothing of the paper before it", "[layout]") {
    const bool copy = GENERATE(false, true);
    const auto printed = print(ticket(), copy, wide(), !copy, "A-024\n");
    REQUIRE(printed.papers.size() == 2);
    CHECK(printed.papers[0].lines.at(0).text == "A-024");
    CHECK(printed.papers[1].text().find("A-024") == std::string::npos);
    CHECK(printed.papers[1].text().find("A-025") != std::string::npos);
    // Without it, there would be two numbers on one paper.
    CHECK(print(ticket(), false, wide(), false, "A-024\n").papers.size() == 1);
}

TEST_CASE("a hostile name does nothing to the paper but look odd", "[layout][R16][F29]") {
    const std::string hostile = GENERATE(
        std::string{"\x1b@\x1dV\x42\x00 reset and cut", 19},
        std::string{"\x10\x04\x01\x10\x14\x08"},
        std::string{"\0\x01\x02\x07\x08\x0b\x0c\x0e\x7f\x80\xff", 11}, std::string(300, 'W'),
        std::string(300, ' '), std::string{"line\r\nline\nA-999\n"},
        std::string{"\u202edrawkcab\u202c \u05d0\u05d1\u05d2"}, std::string{"\xf0\x9f\x92\xa9"},
        std::string{"\xc0\x9b\xed\xa0\x80\xe2\x80"}, std::string{});
    for (const bool copy : {false, true}) {
        for (const auto& kind : {wide(), narrow(), epson()}) {
            auto paper = ticket();
            paper.site_name = paper.place = paper.agency_name = paper.service_name = paper.zone =
                paper.bring = paper.wifi_name = paper.wifi_password = hostile;
            INFO(kind.driver.name << ", copy " << copy);
            const auto printed = print(paper, copy, kind);
            CHECK(printed.misunderstood == 0);
            CHECK(printed.papers.size() <= (copy ? 2 : 1));
            const auto lines = printed.lines();
            CHECK(std::count(lines.begin(), lines.end(), copy ? "SALINAN A-025" : "A-025") == 1);
            CHECK(std::count(lines.begin(), lines.end(), "A-999") == 0);
            CHECK(lines.size() <= 40);
            // A paper goes into a printer's buffer in one piece.
            CHECK(lay_out(paper, copy, kind.driver).size() < kind.driver.buffer_bytes / 2);
            // A code drawn as a picture is more; what is in it changes no character of the paper.
            paper.link = "https://x/" + hostile;
            const auto linked = print(paper, copy, kind);
            CHECK(linked.misunderstood == 0);
            CHECK(linked.lines() == lines);
        }
    }
}

TEST_CASE("a hostile label is clipped to its line", "[layout][F29]") {
    auto paper = ticket();
    paper.label =
        GENERATE(std::string(200, 'W'), std::string{"\x1b@\x1dV\x42\x00", 6}, std::string{});
    const auto printed = print(paper, false, wide());
    CHECK(printed.misunderstood == 0);
    CHECK(printed.papers.size() == 1);
    CHECK(printed.papers[0].complete);
}

}  // namespace antrean::kiosk
