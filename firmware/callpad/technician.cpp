#include "firmware/callpad/technician.hpp"

#include "firmware/callpad/display.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace antrean::callpad {
namespace {

using device_console::Answer;
using device_console::Call;
using device_console::Counters;
using device_console::Record;
using device_console::refused;

void add_status(const Shell& shell, Answer& answer) {
    const auto& screen = shell.core().screen();
    answer.fields.insert(answer.fields.end(), {{"has_view", screen.view.has_value()},
                                               {"asks_controller", shell.core().is_asking()},
                                               {"display", line(screen)}});
}

// A callpad has no printer: its report is the answer alone.
void self_test(const std::shared_ptr<Call>& call, boost::asio::io_context& io,
               const device_console::Desk& desk, const Shell& shell) {
    auto running = std::make_shared<std::shared_ptr<void>>();
    call->on_cancel = [running] { running->reset(); };
    *running =
        run_checks(io, desk.device(), desk.store(), [call, &shell](std::vector<Record> checks) {
            call->on_cancel = nullptr;
            const bool has_view = shell.core().screen().view.has_value();
            checks.push_back(
                device_console::check("view", has_view, has_view ? "of its counter" : "none yet"));
            Answer answer;
            const bool good = std::all_of(checks.begin(), checks.end(), [](const Record& one) {
                return std::get<bool>(one[1].value);
            });
            answer.fields = {{"good", good}};
            answer.tables.push_back({"checks", std::move(checks)});
            call->finish(std::move(answer));
        });
}

}  // namespace

void open_desk(device_console::Desk& desk, boost::asio::io_context& io, Shell& shell,
               const common::DeviceOptions& options) {
    desk.commands().add(
        {.name = "self-test",
         .summary = "Looks at all of the device",
         .help = "Disk, store, clock, connection, network and view.\nExample: self-test\n",
         .run = [&](const std::shared_ptr<Call>& call) { self_test(call, io, desk, shell); }});
    device_console::Device device;
    device.program = "antrean-callpad";
    device.id = options.device;
    device.folder = options.store.parent_path();
    device.link = [&shell]() -> const common::Link::Status& { return shell.link(); };
    device.add_status = [&shell](Answer& answer) { add_status(shell, answer); };
    device.why_not_restart = [] { return Answer{}; };
    device.why_not_reset = [&shell] {
        return shell.core().is_asking()
                   ? refused("not_told", "the controller has yet to answer a key",
                             "Let the callpad connect first; see network")
                   : Answer{};
    };
    device.new_counts = [&shell, told = std::uint64_t{0}]() mutable {
        const auto saves = shell.saves();
        return Counters{
            {"store_writes", static_cast<std::int64_t>(saves - std::exchange(told, saves))}};
    };
    desk.open(std::move(device));
}

Record press_of(const PushText& push) {
    return {{"key", push.keys}, {"means", push.means}};
}

}  // namespace antrean::callpad
