#include "tests/controller/site_bench.hpp"

#include <stdexcept>
#include <string>

#include <sys/stat.h>

using namespace antrean;
using namespace antrean::site::bench;

TEST_CASE("a good site file loads as it was written", "[site]") {
    const Folder folder;
    const auto loaded = site::load(folder.file(good));
    if (loaded.has_error()) FAIL(loaded.error().message());
    const site::Site& mall = *loaded;

    CHECK(mall.name == "Mal Contoh");
    CHECK(mall.place == "Contoh");
    CHECK(mall.time_zone == "Asia/Jakarta");
    CHECK(mall.day_starts == std::chrono::hours{3});
    REQUIRE(mall.agencies.size() == 2);
    CHECK(mall.agencies[0].short_name == "Dukcapil");
    CHECK(mall.agencies[1].short_name == "Kantor Pajak");  // its name
    REQUIRE(mall.series.size() == 3);

    const site::Service* ktp = mall.service(*ServiceId::parse("ktp-el"));
    REQUIRE(ktp != nullptr);
    CHECK(ktp->series.view() == "dukcapil");  // of the agency itself
    CHECK(mall.service(*ServiceId::parse("npwp"))->series.view() == "pajak-umum");
    CHECK(mall.service(*ServiceId::parse("none")) == nullptr);
    CHECK(mall.agency(*AgencyId::parse("pajak"))->name == "Kantor Pajak");

    const site::Counter* second = mall.counter(*CounterId::parse("loket-2"));
    REQUIRE(second != nullptr);
    CHECK(second->callpad.view() == "callpad-2");
    CHECK(second->series.size() == 2);  // the series named twice over counts once

    const site::Kiosk* kiosk = mall.kiosk(*DeviceId::parse("kiosk-2"));
    REQUIRE(kiosk != nullptr);
    REQUIRE(kiosk->buttons.size() == 3);
    CHECK(kiosk->buttons[0].number.value() == 9);
    CHECK(kiosk->buttons[1].number.value() == 10);
    CHECK(kiosk->buttons[1].service.view() == "lapor-spt");
}

TEST_CASE("the catalog holds what the engine decides by", "[site]") {
    const Folder folder;
    const engine::Catalog catalog = site::load(folder.file(good)).value().catalog();
    const auto series = [](const char* id) { return *SeriesId::parse(id); };

    REQUIRE(catalog.series.size() == 3);
    CHECK(catalog.series.at(series("dukcapil")).prefix == "A");
    CHECK(catalog.series.at(series("pajak-spt")).agency.view() == "pajak");
    CHECK(catalog.services.at(*ServiceId::parse("lapor-spt")).series.view() == "pajak-spt");
    CHECK(catalog.counters.at(*CounterId::parse("loket-1")).series ==
          std::vector{series("dukcapil")});
    CHECK(catalog.callpads.at(*DeviceId::parse("callpad-2")).view() == "loket-2");
    // Two buttons of kiosk-2 give tickets for ktp-el, which it offers once.
    CHECK(catalog.kiosks.at(*DeviceId::parse("kiosk-2")) ==
          std::vector{*ServiceId::parse("ktp-el"), *ServiceId::parse("lapor-spt")});
}

TEST_CASE("tables beyond a site's bounds are refused", "[site][R13]") {
    struct Bound {
        std::string kind;
        int most;
    };
    const Bound bound = GENERATE(Bound{"agency", 100}, Bound{"series", 500}, Bound{"service", 1000},
                                 Bound{"counter", 500}, Bound{"kiosk", 12000}, Bound{"hours", 100},
                                 Bound{"shift", 2000}, Bound{"staff", 1000});
    std::string text = "[site]\nname = \"M\"\nplace = \"P\"\ntime_zone = \"Asia/Jakarta\"\n";
    for (int i = 0; i <= bound.most; ++i)
        text += "[[" + bound.kind + "]]\n";
    const site::LoadError error = problems_of(text);
    const std::string wanted = "this is [[" + bound.kind + "]] number ";
    int told = 0;
    for (const site::Problem& problem : error.problems) {
        if (problem.text.find(wanted + std::to_string(bound.most + 1)) == 0) ++told;
    }
    // Of so many empty tables not all problems are kept, but the rest is counted.
    if (error.problems.size() <= 500) {
        CHECK(told == 1);
        CHECK(error.problems[error.problems.size() - 1].line == bound.most + 5);
    } else {
        CHECK(error.problems.size() == 501);
        CHECK(error.problems.back().text.find("problems more") != std::string::npos);
    }
}

TEST_CASE("a file that is none is told apart", "[site]") {
    const Folder folder;
    const auto first = [](const fs::path& path) {
        const auto loaded = site::load(path);
        REQUIRE(loaded.has_error());
        REQUIRE(loaded.error().problems.size() == 1);
        CHECK(loaded.error().problems[0].line == 0);
        CHECK_FALSE(loaded.error().problems[0].remedy.empty());
        return loaded.error().problems[0].text;
    };
    CHECK(first(folder / "none.toml") == "there is no such file");
    CHECK(first(folder.path()) == "this is a directory");
    CHECK(first(folder.file("")) == "the file is empty");
    CHECK(first(folder.file(" \n\t\r\n")) == "the file is empty");
    CHECK(first(folder.file(std::string(site::max_file_bytes + 1, '#'))) == "is larger than 4 MiB");
    const fs::path pipe = folder / "pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(first(pipe) == "this is no regular file");
    const fs::path loop = folder / "loop";
    fs::create_symlink(loop, loop);
    CHECK(first(loop).find("cannot be read: ") == 0);
    if (geteuid() != 0) {
        const fs::path closed = folder.file(good);
        fs::permissions(closed, fs::perms::none);
        CHECK(first(closed).find("cannot be read: ") == 0);
    }
}

TEST_CASE("a file that nests ever deeper is refused, whatever nests", "[site][R13]") {
    const auto repeated = [](const std::string& part, int times) {
        std::string text;
        for (int i = 0; i < times; ++i)
            text += part;
        return text;
    };
    CHECK(problems_of(repeated("a.", 200'000) + "a = 1\n").problems.size() == 1);
    CHECK(problems_of('[' + repeated("a.", 200'000) + "a]\n").problems.size() == 1);
    CHECK(problems_of("a = " + repeated("[", 200'000)).problems.size() == 1);
    // As deep as it may be: only that the key is not known.
    CHECK(problems_of(good + repeated("[a.", 1) + repeated("a.", 9'000) + "a]\n").problems.size() ==
          1);
}

TEST_CASE("a kiosk has as many buttons as a menu can say", "[site]") {
    const auto with_buttons = [](int count) {
        std::string buttons;
        for (int i = 1; i <= count; ++i)
            buttons += std::to_string(i) + " = \"ktp-el\", ";
        return replaced(good, "{ 1 = \"ktp-el\", 2 = \"npwp\" }",
                        "{ " + buttons.substr(0, buttons.size() - 2) + " }");
    };
    const Folder folder;
    CHECK(site::load(folder.file(with_buttons(512))).has_value());
    const site::LoadError error = problems_of(with_buttons(513));
    REQUIRE(error.problems.size() == 1);
    CHECK(error.problems[0].text.find("more than 512 buttons") != std::string::npos);
}

TEST_CASE("a file of exactly the largest size loads", "[site]") {
    const Folder folder;
    const std::string text = good + std::string(site::max_file_bytes - good.size(), '\n');
    CHECK(site::load(folder.file(text)).has_value());
}

TEST_CASE("a load error names file and line, and is thrown by value()", "[site]") {
    site::LoadError error{"hall\x1b.toml", {{0, "a", "b"}, {7, "c", "d"}}};
    CHECK(error.message() == "hall\\x1B.toml: a; b\nhall\\x1B.toml:7: c; d\n");
    const boost::system::result<site::Site, site::LoadError> failed{error};
    CHECK_THROWS_AS(failed.value(), std::runtime_error);
}
