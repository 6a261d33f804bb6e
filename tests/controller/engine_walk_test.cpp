// Random walks through all commands, over days, sites and epochs. At every step the engine must
// answer as the book says; and an engine that folded the history must decide alike.
#include "tests/controller/engine_bench.hpp"
#include "tests/sim/random.hpp"

#include <functional>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;
using namespace std::chrono_literals;
using sim::Random;

bool same(const std::vector<Event>& a, const std::vector<Event>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Event& x, const Event& y) {
        return x.fact == y.fact && x.stamp == y.stamp;
    });
}

template <class T>
T one_of(Random& random, const std::vector<T>& choices) {
    return choices.at(random.below(choices.size()));
}

const std::vector<DeviceId> devices{kiosk_1, kiosk_2, pad_1, pad_2, pad_3, operator_device};

Catalog some_site(Random& random) {
    auto site = catalog();
    site.version = "v" + std::to_string(random.below(1000));
    const std::vector kinds{Policy::Kind::arrival, Policy::Kind::strict, Policy::Kind::interleave};
    for (auto& [id, counter] : site.counters) {
        counter.policy = {one_of(random, kinds), static_cast<std::uint32_t>(random.between(1, 3)),
                          static_cast<std::uint32_t>(random.between(1, 2)),
                          static_cast<std::uint32_t>(random.below(5))};
    }
    auto& rules = site.rules;
    rules.recall_limit = static_cast<std::uint32_t>(random.below(3));
    rules.no_show_returns = static_cast<std::uint32_t>(random.below(3));
    rules.transfer_place = one_of(random, std::vector{Place::front, Place::back, Place::arrival});
    if (random.chance(300)) rules.hall_limit = static_cast<std::uint32_t>(random.between(3, 20));
    rules.fate = random.chance(500) ? Fate::void_all : Fate::serve;
    rules.sign_in_required = random.chance(200);
    if (random.chance(300)) site.services.at(ktp).quota = 25;
    if (random.chance(300)) site.services.at(ktp).then = {npwp, spt};
    if (random.chance(300)) site.services.at(npwp).then = {ktp};
    if (random.chance(300)) site.services.at(spt).then = {npwp, ktp, npwp};
    if (random.chance(300)) {
        Hours hours;
        hours.week.fill({{8h, 12h + 20min}, {12h + 40min, 13h}});
        site.services.at(npwp).hours = hours;
        site.services.at(npwp).last_ticket_before = 5min;
        if (random.chance(100)) site.holidays = {first_day(), first_day() + std::chrono::days{1}};
    }
    if (random.chance(100)) site.agencies.begin()->second.until = first_day();
    if (random.chance(300)) {
        site.counters.at(loket_2).shifts = {{{12h + 10min, 12h + 30min}, {series("c")}}};
    }
    if (random.chance(200)) site.staff.erase(budi);
    if (random.chance(250)) {  // a counter has left, and what it alone served
        site.counters.erase(loket_3);
        site.callpads.erase(pad_3);
        site.services.erase(spt);
        site.kiosks.at(kiosk_1) = {ktp, npwp};
        site.series.erase(series("c"));
    } else if (random.chance(250)) {
        site.counters.erase(loket_2);
        site.callpads.erase(pad_2);
        site.staff.erase(budi);
    }
    return site;
}

class Walk {
public:
    explicit Walk(std::uint64_t seed) : random_{seed}, bench_{some_site(random_)} {}

    // What went wrong; empty: nothing.
    std::string step() {
        const auto dice = random_.below(1000);
        if (dice < 3) {
            bench_.go_to_day(day_ += static_cast<int>(random_.between(1, 3)));
        } else if (dice < 6) {
            bench_.change_site(some_site(random_));
        } else if (dice < 8) {
            bench_.apply(bench_.engine.begin_epoch(bench_.now));
        } else if (dice < 10) {
            const auto label = one_of(random_, std::vector<std::string>{"A-", "B1-", "C-"}) +
                               std::to_string(random_.below(3000));
            bench_.apply(bench_.engine.heed_seen(*bench_.engine.day(), label, bench_.now));
        } else if (dice < 14) {
            const auto kiosk = random_.chance(500) ? kiosk_1 : kiosk_2;
            if (random_.chance(50)) ++incarnation_;
            bench_.apply(bench_.engine.heed_leases(kiosk, incarnation_, {}, bench_.now));
            bench_.apply(bench_.engine.grant_leases(kiosk, incarnation_, bench_.now));
        } else if (dice < 30) {
            bench_.apply(bench_.engine.doubt_papers(one_of(random_, devices), bench_.now));
        } else {
            if (auto wrong = ask(); !wrong.empty()) return wrong;
        }
        if (!bench_.book.wrong().empty()) return bench_.book.wrong().front();
        if (random_.chance(20)) return fold();
        return totals();
    }
    const Book& book() const { return bench_.book; }

private:
    TicketId some_ticket() {
        const auto ids = bench_.book.tickets();
        if (ids.empty() || random_.chance(10)) return TicketId{random_.below(10) + 1};
        // Mostly one of the last.
        const auto back =
            random_.below(random_.chance(100) ? ids.size() : std::min<std::size_t>(ids.size(), 12));
        return ids[ids.size() - 1 - back];
    }
    std::string some_label() {
        const auto* line = bench_.book.line(some_ticket());
        return line && !random_.chance(20) ? line->ref.label
                                           : "A-0" + std::to_string(random_.below(99));
    }
    TicketId standing(DeviceId device) {
        const auto pad = bench_.engine.catalog().callpads.find(device);
        for (const auto id : bench_.book.tickets()) {
            const auto* line = bench_.book.line(id);
            const bool stands = line->state == State::called || line->state == State::serving;
            if (stands && pad != bench_.engine.catalog().callpads.end() &&
                line->counter == pad->second)
                return id;
        }
        return some_ticket();
    }
    Action without_controller(DeviceId device) {
        std::vector<Lease> leases;
        for (const auto& [id, lease] : bench_.book.leases()) {
            if (lease.terms.kiosk == device || random_.chance(30)) leases.push_back(lease);
        }
        if (leases.empty()) return RetireLease{LeaseId{random_.below(5) + 1}};
        const auto lease = one_of(random_, leases);
        const auto given = static_cast<std::uint32_t>(lease.given.count());
        if (random_.chance(100)) return RetireLease{lease.terms.id, given};
        const auto last = bench_.engine.last_request(device);
        return IssueOffline{
            lease.terms.id,
            random_.chance(100) ? given : given + 1,
            one_of(random_, std::vector{ktp, npwp, spt}),
            one_of(random_, std::vector{TicketClass::regular, TicketClass::priority}),
            bench_.now.wall - std::chrono::seconds{random_.below(600)},
            random_.chance(50),
            random_.chance(300) ? last : RequestId{}};
    }
    // One of a few appointments of about now, so that most are used up sooner or later.
    Action check_in() {
        const auto& now = bench_.now;
        const auto about_now =
            std::chrono::floor<std::chrono::hours>(time_of_day(now.wall, now.utc_offset, now.day));
        CheckIn check_in;
        check_in.service = one_of(random_, std::vector{ktp, npwp, spt});
        check_in.day = now.day + std::chrono::days{random_.chance(100) ? 1 : 0};
        check_in.time = about_now + std::chrono::hours{random_.below(4)} - std::chrono::hours{1};
        check_in.genuine = !random_.chance(100);
        check_in.appointment = std::string{check_in.service.view()} +
                               std::to_string(check_in.day.time_since_epoch().count()) + '.' +
                               std::to_string(check_in.time.count()) + '.' +
                               std::to_string(random_.below(6));
        check_in.estimate = std::chrono::seconds{random_.below(1000)};
        return check_in;
    }
    Action at_kiosk(DeviceId device) {
        if (random_.chance(150)) return without_controller(device);
        if (random_.chance(200)) return check_in();
        const auto untold = bench_.book.untold(device);
        if (random_.chance(550) || untold.empty()) {
            return Issue{
                one_of(random_, std::vector{ktp, ktp, npwp, spt}),
                one_of(random_, std::vector{TicketClass::regular, TicketClass::regular,
                                            TicketClass::priority, TicketClass::appointment}),
                std::chrono::seconds{random_.below(1000)}};
        }
        auto told = random_.chance(50) ? some_ticket() : *untold.begin();
        return PrintReport{told,
                           one_of(random_, std::vector{Outcome::printed, Outcome::printed,
                                                       Outcome::unconfirmed, Outcome::not_printed}),
                           "none"};
    }
    Action at_counter(DeviceId device) {
        const auto id = random_.chance(60) ? some_ticket() : standing(device);
        switch (random_.below(30)) {
            case 0:
                return CallNamed{some_ticket(), {}};
            case 1:
                return CallNamed{{}, some_label()};
            case 2:
                return Recall{id};
            case 3:
            case 4:
                return Serve{id};
            case 5:
            case 6:
                return Finish{id};
            case 7:
            case 8:
                return NoShow{id};
            case 9:
            case 10:
                return Hold{id};
            case 11:
            case 12:
                return Transfer{id, one_of(random_, std::vector{ktp, npwp, spt})};
            case 13:
            case 14:
            case 15:
                return Undo{};
            case 16:
                return SignIn{one_of(random_, std::vector<std::string>{"1111", "2222", "3333"})};
            case 17:
                if (random_.chance(300)) return SignOut{};
                return OpenCounter{};
            case 18:
                if (random_.chance(200)) return PauseCounter{"prayer"};
                return OpenCounter{};
            case 19:
                return CallNext{static_cast<TicketClass>(random_.below(class_count))};
            default:
                return CallNext{};
        }
    }
    Action by_operator() {
        switch (random_.below(10)) {
            case 0:
                return PauseService{one_of(random_, std::vector{ktp, npwp, spt}), "no forms"};
            case 1:
            case 2:
                return ResumeService{one_of(random_, std::vector{ktp, npwp, spt})};
            case 3:
                if (random_.chance(300)) return CloseDay{};
                return ReopenDay{};
            case 4:
            case 5:
                return ReopenDay{};
            case 6:
                return VoidTicket{some_label()};
            default:
                return at_counter(pad_1);
        }
    }
    Command some_command() {
        auto device = one_of(random_, devices);
        if (device == operator_device && random_.chance(500)) device = kiosk_1;
        const bool is_kiosk = device == kiosk_1 || device == kiosk_2;
        // Now and then a device asks for what is not its business.
        const auto as = random_.chance(20) ? one_of(random_, devices) : device;
        auto action = as == operator_device            ? by_operator()
                      : as == kiosk_1 || as == kiosk_2 ? at_kiosk(is_kiosk ? device : as)
                                                       : at_counter(device);
        const auto where = one_of(random_, std::vector{loket_1, loket_2, loket_3, CounterId{}});
        const auto request = bench_.engine.last_request(device).value() + 1 + random_.below(2);
        return {{device, RequestId{request}}, std::move(action), where};
    }

    std::string ask() {
        bench_.now.wall +=
            std::chrono::milliseconds{random_.below(random_.chance(50) ? 60'000 : 4000)};
        if (random_.chance(5)) bench_.now.wall -= 20s;
        const auto& engine = bench_.engine;
        const auto command = some_command();
        const auto expected = bench_.book.expected(engine.catalog(), command, bench_.now);
        const auto decision = engine.decide(command, bench_.now);
        const auto over_again = engine.decide(command, bench_.now);
        if (decision.answer != over_again.answer || !same(decision.events, over_again.events))
            return "deciding changed something";
        const auto* refusal = std::get_if<Refusal>(&decision.answer);
        if ((refusal ? std::optional{*refusal} : std::nullopt) != expected.refusal) {
            return "action " + std::to_string(command.action.index()) + " is answered " +
                   (refusal ? std::to_string(static_cast<int>(*refusal)) : "yes") + ", not " +
                   (expected.refusal ? std::to_string(static_cast<int>(*expected.refusal)) : "yes");
        }
        if (refusal && decision.events.size() != 1) return "a refusal does more than refuse";
        if (const auto* called = std::get_if<CalledAnswer>(&decision.answer)) {
            const auto& fact = std::get<Called>(decision.events.back().fact);
            if (called->ticket.id != expected.called || fact.ticket != called->ticket)
                return "another is called than should be";
            if (fact.why != expected.why || fact.passed != expected.passed)
                return "a call tells a wrong reason, or passed another";
        }
        bench_.apply(decision.events);
        return asked_again(command, decision.answer);
    }
    std::string asked_again(const Command& command, const Answer& answer) const {
        const auto decide = [&](RequestId request, const Action& action) {
            return bench_.engine.decide({{command.origin.device, request}, action}, bench_.now);
        };
        const auto& id = command.origin.request;
        const auto again = decide(id, command.action);
        if (!again.events.empty() || again.answer != answer)
            return "asked again, it answers otherwise";
        const auto other = decide(id, Transfer{TicketId{1}, service("paspor")});
        if (!other.events.empty() || other.answer != Answer{Refusal::request_reused})
            return "a request id serves twice";
        const auto older = decide(RequestId{id.value() - 1}, command.action);
        if (id.value() > 1 &&
            (!older.events.empty() || older.answer != Answer{Refusal::stale_request}))
            return "an older request is answered";
        return {};
    }
    // What the engine shows of its totals, against the book's lines.
    std::string totals() const {
        const auto& engine = bench_.engine;
        for (const auto& [id, service] : engine.catalog().services) {
            const auto offer = engine.offer(id, bench_.now);
            if (offer.waiting != bench_.book.waiting(service.series))
                return "a queue's length is wrong";
            if (offer.refusal != bench_.book.expected_offer(engine.catalog(), id, bench_.now))
                return "an offer is wrong";
            if (service.quota &&
                *offer.left != *service.quota - std::min(*service.quota, bench_.book.given(id)))
                return "a quota is wrong";
        }
        return {};
    }
    // A restart decides as the engine that lived through it all.
    std::string fold() {
        const auto folded = bench_.folded();
        const auto& live = bench_.engine;
        if (folded.next_seq() != live.next_seq() || folded.epoch() != live.epoch() ||
            folded.site_version() != live.site_version() ||
            folded.kiosks_with_pending_papers() != live.kiosks_with_pending_papers())
            return "a restart knows otherwise";
        const auto& now = bench_.now;
        if (!same(folded.open_day(noon(day_ + 1)), live.open_day(noon(day_ + 1))))
            return "a restart ends the day otherwise";
        if (!same(folded.begin_epoch(now), live.begin_epoch(now)))
            return "a restart begins an epoch otherwise";
        const auto site = some_site(random_);
        if (!same(folded.change_site(site, now), live.change_site(site, now)))
            return "a restart changes the site otherwise";
        for (const auto device : devices) {
            if (!same(folded.doubt_papers(device, now), live.doubt_papers(device, now)))
                return "a restart doubts otherwise";
            if (!same(folded.grant_leases(device, incarnation_, now),
                      live.grant_leases(device, incarnation_, now)) ||
                !same(folded.heed_leases(device, incarnation_ + 1, {}, now),
                      live.heed_leases(device, incarnation_ + 1, {}, now)))
                return "a restart grants otherwise";
        }
        for (int i = 0; i < 40; ++i) {
            const auto command = some_command();
            const auto a = folded.decide(command, now);
            const auto b = live.decide(command, now);
            if (a.answer != b.answer || !same(a.events, b.events))
                return "a restart decides otherwise";
        }
        return {};
    }

    Random random_;
    int day_ = 0;
    std::uint64_t incarnation_ = 1;
    Bench bench_;
};

TEST_CASE("on random walks the engine does as the book says, and folds to itself",
          "[engine][R2][R7][R8][R17]") {
    std::size_t calls = 0, undos = 0, check_ins = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Walk walk{seed};
        for (int step = 0; step < 2000; ++step) {
            const auto wrong = walk.step();
            if (!wrong.empty()) FAIL("seed " << seed << ", step " << step << ": " << wrong);
        }
        calls += walk.book().calls();
        undos += walk.book().undos();
        check_ins += walk.book().check_ins();
    }
    // There was something in them.
    CHECK(calls > 5000);
    CHECK(undos > 300);
    CHECK(check_ins > 500);
}

}  // namespace
