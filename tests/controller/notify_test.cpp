#include "controller/server/notify.hpp"

#include "tests/catch.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace antrean::server;
using namespace std::chrono_literals;

namespace {

// A service manager's end of the datagrams.
class Manager {
public:
    explicit Manager(const std::string& name) : name_{name} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.copy(address.sun_path, name.size());
        if (name.front() == '@') address.sun_path[0] = '\0';
        const auto size = offsetof(sockaddr_un, sun_path) + name.size();
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        const void* where = &address;
        REQUIRE(::bind(socket_, static_cast<const sockaddr*>(where),
                       static_cast<socklen_t>(size)) == 0);
    }
    ~Manager() {
        ::close(socket_);
        if (name_.front() == '/') ::unlink(name_.c_str());
    }
    // The next datagram; "nothing" if none came.
    std::string heard() {
        char text[4096];
        const auto size = ::recv(socket_, text, sizeof text, 0);
        return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
    }

private:
    std::string name_;
    int socket_ = -1;
};

std::string a_name(const std::string& before) {
    return before + "antrean-notify-test-" + std::to_string(getpid());
}

}  // namespace

TEST_CASE("the service manager hears each word, under a path or an abstract name",
          "[server][notify]") {
    const auto name = GENERATE(as<std::string>{}, a_name("/tmp/"), a_name("@"));
    Manager manager{name};
    Notifier notifier{name, 30s};
    REQUIRE(notifier.is_heard());
    CHECK(notifier.watchdog_interval() == 30s);
    notifier.ready();
    CHECK(manager.heard() == "READY=1");
    notifier.status("3 kiosks\n2 callpads");
    CHECK(manager.heard() == "STATUS=3 kiosks 2 callpads");
    notifier.watchdog();
    CHECK(manager.heard() == "WATCHDOG=1");
    notifier.reloading();
    CHECK_THAT(manager.heard(), Catch::StartsWith("RELOADING=1\nMONOTONIC_USEC="));
    notifier.stopping();
    CHECK(manager.heard() == "STOPPING=1");
    CHECK(manager.heard() == "nothing");
}

TEST_CASE("without a manager, or once it is gone, nothing fails", "[server][notify]") {
    const auto name = GENERATE(as<std::string>{}, "", "@", "relative/path", "/nowhere/at/all",
                               "/" + std::string(200, 'x'));
    Notifier notifier{name, 1s};
    CHECK_FALSE(notifier.is_heard());
    CHECK_FALSE(notifier.watchdog_interval());
    notifier.ready();

    auto manager = std::make_unique<Manager>(a_name("@"));
    Notifier heard{a_name("@")};
    manager.reset();
    heard.ready();
    CHECK(heard.is_heard());
}

TEST_CASE("what the manager wants stands in the environment, once", "[server][notify]") {
    const auto name = a_name("@");
    Manager manager{name};
    const auto row = GENERATE(table<std::string, std::string, bool>({
        {"2000000", "", true},
        {"2000000", std::to_string(getpid()), true},
        {"2000000", "1", false},  // another process is watched
        {"soon", "", false},
        {"0", "", false},
    }));
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    setenv("WATCHDOG_USEC", std::get<0>(row).c_str(), 1);
    if (!std::get<1>(row).empty()) setenv("WATCHDOG_PID", std::get<1>(row).c_str(), 1);
    auto notifier = Notifier::from_environment();
    CHECK(notifier.is_heard());
    CHECK((notifier.watchdog_interval() == 2s) == std::get<2>(row));
    CHECK(getenv("NOTIFY_SOCKET") == nullptr);
    CHECK(getenv("WATCHDOG_USEC") == nullptr);
    CHECK(getenv("WATCHDOG_PID") == nullptr);
    notifier.ready();
    CHECK(manager.heard() == "READY=1");
    CHECK_FALSE(Notifier::from_environment().is_heard());
}
