// What the shells of all devices do alike: each event goes to the core, the core's actions are
// performed in their order, and it is woken at its deadline. Thread rule: everything on the
// io_context's one thread.
#pragma once

#include "proto/types.hpp"

#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::common {

template <class Core, class Action>
class CoreShell {
protected:
    using Actions = std::vector<Action>;

    CoreShell(boost::asio::io_context& io, Core core) : core_{std::move(core)}, timer_{io} {}
    ~CoreShell() = default;

    static SteadyTime now() { return std::chrono::steady_clock::now(); }

    virtual void perform(const Action& action) = 0;

    // EVENT tells the core, which adds to the Actions that it is given.
    template <class Event>
    void step(const Event& event) {
        Actions actions;
        event(actions);
        for (const auto& action : actions)
            perform(action);
        arm();
    }

    Core core_;

private:
    void arm() {
        const auto deadline = core_.deadline();
        if (!deadline) {
            timer_.cancel();
            return;
        }
        timer_.expires_at(*deadline);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) step([&](Actions& out) { core_.tick(now(), out); });
        });
    }

    boost::asio::steady_timer timer_;
};

}  // namespace antrean::common
