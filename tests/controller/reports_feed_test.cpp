// The thread that keeps reports.db up with the journal: a real journal, its writer, and real files.
#include "controller/server/reports_feed.hpp"

#include "controller/engine/engine.hpp"
#include "tests/controller/engine_bench.hpp"
#include "tests/controller/reports_bench.hpp"

#include <atomic>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

namespace {

using namespace antrean;
using namespace std::chrono_literals;
using engine::bench::kiosk_1;
using engine::bench::pad_1;
using reports::bench::rows;
using tests::Folder;

// A hall that writes its journal, and the feed beside it.
class Bench {
public:
    Bench() { open(); }
    ~Bench() { close(); }

    void open() {
        auto opened =
            journal::Journal::open({folder / "j"}, [&](std::uint64_t, const engine::Event&) {});
        REQUIRE(opened);
        journal_ = std::move(*opened);
        writer_.emplace(*journal_,
                        [](const journal::result<void>&, const journal::Writer::Flush&) {});
        server::ReportsFeed::Config config;
        config.file = file();
        config.journal_seq = journal_->next_seq() - 1;
        config.run_when_idle = [this](journal::Writer::Task task) {
            return reads_journal && writer_->run_when_idle(std::move(task));
        };
        config.busy_events_per_s = busy_events_per_s;
        config.pause = pause;
        config.on_notice = [this](const sessions::Notice& notice) {
            const std::lock_guard lock{mutex_};
            notices_.push_back(notice.text);
        };
        feed.emplace(std::move(config));
    }
    void close() {
        feed.reset();
        writer_.reset();
        journal_.reset();
    }

    // As before the first event.
    void forget() { hall_.emplace(); }

    std::filesystem::path file() const { return folder / "reports.db"; }

    // COUNT people take a ticket and are served. What became durable is offered, unless SILENT.
    void serve(int count, bool silent = false) {
        for (int i = 0; i < count; ++i) {
            const auto ticket = hall_->take(kiosk_1);
            hall_->ask(pad_1, engine::CallNext{});
            hall_->ask(pad_1, engine::Finish{ticket.id});
        }
        const auto first = journal_->next_seq();
        REQUIRE(writer_->append_here(hall_->history));
        if (!silent) feed->offer({first, hall_->history});
        hall_->history.clear();  // at first it holds the opening of the day
        tickets += count;
    }

    // Waits until the reports hold all; false if they never do.
    bool caught_up() const {
        for (int i = 0; i < 1000; ++i) {
            const auto lag = feed->lag();
            if (lag.journal_seq == journal_->next_seq() - 1 && lag.last_seq == lag.journal_seq) {
                return true;
            }
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }
    std::string done() const {
        return rows(file(), "SELECT count(*) FROM tickets WHERE state = 'done'").at(0);
    }
    bool comes_to_note(const std::string& words) {
        for (int i = 0; i < 1000; ++i) {
            {
                const std::lock_guard lock{mutex_};
                for (const auto& text : notices_) {
                    if (text.find(words) != std::string::npos) return true;
                }
            }
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }

    const Folder folder;
    std::atomic<bool> reads_journal{true};
    std::uint64_t busy_events_per_s = 1'000'000;
    std::chrono::milliseconds pause = 1h;
    std::optional<server::ReportsFeed> feed;
    int tickets = 0;

private:
    std::optional<engine::bench::Bench> hall_{std::in_place};
    std::unique_ptr<journal::Journal> journal_;
    std::optional<journal::Writer> writer_;
    std::mutex mutex_;
    std::vector<std::string> notices_;
};

TEST_CASE("what is durable is in the reports soon", "[feed]") {
    Bench bench;
    bench.serve(3);
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "3");
    bench.serve(200);
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "203");
}

TEST_CASE("what the feed missed it reads from the journal, in slices", "[feed]") {
    Bench bench;
    bench.serve(800, true);  // 3,200 events, of which it is never told
    bench.serve(1);
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "801");
}

TEST_CASE("more than it can keep is let go and read later", "[feed][R13]") {
    Bench bench;
    bench.reads_journal = false;
    bench.serve(6'000);  // more events than are ever queued
    bench.serve(1);
    bench.reads_journal = true;
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "6001");
}

TEST_CASE("under a load beyond any hall's the reports wait, and are whole all the same", "[feed]") {
    const auto pause = GENERATE(as<std::chrono::milliseconds>{}, 1h, 1ms);
    Bench bench;
    bench.close();
    bench.busy_events_per_s = 0;
    bench.pause = pause;
    bench.open();
    std::this_thread::sleep_for(250ms);  // until the rate is looked at
    bench.serve(3);
    if (pause == 1h) {
        std::this_thread::sleep_for(1s);
        CHECK(bench.feed->lag().last_seq == 0);
    } else {
        REQUIRE(bench.caught_up());
        CHECK(bench.done() == "3");
    }
}

TEST_CASE("a start goes on where the reports ended", "[feed]") {
    Bench bench;
    bench.serve(5);
    REQUIRE(bench.caught_up());
    bench.close();
    bench.open();
    CHECK(bench.caught_up());
    CHECK(bench.done() == "5");
}

TEST_CASE("reports that were deleted, damaged, or asked to are made anew", "[feed][R17][F5]") {
    Bench bench;
    bench.serve(50);
    REQUIRE(bench.caught_up());
    SECTION("deleted while it was stopped") {
        bench.close();
        std::filesystem::remove(bench.file());
        bench.open();
    }
    SECTION("damaged while it was stopped") {
        bench.close();
        std::fstream{bench.file()}.seekp(100) << std::string(4000, 'x');
        bench.open();
    }
    SECTION("asked to") {
        bench.feed->rebuild();
        CHECK(bench.comes_to_note("made anew"));
    }
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "50");
    bench.serve(1);
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "51");
}

TEST_CASE("reports that know more than an older journal are made anew", "[feed][R17][F7]") {
    Bench bench;
    bench.serve(5);
    REQUIRE(bench.caught_up());
    bench.close();
    bench.forget();
    for (const char* suffix : {"", "-wal"}) {
        std::filesystem::remove((bench.folder / "j").string() + suffix);
    }
    bench.open();
    REQUIRE(bench.comes_to_note("know more than the journal"));
    bench.serve(2);
    REQUIRE(bench.caught_up());
    CHECK(bench.done() == "2");
}

}  // namespace
