#include "firmware/common/liveness.hpp"

#include "tests/catch.hpp"
#include "tests/files.hpp"
#include "tests/service_manager.hpp"

#include <fstream>
#include <optional>

using namespace antrean;
using namespace std::chrono_literals;
using common::Liveness;

namespace {

// A manager, and a device's store that a program has open.
struct Bench {
    tests::ServiceManager manager{tests::manager_name("@")};
    tests::Folder folder;
    std::filesystem::path store = folder / "kiosk.store";
    boost::asio::io_context io;

    Bench() { std::ofstream{store} << "a store"; }

    notify::Notifier notifier(std::optional<std::chrono::microseconds> watchdog) const {
        return notify::Notifier{tests::manager_name("@"), watchdog};
    }
};

}  // namespace

TEST_CASE("a device is ready once its loop runs, not before", "[firmware][notify]") {
    Bench bench;
    Liveness liveness{bench.io, bench.notifier({}), bench.store};
    CHECK(bench.manager.heard() == "nothing");
    bench.io.run();  // ends: without a watchdog nothing wakes the program any more
    CHECK(bench.manager.heard() == "READY=1");
    CHECK(bench.manager.heard() == "nothing");
    liveness.stopping();
    CHECK(bench.manager.heard() == "STOPPING=1");
}

TEST_CASE("the watchdog is fed by turns of the loop, and by nothing else", "[firmware][notify]") {
    Bench bench;
    const Liveness liveness{bench.io, bench.notifier(2ms), bench.store};
    bench.io.run_one();
    CHECK(bench.manager.heard() == "READY=1");
    CHECK(bench.manager.heard() == "WATCHDOG=1");
    // However late it is, a loop that does not come round says nothing.
    CHECK(bench.manager.heard() == "nothing");
    bench.io.run_one();
    CHECK(bench.manager.heard() == "WATCHDOG=1");
    CHECK(bench.manager.heard() == "nothing");
}

TEST_CASE("the watchdog is not fed while the store cannot be written", "[firmware][notify]") {
    Bench bench;
    const Liveness liveness{bench.io, bench.notifier(2ms), bench.store};
    bench.io.run_one();
    CHECK(bench.manager.heard() == "READY=1");
    CHECK(bench.manager.heard() == "WATCHDOG=1");
    const auto away = bench.folder / "away";
    std::filesystem::rename(bench.store, away);
    bench.io.run_one();
    bench.io.run_one();
    CHECK(bench.manager.heard() == "nothing");
    std::filesystem::rename(away, bench.store);
    bench.io.run_one();
    CHECK(bench.manager.heard() == "WATCHDOG=1");
}

TEST_CASE("without a manager a device's loop has nothing to do for it", "[firmware][notify]") {
    Bench bench;
    const Liveness liveness{bench.io, notify::Notifier{}, bench.store};
    CHECK(bench.io.run() == 0);
}
