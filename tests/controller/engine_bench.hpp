// A small hall for the engine's tests, and a hand that asks: two agencies, one of them with two
// series, two kiosks, three counters. Every event that was applied is kept, and written in a book.
#pragma once

#include "controller/engine/engine.hpp"
#include "tests/catch.hpp"
#include "tests/controller/engine_book.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace antrean::engine {

// For what a failed check prints.
inline std::ostream& operator<<(std::ostream& out, Refusal refusal) {
    return out << "refusal " << static_cast<int>(refusal);
}

namespace bench {

inline DeviceId device(std::string_view name) {
    return DeviceId::parse(name).value();
}
inline ServiceId service(std::string_view name) {
    return ServiceId::parse(name).value();
}
inline SeriesId series(std::string_view name) {
    return SeriesId::parse(name).value();
}
inline CounterId counter(std::string_view name) {
    return CounterId::parse(name).value();
}

inline const DeviceId kiosk_1 = device("kiosk-1");  // has a button for each service
inline const DeviceId kiosk_2 = device("kiosk-2");  // has one for ktp alone
inline const DeviceId pad_1 = device("pad-1");      // at loket-1, which serves a and b
inline const DeviceId pad_2 = device("pad-2");      // at loket-2, which serves a
inline const DeviceId pad_3 = device("pad-3");      // at loket-3, which serves c
inline const ServiceId ktp = service("ktp");        // series a
inline const ServiceId npwp = service("npwp");      // series b
inline const ServiceId spt = service("spt");        // series c

inline const CounterId loket_1 = counter("loket-1");
inline const CounterId loket_2 = counter("loket-2");
inline const CounterId loket_3 = counter("loket-3");
inline const StaffId ani = StaffId::parse("ani").value();    // may sign in everywhere
inline const StaffId budi = StaffId::parse("budi").value();  // at loket-2 alone

inline Catalog catalog() {
    const auto dukcapil = AgencyId::parse("dukcapil").value();
    const auto pajak = AgencyId::parse("pajak").value();
    Catalog catalog;
    catalog.agencies = {{dukcapil, {}}, {pajak, {}}};
    catalog.series = {
        {series("a"), {dukcapil, "A"}}, {series("b"), {pajak, "B1"}}, {series("c"), {pajak, "C"}}};
    catalog.services = {
        {ktp, {series("a"), dukcapil}}, {npwp, {series("b"), pajak}}, {spt, {series("c"), pajak}}};
    catalog.counters = {{loket_1, {{series("a"), series("b")}}},
                        {loket_2, {{series("a")}}},
                        {loket_3, {{series("c")}}}};
    catalog.kiosks = {{kiosk_1, {ktp, npwp, spt}}, {kiosk_2, {ktp}}};
    catalog.callpads = {{pad_1, loket_1}, {pad_2, loket_2}, {pad_3, loket_3}};
    catalog.staff = {{ani, {"1111"}}, {budi, {"2222", {loket_2}}}};
    return catalog;
}

inline ServiceDay first_day() {
    return ServiceDay{std::chrono::days{20'000}};
}

// Noon of the day that many days after the first.
inline Now noon(int days = 0) {
    using namespace std::chrono;
    const auto day = first_day() + std::chrono::days{days};
    return {WallTime{day.time_since_epoch() + hours{5}}, minutes{420}, day};
}

class Bench {
public:
    explicit Bench(Catalog site = catalog()) : engine{std::move(site)} { open_day(); }

    Engine engine;
    Now now = noon();
    std::vector<Event> history;
    Book book;

    void open_day() {
        opening_ = history.size();
        apply(engine.open_day(now));
        while (!std::holds_alternative<DayOpened>(history.at(opening_).fact))
            ++opening_;
    }
    void go_to_day(int days) {
        now = noon(days);
        REQUIRE(engine.day_is_due(now));
        open_day();
    }
    void apply(const std::vector<Event>& events) {
        for (const auto& event : events) {
            book.see(event, engine.next_seq());
            engine.apply(event);
            history.push_back(event);
        }
        CHECK(book.wrong().empty());
    }
    void change_site(Catalog next) {
        apply(engine.change_site(next, now));
        engine.replace(std::move(next));
    }
    // What a restart makes of the journal: it knows nothing from before the open day.
    Engine folded() const {
        Engine made{engine.catalog(), opening_ + 1};
        for (auto at = opening_; at < history.size(); ++at)
            made.apply(history[at]);
        return made;
    }
    void restart() { engine = folded(); }
    // Decides and applies, under the device's next request id or under REQUEST.
    Decision ask(DeviceId who, Action action, std::optional<RequestId> request = std::nullopt,
                 CounterId where = {}) {
        now.wall += std::chrono::seconds{1};
        auto decision = engine.decide(
            {{who, request.value_or(engine.last_request(who).next())}, std::move(action), where},
            now);
        apply(decision.events);
        return decision;
    }
    // The operator asks, at the counter WHERE if one is concerned.
    Decision order(Action action, CounterId where = {}) {
        return ask(operator_device, std::move(action), std::nullopt, where);
    }
    std::optional<engine::State> state(const TicketRef& ticket) const {
        const auto* line = book.line(ticket.id);
        return line ? std::optional{line->state} : std::nullopt;
    }
    // What PAD calls next, whole.
    Called called(DeviceId pad = pad_1, std::optional<TicketClass> only = std::nullopt) {
        const auto decision = ask(pad, CallNext{only});
        REQUIRE(std::holds_alternative<CalledAnswer>(decision.answer));
        return std::get<Called>(decision.events.back().fact);
    }

    // A ticket whose paper is not settled yet.
    TicketRef press(DeviceId kiosk = kiosk_1, ServiceId which = ktp,
                    TicketClass ticket_class = TicketClass::regular) {
        const auto decision = ask(kiosk, Issue{which, ticket_class});
        REQUIRE(std::holds_alternative<TicketAnswer>(decision.answer));
        return std::get<TicketAnswer>(decision.answer).ticket;
    }
    Decision report(DeviceId kiosk, const TicketRef& ticket, Outcome outcome = Outcome::printed) {
        return ask(kiosk, PrintReport{ticket.id, outcome,
                                      outcome == Outcome::printed ? "none" : "paper_out", false});
    }
    // A ticket in its holder's hand.
    TicketRef take(DeviceId kiosk = kiosk_1, ServiceId which = ktp,
                   TicketClass ticket_class = TicketClass::regular) {
        auto ticket = press(kiosk, which, ticket_class);
        report(kiosk, ticket);
        return ticket;
    }
    // The label that PAD calls next; empty if nobody waits for it.
    std::string call(DeviceId pad = pad_1) {
        const auto decision = ask(pad, CallNext{});
        const auto* called = std::get_if<CalledAnswer>(&decision.answer);
        if (!called) CHECK(decision.answer == Answer{Refusal::nobody_waits});
        return called ? called->ticket.label : "";
    }

private:
    std::size_t opening_ = 0;  // where the open day begins in the history
};

inline const Answer done = DoneAnswer{};

template <class T>
const T& only(const Decision& decision) {
    REQUIRE(decision.events.size() == 1);
    REQUIRE(std::holds_alternative<T>(decision.events.front().fact));
    return std::get<T>(decision.events.front().fact);
}

// The facts of type T among EVENTS, in order.
template <class T>
std::vector<T> facts(const std::vector<Event>& events) {
    std::vector<T> found;
    for (const auto& event : events) {
        if (const auto* fact = std::get_if<T>(&event.fact)) found.push_back(*fact);
    }
    return found;
}

}  // namespace bench
}  // namespace antrean::engine
