#include "firmware/kiosk/lamp_commands.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace antrean::kiosk {
namespace {

using device_console::Answer;
using device_console::Call;
using device_console::Record;
using device_console::refused;
using Ptr = std::shared_ptr<Call>;

// Long enough to walk the eye along a row of buttons.
constexpr std::chrono::seconds tried_for{1};

Record to_record(const LampBoard::State& lamp) {
    return {{"button", std::int64_t{lamp.button.value()}},
            {"led", lamp.led},
            {"lamp", std::string{to_text(lamp.lamp)}},
            {"trouble", lamp.trouble}};
}

Answer state(const LampBoard& lamps) {
    device_console::Table table{"lamps", {}};
    for (const auto& lamp : lamps.states())
        table.rows.push_back(to_record(lamp));
    Answer answer;
    answer.tables.push_back(std::move(table));
    return answer;
}

// Lights one after the other, from WHICH on, then answers.
void try_from(std::size_t which, const Ptr& call, LampBoard& lamps,
              const std::shared_ptr<boost::asio::steady_timer>& timer) {
    if (which == lamps.size()) {
        lamps.try_out(std::nullopt);
        call->on_cancel = nullptr;
        return call->finish(state(lamps));
    }
    lamps.try_out(which);
    const auto lamp = lamps.states()[which];
    call->row({{"button", std::int64_t{lamp.button.value()}}, {"led", lamp.led}});
    timer->expires_after(tried_for);
    timer->async_wait([which, call, &lamps, timer](const boost::system::error_code& error) {
        if (!error) try_from(which + 1, call, lamps, timer);
    });
}

void run(const Ptr& call, boost::asio::io_context& io, LampBoard& lamps) {
    if (lamps.size() == 0) {
        return call->finish(refused("no_lamps", "this kiosk was told of no lamps",
                                    "Start it with --lamp BUTTON=NAME"));
    }
    if (call->arguments.empty()) return call->finish(state(lamps));
    if (call->arguments[0] != "test") {
        return call->finish(refused("argument",
                                    "'" + call->arguments[0] + "' is nothing that lamps do",
                                    "Write lamps, or lamps test"));
    }
    const auto timer = std::make_shared<boost::asio::steady_timer>(io);
    call->on_cancel = [timer, &lamps] {
        timer->cancel();
        lamps.try_out(std::nullopt);
    };
    try_from(0, call, lamps, timer);
}

}  // namespace

void add_lamps_command(device_console::Commands& commands, boost::asio::io_context& io,
                       LampBoard& lamps) {
    commands.add({.name = "lamps",
                  .arguments = "[test]",
                  .most = 1,
                  .summary = "Tells what the lamps in the buttons show, or tries them",
                  .help =
                      "dark: the button gives no number now; blinking: a number of it is on its "
                      "way.\nlamps test lights each alone for a second.\nExample: lamps test\n",
                  .run = [&](const Ptr& call) { run(call, io, lamps); },
                  .choices = [] { return std::vector<std::string>{"test"}; }});
}

}  // namespace antrean::kiosk
