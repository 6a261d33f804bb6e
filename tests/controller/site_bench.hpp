// A good site file to spoil, and how it is loaded.
#pragma once

#include "controller/site/site.hpp"
#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace antrean::site::bench {

namespace fs = std::filesystem;

class Folder : public tests::Folder {
public:
    fs::path file(const std::string& text) const {
        const fs::path path = *this / "site.toml";
        std::ofstream{path, std::ios::binary} << text;
        return path;
    }
};

// Every kind of table once or twice, and nothing wrong. The cases below each spoil one place of it.
inline const std::string good = R"([site]
name = "Mal Contoh"
place = "Contoh"
time_zone = "Asia/Jakarta"
day_starts = "03:00"

[[agency]]
id = "dukcapil"
name = "Dinas Dukcapil"
short_name = "Dukcapil"
prefix = "A"

[[agency]]
id = "pajak"
name = "Kantor Pajak"

[[series]]
id = "pajak-umum"
agency = "pajak"
prefix = "P1"

[[series]]
id = "pajak-spt"
agency = "pajak"
prefix = "P2"

[[service]]
id = "ktp-el"
agency = "dukcapil"
name = "KTP-el"

[[service]]
id = "npwp"
agency = "pajak"
name = "NPWP"
series = "pajak-umum"

[[service]]
id = "lapor-spt"
agency = "pajak"
name = "Lapor SPT"
series = "pajak-spt"

[[counter]]
id = "loket-1"
name = "Loket 1"
agencies = ["dukcapil"]
callpad = "callpad-1"

[[counter]]
id = "loket-2"
name = "Loket 2"
series = ["pajak-umum"]
agencies = ["pajak"]
callpad = "callpad-2"

[[kiosk]]
id = "kiosk-1"
buttons = { 1 = "ktp-el", 2 = "npwp" }

[[kiosk]]
id = "kiosk-2"

[kiosk.buttons]
10 = "lapor-spt"
9 = "ktp-el"
11 = "ktp-el"
)";

// Every key but those of the other good file, and nothing wrong.
inline const std::string ruled = R"([site]
name = "Mal Contoh"
place = "Contoh"
time_zone = "Asia/Jakarta"
day_starts = "03:00"
hours = "kantor"
last_ticket_before = 30
holidays = ["2026-12-25", "2027-01-01"]
hall_limit = 250
recall_limit = 3
no_show_returns = 1
transfer_place = "front"
on_close = "serve"
sign_in = "required"
policy = "interleave 3:2"
most_passes = 7
waiting_limit = 45
wifi_name = "Mal Contoh"
wifi_password = "selamat datang"
paper_link = "https://antrean.example/t"

[[hours]]
id = "kantor"
monday = ["08:00-12:00", "13:00-15:00"]
friday = ["08:00-11:30", "13:30-24:00"]

[[hours]]
id = "pagi"
saturday = ["07:00-12:00"]
sunday = ["20:00-27:00"]

[[agency]]
id = "dukcapil"
name = "Dinas Dukcapil"
prefix = "A"
from = "2026-01-31"
until = "2028-01-30"

[[agency]]
id = "pajak"
name = "Kantor Pajak"
prefix = "B"

[[service]]
id = "ktp-el"
agency = "dukcapil"
name = "KTP-el"
hours = "pagi"
last_ticket_before = 0
quota = 400
then = ["npwp", "kartu-keluarga"]
bring = "Kartu Keluarga dan surat pengantar"
fee = "Gratis"
service_time = 10
waiting_limit = 60

[[service]]
id = "kartu-keluarga"
agency = "dukcapil"
name = "Kartu Keluarga"
then = ["ktp-el"]

[[service]]
id = "npwp"
agency = "pajak"
name = "NPWP"

[[counter]]
id = "loket-1"
name = "Loket 1"
agencies = ["dukcapil"]
policy = "strict"

[[counter]]
id = "loket-2"
name = "Loket 2"
agencies = ["pajak"]
most_passes = 4

[[shift]]
counter = "loket-2"
from = "12:00"
until = "13:00"
agencies = ["dukcapil"]

[[shift]]
counter = "loket-2"
from = "08:00"
until = "09:30"
series = ["pajak", "dukcapil"]

[[staff]]
id = "petugas-1"
name = "Petugas loket 1"
code = "4711"
counters = ["loket-1"]

[[staff]]
id = "pengganti"
name = "Petugas pengganti"
code = "123456789012"

[[kiosk]]
id = "kiosk-1"

[kiosk.buttons]
1 = "ktp-el"
2 = { service = "ktp-el", class = "priority" }
3 = { service = "npwp", class = "appointment" }
4 = { service = "npwp" }
)";

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("not in the good file: " + from);
    return text.replace(at, from.size(), to);
}

inline LoadError problems_of(const std::string& text) {
    const Folder folder;
    const auto loaded = load(folder.file(text));
    REQUIRE(loaded.has_error());
    return loaded.error();
}

inline Site loaded(const std::string& text) {
    const Folder folder;
    const auto site = load(folder.file(text));
    if (site.has_error()) FAIL(site.error().message());
    return *site;
}

// A slip of the pen: FROM in a good file becomes TO, and that is told as one problem.
struct Slip {
    const char* what;
    std::string from, to;
    int line;
    const char* text;    // part of it
    const char* remedy;  // likewise
};

inline void check(const Slip& slip, const std::string& spoiled) {
    INFO(slip.what);
    const LoadError error = problems_of(spoiled);
    INFO(error.message());
    CHECK(error.problems.size() == 1);
    CHECK(error.problems[0].line == slip.line);
    CHECK(error.problems[0].text.find(slip.text) != std::string::npos);
    CHECK(error.problems[0].remedy.find(slip.remedy) != std::string::npos);
}

}  // namespace antrean::site::bench
