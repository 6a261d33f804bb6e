// The writer's thread: batches go to the disk in order, and are told once they are there.
#include "controller/journal/writer.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/sim/memory_vfs.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
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
        return [this](const result<void>& done, const Writer::Flush& flush) {
            const std::lock_guard lock{mutex_};
            results_.insert(results_.end(), flush.batches, done.has_value());
            ++flushes_;
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
    int flushes() {
        const std::lock_guard lock{mutex_};
        return flushes_;
    }
    std::thread::id thread() {
        const std::lock_guard lock{mutex_};
        return thread_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> results_;
    int flushes_ = 0;
    std::thread::id thread_;
};

TEST_CASE("batches become durable in order, and are told in the writer's thread", "[journal]") {
    const Folder folder;
    const auto events = samples();
    {
        const auto journal = opened(folder / "j");
        Told told;
        Writer writer{*journal, told.callback()};
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
        const auto journal = opened(folder / "j");
        Told told;
        Writer writer{*journal, told.callback()};
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

TEST_CASE("batches that wait for the disk go together, in one flush", "[journal]") {
    const Folder folder;
    const auto events = samples();
    const auto journal = opened(folder / "j");
    Told told;
    std::promise<void> submitted;
    Writer writer{*journal, told.callback()};
    REQUIRE(writer.run_when_idle([&](Journal&) {
        submitted.get_future().wait();
        return false;
    }));
    for (std::size_t at = 0; at < 5; ++at)
        writer.submit(std::span{events}.subspan(at, 1));
    submitted.set_value();
    CHECK(told.wait_for(5) == std::vector(5, true));
    CHECK(told.flushes() <= 2);  // the first of them may have gone before the task began
    CHECK(journal->next_seq() == 6);
}

TEST_CASE("the end of the writer waits for the batch on its way", "[journal]") {
    const Folder folder;
    const auto events = samples();
    {
        const auto journal = opened(folder / "j");
        Told told;
        {
            Writer writer{*journal, told.callback()};
            writer.submit(events);
        }
        CHECK(told.count() == 1);
    }
    CHECK(open(folder / "j").folded.size() == events.size());
}

TEST_CASE("a writer without work ends", "[journal]") {
    const Folder folder;
    const auto journal = opened(folder / "j");
    Told told;
    { Writer writer{*journal, told.callback()}; }
    CHECK(told.count() == 0);
}

TEST_CASE("a batch that the disk refuses is told as failed", "[journal][R12]") {
    sim::MemoryDisk disk{"writer", 1};
    const auto journal = opened("/j", disk.vfs());
    Told told;
    {
        Writer writer{*journal, told.callback()};
        disk.fail_sync(1, sim::MemoryDisk::Fault::io);
        const auto events = samples();
        writer.submit(events);
        CHECK(told.wait_for(1) == std::vector{false});
    }
    CHECK(told.count() == 1);
}

// What happened in the writer's thread, in order, and a wait for it.
class Diary {
public:
    void note(std::string what) {
        const std::lock_guard lock{mutex_};
        entries_.push_back(std::move(what));
        changed_.notify_all();
    }
    void wait_for(const std::string& what) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return std::ranges::find(entries_, what) != entries_.end(); });
    }
    std::vector<std::string> entries() {
        const std::lock_guard lock{mutex_};
        return entries_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> entries_;
};

TEST_CASE("a batch that waits goes before the next slice of a task", "[journal]") {
    const Folder folder;
    const auto events = samples();
    const auto journal = opened(folder / "j");
    Diary diary;
    std::promise<void> submitted;
    Writer writer{*journal, [&](const result<void>& done, const Writer::Flush&) {
                      diary.note(done ? "batch" : "failed batch");
                  }};
    CHECK(writer.is_idle());
    int slices = 0;
    REQUIRE(writer.run_when_idle([&](Journal& to) {
        diary.note("slice " + std::to_string(++slices));
        if (slices == 1) submitted.get_future().wait();
        // What the batch brought is there for the slice behind it.
        if (slices == 2) diary.note("event " + std::to_string(to.next_seq()));
        return slices < 3;
    }));
    REQUIRE(writer.run_when_idle([&](Journal&) {
        diary.note("other task");
        return false;
    }));
    diary.wait_for("slice 1");
    CHECK_FALSE(writer.is_idle());
    writer.submit(events);
    submitted.set_value();
    diary.wait_for("other task");
    CHECK(diary.entries() == std::vector<std::string>{"slice 1", "batch", "slice 2",
                                                      "event " + std::to_string(events.size() + 1),
                                                      "slice 3", "other task"});
}

TEST_CASE("a lone batch waits for the slice that runs, and none begins beside it", "[journal]") {
    const Folder folder;
    const auto events = samples();
    const auto journal = opened(folder / "j");
    Told told;
    Diary diary;
    Writer writer{*journal, told.callback()};
    std::atomic<bool> slicing = false;
    REQUIRE(writer.run_when_idle([&](Journal&) {
        slicing = true;
        diary.note("begins");
        // Gives a batch that would not wait the time to get through.
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        slicing = false;
        return false;
    }));
    diary.wait_for("begins");
    CHECK(writer.append_here(events).has_value());
    CHECK_FALSE(slicing);
    CHECK(journal->next_seq() == events.size() + 1);
}

TEST_CASE("tasks are bounded in number, and those that are not over end with the writer",
          "[journal][R13]") {
    const Folder folder;
    const auto journal = opened(folder / "j");
    Told told;
    Diary diary;
    std::promise<void> full;
    const auto held = std::make_shared<int>();
    {
        Writer writer{*journal, told.callback()};
        REQUIRE(writer.run_when_idle([&, held](Journal&) {
            diary.note("begins");
            full.get_future().wait();
            return false;
        }));
        diary.wait_for("begins");
        for (std::size_t i = 1; i < Writer::max_tasks; ++i) {
            REQUIRE(writer.run_when_idle([held](Journal&) { return true; }));  // never over
        }
        CHECK_FALSE(writer.run_when_idle([](Journal&) { return false; }));
        full.set_value();
    }
    CHECK(held.use_count() == 1);
}

TEST_CASE("behind a batch that failed no task touches the journal", "[journal][R12]") {
    sim::MemoryDisk disk{"writer", 1};
    const auto journal = opened("/j", disk.vfs());
    const auto events = samples();
    Told told;
    Diary diary;
    std::promise<void> submitted;
    const bool here = GENERATE(false, true);
    Writer writer{*journal, told.callback()};
    disk.fail_sync(1, sim::MemoryDisk::Fault::io);
    REQUIRE(writer.run_when_idle([&](Journal&) {
        diary.note("begins");
        submitted.get_future().wait();
        return !here;
    }));
    REQUIRE(writer.run_when_idle([&](Journal&) {
        diary.note("behind it");
        return false;
    }));
    diary.wait_for("begins");
    if (here) {
        submitted.set_value();
        // Whether the second task comes first is open: the failure may find it done.
        CHECK(writer.append_here(events).has_error());
        const auto before = diary.entries().size();
        CHECK_FALSE(writer.run_when_idle([](Journal&) { return false; }));
        CHECK(diary.entries().size() == before);
    } else {
        writer.submit(events);
        submitted.set_value();
        CHECK(told.wait_for(1) == std::vector{false});
        CHECK_FALSE(writer.run_when_idle([](Journal&) { return false; }));
        CHECK(diary.entries() == std::vector<std::string>{"begins"});
    }
}

}  // namespace
