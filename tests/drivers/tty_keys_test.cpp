#include "drivers/tty/terminal_keys.hpp"
#include "tests/catch.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace antrean::tty;
using namespace std::chrono_literals;

namespace {

struct Fd {
    int value = -1;
    ~Fd() { close(); }
    void close() {
        if (value >= 0) ::close(std::exchange(value, -1));
    }
};

struct Pty {
    Fd master, slave;
    Pty() {
        if (openpty(&master.value, &slave.value, nullptr, nullptr, nullptr) != 0) {
            throw std::runtime_error("openpty failed");
        }
    }
    termios modes() const {
        termios modes{};
        if (tcgetattr(slave.value, &modes) != 0) throw std::runtime_error("tcgetattr failed");
        return modes;
    }
    bool single_keys() const { return (modes().c_lflag & (ICANON | ECHO)) == 0; }
};

// What was told, with "<end>" for the end.
struct Listener {
    boost::asio::io_context io;
    std::string heard;

    KeyHandlers handlers() {
        return {[this](char key) { heard += key; }, [this] { heard += "<end>"; }};
    }
    // Runs until as much was heard, or five seconds have passed.
    void until(const std::string& wanted) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (heard.size() < wanted.size() && std::chrono::steady_clock::now() < end) {
            io.run_one_for(50ms);
        }
        CHECK(heard == wanted);
    }
};

void type(int fd, const std::string& text) {
    if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("write failed");
    }
}

// Runs WORK in a process of its own, without Catch's handlers; returns how that ended.
template <class Work>
int status_of(Work work) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV, SIGBUS}) {
            std::signal(signal, SIG_DFL);
        }
        int result = 99;
        try {
            result = work();
        } catch (...) {
        }
        _exit(result);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) throw std::runtime_error("fork failed");
    return status;
}

}  // namespace

TEST_CASE("a terminal tells keys without Enter or echo, and gets its modes back", "[tty]") {
    const Pty pty;
    const termios before = pty.modes();
    REQUIRE_FALSE(pty.single_keys());
    {
        Listener listener;
        const TerminalKeys keys{listener.io, listener.handlers(), pty.slave.value};
        CHECK(pty.single_keys());
        CHECK((pty.modes().c_lflag & ISIG) != 0);
        CHECK(pty.modes().c_oflag == before.c_oflag);
        type(pty.master.value, "1");
        listener.until("1");
        type(pty.master.value, "2a\r\x04");
        listener.until("12a\n\x04");
        int waiting = 0;
        REQUIRE(ioctl(pty.master.value, FIONREAD, &waiting) == 0);
        CHECK(waiting == 0);  // no echo
    }
    CHECK_FALSE(pty.single_keys());
    CHECK(pty.modes().c_lflag == before.c_lflag);
    CHECK(pty.modes().c_iflag == before.c_iflag);
}

TEST_CASE("what others share of the terminal is left alone", "[tty]") {
    const Pty pty;
    const int before = fcntl(pty.slave.value, F_GETFL);
    Listener listener;
    const TerminalKeys keys{listener.io, listener.handlers(), pty.slave.value};
    type(pty.master.value, "x");
    listener.until("x");
    CHECK(fcntl(pty.slave.value, F_GETFL) == before);
}

TEST_CASE("a terminal that hangs up ends once", "[tty]") {
    Pty pty;
    Listener listener;
    const TerminalKeys keys{listener.io, listener.handlers(), pty.slave.value};
    type(pty.master.value, "7");
    listener.until("7");
    pty.master.close();
    listener.until("7<end>");
    listener.io.run();  // returns: nothing is waited for any more
    CHECK(listener.heard == "7<end>");
}

TEST_CASE("only one terminal is read at a time", "[tty]") {
    const Pty first, second;
    Listener listener;
    {
        const TerminalKeys keys{listener.io, listener.handlers(), first.slave.value};
        CHECK_THROWS_AS(TerminalKeys(listener.io, listener.handlers(), second.slave.value),
                        std::logic_error);
        CHECK_FALSE(second.single_keys());
    }
    const TerminalKeys again{listener.io, listener.handlers(), second.slave.value};
    CHECK(second.single_keys());
}

TEST_CASE("a pipe is read by the character, to its end", "[tty]") {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    Fd out{ends[0]}, in{ends[1]};
    Listener listener;
    const TerminalKeys keys{listener.io, listener.handlers(), out.value};
    type(in.value, std::string(200, 'k') + '\n');
    listener.until(std::string(200, 'k') + '\n');
    listener.heard.clear();
    in.close();
    listener.until("<end>");
    listener.io.run();
    CHECK(listener.heard == "<end>");
}

TEST_CASE("/dev/null ends at once", "[tty]") {
    Listener listener;
    const Fd null{open("/dev/null", O_RDONLY)};
    const TerminalKeys keys{listener.io, listener.handlers(), null.value};
    CHECK(listener.heard.empty());
    listener.io.run();
    CHECK(listener.heard == "<end>");
}

TEST_CASE("a file is read to its end", "[tty]") {
    Listener listener;
    char path[] = "/tmp/antrean-keys-XXXXXX";
    const Fd file{mkstemp(path)};
    REQUIRE(file.value >= 0);
    unlink(path);
    type(file.value, std::string(100, 'f'));
    REQUIRE(lseek(file.value, 0, SEEK_SET) == 0);
    const TerminalKeys keys{listener.io, listener.handlers(), file.value};
    listener.io.run();
    CHECK(listener.heard == std::string(100, 'f') + "<end>");
}

TEST_CASE("a descriptor that is not open is refused at once", "[tty]") {
    Listener listener;
    CHECK_THROWS_AS(TerminalKeys(listener.io, listener.handlers(), 1000), std::system_error);
}

TEST_CASE("a key handler may destroy the keys", "[tty]") {
    const Pty pty;
    Listener listener;
    std::unique_ptr<TerminalKeys> keys;
    KeyHandlers handlers = listener.handlers();
    handlers.key = [&](char key) {
        listener.heard += key;
        keys.reset();
    };
    keys = std::make_unique<TerminalKeys>(listener.io, handlers, pty.slave.value);
    type(pty.master.value, "qqq");
    listener.until("q");
    listener.io.run();
    CHECK(listener.heard == "q");
    CHECK_FALSE(pty.single_keys());
}

TEST_CASE("a process that dies of a signal leaves the terminal as it was", "[tty]") {
    const int signal = GENERATE(SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGABRT);
    const Pty pty;
    const int status = status_of([&] {
        Listener listener;
        const TerminalKeys keys{listener.io, listener.handlers(), pty.slave.value};
        if (!pty.single_keys()) return 1;
        raise(signal);
        return 2;
    });
    INFO(status);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK_FALSE(pty.single_keys());
}

TEST_CASE("signals that the program handles are left to it", "[tty]") {
    const Pty pty;
    const int status = status_of([&] {
        std::signal(SIGTERM, SIG_IGN);
        {
            Listener listener;
            const TerminalKeys keys{listener.io, listener.handlers(), pty.slave.value};
            raise(SIGTERM);
            if (!pty.single_keys()) return 1;
        }
        if (std::signal(SIGTERM, SIG_DFL) != SIG_IGN) return 2;
        return std::signal(SIGHUP, SIG_DFL) == SIG_DFL ? 0 : 3;
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("in the background the terminal is left alone until it is given back", "[tty]") {
    const Pty pty;
    const int status = status_of([&] {
        // This process leads a session with the terminal, and gives the terminal to another group.
        if (setsid() < 0 || ioctl(pty.slave.value, TIOCSCTTY, 0) != 0) return 1;
        std::signal(SIGTTOU, SIG_IGN);
        const pid_t other = fork();
        if (other == 0) {
            pause();
            _exit(0);
        }
        setpgid(other, other);
        if (tcsetpgrp(pty.slave.value, other) != 0) return 2;

        Listener listener;
        {
            const TerminalKeys keys{listener.io, listener.handlers(), pty.slave.value};
            if (pty.single_keys()) return 3;
            if (tcsetpgrp(pty.slave.value, getpgrp()) != 0) return 4;
            raise(SIGCONT);
            const auto end = std::chrono::steady_clock::now() + 5s;
            while (!pty.single_keys() && std::chrono::steady_clock::now() < end) {
                listener.io.run_one_for(50ms);
            }
            if (!pty.single_keys()) return 5;
            // A shell that took the terminal in between has set it to lines again.
            termios lines = pty.modes();
            lines.c_lflag |= ICANON | ECHO;
            tcsetattr(pty.slave.value, TCSANOW, &lines);
            raise(SIGCONT);
            while (!pty.single_keys() && std::chrono::steady_clock::now() < end) {
                listener.io.run_one_for(50ms);
            }
            type(pty.master.value, "k");
            while (listener.heard.empty() && std::chrono::steady_clock::now() < end) {
                listener.io.run_one_for(50ms);
            }
        }
        kill(other, SIGKILL);
        waitpid(other, nullptr, 0);
        if (pty.single_keys()) return 6;
        return listener.heard == "k" ? 0 : 7;
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("keys that send a sequence are not told", "[tty]") {
    CHECK(single_keys("abc\n") == "abc\n");
    CHECK(single_keys("").empty());
    CHECK(single_keys("\x1b").empty());      // Esc
    CHECK(single_keys("\x1b\x1b").empty());  // Esc twice
    CHECK(single_keys("\x1b[A").empty());    // up
    CHECK(single_keys("1\x1b[B2").compare("12") == 0);
    CHECK(single_keys("\x1bOP").empty());     // F1
    CHECK(single_keys("\x1b[15~9") == "9");   // F5
    CHECK(single_keys("\x1b[1;5C3") == "3");  // Ctrl-right
    CHECK(single_keys("\x1bx4") == "4");      // Alt-x
    CHECK(single_keys("\x1b[").empty());
    CHECK(single_keys("\x1bO").empty());
    CHECK(single_keys("\x1b[12;").empty());
    CHECK(single_keys("é") == "é");
}
