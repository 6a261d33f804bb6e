#include "controller/reports/reports.hpp"

#include "controller/reports/tables.hpp"
#include "proto/day.hpp"

#include <array>
#include <utility>
#include <variant>

namespace antrean::reports {

namespace sql {
extern const std::string_view file_0001_reports_sql;
}

namespace {

using database::Database;
using database::Statement;

std::span<const std::string_view> schema() {
    static const std::array migrations{sql::file_0001_reports_sql};
    return migrations;
}

// The open day's counts are made anew: quick, for a day is small, and never wrong in the long run.
constexpr const char* count_day =
    "DELETE FROM daily_stands WHERE day = (SELECT day FROM progress);"
    "DELETE FROM daily_tickets WHERE day = (SELECT day FROM progress);"
    "INSERT INTO daily_stands SELECT * FROM open_stands;"
    "INSERT INTO daily_tickets SELECT * FROM open_tickets;"
    "UPDATE progress SET counted = seq;";

}  // namespace

class Reports::State {
public:
    explicit State(Database database) : database_{std::move(database)} {}

    result<void> load();
    result<void> rename(const Names& names);
    result<void> append(std::span<const Numbered> events);
    result<void> count();
    std::uint64_t last_seq() const { return last_seq_; }

private:
    result<void> open_day(ServiceDay day);
    // Writes what the fold has changed.
    bool flush();
    template <class Id>
    bool name(Statement& statement, const std::vector<std::pair<Id, std::string>>& names);

    Database database_;  // first: it outlives its statements
    Tables tables_;
    Binder bind_;
    Statement begin_, commit_, progress_, period_;
    Fold fold_;
    std::uint64_t last_seq_ = 0;
};

result<void> Reports::State::load() {
    {
        auto progress = database_.prepare("SELECT seq, day FROM progress");
        if (!progress || progress.step() != Statement::Step::row) {
            return database_.failure("reading how far it is");
        }
        std::int64_t seq = 0;
        std::string day;
        progress.read(0, seq);
        progress.read(1, day);
        last_seq_ = static_cast<std::uint64_t>(seq);
        if (const auto open = parse_day(day)) fold_.restore(*open, last_seq_);
    }
    if (fold_.day() && !read_open_day(database_, fold_)) {
        return database_.damaged("the tickets of the open day cannot be read");
    }
    begin_ = database_.prepare("BEGIN IMMEDIATE");
    commit_ = database_.prepare("COMMIT");
    progress_ = database_.prepare("UPDATE progress SET seq = ?, day = ?");
    period_ = database_.prepare("INSERT INTO periods (period, day) VALUES (?, ?)");
    if (!tables_.prepare(database_) || !begin_ || !commit_ || !progress_ || !period_) {
        return database_.failure("preparing to write");
    }
    return {};
}

template <class Id>
bool Reports::State::name(Statement& statement,
                          const std::vector<std::pair<Id, std::string>>& names) {
    for (const auto& [id, name] : names) {
        if (!bind_.begin(statement).text(id.view()).text(name).run()) return false;
    }
    return true;
}

result<void> Reports::State::rename(const Names& names) {
    const auto upsert = [&](const std::string& table) {
        return database_.prepare("INSERT INTO " + table +
                                 " (id, name) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = "
                                 "excluded.name WHERE name <> excluded.name");
    };
    auto agency = upsert("agencies"), counter = upsert("counters"), staff = upsert("staff");
    auto service = database_.prepare(
        "INSERT INTO services (id, agency, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
        "agency = excluded.agency, name = excluded.name "
        "WHERE name <> excluded.name OR agency <> excluded.agency");
    if (!agency || !counter || !staff || !service || !begin_.run()) {
        return database_.failure("writing names");
    }
    bool done =
        name(agency, names.agencies) && name(counter, names.counters) && name(staff, names.staff);
    for (const auto& [id, of, text] : names.services) {
        done = done && bind_.begin(service).text(id.view()).text(of.view()).text(text).run();
    }
    if (!done || !commit_.run()) return database_.failure("writing names");
    return {};
}

result<void> Reports::State::open_day(ServiceDay day) {
    if (!flush()) return database_.failure("writing tickets");
    if (auto done = database_.run(count_day, "counting a day"); !done) return done;
    if (auto done = database_.run("DELETE FROM periods WHERE period = 'today'", "opening a day");
        !done) {
        return done;
    }
    const auto iso = to_iso(day);
    if (!bind_.begin(period_).text("today").text(iso).run()) {
        return database_.failure("opening a day");
    }
    for (const std::size_t part : {4, 7, 10}) {
        const auto period = std::string_view{iso}.substr(0, part);
        if (!bind_.begin(period_).text(period).text(iso).run()) {
            return database_.failure("opening a day");
        }
    }
    return {};
}

bool Reports::State::flush() {
    const auto changes = fold_.take();
    for (const auto id : changes.tickets) {
        const auto* const ticket = fold_.find(id);
        if (ticket && !tables_.write(*ticket)) return false;
    }
    for (const auto& change : changes.changes) {
        if (!tables_.write(change)) return false;
    }
    for (const auto& paper : changes.papers) {
        if (!tables_.write(paper)) return false;
    }
    for (const auto& [refused, times] : changes.refused) {
        if (!tables_.write(fold_.day().value(), refused, times)) return false;
    }
    if (!fold_.day()) return true;
    return bind_.begin(progress_)
        .number(static_cast<std::int64_t>(last_seq_))
        .text(to_iso(*fold_.day()))
        .run();
}

result<void> Reports::State::append(std::span<const Numbered> events) {
    while (!events.empty() && events.front().first <= last_seq_)
        events = events.subspan(1);
    if (events.empty()) return {};
    if (!begin_.run()) return database_.failure("beginning a batch");
    for (const auto& [seq, event] : events) {
        if (seq != last_seq_ + 1) {
            return database_.damaged("event " + std::to_string(last_seq_ + 1) + " is missing");
        }
        if (std::holds_alternative<engine::DayOpened>(event.fact)) {
            if (auto done = open_day(event.stamp.day); !done) return done;
        }
        if (!fold_.apply(seq, event)) {
            return database_.damaged("event " + std::to_string(seq) +
                                     " cannot follow those before it");
        }
        last_seq_ = seq;
    }
    if (!flush()) return database_.failure("writing tickets");
    if (!commit_.run()) return database_.failure("committing a batch");
    return {};
}

result<void> Reports::State::count() {
    if (!begin_.run()) return database_.failure("counting");
    if (auto done = database_.run(count_day, "counting"); !done) return done;
    if (!commit_.run()) return database_.failure("counting");
    return {};
}

Reports::Reports(std::unique_ptr<State> state) : state_{std::move(state)} {}
Reports::Reports(Reports&& other) noexcept = default;
Reports::~Reports() = default;

result<Reports> Reports::open(const std::filesystem::path& file, const Names& names) {
    const database::Kind kind{"report", "controller", 0x416e7452, schema(), true};  // "AntR"
    auto database = Database::open(file, kind);
    if (!database) return database.error();
    auto state = std::make_unique<State>(std::move(*database));
    if (auto done = state->load(); !done) return done.error();
    if (auto done = state->rename(names); !done) return done.error();
    return Reports{std::move(state)};
}

std::uint64_t Reports::last_seq() const {
    return state_->last_seq();
}

result<void> Reports::append(std::span<const Numbered> events) {
    return state_->append(events);
}

result<void> Reports::count() {
    return state_->count();
}

result<void> Reports::rename(const Names& names) {
    return state_->rename(names);
}

}  // namespace antrean::reports
