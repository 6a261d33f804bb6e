#include "controller/engine/policy.hpp"

#include "proto/plant.hpp"

namespace antrean::engine {
namespace {

constexpr auto regular = static_cast<std::size_t>(TicketClass::regular);
constexpr auto priority = static_cast<std::size_t>(TicketClass::priority);
constexpr auto appointment = static_cast<std::size_t>(TicketClass::appointment);

// Of two who share a place, for no room was left between others, the lower id.
bool came_first(const std::optional<First>& a, const std::optional<First>& b) {
    return a && (!b || a->came_before(*b));
}

std::optional<std::size_t> strict(const Firsts& firsts) {
    for (const auto at : {priority, appointment, regular}) {
        if (firsts[at]) return at;
    }
    return std::nullopt;
}

std::optional<std::size_t> oldest(const Firsts& firsts) {
    std::optional<std::size_t> best;
    for (std::size_t at = 0; at < firsts.size(); ++at) {
        if (firsts[at] && (!best || came_first(firsts[at], firsts[*best]))) best = at;
    }
    return best;
}

Why why_of(std::size_t at) {
    if (at == priority) return Why::priority;
    return at == appointment ? Why::appointment : Why::turn;
}

}  // namespace

std::optional<Choice> choose(const Policy& policy, const Firsts& firsts, Turn turn,
                             std::optional<TicketClass> only) {
    const auto first_of_all = oldest(firsts);
    if (!first_of_all) return std::nullopt;
    auto at = first_of_all;
    Why why = Why::in_order;
    const auto& waits = firsts[regular];
    if (only) {
        at = static_cast<std::size_t>(*only);
        if (!firsts[*at]) return std::nullopt;
        why = Why::only;
    } else if (policy.kind != Policy::Kind::arrival && waits &&
               waits->passes >= policy.most_passes && !planted(Plant::starve_regular)) {
        at = regular;
        why = Why::guard;
    } else if (policy.kind == Policy::Kind::strict) {
        at = strict(firsts);
        why = why_of(*at);
    } else if (policy.kind == Policy::Kind::interleave) {
        const auto ahead =
            came_first(firsts[priority], firsts[appointment]) ? priority : appointment;
        const bool turn_of_regular = turn.at >= policy.ahead;
        at = waits && (turn_of_regular || !firsts[ahead]) ? regular : ahead;
        why = why_of(*at);
        // A turn that nobody was there to take does not pass.
        if ((at == regular) == turn_of_regular) {
            turn.at = (turn.at + 1) % (policy.ahead + policy.regular);
        }
    }
    Choice choice{firsts[*at]->ticket, static_cast<TicketClass>(*at), why, {}, turn};
    if (at == first_of_all) choice.why = Why::in_order;
    if (at != regular && came_first(waits, firsts[*at])) choice.passed = waits->ticket;
    return choice;
}

}  // namespace antrean::engine
