// The state is a fold of the events: an engine that applied them decides like the one that lived
// through them; and events that no engine can have decided are refused.
#include "tests/controller/engine_bench.hpp"

#include <set>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::engine::bench;

// SplitMix64: the same on every machine, unlike the distributions of the standard library.
struct Random {
    std::uint64_t state;
    std::uint64_t next() {
        std::uint64_t z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    template <class T>
    const T& one_of(const std::vector<T>& choices) {
        return choices[below(choices.size())];
    }
};

bool same(const std::vector<Event>& a, const std::vector<Event>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Event& x, const Event& y) {
        return x.fact == y.fact && x.stamp.wall == y.stamp.wall && x.stamp.day == y.stamp.day &&
               x.stamp.utc_offset == y.stamp.utc_offset;
    });
}

std::vector<Action> actions(TicketId ticket) {
    return {Issue{ktp},
            Issue{npwp},
            Issue{spt},
            CallNext{},
            Recall{ticket},
            Finish{ticket},
            NoShow{ticket},
            PrintReport{ticket, Outcome::printed, "none"},
            PrintReport{ticket, Outcome::unconfirmed, "no_answer", true},
            PrintReport{ticket, Outcome::not_printed, "paper_out"}};
}

const std::vector<DeviceId> devices{kiosk_1, kiosk_2, pad_1, pad_2, pad_3};

// Asks both all that can be asked about TICKET, and compares what they say.
bool decide_alike(const Engine& a, const Engine& b, TicketId ticket, const Now& now) {
    const Now tomorrow{now.wall, now.utc_offset, now.day + std::chrono::days{1}};
    if (a.next_seq() != b.next_seq() || a.day() != b.day()) return false;
    if (a.kiosks_with_pending_papers() != b.kiosks_with_pending_papers()) return false;
    if (!same(a.open_day(tomorrow), b.open_day(tomorrow))) return false;
    for (const auto device : devices) {
        if (a.last_request(device) != b.last_request(device)) return false;
        if (!same(a.doubt_papers(device, now), b.doubt_papers(device, now))) return false;
        for (const auto& action : actions(ticket)) {
            for (const auto request : {a.last_request(device), a.last_request(device).next()}) {
                if (!request) continue;
                const Command command{{device, request}, action};
                const auto of_a = a.decide(command, now);
                const auto of_b = b.decide(command, now);
                if (of_a.answer != of_b.answer || !same(of_a.events, of_b.events)) return false;
            }
        }
    }
    return true;
}

// What no history may hold, judged by the events alone.
class Judge {
public:
    void see(const Event& event) {
        if (std::holds_alternative<DayOpened>(event.fact)) {
            last_.clear();
            standing_.clear();
        } else if (const auto* issued = std::get_if<Issued>(&event.fact)) {
            auto& last = last_[issued->ticket.series];
            CHECK(issued->ticket.number == last.next());
            last = issued->ticket.number;
            CHECK(ids_.insert(issued->ticket.id).second);
        } else if (const auto* called = std::get_if<Called>(&event.fact)) {
            CHECK_FALSE(void_.contains(called->ticket.id));
            CHECK(called_.insert(called->ticket.id).second);
            CHECK(standing_.emplace(called->counter, called->ticket.id).second);
        } else if (const auto* finished = std::get_if<Finished>(&event.fact)) {
            CHECK(standing_.erase(finished->counter) == 1);
        } else if (const auto* missed = std::get_if<NotShown>(&event.fact)) {
            CHECK(standing_.erase(missed->counter) == 1);
        } else if (const auto* told = std::get_if<PaperReported>(&event.fact);
                   told && told->voids) {
            void_.insert(told->ticket.id);
            std::erase_if(standing_, [&](const auto& at) { return at.second == told->ticket.id; });
        }
    }
    std::size_t calls() const { return called_.size(); }
    std::size_t voids() const { return void_.size(); }

private:
    std::map<SeriesId, TicketNumber> last_;
    std::map<CounterId, TicketId> standing_;
    std::set<TicketId> ids_, called_, void_;
};

TEST_CASE("an engine that folded the events decides like the live one at every point", "[engine]") {
    std::size_t calls = 0;
    std::size_t voids = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Random random{seed};
        Bench bench;
        Engine shadow{catalog()};
        Judge judge;
        std::size_t seen = 0;
        std::size_t opening = 0;  // where the open day begins in the history
        std::vector<TicketId> recent{TicketId{1}};
        int day = 0;
        for (int step = 0; step < 400; ++step) {
            const auto dice = random.below(100);
            if (dice < 1) {
                bench.go_to_day(day += 1 + static_cast<int>(random.below(3)));
            } else if (dice < 5) {
                bench.apply(
                    bench.engine.doubt_papers(random.below(2) ? kiosk_1 : kiosk_2, bench.now));
            } else {
                // Mostly what makes sense there, now and then what does not.
                const auto device = random.one_of(devices);
                const auto all = actions(random.one_of(recent));
                const bool is_kiosk = device == kiosk_1 || device == kiosk_2;
                auto action = random.below(20) == 0  ? random.one_of(all)
                              : !is_kiosk            ? all[3 + random.below(4)]
                              : random.below(3) == 0 ? all[random.below(3)]
                                                     : all[7 + random.below(3)];
                auto request = bench.engine.last_request(device).next();
                if (const auto n = random.below(20); n < 2 && request.value() > n + 1) {
                    request = RequestId{request.value() - n - 1};
                }
                bench.ask(device, action, request);
            }
            for (; seen < bench.history.size(); ++seen) {
                const auto& event = bench.history[seen];
                if (std::holds_alternative<DayOpened>(event.fact)) opening = seen;
                if (const auto* issued = std::get_if<Issued>(&event.fact)) {
                    recent.push_back(issued->ticket.id);
                    if (recent.size() > 6) recent.erase(recent.begin());
                }
                shadow.apply(event);
                judge.see(event);
            }
            if (!decide_alike(bench.engine, shadow, random.one_of(recent), bench.now)) {
                FAIL("seed " << seed << ", step " << step << ": the shadow decides otherwise");
            }
            if (step % 40 != 39) continue;
            // A restart knows nothing from before the open day.
            Engine restarted{catalog(), opening + 1};
            for (auto at = opening; at < bench.history.size(); ++at) {
                restarted.apply(bench.history[at]);
            }
            if (!decide_alike(bench.engine, restarted, random.one_of(recent), bench.now)) {
                FAIL("seed " << seed << ", step " << step << ": a restart decides otherwise");
            }
        }
        calls += judge.calls();
        voids += judge.voids();
    }
    // The histories had something in them.
    CHECK(calls > 500);
    CHECK(voids > 100);
}

TEST_CASE("events that cannot have happened are refused", "[engine]") {
    Bench bench;
    const auto waiting = bench.take();
    const auto pending = bench.press(kiosk_2);
    const auto standing = bench.take(kiosk_1, spt);
    REQUIRE(bench.call(pad_3) == standing.label);
    const auto over = bench.take(kiosk_1, spt);
    bench.report(kiosk_1, bench.press(), Outcome::not_printed);
    const auto loket_1 = counter("loket-1");
    const auto loket_3 = counter("loket-3");
    const RequestId fresh{1000};
    const auto& here = bench.now;
    const TicketRef next{TicketId{bench.engine.next_seq()}, series("b"), TicketNumber{1}, "B1-001",
                         npwp};
    auto wrong_id = next;
    wrong_id.id = wrong_id.id.next();
    auto wrong_number = next;
    wrong_number.number = TicketNumber{2};
    auto unknown = waiting;
    unknown.id = TicketId{9999};

    const std::pair<const char*, Event> broken[]{
        {"a ticket whose id is not its sequence number",
         {here, Issued{{kiosk_1, fresh}, wrong_id, 0}}},
        {"a number that leaves a gap", {here, Issued{{kiosk_1, fresh}, wrong_number, 0}}},
        {"a request id below the last", {here, Issued{{kiosk_1, RequestId{1}}, next, 0}}},
        {"a call of a ticket that there is not", {here, Called{{pad_1, fresh}, unknown, loket_1}}},
        {"a call of one whose paper is pending", {here, Called{{pad_1, fresh}, pending, loket_1}}},
        {"a call of one who stands called", {here, Called{{pad_1, fresh}, standing, loket_1}}},
        {"a call at a counter where one stands", {here, Called{{pad_3, fresh}, over, loket_3}}},
        {"a recall of one who waits", {here, Recalled{{pad_1, fresh}, waiting, loket_1}}},
        {"a recall at another counter", {here, Recalled{{pad_1, fresh}, standing, loket_1}}},
        {"the end of one who waits", {here, Finished{{}, waiting, loket_1}}},
        {"the end at another counter", {here, Finished{{}, standing, loket_1}}},
        {"a no show of one who waits", {here, NotShown{{pad_1, fresh}, waiting, loket_1}}},
        {"a no show at another counter", {here, NotShown{{pad_1, fresh}, standing, loket_1}}},
        {"a report of a paper that is settled",
         {here, PaperReported{{kiosk_1, fresh}, waiting, Outcome::printed, "none"}}},
        {"a report by another kiosk",
         {here, PaperReported{{kiosk_1, fresh}, pending, Outcome::printed, "none"}}},
        {"a report of a ticket that there is not",
         {here, PaperReported{{kiosk_1, fresh}, unknown, Outcome::printed, "none"}}},
        {"a doubt about a paper that is settled", {here, PaperDoubted{waiting}}},
        {"a doubt about a ticket that there is not", {here, PaperDoubted{unknown}}},
        {"the expiry of one who was called", {here, Expired{standing}}},
        {"the open day opened again", {here, DayOpened{}}},
        {"an earlier day", {noon(-1), DayOpened{}}},
        {"an event of another day", {noon(1), Refused{{kiosk_1, fresh}, {}, Refusal::series_full}}},
        {"a carried paper that is of today", {here, CarriedPaper{kiosk_2, pending}}},
    };
    for (const auto& [what, event] : broken) {
        INFO(what);
        auto engine = bench.engine;
        CHECK_THROWS_AS(engine.apply(event), BrokenHistory);
    }
    Engine empty{catalog()};
    CHECK_THROWS_AS(empty.apply({here, Refused{{kiosk_1, fresh}, {}, Refusal::series_full}}),
                    BrokenHistory);
}

}  // namespace
