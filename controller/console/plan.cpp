#include "controller/console/plan.hpp"

#include "controller/console/answers.hpp"

#include <type_traits>

#include <fmt/format.h>

namespace antrean::console {

namespace {

template <class... Kinds>
struct Among {
    template <class T>
    static constexpr bool has = (std::is_same_v<T, Kinds> || ...);
};
using OnWhoStandsThere = Among<engine::Recall, engine::Serve, engine::Finish, engine::NoShow,
                               engine::Hold, engine::Transfer>;

// One ACTION for each service of AGENCY.
template <class Make>
boost::system::result<std::vector<Ask>, RefusedLine> for_services(AgencyId agency,
                                                                  const site::Site& site,
                                                                  const Make& make) {
    if (!site.agency(agency)) {
        return RefusedLine{refused_line(
            "unknown_agency", fmt::format("the site file has no agency '{}'", agency.view()))};
    }
    std::vector<Ask> asks;
    for (const auto& service : site.services) {
        if (service.agency == agency) asks.push_back({make(service.id), {}, service.id});
    }
    return asks;
}

}  // namespace

boost::system::result<std::vector<Ask>, RefusedLine> plan(const Act& act,
                                                          const sessions::Hub& hub) {
    Ask ask{act.action, act.counter, {}};
    if (!act.counter) return std::vector{std::move(ask)};
    const auto* counter = hub.site().counter(act.counter);
    if (!counter) {
        return RefusedLine{
            refused_line("unknown_counter",
                         fmt::format("the site file has no counter '{}'", act.counter.view()))};
    }
    const auto standing = hub.hall().at(*counter).ticket.id;
    const bool named = std::visit(
        [&](auto& action) {
            if constexpr (OnWhoStandsThere::has<std::decay_t<decltype(action)>>) {
                if (!action.ticket) action.ticket = standing;
                return static_cast<bool>(action.ticket);
            }
            return true;
        },
        ask.action);
    if (!named) return RefusedLine{answer_line(engine::Refusal::not_called)};
    return std::vector{std::move(ask)};
}

boost::system::result<std::vector<Ask>, RefusedLine> plan(const PauseAgency& pause,
                                                          const sessions::Hub& hub) {
    return for_services(pause.agency, hub.site(), [&](ServiceId service) -> engine::Action {
        return engine::PauseService{service, pause.reason};
    });
}

boost::system::result<std::vector<Ask>, RefusedLine> plan(const ResumeAgency& resume,
                                                          const sessions::Hub& hub) {
    return for_services(resume.agency, hub.site(), [](ServiceId service) -> engine::Action {
        return engine::ResumeService{service};
    });
}

}  // namespace antrean::console
