#include "controller/reports/tables.hpp"

#include "controller/journal/words.hpp"
#include "proto/day.hpp"

namespace antrean::reports {
namespace {

using database::Statement;
using journal::meaning;
using journal::word;

constexpr const char* ticket_columns =
    "id, day, label, series, number, service, now_for, class, kiosk, utc_offset_min, issued_ms, "
    "ahead, estimate_s, plan, paper, paper_reason, copy, state, void_reason, first_called_ms, "
    "first_served_ms, ended_ms, counter, staff, calls, recalls, no_shows, transfers, holds, "
    "undone, "
    "wait_s, service_s";
constexpr const char* stand_columns =
    "ticket, n, seq, day, service, class, counter, staff, why, passed, utc_offset_min, since_ms, "
    "called_ms, recalls, served_ms, ended_ms, ended_by, to_service, wait_s, service_s";

// "INSERT ... ON CONFLICT (key) DO UPDATE" of what may change of a row.
std::string upsert(const char* table, const std::string& columns, const char* key,
                   std::initializer_list<const char*> changing) {
    auto sql = std::string{"INSERT INTO "} + table + " (" + columns + ") VALUES (?";
    for (const char c : columns) {
        if (c == ',') sql += ", ?";
    }
    sql += std::string{") ON CONFLICT ("} + key + ") DO UPDATE SET ";
    const char* separator = "";
    for (const auto* column : changing) {
        sql += std::string{separator} + column + " = excluded." + column;
        separator = ", ";
    }
    return sql;
}

std::int64_t signed_value(TicketId id) {
    return static_cast<std::int64_t>(id.value());
}

// What the stands of a ticket come to.
struct Sums {
    std::optional<std::int64_t> first_called, first_served, wait, service;
    std::int64_t recalls = 0, no_shows = 0, transfers = 0, holds = 0;

    explicit Sums(const Ticket& ticket) {
        for (const auto& stand : ticket.stands) {
            if (!first_called) first_called = stand.called, wait = stand.wait_s();
            if (!first_served) first_served = stand.served;
            if (const auto took = stand.service_s()) service = service.value_or(0) + *took;
            recalls += stand.recalls;
            no_shows += stand.ended_by == "no_show";
            transfers += stand.ended_by == "transfer";
            holds += stand.ended_by == "hold";
        }
    }
};

std::optional<Milliseconds> ended(const Ticket& ticket) {
    if (ticket.state == engine::State::voided) return ticket.voided;
    const bool is_over =
        ticket.state == engine::State::done || ticket.state == engine::State::no_show;
    if (!is_over || ticket.stands.empty()) return std::nullopt;
    return ticket.stands.back().ended;
}

// A row that Tables did not write.
struct NotARow {};

// Reads a row's columns one after the other.
class Reader {
public:
    explicit Reader(const Statement& row) : row_{row} {}

    std::string text() {
        std::string text;
        if (!row_.is_null(at_)) row_.read(at_, text);
        ++at_;
        return text;
    }
    std::int64_t number() {
        std::int64_t number = 0;
        row_.read(at_++, number);
        return number;
    }
    std::optional<std::int64_t> any_number() {
        std::optional<std::int64_t> number;
        row_.read(at_++, number);
        return number;
    }
    std::uint32_t count() { return static_cast<std::uint32_t>(number()); }
    TicketId ticket() { return TicketId{static_cast<std::uint64_t>(number())}; }
    template <class Id>
    Id id() {
        const auto id = Id::parse(text());
        if (!id) throw NotARow{};
        return *id;
    }
    template <class Id>
    Id any_id() {
        if (!row_.is_null(at_)) return id<Id>();
        ++at_;
        return {};
    }
    template <class Enum, std::size_t N>
    Enum one_of(const journal::Word<Enum> (&words)[N]) {
        const auto value = meaning(words, text());
        if (!value) throw NotARow{};
        return *value;
    }
    void skip(int columns) { at_ += columns; }

private:
    const Statement& row_;
    int at_ = 0;
};

Ticket read_ticket(const Statement& row, ServiceDay day) {
    Reader read{row};
    Ticket ticket;
    ticket.ref.id = read.ticket();
    ticket.day = day;
    read.skip(1);
    ticket.ref.label = read.text();
    ticket.ref.series = read.id<SeriesId>();
    ticket.ref.number = TicketNumber{read.count()};
    ticket.ref.service = read.id<ServiceId>();
    ticket.now_for = read.id<ServiceId>();
    ticket.ticket_class = read.one_of(journal::class_words);
    ticket.kiosk = read.id<DeviceId>();
    ticket.utc_offset_min = read.number();
    ticket.issued = read.number();
    ticket.ahead = read.count();
    ticket.estimate = std::chrono::seconds{read.number()};  // null reads as 0
    ticket.plan = read.text();
    ticket.paper = read.text();
    ticket.paper_reason = read.text();
    ticket.copy = read.number() != 0;
    ticket.state = read.one_of(journal::state_words);
    ticket.void_reason = read.text();
    read.skip(2);
    const auto over = read.any_number();
    if (ticket.state == engine::State::voided) ticket.voided = over;
    read.skip(7);
    ticket.undone = read.count();
    return ticket;
}

Stand read_stand(const Statement& row) {
    Reader read{row};
    read.skip(2);
    Stand stand;
    stand.seq = static_cast<std::uint64_t>(read.number());
    read.skip(1);
    stand.service = read.id<ServiceId>();
    stand.ticket_class = read.one_of(journal::class_words);
    stand.counter = read.id<CounterId>();
    stand.staff = read.any_id<StaffId>();
    stand.why = read.one_of(journal::why_words);
    stand.passed = read.ticket();  // null reads as none
    stand.utc_offset_min = read.number();
    stand.since = read.number();
    stand.called = read.number();
    stand.recalls = read.count();
    stand.served = read.any_number();
    stand.ended = read.any_number();
    stand.ended_by = read.text();
    stand.to_service = read.any_id<ServiceId>();
    stand.waited = read.any_number().has_value();
    return stand;
}

}  // namespace

Binder& Binder::begin(Statement& statement) {
    statement_ = &statement;
    at_ = 0;
    used_ = 0;
    return *this;
}

Binder& Binder::number(std::int64_t value) {
    statement_->bind(++at_, value);
    return *this;
}

Binder& Binder::number(const std::optional<std::int64_t>& value) {
    statement_->bind(++at_, value);
    return *this;
}

Binder& Binder::text(std::string_view value) {
    auto& kept = texts_.at(used_++);
    kept.assign(value);
    statement_->bind(++at_, kept);
    return *this;
}

Binder& Binder::text_or_null(std::string_view value) {
    if (!value.empty()) return text(value);
    statement_->bind_null(++at_);
    return *this;
}

bool Tables::prepare(const database::Database& database) {
    ticket_ = database.prepare(
        upsert("tickets", ticket_columns, "id",
               {"now_for", "paper", "paper_reason", "copy", "state", "void_reason",
                "first_called_ms", "first_served_ms", "ended_ms", "counter", "staff", "calls",
                "recalls", "no_shows", "transfers", "holds", "undone", "wait_s", "service_s"}));
    stand_ =
        database.prepare(upsert("stands", stand_columns, "ticket, n",
                                {"seq", "service", "class", "counter", "staff", "why", "passed",
                                 "utc_offset_min", "since_ms", "called_ms", "recalls", "served_ms",
                                 "ended_ms", "ended_by", "to_service", "wait_s", "service_s"}));
    drop_stands_ = database.prepare("DELETE FROM stands WHERE ticket = ? AND n > ?");
    change_ = database.prepare(
        "INSERT INTO changes (seq, day, at_ms, utc_offset_min, kind, counter, staff, service, "
        "label, "
        "detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    paper_ =
        database.prepare("UPDATE tickets SET paper = ?, paper_reason = ?, copy = ? WHERE id = ?");
    refusal_ = database.prepare(
        "INSERT INTO refusals (day, asked, service, reason, times) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET times = times + excluded.times");
    return ticket_ && stand_ && drop_stands_ && change_ && paper_ && refusal_;
}

bool Tables::write(const Ticket& ticket) {
    const Sums sums{ticket};
    const auto* const last = ticket.stands.empty() ? nullptr : &ticket.stands.back();
    std::optional<std::int64_t> estimate;
    if (ticket.estimate.count() != 0) estimate = ticket.estimate.count();
    bind_.begin(ticket_)
        .number(signed_value(ticket.ref.id))
        .text(to_iso(ticket.day))
        .text(ticket.ref.label)
        .text(ticket.ref.series.view())
        .number(ticket.ref.number.value())
        .text(ticket.ref.service.view())
        .text(ticket.now_for.view())
        .text(word(journal::class_words, ticket.ticket_class))
        .text(ticket.kiosk.view())
        .number(ticket.utc_offset_min)
        .number(ticket.issued)
        .number(ticket.ahead)
        .number(estimate)
        .text_or_null(ticket.plan)
        .text(ticket.paper)
        .text_or_null(ticket.paper_reason)
        .number(ticket.copy ? 1 : 0)
        .text(word(journal::state_words, ticket.state))
        .text_or_null(ticket.void_reason)
        .number(sums.first_called)
        .number(sums.first_served)
        .number(ended(ticket))
        .text_or_null(last ? last->counter.view() : "")
        .text_or_null(last ? last->staff.view() : "")
        .number(static_cast<std::int64_t>(ticket.stands.size()))
        .number(sums.recalls)
        .number(sums.no_shows)
        .number(sums.transfers)
        .number(sums.holds)
        .number(ticket.undone)
        .number(sums.wait)
        .number(sums.service);
    if (!bind_.run()) return false;
    for (std::size_t n = 1; n <= ticket.stands.size(); ++n) {
        if (!write(ticket, n)) return false;
    }
    if (ticket.undone == 0) return true;
    return bind_.begin(drop_stands_)
        .number(signed_value(ticket.ref.id))
        .number(static_cast<std::int64_t>(ticket.stands.size()))
        .run();
}

bool Tables::write(const Ticket& ticket, std::size_t n) {
    const auto& stand = ticket.stands[n - 1];
    std::optional<std::int64_t> passed;
    if (stand.passed) passed = signed_value(stand.passed);
    return bind_.begin(stand_)
        .number(signed_value(ticket.ref.id))
        .number(static_cast<std::int64_t>(n))
        .number(static_cast<std::int64_t>(stand.seq))
        .text(to_iso(ticket.day))
        .text(stand.service.view())
        .text(word(journal::class_words, stand.ticket_class))
        .text(stand.counter.view())
        .text_or_null(stand.staff.view())
        .text(word(journal::why_words, stand.why))
        .number(passed)
        .number(stand.utc_offset_min)
        .number(stand.since)
        .number(stand.called)
        .number(stand.recalls)
        .number(stand.served)
        .number(stand.ended)
        .text_or_null(stand.ended_by)
        .text_or_null(stand.to_service.view())
        .number(stand.wait_s())
        .number(stand.service_s())
        .run();
}

bool Tables::write(const Change& change) {
    return bind_.begin(change_)
        .number(static_cast<std::int64_t>(change.seq))
        .text(to_iso(change.stamp.day))
        .number(change.stamp.wall.time_since_epoch().count())
        .number(change.stamp.utc_offset.count())
        .text(change.kind)
        .text_or_null(change.counter.view())
        .text_or_null(change.staff.view())
        .text_or_null(change.service.view())
        .text_or_null(change.label)
        .text_or_null(change.detail)
        .run();
}

bool Tables::write(const LatePaper& paper) {
    return bind_.begin(paper_)
        .text(paper.paper)
        .text_or_null(paper.reason)
        .number(paper.copy ? 1 : 0)
        .number(signed_value(paper.ticket))
        .run();
}

bool Tables::write(ServiceDay day, const Refused& refused, std::uint32_t times) {
    return bind_.begin(refusal_)
        .text(to_iso(day))
        .text(refused.asked)
        .text(refused.service.view())
        .text(refused.reason)
        .number(times)
        .run();
}

bool read_open_day(const database::Database& database, Fold& fold) {
    using Step = Statement::Step;
    const auto of_day = std::string{" WHERE day = (SELECT day FROM progress) "};
    auto tickets = database.prepare(std::string{"SELECT "} + ticket_columns + " FROM tickets" +
                                    of_day + "ORDER BY id");
    auto stands = database.prepare(std::string{"SELECT "} + stand_columns + " FROM stands" +
                                   of_day + "ORDER BY ticket, n");
    if (!tickets || !stands) return false;
    try {
        auto stand = stands.step();
        auto ticket = tickets.step();
        for (; ticket == Step::row; ticket = tickets.step()) {
            auto read = read_ticket(tickets, fold.day().value());
            while (stand == Step::row && Reader{stands}.ticket() == read.ref.id) {
                read.stands.push_back(read_stand(stands));
                stand = stands.step();
            }
            fold.restore(std::move(read));
        }
        return ticket == Step::done && stand == Step::done;
    } catch (const NotARow&) {
        return false;
    }
}

}  // namespace antrean::reports
