#include "drivers/notify/notify.hpp"

#include "tests/catch.hpp"
#include "tests/service_manager.hpp"

#include <cstdlib>
#include <memory>
#include <string>

#include <unistd.h>

using namespace antrean::notify;
using antrean::tests::manager_name;
using antrean::tests::ServiceManager;
using namespace std::chrono_literals;

TEST_CASE("the service manager hears each word, under a path or an abstract name", "[notify]") {
    const auto name = GENERATE(as<std::string>{}, manager_name("/tmp/"), manager_name("@"));
    ServiceManager manager{name};
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

TEST_CASE("without a manager, or once it is gone, nothing fails", "[notify]") {
    const auto name = GENERATE(as<std::string>{}, "", "@", "relative/path", "/nowhere/at/all",
                               "/" + std::string(200, 'x'));
    Notifier notifier{name, 1s};
    CHECK_FALSE(notifier.is_heard());
    CHECK_FALSE(notifier.watchdog_interval());
    notifier.ready();

    auto manager = std::make_unique<ServiceManager>(manager_name("@"));
    Notifier heard{manager_name("@")};
    manager.reset();
    heard.ready();
    CHECK(heard.is_heard());
}

TEST_CASE("what the manager wants stands in the environment, once", "[notify]") {
    const auto name = manager_name("@");
    ServiceManager manager{name};
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
