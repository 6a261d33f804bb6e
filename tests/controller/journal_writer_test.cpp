// The writer's thread: batches go to the disk in order, and are told once they are there.
#include "controller/journal/writer.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/sim/memory_vfs.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

using namespace antrean;
using namespace antrean::journal;
using namespace antrean::journal::bench;

// What the writer has told, and a wait for it.
class Told {
public:
    Writer::Done callback() {
        return [this](const result<void>& done) {
            const std::lock_guard lock{mutex_};
            results_.push_back(done.has_value());
            thread_ = std::this_thread::get_id();
            changed_.notify_one();
        };
    }
    std::vector<bool> wait_for(std::size_t count) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return results_.size() >= count; });
        return results_;
    }
    std::size_t count() {
        const std::lock_guard lock{mutex_};
        return results_.size();
    }
    std::thread::id thread() {
        const std::lock_guard lock{mutex_};
        return thread_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> results_;
    std::thread::id thread_;
};

TEST_CASE("batches become durable in order, and are told in the writer's thread", "[journal]") {
    const Folder folder;
    const auto events = samples();
    {
        const auto read = open(folder / "j");
        REQUIRE(read.ok());
        Told told;
        Writer writer{**read.journal, told.callback()};
        for (std::size_t at = 0; at < events.size(); at += 3) {
            const auto size = std::min<std::size_t>(3, events.size() - at);
            writer.submit(std::span{events}.subspan(at, size));
            const auto results = told.wait_for(at / 3 + 1);
            CHECK(results.back());
        }
        CHECK(told.thread() != std::this_thread::get_id());
        CHECK(told.thread() != std::thread::id{});
    }
    const auto read = open(folder / "j");
    REQUIRE(read.ok());
    REQUIRE(read.folded.size() == events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
        CHECK(same(read.folded[i].second, events[i]));
}

TEST_CASE("a lone batch is made durable by who asks, between batches of the thread", "[journal]") {
    const Folder folder;
    const auto events = samples();
    {
        const auto read = open(folder / "j");
        REQUIRE(read.ok());
        Told told;
        Writer writer{**read.journal, told.callback()};
        const auto all = std::span{events};
        CHECK(writer.append_here(all.first(2)).has_value());
        CHECK(told.count() == 0);
        writer.submit(all.subspan(2, 2));
        told.wait_for(1);
        CHECK(writer.append_here(all.subspan(4)).has_value());
        CHECK(told.count() == 1);
    }
    CHECK(open(folder / "j").folded.size() == events.size());
}

TEST_CASE("the end of the writer waits for the batch on its way", "[journal]") {
    const Folder folder;
    const auto events = samples();
    {
        const auto read = open(folder / "j");
        REQUIRE(read.ok());
        Told told;
        {
            Writer writer{**read.journal, told.callback()};
            writer.submit(events);
        }
        CHECK(told.count() == 1);
    }
    CHECK(open(folder / "j").folded.size() == events.size());
}

TEST_CASE("a writer without work ends", "[journal]") {
    const Folder folder;
    const auto read = open(folder / "j");
    REQUIRE(read.ok());
    Told told;
    { Writer writer{**read.journal, told.callback()}; }
    CHECK(told.count() == 0);
}

TEST_CASE("a batch that the disk refuses is told as failed", "[journal]") {
    sim::MemoryDisk disk{"writer", 1};
    const auto read = open("/j", disk.vfs());
    REQUIRE(read.ok());
    Told told;
    {
        Writer writer{**read.journal, told.callback()};
        disk.fail_sync(1, sim::MemoryDisk::Fault::io);
        const auto events = samples();
        writer.submit(events);
        CHECK(told.wait_for(1) == std::vector{false});
    }
    CHECK(told.count() == 1);
}

}  // namespace
