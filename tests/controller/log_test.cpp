#include "controller/server/log.hpp"

#include "tests/catch.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <spdlog/spdlog.h>
#include <unistd.h>

using namespace antrean::server;

namespace {

// What a logger of FORMAT writes to standard error for one warning.
std::string written(LogFormat format, const std::string& message) {
    std::fflush(stderr);
    std::FILE* file = std::tmpfile();
    REQUIRE(file);
    const int before = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    set_log_format(format);
    spdlog::warn("{}", message);
    std::fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    std::string text(4096, '\0');
    text.resize(static_cast<std::size_t>(pread(fileno(file), text.data(), text.size(), 0)));
    std::fclose(file);
    return text;
}

}  // namespace

TEST_CASE("a log for programs is an object a line, whatever the message holds",
          "[server][log][R16][F30]") {
    CHECK_THAT(written(LogFormat::json, "a \"b\"\\c\n\x1b[2J \xC3\xA9"),
               Catch::Matches(
                   R"re(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d",)re"
                   R"re("level":"warning","message":"a \\"b\\"\\\\c\\u000a\\u001b\[2J é"\}\n)re"));
}

TEST_CASE("a log for people is a time, a level and the message", "[server][log]") {
    CHECK_THAT(
        written(LogFormat::people, "paper \"low\""),
        Catch::Matches(R"re(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} warning paper "low"\n)re"));
}
