// The views of reports.db against a count by hand: from the events alone, ticket by ticket.
#include "controller/journal/words.hpp"
#include "tests/controller/reports_bench.hpp"

#include <optional>
#include <set>

namespace {

using namespace antrean;
using namespace antrean::engine;
using namespace antrean::reports::bench;
using antrean::reports::Reports;

// What was done with a ticket, and not taken back.
struct Life {
    Event issued;
    std::vector<Event> steps;
    std::optional<State> end;  // if it became void
};

template <class Fact>
const Fact* get(const Event& event) {
    return std::get_if<Fact>(&event.fact);
}

bool is_step(const Event& event) {
    return !get<Recalled>(event);
}

std::map<TicketId, Life> lives(const std::vector<reports::Numbered>& events) {
    std::map<TicketId, Life> lives;
    for (const auto& [seq, event] : events) {
        std::visit(
            [&, &event = event](const auto& fact) {
                if constexpr (requires { fact.ticket.id; }) {
                    using Fact = std::decay_t<decltype(fact)>;
                    auto& life = lives[fact.ticket.id];
                    if constexpr (std::is_same_v<Fact, Issued>) {
                        life.issued = event;
                    } else if constexpr (std::is_same_v<Fact, Undone>) {
                        while (!is_step(life.steps.back()))
                            life.steps.pop_back();
                        life.steps.pop_back();
                    } else if constexpr (std::is_same_v<Fact, Voided>) {
                        life.end = State::voided;
                        life.steps.push_back(event);
                    } else if constexpr (std::is_same_v<Fact, PaperReported>) {
                        if (!fact.voids) return;
                        life.end = State::voided;
                        life.steps.push_back(event);
                    } else if constexpr (requires { fact.counter; }) {
                        life.steps.push_back(event);
                    }
                }
            },
            event.fact);
    }
    return lives;
}

State state(const Life& life) {
    if (life.end) return *life.end;
    for (auto step = life.steps.rbegin(); step != life.steps.rend(); ++step) {
        if (get<Called>(*step)) return State::called;
        if (get<Served>(*step)) return State::serving;
        if (get<Held>(*step)) return State::held;
        if (get<Transferred>(*step)) return State::waiting;
        if (const auto* f = get<Finished>(*step)) return f->next ? State::waiting : State::done;
        if (const auto* f = get<NotShown>(*step)) return f->again ? State::waiting : State::no_show;
    }
    return State::waiting;
}

std::string hour(const Now& at) {
    const auto local = at.wall.time_since_epoch() + at.utc_offset;
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(local).count() % 24;
    return (hours < 10 ? "0" : "") + std::to_string(hours);
}

long seconds(const Now& from, const Now& to) {
    const auto time = std::chrono::floor<std::chrono::seconds>(to.wall - from.wall);
    return std::max(0L, static_cast<long>(time.count()));
}

struct Count {
    long calls = 0, recalls = 0, no_shows = 0, holds = 0, transfers = 0, served = 0;
    std::vector<long> waits, services;
};
using Counts = std::map<std::pair<std::string, std::string>, Count>;  // by dimension and its value

std::string agency(ServiceId service) {
    return service == id<ServiceId>("spt") ? "pajak" : "dukcapil";
}

// The finishes that the end of a day made: nobody knows how long these took.
std::set<std::string> finished_by_day(const std::vector<reports::Numbered>& events) {
    std::set<std::string> ids;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto* finished = get<Finished>(events[i].second);
        if (!finished || finished->origin) continue;
        if (i + 1 == events.size() || !get<Called>(events[i + 1].second)) {
            ids.insert(finished->ticket.label + hour(events[i].second.stamp));
        }
    }
    return ids;
}

// Of the days for which OF holds.
Counts count(const std::vector<reports::Numbered>& events, bool (*of)(ServiceDay)) {
    Counts counts;
    const auto by_day = finished_by_day(events);
    for (const auto& [ticket, life] : lives(events)) {
        if (!of(life.issued.stamp.day)) continue;
        auto service = get<Issued>(life.issued)->ticket.service;
        Now since = life.issued.stamp;
        bool waits = true;
        std::vector<Count*> at;
        Now began;
        bool came = false;
        const auto each = [&](auto change) {
            for (auto* count : at)
                change(*count);
        };
        for (const auto& step : life.steps) {
            const auto left = [&](bool took_time, bool will_wait) {
                const long took = seconds(began, step.stamp);
                if (took_time) each([&](Count& c) { c.services.push_back(took); });
                since = step.stamp;
                waits = will_wait;
            };
            if (const auto* f = get<Called>(step)) {
                const std::pair<std::string, std::string> keys[]{
                    {"all", ""},
                    {"agency", agency(service)},
                    {"service", std::string{service.view()}},
                    {"counter", std::string{f->counter.view()}},
                    {"staff", std::string{f->staff.view()}},
                    {"hour", hour(step.stamp)},
                    {"class", std::string{journal::word(journal::class_words, f->ticket_class)}}};
                at.clear();
                for (const auto& key : keys)
                    at.push_back(&counts[key]);
                const long waited = seconds(since, step.stamp);
                each([&](Count& c) {
                    ++c.calls;
                    if (waits) c.waits.push_back(waited);
                });
                began = step.stamp;
                came = false;
            } else if (get<Recalled>(step)) {
                each([](Count& c) { ++c.recalls; });
            } else if (get<Served>(step)) {
                began = step.stamp;
                came = true;
            } else if (const auto* finished = get<Finished>(step)) {
                each([](Count& c) { ++c.served; });
                left(
                    finished->origin || !by_day.contains(finished->ticket.label + hour(step.stamp)),
                    true);
                if (finished->next) service = finished->next->service;
            } else if (const auto* missing = get<NotShown>(step)) {
                each([](Count& c) { ++c.no_shows; });
                left(false, false);
                if (missing->again) service = missing->again->service;
            } else if (get<Held>(step)) {
                each([](Count& c) { ++c.holds; });
                left(came, false);
            } else if (const auto* moved = get<Transferred>(step)) {
                each([](Count& c) { ++c.transfers, ++c.served; });
                left(true, true);
                service = moved->to.service;
            }
        }
    }
    return counts;
}

std::string number(long value) {
    return std::to_string(value);
}

std::string statistics(const std::vector<long>& values) {
    if (values.empty()) return "0||";
    long sum = 0;
    for (const long value : values)
        sum += value;
    const auto n = static_cast<long>(values.size());
    return number(n) + "|" + number(sum / n) + "|" +
           number(*std::max_element(values.begin(), values.end()));
}

// Whether GIVEN lies in the same bucket as that of VALUES which is not less than a PART of them.
void check_in_bucket(std::vector<long> values, double part, const std::string& given) {
    if (values.empty()) {
        CHECK(given.empty());
        return;
    }
    const long bounds[]{60,   120,  180,  300,  420,  600,   900,      1200,
                        1800, 2700, 3600, 5400, 7200, 10800, 1'000'000};
    std::sort(values.begin(), values.end());
    std::size_t at = 0;
    while (static_cast<double>(at + 1) < part * static_cast<double>(values.size()))
        ++at;
    long low = 0;
    for (const long high : bounds) {
        if (values[at] <= high) {
            CHECK(std::stol(given) >= std::min(low, values.back()));
            CHECK(std::stol(given) <= std::min(high, values.back()));
            return;
        }
        low = high;
    }
}

std::vector<std::string> split(const std::string& row) {
    std::vector<std::string> cells{""};
    for (const char c : row) {
        if (c == '|') {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

void check_times(const fs::path& file, const std::string& period, const Counts& counts) {
    INFO(period);
    REQUIRE(counts.size() > 8);
    std::vector<std::string> expected, found;
    for (const auto& [key, c] : counts) {
        expected.push_back(key.first + "|" + key.second + "|" + number(c.calls) + "|" +
                           number(c.recalls) + "|" + number(c.served) + "|" + number(c.no_shows) +
                           "|" + number(c.holds) + "|" + number(c.transfers) + "|" +
                           statistics(c.waits) + "|" + statistics(c.services));
    }
    CHECK(rows(file,
               "SELECT by, id, calls, recalls, served, no_shows, holds, transfers, waits, "
               "wait_mean_s, wait_max_s, services, service_mean_s, service_max_s FROM times "
               "WHERE period = '" +
                   period + "' ORDER BY by, id") == expected);
    for (const auto& row :
         rows(file,
              "SELECT by, id, wait_median_s, wait_p90_s, service_median_s, service_p90_s "
              "FROM times WHERE period = '" +
                  period + "'")) {
        INFO(row);
        const auto cells = split(row);
        const auto& c = counts.at({cells[0], cells[1]});
        check_in_bucket(c.waits, 0.5, cells[2]);
        check_in_bucket(c.waits, 0.9, cells[3]);
        check_in_bucket(c.services, 0.5, cells[4]);
        check_in_bucket(c.services, 0.9, cells[5]);
    }
}

constexpr ServiceDay last_of_november = std::chrono::local_days{std::chrono::year{2026} / 11 / 30};

TEST_CASE("the views count what happened, of open and closed days, of months and years",
          "[reports]") {
    // 29 and 30 November are over, 1 December is open.
    Hall hall{GENERATE(1U, 2U, 3U)};
    hall.go_on(250), hall.day(), hall.go_on(400), hall.day(), hall.go_on(400);
    const Folder folder;
    const auto file = folder / "r";
    auto reports = Reports::open(file, names());
    REQUIRE(reports.has_value());
    REQUIRE(reports->append(hall.events));
    REQUIRE(reports->count());

    check_times(file, "2026-11-30",
                count(hall.events, [](ServiceDay day) { return day == last_of_november; }));
    check_times(file, "2026-12-01",
                count(hall.events, [](ServiceDay day) { return day > last_of_november; }));
    CHECK(rows(file, "SELECT by, id, calls FROM times WHERE period = 'today'") ==
          rows(file, "SELECT by, id, calls FROM times WHERE period = '2026-12-01'"));
    check_times(file, "2026-11",
                count(hall.events, [](ServiceDay day) { return day <= last_of_november; }));
    check_times(file, "2026", count(hall.events, [](ServiceDay) { return true; }));

    std::map<State, long> states;
    long issued = 0;
    for (const auto& [ticket, life] : lives(hall.events)) {
        ++states[state(life)];
        ++issued;
    }
    std::string expected = number(issued);
    for (const auto& [one_state, word] : journal::state_words)
        expected += "|" + number(states[one_state]);
    const std::string sums = "issued, waiting, called, serving, held, done, no_show, voided";
    CHECK(one(file, "SELECT " + sums + " FROM balance WHERE period = '2026' AND by = 'all'") ==
          expected);
    for (const std::string by : {"agency", "service", "hour", "class"}) {
        CHECK(one(file,
                  "SELECT sum(issued), sum(waiting), sum(called), sum(serving), sum(held), "
                  "sum(done), sum(no_show), sum(voided) FROM balance WHERE period = '2026' "
                  "AND by = '" +
                      by + "'") == expected);
    }
    CHECK(one(file,
              "SELECT count(*) FROM balance WHERE issued <> waiting + called + serving + "
              "held + done + no_show + voided") == "0");
    CHECK(one(file, "SELECT count(*), count(agency) = count(*) FROM ticket_list") ==
          number(issued) + "|1");
    // What is counted by day is what is counted from the tickets one by one.
    CHECK(rows(file,
               "SELECT period, issued, voided FROM balance WHERE by = 'all' AND "
               "length(period) = 10 ORDER BY 1") ==
          rows(file, "SELECT day, count(*), sum(state = 'voided') FROM tickets GROUP BY 1"));
}

TEST_CASE("calls out of order are told with who was passed over", "[reports][R8]") {
    Hall hall{0};
    hall.press("ktp"), hall.press("ktp", TicketClass::priority);
    hall.wait(std::chrono::seconds{60}), hall.ask("pad-1", CallNext{});
    const Folder folder;
    const auto file = folder / "r";
    auto reports = Reports::open(file, names());
    REQUIRE(reports.has_value());
    REQUIRE(reports->append(hall.events));
    REQUIRE(reports->count());
    CHECK(rows(file, "SELECT * FROM out_of_order") ==
          std::vector<std::string>{
              "2026-11-29|2026-11-29 07:01:00|A-002|priority|loket-1||priority|A-001"});
}

TEST_CASE("refusals are counted with their reason", "[reports]") {
    Hall hall{0};
    hall.ask("pad-1", CallNext{}), hall.ask("pad-2", CallNext{});
    hall.ask("kiosk-1", Issue{id<ServiceId>("unknown")});
    const Folder folder;
    auto reports = Reports::open(folder / "r", names());
    REQUIRE(reports.has_value());
    REQUIRE(reports->append(hall.events));
    REQUIRE(reports->count());
    CHECK(rows(folder / "r", "SELECT * FROM refusals") ==
          std::vector<std::string>{"2026-11-29|call_next||nobody_waits|2",
                                   "2026-11-29|issue|unknown|unknown_service|1"});
}

}  // namespace
