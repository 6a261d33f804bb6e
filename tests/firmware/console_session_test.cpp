#include "tests/firmware/console_bench.hpp"

namespace antrean::firmware_test {

TEST_CASE("a console asks for the code and shows nothing of it", "[firmware][console]") {
    ConsoleBench bench;
    CHECK(has(bench.connect(), "antrean-test device-1 code: "));
    CHECK(bench.type("right").empty());
    CHECK_FALSE(bench.session.is_logged_in());
    CHECK_FALSE(has(bench.type("-code\r"), "right"));
    CHECK(bench.session.is_logged_in());
    CHECK_FALSE(bench.kept);
}

TEST_CASE("no command runs before the login", "[firmware][console][R15]") {
    ConsoleBench bench;
    bench.connect();
    bench.type("status\r");
    CHECK(bench.log == std::vector<std::string>{"keep", "write"});
    CHECK(has(bench.shown, "Wrong code."));
    bench.type("\tstatus\r\x1b[A\r\x04");
    for (const auto& word : bench.log)
        CHECK(word == "write");
}

TEST_CASE("a wrong code is counted before it is answered", "[firmware][console]") {
    ConsoleBench bench;
    bench.connect();
    bench.type("wrong\r");
    CHECK(bench.log == std::vector<std::string>{"keep", "write"});
    CHECK(bench.kept == 1);
    CHECK(has(bench.shown, "Wait 1 s."));
}

TEST_CASE("wrong codes keep out for longer and longer, up to a quarter of an hour",
          "[firmware][console][F24]") {
    ConsoleBench bench;
    bench.connect();
    std::chrono::seconds expected = 1s;
    for (std::uint32_t i = 1; i <= 14; ++i) {
        bench.type("wrong\r");
        CHECK(bench.kept == i);
        INFO(i);
        CHECK(has(bench.shown, "Wait " + std::to_string(expected.count()) + " s."));
        // Not even the right one is taken meanwhile.
        bench.wait(expected - 1ms);
        bench.type(std::string{right_code} + '\r');
        CHECK_FALSE(bench.session.is_logged_in());
        CHECK(has(bench.wait(1ms), "code: "));
        expected = std::min<std::chrono::seconds>(expected * 2, 15min);
    }
    CHECK(expected == 15min);
    bench.type(std::string{right_code} + '\r');
    CHECK(bench.session.is_logged_in());
    CHECK(bench.kept == 0);
    CHECK(has(bench.shown, "Wrong codes since the last login: 14."));
}

TEST_CASE("a lockout begins anew with a start and outlives a hang-up", "[firmware][console]") {
    ConsoleBench bench{5};
    CHECK(has(bench.connect(), "Wait 16 s."));
    bench.wait(10s);
    bench.hang_up();
    CHECK(has(bench.connect(), "Wait 6 s."));
    bench.type(std::string{right_code} + '\r');
    CHECK_FALSE(bench.session.is_logged_in());
    CHECK(has(bench.wait(6s), "code: "));
    bench.type("wrong\r");
    CHECK(bench.kept == 6);
    CHECK(has(bench.shown, "Wait 32 s."));
}

TEST_CASE("a lockout ends while nobody is there, too", "[firmware][console]") {
    ConsoleBench bench{3};
    bench.connect();
    bench.hang_up();
    CHECK_FALSE(bench.session.deadline());
    bench.now += 4s;
    CHECK(has(bench.connect(), "code: "));
}

TEST_CASE("of a burst of codes only the first is tried", "[firmware][console][F24]") {
    ConsoleBench bench;
    bench.connect();
    bench.type("wrong-1\rwrong-2\rright-code\r");
    CHECK(bench.kept == 1);
    CHECK_FALSE(bench.session.is_logged_in());
}

TEST_CASE("without a code nobody gets in", "[firmware][console][R15]") {
    ConsoleBench bench{0, false};
    CHECK(has(bench.connect(), "no code is set"));
    bench.type("\r");
    bench.type("x\r");
    CHECK_FALSE(bench.session.is_logged_in());
    CHECK(bench.log == std::vector<std::string>{"write"});
    CHECK_FALSE(bench.session.deadline());
}

TEST_CASE("a command runs, and its answer comes before the next prompt", "[firmware][console]") {
    ConsoleBench bench;
    bench.log_in();
    bench.type("printer state 1\r");
    CHECK(bench.log == std::vector<std::string>{"write", "run printer state"});
    CHECK(bench.running.arguments == std::vector<std::string>{"1"});
    Answer answer;
    answer.fields = {{"state", std::string{"ready"}}};
    CHECK(bench.answer(answer) == "state  ready\r\n\r\x1b[K> ");
    CHECK(bench.answer(answer).empty());
}

TEST_CASE("an answer is one line of JSON where that is asked for", "[firmware][console]") {
    ConsoleBench bench;
    bench.log_in();
    bench.type("status --json\r");
    Answer answer;
    answer.fields = {{"count", std::int64_t{3}},
                     {"good", true},
                     {"none", {}},
                     {"ratio", 0.5},
                     {"name", std::string{"a\"b\\c\x1b[2J\xff"}}};
    answer.tables = {{"rows", {{{"n", std::int64_t{1}}}, {{"n", std::int64_t{2}}}}}};
    CHECK(has(bench.answer(answer),
              R"({"command":"status","ok":true,"count":3,"good":true,"none":null,"ratio":0.500,)"
              R"("name":"a\"b\\c\\x1B[2J\\xFF","rows":[{"n":1},{"n":2}]})"
              "\r\n"));
    bench.type("--json nonsense\r");
    CHECK(has(bench.shown, R"("ok":false,"error":"unknown")"));
}

TEST_CASE("what is typed while a command runs comes after it, within bounds",
          "[firmware][console][R13]") {
    ConsoleBench bench;
    bench.log_in();
    bench.type("status\rprinter test\rstatus\r");
    CHECK(bench.running.command->name == "status");
    bench.answer({});
    CHECK(bench.running.command->name == "printer test");
    bench.answer({});
    CHECK(bench.running.command->name == "status");
    CHECK(bench.type(std::string(max_ahead + 1, 'x')).empty());
    CHECK(has(bench.answer({}), "not taken"));
    CHECK(bench.log == std::vector<std::string>{"write"});
}

TEST_CASE("Ctrl-C ends what runs, and its answer is not shown", "[firmware][console]") {
    ConsoleBench bench;
    bench.log_in();
    bench.type("status\r");
    bench.type("status\r\x03");
    CHECK(bench.log == std::vector<std::string>{"cancel", "write"});
    CHECK(bench.answer({.text = "too late"}).empty());
    bench.type("printer test\r");
    CHECK(bench.log.back() == "run printer test");
}

TEST_CASE("a hang-up cancels, and the next one has to log in", "[firmware][console]") {
    ConsoleBench bench;
    bench.log_in();
    bench.type("status\r");
    bench.hang_up();
    CHECK(bench.log == std::vector<std::string>{"cancel"});
    CHECK(bench.answer({.text = "too late"}).empty());
    CHECK(bench.type("status\r").empty());
    CHECK(has(bench.connect(), "code: "));
    bench.type(std::string{right_code} + "\r\x1b[A\r");
    CHECK(bench.session.is_logged_in());
    CHECK_FALSE(has(bench.shown, "> status"));
}

TEST_CASE("five minutes without a key log off, also while a command runs", "[firmware][console]") {
    const bool runs = GENERATE(false, true);
    ConsoleBench bench;
    bench.log_in();
    if (runs) bench.type("status\r");
    bench.wait(4min);
    bench.type("x");
    CHECK(bench.wait(5min - 1ms).empty());
    CHECK(has(bench.wait(1ms), "Logged off after five minutes without a key."));
    CHECK_FALSE(bench.session.is_logged_in());
    CHECK((bench.log.front() == "cancel") == runs);
}

TEST_CASE("half a code that was left is dropped after five minutes", "[firmware][console]") {
    ConsoleBench bench;
    bench.connect();
    CHECK_FALSE(bench.session.deadline());
    bench.type("right-");
    CHECK(has(bench.wait(5min), "code: "));
    bench.type("code\r");
    CHECK_FALSE(bench.session.is_logged_in());
}

TEST_CASE("what wants to be confirmed is done only by its very word", "[firmware][console]") {
    const std::string word = GENERATE("", "y", "device-1 ", "DEVICE-1", "\x03", "\x04");
    ConsoleBench bench;
    bench.log_in();
    CHECK(has(bench.type("wipe\r"), "This wipes all. To do it, type device-1."));
    bench.type(word + '\r');
    CHECK(bench.log == std::vector<std::string>{"write"});
    bench.type(std::string{right_code} + '\r');
    if (!bench.session.is_logged_in()) return;
    bench.type("wipe\rdevice-1\r");
    CHECK(bench.log.back() == "run wipe");
}

TEST_CASE("a line that is too long is refused whole", "[firmware][console][R13]") {
    ConsoleBench bench;
    bench.log_in();
    bench.type("status " + std::string(LineEditor::max_line_bytes, 'x') + "\r");
    CHECK(bench.log == std::vector<std::string>{"write"});
    CHECK(has(bench.shown, "a line of more than 1024 bytes is not taken"));
    bench.type("status\r");
    CHECK(bench.log.back() == "run status");
}

}  // namespace antrean::firmware_test
