#include "controller/journal/journal.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "controller/engine/engine.hpp"
#include "controller/journal/schema.hpp"

namespace antrean::journal {
namespace {

using Step = database::Statement::Step;

// A whole check of a large journal takes longer than a start may; the chain of the open day is
// checked in any case.
constexpr std::int64_t quick_check_bound_bytes = 32 << 20;

std::string columns() {
    std::string names = "seq, hash";
    for (const auto* name : column_names) names += fmt::format(", {}", name);
    return names;
}

}  // namespace

result<std::unique_ptr<Journal>> Journal::open(const Options& options, const Fold& fold) {
    const database::Kind kind{"journal", "controller", 0x416e7472, schema()};  // "Antr"
    auto database = database::Database::open(options.file, kind, options.vfs);
    if (!database) return database.error();
    std::unique_ptr<Journal> journal{new Journal{std::move(*database)}};
    if (auto done = journal->check(); !done) return done.error();
    if (auto done = journal->load(fold); !done) return done.error();
    if (auto done = journal->prepare(); !done) return done.error();
    return journal;
}

JournalError Journal::damaged(std::uint64_t seq, const std::string& what) const {
    return database_.damaged(fmt::format("at event {}, {}", seq, what));
}

result<void> Journal::check() {
    auto pages = database_.prepare(
        "SELECT (SELECT page_count FROM pragma_page_count) * "
        "(SELECT page_size FROM pragma_page_size)");
    std::int64_t bytes = 0;
    if (!pages || pages.step() != Step::row) return database_.failure("measuring it");
    pages.read(0, bytes);
    if (bytes > quick_check_bound_bytes) return {};
    auto check = database_.prepare("PRAGMA quick_check(1)");
    if (!check || check.step() != Step::row) return database_.failure("checking it");
    std::string verdict;
    check.read(0, verdict);
    if (verdict != "ok") return database_.damaged(verdict);
    return {};
}

result<void> Journal::load(const Fold& fold) {
    std::int64_t first = 1;
    std::string day;  // that begins there; empty: no day is listed
    {
        auto last = database_.prepare("SELECT first_seq, day FROM days ORDER BY first_seq DESC LIMIT 1");
        const auto step = last ? last.step() : Step::failed;
        if (step == Step::failed) return database_.failure("reading its days");
        if (step == Step::row) {
            last.read(0, first);
            last.read(1, day);
        }
    }
    if (first < 1) return database_.damaged("a service day begins before the first event");
    auto rows = database_.prepare(
        fmt::format("SELECT {} FROM events WHERE seq >= {} ORDER BY seq", columns(),
                    std::max<std::int64_t>(first - 1, 1)));
    if (!rows) return database_.failure("reading its events");
    next_seq_ = static_cast<std::uint64_t>(first);
    auto step = Step::done;
    while ((step = rows.step()) == Step::row) {
        std::int64_t seq = 0;
        Hash hash{};
        Row row;
        rows.read(0, seq);
        const auto blob = rows.blob(1);
        if (blob.size() != hash.size()) return damaged(static_cast<std::uint64_t>(seq), "no hash");
        std::copy(blob.begin(), blob.end(), hash.begin());
        if (seq == first - 1) {  // the row that the day's chain hangs on
            last_hash_ = hash;
            continue;
        }
        int at = 2;
        Row::for_each(row, [&](auto& column) { rows.read(at++, column); });
        if (static_cast<std::uint64_t>(seq) != next_seq_) {
            return damaged(next_seq_, "which is missing");
        }
        if (chain(last_hash_, next_seq_, row) != hash) {
            return damaged(next_seq_, "the row does not match its hash");
        }
        const auto event = from_row(row);
        if (!event) return damaged(next_seq_, "no event of this program");
        // The list of days is outside of the chain, so it is not trusted: to begin anywhere but at
        // the opening of a day would leave out a part of the state.
        const bool opens = std::holds_alternative<engine::DayOpened>(event->fact);
        if (seq == first && !(opens && (day.empty() || day == row.day))) {
            return damaged(next_seq_, "where no service day begins");
        }
        try {
            fold(next_seq_, *event);
        } catch (const engine::BrokenHistory& broken) {
            return damaged(next_seq_, std::string{"which breaks a rule: "} + broken.what());
        }
        last_hash_ = hash;
        ++next_seq_;
    }
    if (step != Step::done) return database_.failure("reading its events");
    if (!day.empty() && next_seq_ == static_cast<std::uint64_t>(first)) {
        return damaged(next_seq_, "which is missing");
    }
    return {};
}

result<void> Journal::prepare() {
    std::string places = "?, ?";
    for (std::size_t i = 0; i < column_names.size(); ++i) places += ", ?";
    insert_ = database_.prepare(
        fmt::format("INSERT INTO events ({}) VALUES ({})", columns(), places));
    insert_day_ = database_.prepare("INSERT INTO days (first_seq, day) VALUES (?, ?)");
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
    Row::for_each(row, [&](const auto& column) { insert_.bind(at++, column); });
    if (!insert_.run()) return false;
    if (std::holds_alternative<engine::DayOpened>(event.fact)) {
        insert_day_.bind(1, static_cast<std::int64_t>(next_seq_));
        insert_day_.bind(2, row.day);
        if (!insert_day_.run()) return false;
    }
    ++next_seq_;
    return true;
}

result<void> Journal::append(std::span<const engine::Event> events) {
    if (!begin_.run()) return database_.failure("beginning a batch");
    for (const auto& event : events) {
        if (!insert(event)) return database_.failure("writing a batch");
    }
    if (!commit_.run()) return database_.failure("committing a batch");
    return {};
}

}  // namespace antrean::journal
