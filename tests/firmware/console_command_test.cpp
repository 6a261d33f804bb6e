#include "firmware/console/login.hpp"
#include "tests/firmware/console_bench.hpp"

namespace antrean::firmware_test {

using Words = std::vector<std::string>;

TEST_CASE("a line is a command, its words and --json anywhere", "[firmware][console]") {
    const auto commands = ConsoleBench::make_commands();
    const auto request = commands.parse("  printer --json  state \"1 2\"");
    REQUIRE(request.has_value());
    CHECK(request->command->name == "printer state");
    CHECK(request->arguments == Words{"1 2"});
    CHECK(request->json);
    const auto escaped = commands.parse("log level a\\ b\\\"\\\\");
    REQUIRE(escaped.has_value());
    CHECK(escaped->arguments == Words{"a b\"\\"});
    CHECK_FALSE(escaped->json);
}

TEST_CASE("an error names what is wrong and what to write", "[firmware][console]") {
    const auto commands = ConsoleBench::make_commands();
    const auto error = [&](const char* line) {
        const auto request = commands.parse(line);
        REQUIRE_FALSE(request.has_value());
        return request.error();
    };
    CHECK(error("statis").remedy == "Did you mean status");
    CHECK(error("printer").remedy == "Write printer state, printer test");
    CHECK(error("printer tset").remedy == "Write printer state, printer test");
    CHECK(error("status now").remedy == "Write: status [--json]");
    CHECK(error("printer state 1 2").remedy == "Write: printer state [PRINTER] [--json]");
    CHECK(error("log level \"x").error == "quote");
    CHECK(error("--json").error == "unknown");
    CHECK(error("\"\"").error == "unknown");
    CHECK(error("xyzzy").remedy == "Write help");
}

TEST_CASE("Tab offers commands, their second words and their arguments", "[firmware][console]") {
    const auto commands = ConsoleBench::make_commands();
    CHECK(commands.completions("s") == Words{"status"});
    CHECK(commands.completions("p") == Words{"printer"});
    CHECK(commands.completions("printer ") == Words{"state", "test"});
    CHECK(commands.completions("log level ") == Words{"debug", "info"});
    CHECK(commands.completions("log level d") == Words{"debug"});
    CHECK(commands.completions("status --") == Words{"--json"});
    CHECK(commands.completions("").size() == 5);
    CHECK(commands.completions("nothing ").empty());
}

TEST_CASE("a code is known by its hash, and by all of it", "[firmware][console]") {
    const auto secret = make_secret("Kunci-9-Melati", {std::byte{1}}, 10);
    CHECK(is_code(secret, "Kunci-9-Melati"));
    CHECK_FALSE(is_code(secret, "Kunci-9-Melat"));
    CHECK_FALSE(is_code(secret, "Kunci-9-Melati "));
    CHECK_FALSE(is_code(secret, ""));
    CHECK_FALSE(is_code(secret, std::string(max_code_bytes + 1, 'x')));
    CHECK(make_secret("Kunci-9-Melati", {std::byte{2}}, 10).hash != secret.hash);
    CHECK(make_secret("Kunci-9-Melati", {std::byte{1}}, 11).hash != secret.hash);
}

}  // namespace antrean::firmware_test
