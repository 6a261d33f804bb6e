#include "controller/journal/verify.hpp"

#include "controller/journal/chain_reader.hpp"
#include "controller/journal/kind.hpp"

#include <string>
#include <variant>

#include <fmt/format.h>

namespace antrean::journal {
namespace {

using Step = database::Statement::Step;

constexpr std::uint64_t events_between_progress = 4096;

// The list of days, read beside the events.
class Days {
public:
    explicit Days(const database::Database& database)
        : database_{database},
          rows_{database.prepare("SELECT first_seq, day FROM days ORDER BY first_seq")} {}

    // The next entry must be of the day that begins with SEQ.
    result<void> expect(std::uint64_t seq, const std::string& day) {
        std::int64_t first = 0;
        std::string listed;
        const auto step = rows_ ? rows_.step() : Step::failed;
        if (step == Step::failed) return database_.failure("reading its days");
        if (step == Step::row) {
            rows_.read(0, first);
            rows_.read(1, listed);
        }
        if (first != static_cast<std::int64_t>(seq) || listed != day) {
            return damaged_at(database_, seq,
                              "the list of days does not have this opening of a day");
        }
        return {};
    }
    result<void> expect_no_more() {
        switch (rows_ ? rows_.step() : Step::failed) {
            case Step::failed:
                return database_.failure("reading its days");
            case Step::row:
                return database_.damaged("the list of days has a day that never began");
            case Step::done:
                break;
        }
        return {};
    }

private:
    const database::Database& database_;
    database::Statement rows_;
};

result<std::uint64_t> last_seq(const database::Database& database) {
    auto bounds = database.prepare("SELECT ifnull(min(seq), 1), ifnull(max(seq), 0) FROM events");
    if (!bounds || bounds.step() != Step::row) return database.failure("counting its events");
    std::int64_t first = 0;
    std::int64_t last = 0;
    bounds.read(0, first);
    bounds.read(1, last);
    if (first < 1) return database.damaged("there are events before the first");
    return static_cast<std::uint64_t>(last);
}

}  // namespace

result<Verified> verify(const database::Database& database, const Progress& progress) {
    const auto total = last_seq(database);
    if (!total) return total.error();
    auto events = ChainReader::open(database, 1);
    if (!events) return events.error();
    Days days{database};
    Verified verified;
    for (;;) {
        const auto next = events->next();
        if (!next) return next.error();
        if (!*next) break;
        const auto& [seq, row, event] = **next;
        if (std::holds_alternative<engine::DayOpened>(event.fact)) {
            if (auto done = days.expect(seq, row.day); !done) return done.error();
            ++verified.days;
        }
        verified.events = seq;
        if (progress && seq % events_between_progress == 0) progress(seq, *total);
    }
    if (auto done = days.expect_no_more(); !done) return done.error();
    if (progress) progress(verified.events, *total);
    verified.last_hash = events->last_hash();
    if (auto done = database.check_pages(false); !done) return done.error();
    return verified;
}

result<Verified> verify(const Journal::Options& options, const Progress& progress) {
    const auto database = database::Database::inspect(options.file, kind(), options.vfs);
    if (!database) return database.error();
    return verify(*database, progress);
}

}  // namespace antrean::journal
