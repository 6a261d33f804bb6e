#include "firmware/callpad/technician.hpp"

#include "firmware/callpad/display.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace antrean::callpad {
namespace {

using device_console::Answer;
using device_console::Call;
using device_console::Commands;
using device_console::Counters;
using device_console::Record;
using device_console::refused;
using Ptr = std::shared_ptr<Call>;

std::string id_of(const Pad& pad) {
    return std::string{pad.device().view()};
}

bool has_view(const Pad& pad) {
    return pad.shell() && pad.shell()->core().screen().view.has_value();
}

bool is_asking(const Pad& pad) {
    return pad.shell() && pad.shell()->core().is_asking();
}

void add_state(const Pad& pad, Record& fields) {
    const auto state = pad.state();
    fields.insert(fields.end(), {{"has_view", has_view(pad)},
                                 {"asks_controller", is_asking(pad)},
                                 {"display", pad.shell() ? line(pad.shell()->core().screen()) : ""},
                                 {"display_works", state.display.works},
                                 {"display_state", state.display.text},
                                 {"keys", state.keys},
                                 {"store", state.trouble.empty() ? "in use" : state.trouble}});
}

Record state_of(const Pad& pad) {
    const auto& link = pad.link();
    Record fields{{"pad", id_of(pad)},
                  {"connected", link.is_up},
                  {"why_not", link.is_up || !link.why.empty() ? link.why : "connecting"}};
    add_state(pad, fields);
    return fields;
}

void add_status(const Pads& pads, Answer& answer) {
    if (pads.size() == 1) return add_state(*pads.front(), answer.fields);
    device_console::Table table{"pads", {}};
    for (const auto& pad : pads)
        table.rows.push_back(state_of(*pad));
    answer.tables.push_back(std::move(table));
}

void add_checks(const Pads& pads, std::vector<Record>& checks) {
    for (const auto& pad : pads) {
        const auto name = [&](const char* what) {
            return pads.size() == 1 ? what : fmt::format("{} {}", what, id_of(*pad));
        };
        const auto state = pad->state();
        checks.push_back(device_console::check(name("view"), has_view(*pad),
                                               !state.trouble.empty() ? state.trouble
                                               : has_view(*pad)       ? "of its counter"
                                                                      : "none yet"));
        checks.push_back(
            device_console::check(name("display"), state.display.works, state.display.text));
        checks.push_back(device_console::check(name("keys"), state.has_keys, state.keys));
    }
}

// A callpad has no printer: its report is the answer alone.
void self_test(const Ptr& call, boost::asio::io_context& io, const device_console::Desk& desk,
               const Pads& pads) {
    auto running = std::make_shared<std::shared_ptr<void>>();
    call->on_cancel = [running] { running->reset(); };
    *running =
        run_checks(io, desk.device(), desk.store(), [call, &pads](std::vector<Record> checks) {
            call->on_cancel = nullptr;
            add_checks(pads, checks);
            Answer answer;
            const bool good = std::all_of(checks.begin(), checks.end(), [](const Record& one) {
                return std::get<bool>(one[1].value);
            });
            answer.fields = {{"good", good}};
            answer.tables.push_back({"checks", std::move(checks)});
            call->finish(std::move(answer));
        });
}

std::vector<std::string> ids_of(const Pads& pads) {
    std::vector<std::string> ids;
    for (const auto& pad : pads)
        ids.push_back(id_of(*pad));
    return ids;
}

// The pad that CALL names. Null after it was refused.
Pad* named(const Ptr& call, const Pads& pads) {
    for (const auto& pad : pads) {
        if (id_of(*pad) == call->arguments[0]) return pad.get();
    }
    call->finish(refused("argument", "there is no pad '" + call->arguments[0] + "'",
                         fmt::format("Write one of {}", fmt::join(ids_of(pads), ", "))));
    return nullptr;
}

Answer not_told() {
    return refused("not_told", "the controller has yet to answer a key",
                   "Let the callpad connect first; see network");
}

// Where one program has several, what concerns one of them is asked of it by its id.
void add_pad_commands(Commands& commands, const Pads& pads) {
    const auto choices = [&pads] { return ids_of(pads); };
    commands.add({.name = "pad status",
                  .arguments = "PAD",
                  .least = 1,
                  .most = 1,
                  .summary = "Tells how one pad is: connection, keys, display, store",
                  .help = "status tells it of all.\nExample: pad status callpad-2 --json\n",
                  .run =
                      [&pads](const Ptr& call) {
                          if (const auto* pad = named(call, pads))
                              call->finish({.fields = state_of(*pad)});
                      },
                  .choices = choices});
    commands.add({.name = "pad reset",
                  .arguments = "PAD",
                  .least = 1,
                  .most = 1,
                  .summary = "Removes the store of one pad, which begins anew",
                  .help = "For a store that is damaged. The others go on. Not while the controller "
                          "has yet to\nanswer one of its keys.\nExample: pad reset callpad-2\n",
                  .run =
                      [&pads](const Ptr& call) {
                          auto* pad = named(call, pads);
                          if (!pad) return;
                          if (is_asking(*pad)) return call->finish(not_told());
                          pad->forget();
                          call->finish({.text = "It begins anew; see pad status"});
                      },
                  .confirm = "reset",
                  .warning = "This removes the pad's store",
                  .choices = choices});
}

}  // namespace

void open_desk(device_console::Desk& desk, boost::asio::io_context& io, const Pads& pads,
               const common::DeviceOptions& options) {
    desk.commands().add({.name = "self-test",
                         .summary = "Looks at all of the device",
                         .help =
                             "Disk, store, clock, connection, network, view, display and keys.\n"
                             "Example: self-test\n",
                         .run = [&](const Ptr& call) { self_test(call, io, desk, pads); }});
    if (pads.size() > 1) add_pad_commands(desk.commands(), pads);
    device_console::Device device;
    device.program = "antrean-callpad";
    device.id = options.device;
    device.folder = options.store.parent_path();
    device.link = [&pads]() -> const common::Link::Status& { return pads.front()->link(); };
    device.add_status = [&pads](Answer& answer) { add_status(pads, answer); };
    device.why_not_restart = [] { return Answer{}; };
    device.why_not_reset = [&pads] {
        const bool any =
            std::any_of(pads.begin(), pads.end(), [](const auto& pad) { return is_asking(*pad); });
        return any ? not_told() : Answer{};
    };
    device.new_counts = [&pads, told = std::uint64_t{0}]() mutable {
        std::uint64_t saves = 0;
        for (const auto& pad : pads)
            saves += pad->saves();
        return Counters{
            {"store_writes", static_cast<std::int64_t>(saves - std::exchange(told, saves))}};
    };
    desk.open(std::move(device));
}

Record press_of(const Pad& pad, const PushText& push, bool is_alone) {
    Record record{{"key", push.keys}, {"means", push.means}};
    if (!is_alone) record.insert(record.begin(), {"pad", id_of(pad)});
    return record;
}

}  // namespace antrean::callpad
