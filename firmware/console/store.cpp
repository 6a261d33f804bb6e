#include "firmware/console/store.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

namespace antrean::device_console {

namespace sql {
extern const std::string_view file_0001_store_sql;
}

namespace {

using database::Statement;

database::Kind kind() {
    static const std::array migrations{sql::file_0001_store_sql};
    return {"console store", "kiosk or callpad", 0x416e7454, migrations, false, true};  // "AntT"
}

constexpr const char* columns =
    "number, at_ms, kind, ticket, label, printer, outcome, reason, evidence";

PaperRecord read(const Statement& row) {
    PaperRecord paper;
    std::int64_t at_ms = 0, ticket = 0, printer = 0;
    row.read(0, paper.number);
    row.read(1, at_ms);
    row.read(2, paper.kind);
    row.read(3, ticket);
    row.read(4, paper.label);
    row.read(5, printer);
    row.read(6, paper.outcome);
    row.read(7, paper.reason);
    row.read(8, paper.evidence);
    paper.at = WallTime{std::chrono::milliseconds{at_ms}};
    paper.ticket = TicketId{static_cast<std::uint64_t>(ticket)};
    paper.printer = static_cast<int>(printer);
    return paper;
}

template <std::size_t n>
bool copy(std::span<const std::byte> from, std::array<std::byte, n>& to) {
    if (from.size() != n) return false;
    std::copy(from.begin(), from.end(), to.begin());
    return true;
}

}  // namespace

database::result<Store> Store::open(const std::filesystem::path& file, const char* vfs) {
    auto database = database::Database::open(file, kind(), vfs);
    if (!database) return database.error();
    Store store{std::move(*database)};
    if (auto done = store.load(); !done) return done.error();
    return store;
}

database::result<void> Store::load() {
    auto row = database_.prepare("SELECT salt, hash, rounds, wrong_codes FROM access");
    if (!row) return database_.failure("reading the code");
    const auto step = row.step();
    if (step == Statement::Step::failed) return database_.failure("reading the code");
    if (step == Statement::Step::done) return {};
    Secret secret;
    std::int64_t rounds = 0, wrong_codes = 0;
    row.read(2, rounds);
    row.read(3, wrong_codes);
    const bool whole = copy(row.blob(0), secret.salt) && copy(row.blob(1), secret.hash);
    if (!whole || rounds < 1 || rounds > 100'000'000 || wrong_codes < 0) {
        return database_.damaged("its code is none of this program");
    }
    secret.rounds = static_cast<std::uint32_t>(rounds);
    secret_ = secret;
    wrong_codes_ = static_cast<std::uint32_t>(std::min<std::int64_t>(wrong_codes, 1'000'000));
    return {};
}

template <class Change>
database::result<void> Store::change(const Change& make) {
    if (auto done = database_.run("BEGIN IMMEDIATE", "beginning to write"); !done) return done;
    if (!make()) return database_.failure("writing");
    return database_.run("COMMIT", "committing");
}

database::result<void> Store::set_secret(const Secret& secret) {
    auto put = database_.prepare("INSERT OR REPLACE INTO access VALUES (1, ?, ?, ?, 0)");
    if (!put) return database_.failure("writing the code");
    put.bind(1, std::span{secret.salt});
    put.bind(2, std::span{secret.hash});
    put.bind(3, std::int64_t{secret.rounds});
    if (!put.run()) return database_.failure("writing the code");
    secret_ = secret;
    wrong_codes_ = 0;
    return {};
}

database::result<void> Store::keep_wrong_codes(std::uint32_t count) {
    auto put = database_.prepare("UPDATE access SET wrong_codes = ?");
    if (!put) return database_.failure("counting a wrong code");
    put.bind(1, std::int64_t{count});
    if (!put.run()) return database_.failure("counting a wrong code");
    wrong_codes_ = count;
    return {};
}

bool Store::count(const Counters& added) {
    auto put = database_.prepare(
        "INSERT INTO counters VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value");
    for (const auto& [name, value] : added) {
        if (!put) return false;
        put.bind(1, name);
        put.bind(2, value);
        if (!put.run()) return false;
    }
    return true;
}

bool Store::insert(const PaperRecord& paper) {
    auto put = database_.prepare(
        "INSERT INTO papers (at_ms, kind, ticket, label, printer, outcome, reason, evidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    auto put_field =
        database_.prepare("INSERT INTO paper_fields SELECT max(number), ?, ? FROM papers");
    auto drop = database_.prepare(
        "DELETE FROM papers WHERE number <= (SELECT max(number) FROM papers) - ?");
    if (!put || !put_field || !drop) return false;
    put.bind(1, std::int64_t{paper.at.time_since_epoch().count()});
    put.bind(2, paper.kind);
    put.bind(3, static_cast<std::int64_t>(paper.ticket.value()));
    put.bind(4, paper.label);
    put.bind(5, std::int64_t{paper.printer});
    put.bind(6, paper.outcome);
    put.bind(7, paper.reason);
    put.bind(8, paper.evidence);
    if (!put.run()) return false;
    for (const auto& [name, text] : paper.fields) {
        put_field.bind(1, name);
        put_field.bind(2, text);
        if (!put_field.run()) return false;
    }
    drop.bind(1, static_cast<std::int64_t>(max_papers));
    return drop.run();
}

database::result<void> Store::add_paper(const PaperRecord& paper, const Counters& added) {
    return change([&] { return insert(paper) && count(added); });
}

database::result<void> Store::add(const Counters& added) {
    return change([&] { return count(added); });
}

database::result<Counters> Store::counters() const {
    Counters counters;
    auto rows = database_.prepare("SELECT name, value FROM counters");
    if (!rows) return database_.failure("reading the counters");
    auto step = rows.step();
    for (; step == Statement::Step::row; step = rows.step()) {
        std::string name;
        rows.read(0, name);
        rows.read(1, counters[name]);
    }
    if (step == Statement::Step::failed) return database_.failure("reading the counters");
    return counters;
}

database::result<std::vector<PaperRecord>> Store::papers(std::size_t most) const {
    std::vector<PaperRecord> papers;
    auto rows = database_.prepare(std::string{"SELECT "} + columns +
                                  " FROM papers ORDER BY number DESC LIMIT ?");
    if (!rows) return database_.failure("reading the papers");
    rows.bind(1, static_cast<std::int64_t>(most));
    auto step = rows.step();
    for (; step == Statement::Step::row; step = rows.step())
        papers.push_back(read(rows));
    if (step == Statement::Step::failed) return database_.failure("reading the papers");
    return papers;
}

database::result<std::optional<PaperRecord>> Store::find(const std::string& label) const {
    auto row = database_.prepare(std::string{"SELECT "} + columns +
                                 " FROM papers WHERE label = ? AND EXISTS"
                                 " (SELECT 1 FROM paper_fields WHERE paper = number)"
                                 " ORDER BY number DESC LIMIT 1");
    if (!row) return database_.failure("looking for a paper");
    row.bind(1, label);
    const auto found = row.step();
    if (found == Statement::Step::failed) return database_.failure("looking for a paper");
    if (found == Statement::Step::done) return std::optional<PaperRecord>{};
    auto paper = read(row);
    auto fields = database_.prepare("SELECT name, text FROM paper_fields WHERE paper = ?");
    if (!fields) return database_.failure("looking for a paper");
    fields.bind(1, paper.number);
    auto step = fields.step();
    for (; step == Statement::Step::row; step = fields.step()) {
        auto& field = paper.fields.emplace_back();
        fields.read(0, field.first);
        fields.read(1, field.second);
    }
    if (step == Statement::Step::failed) return database_.failure("looking for a paper");
    return std::optional{std::move(paper)};
}

database::result<void> Store::forget_papers() {
    return database_.run("DELETE FROM papers", "forgetting the papers");
}

}  // namespace antrean::device_console
