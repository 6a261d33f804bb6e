#include "controller/journal/row.hpp"

#include "controller/journal/words.hpp"
#include "proto/day.hpp"

#include <string_view>
#include <utility>

namespace antrean::journal {
namespace {

using namespace engine;

// A row that no engine wrote.
struct NotARow {};

template <class Enum, std::size_t N>
Enum value(const Word<Enum> (&words)[N], const Row::Text& text) {
    const auto value = text ? meaning(words, *text) : std::nullopt;
    if (!value) throw NotARow{};
    return *value;
}

std::int64_t signed_value(auto id) {
    return static_cast<std::int64_t>(id.value());
}

struct ToRow {
    Row& row;

    template <class Tag>
    static void put(Row::Text& column, const TextId<Tag>& id) {
        column.emplace(id.view());
    }
    // Null where there is none.
    template <class Tag>
    static void put_any(Row::Text& column, const TextId<Tag>& id) {
        if (id) column.emplace(id.view());
    }
    static void put_any(Row::Text& column, const std::string& text) {
        if (!text.empty()) column = text;
    }
    static void put_any(Row::Number& column, TicketId ticket) {
        if (ticket) column = signed_value(ticket);
    }
    template <class Enum, std::size_t N>
    static void put(Row::Text& column, const Word<Enum> (&words)[N], Enum value) {
        column.emplace(word(words, value));
    }
    void put(const Origin& origin) {
        put(row.device, origin.device);
        row.request = signed_value(origin.request);
    }
    template <class T>
    void put(const std::optional<T>& given) {
        if (given) put(*given);
    }
    void put(const TicketRef& ticket) {
        row.ticket = signed_value(ticket.id);
        put(row.series, ticket.series);
        row.number = signed_value(ticket.number);
        row.label = ticket.label;
        put(row.service, ticket.service);
    }
    void put(TicketClass ticket_class) { put(row.ticket_class, class_words, ticket_class); }
    void put(std::chrono::seconds estimate) {
        if (estimate.count() != 0) row.estimate_s = estimate.count();
    }
    void put(const std::vector<ServiceId>& plan) {
        if (plan.empty()) return;
        auto& text = row.plan.emplace();
        for (const auto& service : plan) {
            if (!text.empty()) text += ' ';
            text += service.view();
        }
    }
    void put(const Onward& to) {
        put(row.to_service, to.service);
        put(row.queue, to.queue);
        row.place = to.order;
    }
    void put(const LeaseTerms& lease) {
        row.lease = signed_value(lease.id);
        put(row.device, lease.kiosk);
        row.incarnation = static_cast<std::int64_t>(lease.incarnation);
        put(row.series, lease.series);
        row.label = lease.label;
    }
    void put(const Asked& asked) {
        put(row.asked, asked_words, asked.kind);
        put_any(row.asked_service, asked.service);
        put_any(row.asked_ticket, asked.ticket);
        put_any(row.detail, asked.detail);
    }
    void at(const CounterId& counter, const StaffId& staff = {}) {
        put(row.counter, counter);
        put_any(row.staff, staff);
    }

    void operator()(const DayOpened& f) {
        row.kind = "day_opened";
        row.epoch = f.epoch;
    }
    void operator()(const Carried& f) {
        row.kind = "carried";
        put(f.origin), put(f.asked);
        if (const auto* ticket = std::get_if<TicketAnswer>(&f.answer)) {
            row.answer = "ticket";
            put(ticket->ticket), put(ticket->ticket_class), put(ticket->estimate);
            row.ahead = ticket->ahead;
            row.issued_day = to_iso(ticket->issued.day);
        } else if (const auto* called = std::get_if<CalledAnswer>(&f.answer)) {
            row.answer = "called";
            put(called->ticket);
        } else if (const auto* refusal = std::get_if<Refusal>(&f.answer)) {
            row.answer = "refused";
            put(row.reason, refusal_words, *refusal);
        } else {
            row.answer = "done";
        }
    }
    void operator()(const CarriedPaper& f) {
        row.kind = "carried_paper";
        put(row.device, f.kiosk);
        put(f.ticket);
    }
    void operator()(const CarriedLease& f) {
        row.kind = "carried_lease";
        put(f.lease.terms);
        row.given = to_text(f.lease.given);
        if (f.lease.end) put(row.reason, lease_end_words, *f.lease.end);
        row.days = f.lease.days;
        if (f.lease.end) row.number = f.lease.told;
    }
    void operator()(const LeaseGranted& f) {
        row.kind = "lease_granted";
        put(f.lease);
    }
    void operator()(const LeaseEnded& f) {
        row.kind = "lease_ended";
        put(f.lease), put(f.origin);
        put(row.reason, lease_end_words, f.how);
        row.number = f.given;
    }
    void operator()(const IssuedOffline& f) {
        row.kind = "issued_offline";
        put(f.origin), put(f.ticket), put(f.ticket_class), put(f.then);
        put(row.device, f.kiosk);
        row.lease = signed_value(f.lease);
        row.place = f.order;
        row.arrived_ms = f.arrived.time_since_epoch().count();
    }
    void operator()(const Noted& f) {
        row.kind = "noted";
        put(f.origin), put(f.asked);
    }
    void operator()(const Issued& f) {
        row.kind = "issued";
        put(f.origin), put(f.ticket), put(f.ticket_class), put(f.estimate), put(f.then);
        put_any(row.appointment, f.appointment);
        row.ahead = f.ahead;
    }
    void operator()(const PaperReported& f) {
        row.kind = "paper_reported";
        put(f.origin), put(f.ticket);
        put(row.outcome, outcome_words, f.outcome);
        row.reason = f.reason;
        row.copy = f.copy;
        row.voids = f.voids;
    }
    void operator()(const PaperDoubted& f) {
        row.kind = "paper_doubted";
        put(f.ticket);
    }
    void operator()(const PaperAbandoned& f) {
        row.kind = "paper_abandoned";
        put(f.ticket);
    }
    void operator()(const Called& f) {
        row.kind = "called";
        put(f.origin), put(f.ticket), put(f.ticket_class), put(f.asked), at(f.counter, f.staff);
        put(row.outcome, outcome_words, f.unconfirmed ? Outcome::unconfirmed : Outcome::printed);
        put(row.why, why_words, f.why);
        put_any(row.passed, f.passed);
        row.turn = f.turn;
    }
    void operator()(const Recalled& f) {
        row.kind = "recalled";
        put(f.origin), put(f.ticket), at(f.counter);
    }
    void operator()(const Served& f) {
        row.kind = "served";
        put(f.origin), put(f.ticket), at(f.counter, f.staff);
    }
    void operator()(const Finished& f) {
        row.kind = "finished";
        put(f.origin), put(f.ticket), at(f.counter, f.staff), put(f.next);
    }
    void operator()(const NotShown& f) {
        row.kind = "no_show";
        put(f.origin), put(f.ticket), at(f.counter, f.staff), put(f.again);
    }
    void operator()(const Held& f) {
        row.kind = "held";
        put(f.origin), put(f.ticket), at(f.counter, f.staff);
    }
    void operator()(const Transferred& f) {
        row.kind = "transferred";
        put(f.origin), put(f.ticket), at(f.counter, f.staff), put(f.to);
    }
    void operator()(const Undone& f) {
        row.kind = "undone";
        put(f.origin), put(f.ticket), at(f.counter, f.staff);
        put(row.step, step_words, f.step);
        put(row.state, state_words, f.state);
    }
    void operator()(const Voided& f) {
        row.kind = "voided";
        put(f.origin), put(f.ticket);
        put(row.reason, void_words, f.reason);
    }
    void operator()(const SignedIn& f) {
        row.kind = "signed_in";
        put(f.origin), at(f.counter), put(row.staff, f.staff);
    }
    void operator()(const SignedOut& f) {
        row.kind = "signed_out";
        put(f.origin), at(f.counter), put(row.staff, f.staff);
    }
    void operator()(const CounterPaused& f) {
        row.kind = "counter_paused";
        put(f.origin), at(f.counter), put_any(row.detail, f.reason);
    }
    void operator()(const CounterOpened& f) {
        row.kind = "counter_opened";
        put(f.origin), at(f.counter);
    }
    void operator()(const ServicePaused& f) {
        row.kind = "service_paused";
        put(f.origin), put(row.service, f.service), put_any(row.detail, f.reason);
    }
    void operator()(const ServiceResumed& f) {
        row.kind = "service_resumed";
        put(f.origin), put(row.service, f.service);
    }
    void operator()(const DayClosed& f) {
        row.kind = "day_closed";
        put(f.origin);
    }
    void operator()(const DayReopened& f) {
        row.kind = "day_reopened";
        put(f.origin);
    }
    void operator()(const SiteChanged& f) {
        row.kind = "site_changed";
        row.site = f.version;
    }
    void operator()(const Restored& f) {
        row.kind = "restored";
        row.epoch = f.epoch;
    }
    void operator()(const NumbersSkipped& f) {
        row.kind = "numbers_skipped";
        put(row.series, f.series);
        row.number = signed_value(f.last);
    }
    void operator()(const Refused& f) {
        row.kind = "refused";
        put(f.origin), put(f.asked);
        put(row.reason, refusal_words, f.reason);
    }
};

struct FromRow {
    const Row& row;

    template <class Id>
    static Id parsed(std::string_view text) {
        const auto id = Id::parse(text);
        if (!id) throw NotARow{};
        return *id;
    }
    template <class Id>
    Id name(const Row::Text& text) const {
        return parsed<Id>(given(text));
    }
    // Ids of 64 bits go through SQLite's signed integers and back as they are, for a device may
    // send any: the upper half is negative in the file.
    template <class Id>
    Id number(const Row::Number& number) const {
        using Rep = decltype(Id{}.value());
        if (given(number) == 0) throw NotARow{};
        if constexpr (sizeof(Rep) < sizeof *number) return Id{narrowed<Rep>(*number)};
        return Id{static_cast<Rep>(*number)};
    }
    TicketId any_ticket(const Row::Number& column) const {
        return column ? number<TicketId>(column) : TicketId{};
    }
    template <class To>
    static To narrowed(std::int64_t number) {
        if (!std::in_range<To>(number)) throw NotARow{};
        return static_cast<To>(number);
    }
    std::uint32_t count(const Row::Number& column) const {
        return narrowed<std::uint32_t>(given(column));
    }
    bool flag(const Row::Number& column) const {
        if (given(column) != 0 && *column != 1) throw NotARow{};
        return *column == 1;
    }
    template <class T>
    const T& given(const std::optional<T>& column) const {
        if (!column) throw NotARow{};
        return *column;
    }
    Origin origin() const { return {name<DeviceId>(row.device), number<RequestId>(row.request)}; }
    std::optional<Origin> any_origin() const {
        if (!row.device && !row.request) return std::nullopt;
        return origin();
    }
    TicketRef ticket() const {
        return {number<TicketId>(row.ticket), name<SeriesId>(row.series),
                number<TicketNumber>(row.number), given(row.label), name<ServiceId>(row.service)};
    }
    ServiceId service() const { return name<ServiceId>(row.service); }
    CounterId counter() const { return name<CounterId>(row.counter); }
    StaffId staff() const { return name<StaffId>(row.staff); }
    StaffId any_staff() const { return row.staff ? staff() : StaffId{}; }
    TicketClass ticket_class() const { return value(class_words, row.ticket_class); }
    std::chrono::seconds estimate() const {
        return std::chrono::seconds{row.estimate_s.value_or(0)};
    }
    std::vector<ServiceId> plan() const {
        std::vector<ServiceId> plan;
        if (!row.plan) return plan;
        for (std::string_view rest = *row.plan;;) {
            const auto end = rest.find(' ');
            plan.push_back(parsed<ServiceId>(rest.substr(0, end)));
            if (end == rest.npos) return plan;
            rest.remove_prefix(end + 1);
        }
    }
    Onward onward() const {
        return {name<ServiceId>(row.to_service), name<SeriesId>(row.queue), given(row.place)};
    }
    std::optional<Onward> any_onward() const {
        if (!row.to_service && !row.queue && !row.place) return std::nullopt;
        return onward();
    }
    std::string detail() const { return row.detail.value_or(""); }
    static ServiceDay day(const std::string& text) {
        const auto day = parse_day(text);
        if (!day) throw NotARow{};
        return *day;
    }
    Asked asked() const {
        const auto service = row.asked_service ? name<ServiceId>(row.asked_service) : ServiceId{};
        return {value(asked_words, row.asked), service, any_ticket(row.asked_ticket), detail()};
    }
    Answer answer(const Now& stamp) const {
        const auto& kind = given(row.answer);
        if (kind == "ticket") {
            const Now issued{stamp.wall, stamp.utc_offset, day(given(row.issued_day))};
            return TicketAnswer{ticket(), issued, count(row.ahead), ticket_class(), estimate()};
        }
        if (kind == "called") return CalledAnswer{ticket()};
        if (kind == "done") return DoneAnswer{};
        if (kind == "refused") return value(refusal_words, row.reason);
        throw NotARow{};
    }
    LeaseTerms lease() const {
        return {number<LeaseId>(row.lease), name<DeviceId>(row.device),
                static_cast<std::uint64_t>(given(row.incarnation)), name<SeriesId>(row.series),
                given(row.label)};
    }
    Lease carried_lease() const {
        const auto numbers = parse_numbers(given(row.given));
        if (!numbers) throw NotARow{};
        const auto end =
            row.reason ? std::optional{value(lease_end_words, row.reason)} : std::nullopt;
        return {lease(),       *numbers, end, count(row.days), end ? count(row.number) : 0,
                numbers->any()};
    }
    LeaseEnded lease_ended() const {
        return {row.request ? std::optional{origin()} : std::nullopt, lease(),
                value(lease_end_words, row.reason), count(row.number)};
    }
    IssuedOffline issued_offline() const {
        return {row.request ? std::optional{origin()} : std::nullopt,
                ticket(),
                name<DeviceId>(row.device),
                number<LeaseId>(row.lease),
                given(row.place),
                WallTime{std::chrono::milliseconds{given(row.arrived_ms)}},
                ticket_class(),
                plan()};
    }
    Called called() const {
        const auto paper = value(outcome_words, row.outcome);
        if (paper == Outcome::not_printed) throw NotARow{};
        return {origin(),
                ticket(),
                counter(),
                paper == Outcome::unconfirmed,
                any_staff(),
                ticket_class(),
                value(why_words, row.why),
                any_ticket(row.passed),
                count(row.turn),
                asked()};
    }
    // The kinds that a day has most of come first.
    Fact fact(const Now& stamp) const {
        const std::string_view kind = row.kind;
        if (kind == "issued") {
            return Issued{origin(),
                          ticket(),
                          count(row.ahead),
                          ticket_class(),
                          estimate(),
                          plan(),
                          row.appointment.value_or("")};
        }
        if (kind == "paper_reported") {
            return PaperReported{
                origin(),          ticket(),       value(outcome_words, row.outcome),
                given(row.reason), flag(row.copy), flag(row.voids)};
        }
        if (kind == "called") return called();
        if (kind == "served") return Served{origin(), ticket(), counter(), any_staff()};
        if (kind == "finished") {
            return Finished{any_origin(), ticket(), counter(), any_staff(), any_onward()};
        }
        if (kind == "no_show") {
            return NotShown{origin(), ticket(), counter(), any_staff(), any_onward()};
        }
        if (kind == "recalled") return Recalled{origin(), ticket(), counter()};
        if (kind == "refused") return Refused{origin(), asked(), value(refusal_words, row.reason)};
        if (kind == "held") return Held{origin(), ticket(), counter(), any_staff()};
        if (kind == "transferred") {
            return Transferred{origin(), ticket(), counter(), any_staff(), onward()};
        }
        if (kind == "undone") {
            return Undone{any_origin(),
                          ticket(),
                          counter(),
                          any_staff(),
                          value(step_words, row.step),
                          value(state_words, row.state)};
        }
        if (kind == "voided") return Voided{any_origin(), ticket(), value(void_words, row.reason)};
        if (kind == "paper_abandoned") return PaperAbandoned{ticket()};
        if (kind == "paper_doubted") return PaperDoubted{ticket()};
        if (kind == "issued_offline") return issued_offline();
        if (kind == "lease_granted") return LeaseGranted{lease()};
        if (kind == "lease_ended") return lease_ended();
        if (kind == "carried_lease") return CarriedLease{carried_lease()};
        if (kind == "noted") return Noted{origin(), asked()};
        if (kind == "signed_in") return SignedIn{origin(), staff(), counter()};
        if (kind == "signed_out") return SignedOut{any_origin(), staff(), counter()};
        if (kind == "counter_paused") return CounterPaused{origin(), counter(), detail()};
        if (kind == "counter_opened") return CounterOpened{origin(), counter()};
        if (kind == "service_paused") return ServicePaused{origin(), service(), detail()};
        if (kind == "service_resumed") return ServiceResumed{origin(), service()};
        if (kind == "day_opened") return DayOpened{count(row.epoch)};
        if (kind == "carried") return Carried{origin(), asked(), answer(stamp)};
        if (kind == "carried_paper") return CarriedPaper{name<DeviceId>(row.device), ticket()};
        if (kind == "day_closed") return DayClosed{origin()};
        if (kind == "day_reopened") return DayReopened{origin()};
        if (kind == "site_changed") return SiteChanged{given(row.site)};
        if (kind == "restored") return Restored{count(row.epoch)};
        if (kind == "numbers_skipped") {
            return NumbersSkipped{name<SeriesId>(row.series), number<TicketNumber>(row.number)};
        }
        throw NotARow{};
    }
};

}  // namespace

Row to_row(const Event& event) {
    Row row;
    row.day = to_iso(event.stamp.day);
    row.at_ms = event.stamp.wall.time_since_epoch().count();
    row.utc_offset_min = event.stamp.utc_offset.count();
    std::visit(ToRow{row}, event.fact);
    return row;
}

std::optional<Event> from_row(const Row& row) {
    const auto day = parse_day(row.day);
    if (!day) return std::nullopt;
    const Now stamp{WallTime{std::chrono::milliseconds{row.at_ms}},
                    std::chrono::minutes{row.utc_offset_min}, *day};
    try {
        return Event{stamp, FromRow{row}.fact(stamp)};
    } catch (const NotARow&) {
        return std::nullopt;
    }
}

}  // namespace antrean::journal
