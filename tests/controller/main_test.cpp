// The program itself: what it says and how it ends when it cannot start, and that it harms nothing.
#include "tests/controller/journal_bench.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace antrean;
using namespace antrean::journal::bench;
using Catch::Contains;

const std::string site_file = ANTREAN_SITES "/jombang.toml";

// A run of the controller; what it writes to either output is gathered.
class Run {
public:
    explicit Run(std::vector<std::string> arguments) {
        int out[2];
        REQUIRE(pipe(out) == 0);
        pid_ = fork();
        if (pid_ == 0) {
            dup2(out[1], STDOUT_FILENO);
            dup2(out[1], STDERR_FILENO);
            close(out[0]);
            arguments.insert(arguments.begin(), ANTREAN_CONTROLLER);
            std::vector<char*> argv;
            for (auto& argument : arguments)
                argv.push_back(argument.data());
            argv.push_back(nullptr);
            execv(ANTREAN_CONTROLLER, argv.data());
            _exit(127);
        }
        close(out[1]);
        out_ = out[0];
    }
    ~Run() {
        if (!status_) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        close(out_);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    // Waits until TEXT was written; false if the program ended without it.
    bool says(const std::string& text) {
        while (text_.find(text) == std::string::npos) {
            if (!read_some()) return false;
        }
        return true;
    }
    // Waits for the end; the exit code, or minus the signal.
    int code() {
        while (read_some()) {
        }
        if (!status_) {
            int status = 0;
            REQUIRE(waitpid(pid_, &status, 0) == pid_);
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        }
        return *status_;
    }
    void signal(int number) { kill(pid_, number); }
    const std::string& text() const { return text_; }

private:
    // Blocks until there is something to read; false at the end, or after half a minute without.
    bool read_some() {
        pollfd ready{out_, POLLIN, 0};
        char buffer[4096];
        if (poll(&ready, 1, 30'000) != 1) return false;
        const auto size = ::read(out_, buffer, sizeof buffer);
        if (size <= 0) return false;
        text_.append(buffer, static_cast<std::size_t>(size));
        return true;
    }
    pid_t pid_ = 0;
    int out_ = -1;
    std::string text_;
    std::optional<int> status_;
};

// The controller on JOURNAL, on ports that are free, with MORE options behind.
std::vector<std::string> options(const fs::path& journal, std::vector<std::string> more = {}) {
    std::vector<std::string> all{"--site",   site_file,     "--journal", journal.string(),
                                 "--listen", "127.0.0.1:0", "--http",    "127.0.0.1:0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// A journal that the controller can go on with: a day long ago, and nothing in it.
void write_journal(const fs::path& file) {
    const auto journal = opened(file);
    const engine::Event opened{{WallTime{}, {}, ServiceDay{std::chrono::days{19'000}}},
                               engine::DayOpened{}};
    REQUIRE(journal->append({&opened, 1}).has_value());
}

TEST_CASE("the controller starts, and stops as asked", "[main]") {
    const Folder folder;
    const auto signal = GENERATE(SIGTERM, SIGINT);
    {
        Run run{options(folder / "j")};
        REQUIRE(run.says("devices at 127.0.0.1:"));
        run.signal(signal);
        CHECK(run.code() == 0);
        CHECK_THAT(run.text(), Contains("11 agencies") && Contains("stopping"));
    }
    CHECK(open(folder / "j").ok());
}

TEST_CASE("killed at any time, it starts again from its journal", "[main][F1]") {
    const Folder folder;
    write_journal(folder / "j");
    for (int i = 0; i < 3; ++i) {
        Run run{options(folder / "j")};
        REQUIRE(run.says("devices at"));
        if (i == 1) {
            REQUIRE(run.says("service day"));  // the second: after a batch was decided
        }
        run.signal(SIGKILL);
        CHECK(run.code() == -SIGKILL);
    }
    CHECK(open(folder / "j").ok());
}

TEST_CASE("wrong options end with 64 and say what is right", "[main]") {
    const Folder folder;
    const auto journal = (folder / "j").string();
    struct Case {
        std::vector<std::string> arguments;
        const char* says;
    };
    const Case cases[]{
        {{}, "--site is required"},
        {{"--site", site_file}, "--journal is required"},
        {{"--site", site_file, "--journal"}, "--journal"},
        {{"--site", site_file, "--journal", journal, "--colour"}, "--colour"},
        {options(journal, {"extra"}), "extra"},
        {{"--site", site_file, "--journal", journal, "--listen", "7411"}, "is no ADDRESS:PORT"},
        {{"--site", site_file, "--journal", journal, "--listen", "127.0.0.1:"},
         "is no ADDRESS:PORT"},
        {{"--site", site_file, "--journal", journal, "--listen", "127.0.0.1:http"},
         "is no ADDRESS:PORT"},
        {{"--site", site_file, "--journal", journal, "--listen", "127.0.0.1:65536"},
         "such as 127.0.0.1:7411"},
        {{"--site", site_file, "--journal", journal, "--http", "127.0.0.1:80x"}, "--http"},
    };
    for (const auto& one : cases) {
        Run run{one.arguments};
        CHECK(run.code() == 64);
        CHECK_THAT(run.text(), Contains(one.says));
    }
    CHECK_FALSE(fs::exists(journal));
}

TEST_CASE("help, version and check end with 0 and need no journal", "[main]") {
    Run help{{"--help"}};
    CHECK(help.code() == 0);
    CHECK_THAT(help.text(), Contains("--journal") && Contains("Exit codes"));
    Run version{{"--version"}};
    CHECK(version.code() == 0);
    CHECK_THAT(version.text(), Contains("antrean " ANTREAN_VERSION));
    Run check{{"--site", site_file, "--check"}};
    CHECK(check.code() == 0);
    CHECK_THAT(check.text(), Contains("good"));
}

TEST_CASE("a broken site file ends with 78 and names the line", "[main]") {
    const Folder folder;
    std::ofstream{folder / "site.toml"} << "[site]\nname = \"Mal\"\nplace = 7\n";
    Run run{{"--site", (folder / "site.toml").string(), "--journal", (folder / "j").string()}};
    CHECK(run.code() == 78);
    CHECK_THAT(run.text(), Contains("site.toml:3: "));
    CHECK_FALSE(fs::exists(folder / "j"));
    Run missing{{"--site", (folder / "none.toml").string(), "--journal", (folder / "j").string()}};
    CHECK(missing.code() == 78);
    CHECK_THAT(missing.text(), Contains("none.toml"));
}

// A port of 127.0.0.1 that somebody listens on as long as this lives.
class TakenPort {
public:
    TakenPort() : socket_{socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        REQUIRE(bind(socket_, generic, size) == 0);
        REQUIRE(listen(socket_, 1) == 0);
        REQUIRE(getsockname(socket_, generic, &size) == 0);
        text = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
    ~TakenPort() { close(socket_); }
    TakenPort(const TakenPort&) = delete;
    TakenPort& operator=(const TakenPort&) = delete;
    std::string text;

private:
    int socket_;
};

TEST_CASE("a port in use ends with 69 and names the option", "[main]") {
    const Folder folder;
    const TakenPort taken;
    const std::string option = GENERATE("--listen", "--http");
    const std::string other = option == "--http" ? "--listen" : "--http";
    Run run{{"--site", site_file, "--journal", (folder / "j").string(), option, taken.text, other,
             "127.0.0.1:0"}};
    CHECK(run.code() == 69);
    CHECK_THAT(run.text(), Contains("cannot listen on " + taken.text) && Contains(option) &&
                               Contains("Address already in use"));
    CHECK(open(folder / "j").ok());
}

TEST_CASE("a second controller on the same journal ends with 75, the first goes on", "[main][F6]") {
    const Folder folder;
    Run first{options(folder / "j")};
    REQUIRE(first.says("devices at"));
    Run second{options(folder / "j")};
    CHECK(second.code() == 75);
    CHECK_THAT(second.text(), Contains("another process has this journal open") &&
                                  Contains("Stop the other controller"));
    first.signal(SIGTERM);
    CHECK(first.code() == 0);
}

TEST_CASE("a journal that cannot be used ends with 65, and stays as it is", "[main]") {
    const Folder folder;
    const auto file = folder / "j";
    const auto check_refused = [&](const std::string& says) {
        const auto before = content(file);
        Run run{options(file)};
        CHECK(run.code() == 65);
        CHECK_THAT(run.text(), Contains(says) && Contains(file.string()));
        const bool unchanged = content(file) == before;
        CHECK(unchanged);
    };
    SECTION("a text") {
        std::ofstream{file} << "A letter that must not be lost.\n";
        check_refused("not a journal of Antrean");
    }
    SECTION("a newer version's") {
        write_journal(file);
        REQUIRE(run_sql(file, "PRAGMA user_version=99") == SQLITE_OK);
        check_refused("Start the newer program again");
    }
    SECTION("a changed row") {
        write_journal(file);
        REQUIRE(run_sql(file, without_triggers + "UPDATE events SET at_ms = 5") == SQLITE_OK);
        check_refused("at event 1, the row does not match its hash");
    }
    SECTION("events that no engine decided") {
        write_two_days(file);
        check_refused("restore the last backup");
    }
}

TEST_CASE("a journal where none can be ends with 74 and says what to check", "[main]") {
    const Folder folder;
    SECTION("in a folder that there is not") {
        Run run{options(folder / "nowhere/j")};
        CHECK(run.code() == 74);
        CHECK_THAT(run.text(), Contains("Check that its folder exists"));
    }
    SECTION("a folder") {
        Run run{options(folder.path())};
        CHECK(run.code() == 74);
        CHECK_THAT(run.text(), Contains(folder.path().string()));
    }
}

}  // namespace
