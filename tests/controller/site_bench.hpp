// A good site file to spoil, and how it is loaded.
#pragma once

#include "controller/site/site.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace antrean::site::bench {

namespace fs = std::filesystem;

// A folder of this test's own, removed with all that is in it.
class Folder {
public:
    Folder() {
        std::string path = (fs::temp_directory_path() / "antrean-site-XXXXXX").string();
        if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = path;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    fs::path file(const std::string& text) const {
        const fs::path path = path_ / "site.toml";
        std::ofstream{path, std::ios::binary} << text;
        return path;
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
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

}  // namespace antrean::site::bench
