// The program as a whole: spawned, spoken to over TCP, its papers read from the folder.
#include "tests/files.hpp"
#include "tests/tools/virtual_printer_bench.hpp"

#include <fstream>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace antrean::virtual_printer;
using antrean::tests::content;
using antrean::tests::Folder;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// The options of a program on a free port, with its papers in FOLDER, and MORE of them.
std::vector<std::string> printing_to(const Folder& folder,
                                     const std::vector<std::string>& more = {}) {
    std::vector<std::string> options{
        "--listen", "127.0.0.1:0", "--papers", folder.path().string(), "--speed", "0"};
    options.insert(options.end(), more.begin(), more.end());
    return options;
}

// The running program, with pipes to its standard input and from both of its outputs.
class Program {
public:
    explicit Program(std::vector<std::string> arguments) {
        int input[2];
        int output[2];
        REQUIRE(::pipe2(input, O_CLOEXEC) == 0);
        REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, input[0], 0);
        posix_spawn_file_actions_adddup2(&actions, output[1], 1);
        posix_spawn_file_actions_adddup2(&actions, output[1], 2);
        arguments.insert(arguments.begin(), ANTREAN_VIRTUAL_PRINTER);
        std::vector<char*> argv;
        for (std::string& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        const int failed =
            ::posix_spawn(&pid_, ANTREAN_VIRTUAL_PRINTER, &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(input[0]);
        ::close(output[1]);
        input_ = input[1];
        output_ = output[0];
        REQUIRE(failed == 0);
    }
    ~Program() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        close_input();
        ::close(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void hand(const std::string& line) {
        const std::string text = line + '\n';
        REQUIRE(::write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    void close_input() {
        if (input_ >= 0) ::close(std::exchange(input_, -1));
    }
    std::string line() {
        std::string text;
        char c = 0;
        while (::read(output_, &c, 1) == 1 && c != '\n')
            text += c;
        return text;
    }
    std::uint16_t port() {
        const std::string first = line();
        const auto colon = first.find(':');
        REQUIRE(colon != std::string::npos);
        return static_cast<std::uint16_t>(std::stoi(first.substr(colon + 1)));
    }
    void signal(int number) { ::kill(pid_, number); }
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
};

class Host {
public:
    explicit Host(std::uint16_t port) {
        socket_.connect({asio::ip::make_address("127.0.0.1"), port});
    }
    void send(std::string_view data) { asio::write(socket_, asio::buffer(data)); }
    std::string receive(std::size_t count) {
        std::vector<std::byte> data(count);
        asio::read(socket_, asio::buffer(data));
        return hex(data);
    }
    bool ended() {
        char c = 0;
        boost::system::error_code error;
        return socket_.read_some(asio::buffer(&c, 1), error) == 0 && error;
    }
    void finish() { socket_.shutdown(tcp::socket::shutdown_send); }

private:
    std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>();
    tcp::socket socket_{*io_};
};

}  // namespace

TEST_CASE("a paper sent over TCP becomes a picture and a text", "[virtual_printer][program]") {
    const Folder folder;
    Program program{printing_to(folder)};
    Host host{program.port()};
    host.send(init + "MAL PELAYANAN PUBLIK\nA-025\n" + cut + barrier);
    CHECK(host.receive(1) == "00");
    CHECK(program.line() == "paper-000001: MAL PELAYANAN PUBLIK | A-025 (23 mm)");
    CHECK(content(folder / "paper-000001.txt") == "MAL PELAYANAN PUBLIK\nA-025\n");
    CHECK(content(folder / "paper-000001.png").substr(1, 3) == "PNG");
    program.signal(SIGTERM);
    CHECK(program.wait() == 0);
}

TEST_CASE("numbering goes on from what is in the folder", "[virtual_printer][program]") {
    const Folder folder;
    std::ofstream{folder / "paper-000041.txt"} << "older\n";
    Program program{printing_to(folder)};
    Host host{program.port()};
    host.send(init + "next\n" + cut);
    CHECK(program.line() == "paper-000042: next (18 mm)");
    CHECK(content(folder / "paper-000041.txt") == "older\n");
    program.signal(SIGINT);
    CHECK(program.wait() == 0);
}

TEST_CASE("hands act on the printer, and the host is told", "[virtual_printer][program]") {
    const Folder folder;
    Program program{printing_to(folder)};
    const std::uint16_t port = program.port();
    Host host{port};
    host.send(init + all_automatic_status);
    CHECK(host.receive(4) == "10 00 00 00");
    program.hand("paper out");
    CHECK(program.line() == "printer offline: out of paper");
    CHECK(host.receive(4) == "18 00 0f 00");
    host.send("kept\n" + cut + bytes({0x10, 0x04, 4}));
    CHECK(host.receive(1) == "7e");
    program.hand("paper load");
    CHECK(host.receive(4) == "10 00 00 00");
    CHECK(program.line() == "paper-000001: kept (18 mm)");
    CHECK(program.line() == "printer online");

    program.hand("no such thing");
    CHECK(program.line() ==
          "not understood: \"no such thing\" is nothing that can happen; "
          "\"help\" lists what is");
    program.hand("power off");
    CHECK(program.line() == "printer switched off");
    CHECK(host.ended());
    CHECK_THROWS(Host{port});
    program.hand("power on");
    CHECK(program.line() == "printer online");
    // Nothing more to say by hand: the program goes on all the same.
    program.close_input();
    Host again{port};
    again.send(bytes({0x10, 0x04, 1}));
    CHECK(again.receive(1) == "12");
}

TEST_CASE("a script file acts on the printer by itself", "[virtual_printer][program]") {
    const Folder folder;
    const std::string file = (folder / "faults.txt").string();
    std::ofstream{file} << "at line 1: paper out  # in the middle\nafter 50 ms: paper load\n";
    Program program{printing_to(folder, {"--script", file})};
    Host host{program.port()};
    host.send(init + "one\ntwo\n" + cut + barrier);
    CHECK(host.receive(1) == "00");
    CHECK(program.line() == "printer offline: out of paper");
    CHECK(program.line() == "paper-000001: one (18 mm, torn off)");
    CHECK(program.line() == "paper-000002: two (18 mm)");
    CHECK(program.line() == "printer online");
}

TEST_CASE("a profile may be a model that is known, or a file of one's own",
          "[virtual_printer][program]") {
    const Folder folder;
    const std::string which =
        GENERATE(std::string{"epson-tm-t88v"},
                 std::string{ANTREAN_SOURCE_DIR "/schemas/printers/epson-tm-t88v.toml"});
    Program program{printing_to(folder, {"--profile", which})};
    Host host{program.port()};
    host.send(init + process_id("here"));
    CHECK(host.receive(7) == "37 22 68 65 72 65 00");
}

TEST_CASE("a kiosk printer holds its ticket until a hand takes it", "[virtual_printer][program]") {
    const Folder folder;
    Program program{printing_to(folder, {"--profile", "custom-vkp80iii"})};
    Host host{program.port()};
    program.hand("take");
    CHECK(program.line() == "there is no ticket to take");
    host.send(init + "A-025\n" + bytes({0x1b, 'd', 25, 0x1b, 'i', 0x1c, 'P', 8, 1, 'E', 0}));
    CHECK(program.line() == "paper-000001: A-025 (111 mm)");
    CHECK(program.line() == "printer online: a ticket can be taken");
    program.hand("take");
    CHECK(program.line() == "the ticket was taken");
    CHECK(program.line() == "printer online");
}

TEST_CASE("one host at a time owns the printer, and half a ticket outlives it",
          "[virtual_printer][program]") {
    const Folder folder;
    Program program{printing_to(folder)};
    const std::uint16_t port = program.port();
    Host second_in_line = [&] {
        Host first{port};
        first.send(init + "first\n" + barrier);
        CHECK(first.receive(1) == "00");
        Host waiting{port};
        waiting.send("second\n" + cut + barrier);
        first.send("still first\n");
        first.finish();
        CHECK(first.ended());
        return waiting;
    }();
    CHECK(second_in_line.receive(1) == "00");
    CHECK(program.line() == "paper-000001: first | still first | second (27 mm)");
}

TEST_CASE("a mistake in the command line is told from a port that is taken",
          "[virtual_printer][program]") {
    const Folder folder;
    Program running{printing_to(folder)};
    const std::string place = "127.0.0.1:" + std::to_string(running.port());
    Program second{{"--listen", place, "--papers", folder.path().string()}};
    CHECK(second.wait() == 69);
    CHECK(second.line().find("cannot listen on " + place) != std::string::npos);
    CHECK(Program{{"--listen", "nowhere"}}.wait() == 64);
    CHECK(Program{{"--profile", "inkjet"}}.wait() == 64);
    CHECK(Program{{"--script", "/nonexistent"}}.wait() == 64);
    const std::string file = (folder / "wrong.txt").string();
    std::ofstream{file} << "# a comment\nat line 3: paper lwo\n";
    Program wrong{{"--script", file}};
    CHECK(wrong.wait() == 64);
    CHECK(wrong.line() ==
          "antrean-virtual-printer: " + file + ":2: \"paper lwo\" is nothing that can happen");
    CHECK(Program{{"--paper", folder.path().string()}}.wait() == 64);
    CHECK(Program{{"--help"}}.wait() == 0);
}
