#include "tools/benchmark/crowd.hpp"

#include "controller/engine/engine.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <variant>

namespace antrean::benchmark {
namespace {

using namespace engine;

const auto kiosk = *DeviceId::parse("kiosk");
const auto pad = *DeviceId::parse("pad");
const std::array services{*ServiceId::parse("one"), *ServiceId::parse("other")};

Catalog catalog() {
    const auto agency = *AgencyId::parse("agency");
    const auto counter = *CounterId::parse("counter");
    const std::array series{*SeriesId::parse("one"), *SeriesId::parse("other")};
    Catalog made;
    made.agencies = {{agency, {}}};
    made.series = {{series[0], {agency, "A"}}, {series[1], {agency, "B"}}};
    made.services = {{services[0], {series[0], agency}}, {services[1], {series[1], agency}}};
    made.counters = {{counter, {{series[0], series[1]}}}};
    made.counters.at(counter).policy = {Policy::Kind::interleave, 2, 1, 10};
    made.kiosks = {{kiosk, {services[0], services[1]}}};
    made.callpads = {{pad, counter}};
    return made;
}

Now noon() {
    const ServiceDay day{std::chrono::days{20'000}};
    return {WallTime{day.time_since_epoch() + std::chrono::hours{5}}, std::chrono::hours{7}, day};
}

TicketClass class_of(std::size_t i) {
    if (i % 10 == 3) return TicketClass::priority;
    return i % 10 == 7 ? TicketClass::appointment : TicketClass::regular;
}

Answer ask(Engine& engine, DeviceId device, const Action& action) {
    const auto decision =
        engine.decide({{device, engine.last_request(device).next()}, action}, noon());
    for (const auto& event : decision.events)
        engine.apply(event);
    return decision.answer;
}

}  // namespace

Crowd run_crowd(std::size_t waiting) {
    Engine engine{catalog()};
    for (const auto& event : engine.open_day(noon()))
        engine.apply(event);
    for (std::size_t i = 0; i < waiting; ++i) {
        const auto answer = ask(engine, kiosk, Issue{services.at(i % 2), class_of(i)});
        const auto* given = std::get_if<TicketAnswer>(&answer);
        if (given == nullptr) throw std::runtime_error{"the engine gives no ticket"};
        ask(engine, kiosk, PrintReport{given->ticket.id, Outcome::printed, "none"});
    }
    Sample calls{waiting / 2};
    for (std::size_t i = 0; i < waiting / 2; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const auto answer = ask(engine, pad, CallNext{});
        calls.add(std::chrono::steady_clock::now() - begin);
        if (std::holds_alternative<Refusal>(answer))
            throw std::runtime_error{"the engine calls nobody"};
    }
    return {waiting, calls.summary()};
}

}  // namespace antrean::benchmark
