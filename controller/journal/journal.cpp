#include "controller/journal/journal.hpp"

#include "controller/engine/engine.hpp"
#include "controller/journal/chain_reader.hpp"
#include "controller/journal/kind.hpp"
#include "controller/journal/restore.hpp"
#include "controller/journal/schema.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace antrean::journal {
namespace {

using Step = database::Statement::Step;

// A whole check of a large journal takes longer than a start may; the chain of the open day is
// checked in any case.
constexpr std::int64_t quick_check_bound_bytes = 32 << 20;

template <class T>
bool column_is_null(const T&) {
    return false;
}
template <class T>
bool column_is_null(const std::optional<T>& column) {
    return !column;
}

}  // namespace

result<std::unique_ptr<Journal>> Journal::open(const Options& options, const Fold& fold) {
    if (restore_unfinished(options.file)) {
        return JournalError{
            journal_errc::corrupt,
            fmt::format("{}: its restore was begun and not finished, so it is neither "
                        "the old journal nor the new one. Run the restore again",
                        options.file.string())};
    }
    auto database = database::Database::open(options.file, kind(), options.vfs);
    if (!database) return database.error();
    std::unique_ptr<Journal> journal{new Journal{std::move(*database)}};
    if (auto done = journal->check(); !done) return done.error();
    if (auto done = journal->load(fold); !done) return done.error();
    if (auto done = journal->prepare(); !done) return done.error();
    return journal;
}

result<void> Journal::check() {
    auto pages = database_.prepare(
        "SELECT (SELECT page_count FROM pragma_page_count) * "
        "(SELECT page_size FROM pragma_page_size)");
    std::int64_t bytes = 0;
    if (!pages || pages.step() != Step::row) return database_.failure("measuring it");
    pages.read(0, bytes);
    if (bytes > quick_check_bound_bytes) return {};
    return database_.check_pages(true);
}

result<void> Journal::load(const Fold& fold) {
    std::int64_t first = 1;
    std::string day;  // that begins there; empty: no day is listed
    {
        auto last =
            database_.prepare("SELECT first_seq, day FROM days ORDER BY first_seq DESC LIMIT 1");
        const auto step = last ? last.step() : Step::failed;
        if (step == Step::failed) return database_.failure("reading its days");
        if (step == Step::row) {
            last.read(0, first);
            last.read(1, day);
        }
    }
    if (first < 1) return database_.damaged("a service day begins before the first event");
    const auto begin = static_cast<std::uint64_t>(first);
    auto events = ChainReader::open(database_, begin);
    if (!events) return events.error();
    for (;;) {
        const auto next = events->next();
        if (!next) return next.error();
        if (!*next) break;
        const auto& [seq, row, event] = **next;
        // The list of days is outside of the chain, so it is not trusted: to begin anywhere but at
        // the opening of a day would leave out a part of the state.
        const bool opens = std::holds_alternative<engine::DayOpened>(event.fact);
        if (seq == begin && !(opens && (day.empty() || day == row.day))) {
            return damaged_at(database_, seq, "where no service day begins");
        }
        try {
            fold(seq, event);
        } catch (const engine::BrokenHistory& broken) {
            return damaged_at(database_, seq, std::string{"which breaks a rule: "} + broken.what());
        }
    }
    last_hash_ = events->last_hash();
    next_seq_ = events->next_seq();
    if (!day.empty() && next_seq_ == begin) {
        return damaged_at(database_, next_seq_, "which is missing");
    }
    return {};
}

result<void> Journal::prepare() {
    std::string names = "seq, hash";
    std::string places = "?, ?";
    std::size_t columns = 0;
    const Row none;
    Row::for_each(none, [&](const auto&) { ++columns; });
    assert(columns == std::size(column_names));  // each is hashed, so each is kept
    for (const auto* name : column_names) {
        names += fmt::format(", {}", name);
        places += ", ?";
    }
    insert_ = database_.prepare(fmt::format("INSERT INTO events ({}) VALUES ({})", names, places));
    insert_day_ = database_.prepare("INSERT INTO days (first_seq, day) VALUES (?, ?)");
    bound_.assign(3 + std::size(column_names), false);
    if (planted(Plant::skip_journal_flush)) {
        if (auto done = database_.run("PRAGMA synchronous=OFF", "opening it"); !done) return done;
    }
    begin_ = database_.prepare("BEGIN IMMEDIATE");
    commit_ = database_.prepare("COMMIT");
    if (!insert_ || !insert_day_ || !begin_ || !commit_) {
        return database_.failure("preparing to write");
    }
    return {};
}

bool Journal::insert(const engine::Event& event) {
    const Row row = to_row(event);
    last_hash_ = chain(last_hash_, next_seq_, row);
    insert_.bind(1, static_cast<std::int64_t>(next_seq_));
    insert_.bind(2, std::span<const std::byte>{last_hash_});
    int at = 3;
    // Most columns of most rows are null, and stay bound so.
    Row::for_each(row, [&](const auto& column) {
        const bool is_null = column_is_null(column);
        if (!is_null || bound_[static_cast<std::size_t>(at)]) insert_.bind(at, column);
        bound_[static_cast<std::size_t>(at)] = !is_null;
        ++at;
    });
    if (!insert_.run()) return false;
    if (std::holds_alternative<engine::DayOpened>(event.fact)) {
        insert_day_.bind(1, static_cast<std::int64_t>(next_seq_));
        insert_day_.bind(2, row.day);
        if (!insert_day_.run()) return false;
    }
    ++next_seq_;
    return true;
}

result<void> Journal::append(std::span<const Batch> batches) {
    if (failed_) return *failed_;
    if (!begin_.run()) return fail("beginning a batch");
    for (const auto& batch : batches) {
        for (const auto& event : batch) {
            if (!insert(event)) return fail("writing a batch");
        }
    }
    if (!commit_.run()) return fail("committing a batch");
    return {};
}

JournalError Journal::fail(const char* doing) {
    failed_ = database_.failure(doing);
    database_.seal();
    return *failed_;
}

result<std::vector<Journal::Recorded>> Journal::read(std::uint64_t from_seq,
                                                     std::size_t max_events) const {
    auto events = ChainReader::open(database_, std::max<std::uint64_t>(from_seq, 1), max_events);
    if (!events) return events.error();
    std::vector<Recorded> slice;
    while (slice.size() < max_events) {
        auto next = events->next();
        if (!next) return next.error();
        if (!*next) break;
        slice.emplace_back((*next)->seq, std::move((*next)->event));
    }
    if (slice.empty() && max_events > 0 && from_seq < next_seq_) {
        return damaged_at(database_, from_seq, "which is missing");
    }
    return slice;
}

result<std::unique_ptr<database::Backup>> Journal::backup(const std::filesystem::path& destination,
                                                          std::uint64_t keep_free_bytes) const {
    return database::Backup::begin(database_, destination, keep_free_bytes);
}

}  // namespace antrean::journal
