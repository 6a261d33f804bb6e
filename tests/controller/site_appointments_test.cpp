// [appointments] of a site file, and the file of the key.
#include "tests/controller/site_bench.hpp"

#include <sys/stat.h>

using namespace antrean;
using namespace antrean::site::bench;
using namespace std::chrono_literals;

namespace {

const std::string secret = "0123456789abcdefghijklmnopqrstuv";

struct Keyed {
    Folder folder;

    void key(const std::string& text) const {
        std::ofstream{folder / "key", std::ios::binary} << text;
        open_to(fs::perms::none);
    }
    void open_to(fs::perms others) const {
        fs::permissions(folder / "key", fs::perms::owner_read | fs::perms::owner_write |
                                            fs::perms::group_read | others);
    }
    auto load(const std::string& table) const { return site::load(folder.file(good + table)); }
    // The only problem of the file.
    std::string problem(const std::string& table) const {
        const auto loaded = load(table);
        REQUIRE(loaded.has_error());
        REQUIRE(loaded.error().problems.size() == 1);
        CHECK(loaded.error().message().find(secret.substr(0, 8)) == std::string::npos);
        CHECK(loaded.error().problems[0].line > 0);
        return loaded.error().problems[0].text;
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a site without [appointments] has no key", "[site][appointments]") {
    const auto loaded = Keyed{}.load("");
    REQUIRE(loaded.has_value());
    CHECK_FALSE(loaded->appointment_key);
}

TEST_CASE("the key is read from beside the site file, or from anywhere", "[site][appointments]") {
    const Keyed keyed;
    keyed.key(secret + "\n");
    const auto path = (keyed.folder / "key").string();
    const auto expected = appointments::seal_of("A", appointments::Key::parse(secret).value());
    for (const auto& name : {std::string{"key"}, path}) {
        const auto loaded = keyed.load("\n[appointments]\nkey_file = \"" + name + "\"\n");
        if (loaded.has_error()) FAIL(loaded.error().message());
        REQUIRE(loaded->appointment_key);
        CHECK(appointments::seal_of("A", *loaded->appointment_key) == expected);
        CHECK(loaded->catalog().rules.check_in_early == 60min);
        CHECK(loaded->catalog().rules.check_in_late == 30min);
    }
}

TEST_CASE("how early and late one may come is as the file says", "[site][appointments]") {
    const Keyed keyed;
    keyed.key(secret);
    const auto loaded =
        keyed.load("\n[appointments]\nkey_file = \"key\"\nearly_min = 0\nlate_min = 720\n");
    REQUIRE(loaded.has_value());
    CHECK(loaded->rules.check_in_early == 0min);
    CHECK(loaded->rules.check_in_late == 720min);
    CHECK(has(keyed.problem("\n[appointments]\nkey_file = \"key\"\nlate_min = 721\n"), "late_min"));
    CHECK(has(keyed.problem("\n[appointments]\nkey_file = \"key\"\nlate = 30\n"), "late"));
}

TEST_CASE("a key that cannot be had is told with its file, and never shown",
          "[site][appointments]") {
    const Keyed keyed;
    const std::string table = "\n[appointments]\nkey_file = \"key\"\n";
    CHECK(has(keyed.problem("\n[appointments]\nearly_min = 60\n"), "key_file"));
    CHECK(has(keyed.problem(table), "No such file"));
    for (const auto& wrong : {secret.substr(1), secret + " " + secret, std::string{},
                              secret + std::string(600, 'x'), secret + '\0'}) {
        keyed.key(wrong);
        CHECK(has(keyed.problem(table), "holds no key"));
    }
    keyed.key(secret);
    for (const auto others : {fs::perms::others_read, fs::perms::others_write}) {
        keyed.open_to(others);
        CHECK(has(keyed.problem(table), "open to everybody"));
    }
    fs::remove(keyed.folder / "key");
    fs::create_directory(keyed.folder / "key");
    CHECK(has(keyed.problem(table), "no regular file"));
    fs::remove(keyed.folder / "key");
    REQUIRE(mkfifo((keyed.folder / "key").c_str(), 0600) == 0);
    CHECK(has(keyed.problem(table), "no regular file"));  // and nothing waits for it
}
