// A callpad's core on the bench: its clock, a store that lives as long as the bench, and its
// actions as words. A request is stored, together with what was told of the journal, when it is
// sent.
#pragma once

#include "firmware/callpad/core.hpp"
#include "firmware/callpad/key_map_file.hpp"
#include "proto/peer.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

namespace antrean::callpad {

using namespace std::chrono_literals;
using proto::RefusalReason;
using Words = std::vector<std::string>;

inline std::string words(const proto::Request& request) {
    static const char* const names[]{"issue",     "check in", "report",   "offline", "retire",
                                     "call next", "recall",   "finish",   "no-show", "call",
                                     "serve",     "hold",     "transfer", "undo",    "sign in",
                                     "sign out",  "pause",    "open"};
    auto text = std::to_string(proto::request_id(request).value()) + " " + names[request.index()];
    std::visit(
        [&](const auto& r) {
            using Type = std::decay_t<decltype(r)>;
            if constexpr (requires { r.ticket; }) {
                if (r.ticket) text += " " + std::to_string(r.ticket.value());
            }
            if constexpr (std::is_same_v<Type, proto::CallNamed>) {
                if (!r.label.empty()) text += " " + r.label;
            }
            if constexpr (std::is_same_v<Type, proto::CallNext>) {
                if (r.only == TicketClass::priority) text += " priority";
            }
            if constexpr (std::is_same_v<Type, proto::Transfer>)
                text += " to " + std::string{r.service.view()};
            if constexpr (std::is_same_v<Type, proto::SignIn>) text += " " + r.code;
            if constexpr (std::is_same_v<Type, proto::PauseCounter>) {
                if (!r.reason.empty()) text += " " + r.reason;
            }
        },
        request);
    return text;
}

inline std::string words(const Screen& screen) {
    static const char* const names[]{
        "",           "disconnected", "working", "nobody called", "nobody held",
        "no targets", "no choice",    "refused"};
    auto text = "show " + (screen.view ? screen.view->label : "nothing") + " " +
                names[static_cast<int>(screen.note)];
    if (screen.refusal) text += std::string{" "} + proto::to_text(*screen.refusal);
    if (screen.entry) {
        static const char* const kinds[]{"held", "target", "reason", "label", "code"};
        text += std::string{" <"} + kinds[static_cast<int>(screen.entry->kind)];
        for (const auto& choice : screen.entry->choices)
            text += " " + choice;
        text += ": " + screen.entry->text + ">";
    }
    return text;
}

// A core, its clock and its store.
class Bench {
public:
    explicit Bench(Stored stored = {}, std::vector<std::string> reasons = {"Istirahat"})
        : disk{std::move(stored)}, core{disk, reasons}, reasons_{std::move(reasons)} {}

    Words start() {
        return step([&](Actions& out) { core.started(out); });
    }
    Words press(Key key) {
        return step([&](Actions& out) { core.pressed(key, now, out); });
    }
    // As on a terminal, with the standard key map.
    Words type(const std::string& text) {
        return step([&](Actions& out) {
            for (const char c : text)
                core.pushed(standard_key_map().of_character(c), now, out);
        });
    }
    Words push(const Push& push) {
        return step([&](Actions& out) { core.pushed(push, now, out); });
    }
    Words link(std::uint64_t controllers_last = 0, std::uint64_t journal_seq = 0) {
        proto::Welcome welcome;
        welcome.last_request = RequestId{controllers_last};
        welcome.journal_seq = journal_seq;
        return step([&](Actions& out) { core.linked(welcome, out); });
    }
    Words unlink() {
        return step([&](Actions& out) { core.unlinked(out); });
    }
    Words show(const proto::CounterView& view) {
        return step([&](Actions& out) { core.viewed(view, out); });
    }
    static proto::CounterView view_of(std::uint64_t ticket, std::uint32_t waiting = 4,
                                      proto::Paper paper = proto::Paper::printed) {
        proto::CounterView view{
            CounterId::parse("loket-1").value(), "Loket 1", waiting, {}, {}, {}, paper, 0};
        if (ticket > 0) {
            view.ticket = TicketId{ticket};
            view.label = "A-00" + std::to_string(ticket);
            view.times_called = 1;
        }
        return view;
    }
    Words view(std::uint64_t ticket, std::uint32_t waiting = 4,
               proto::Paper paper = proto::Paper::printed) {
        return show(view_of(ticket, waiting, paper));
    }
    Words answer(const proto::Answer& answer) {
        return step([&](Actions& out) { core.answered(answer, now, out); });
    }
    Words refuse(std::uint64_t request, RefusalReason reason) {
        return answer(proto::Refused{RequestId{request}, reason});
    }
    Words done(std::uint64_t request) { return answer(proto::Done{RequestId{request}}); }
    Words wait(std::chrono::milliseconds time) {
        now += time;
        return step([&](Actions& out) { core.tick(now, out); });
    }
    Words restart() {
        core = Core{disk, reasons_};
        return start();
    }
    proto::Hello hello() const { return core.hello(DeviceId::parse("callpad-1").value(), "test"); }
    // Connected, with ticket 7 called, or with nobody.
    void make_ready(std::uint64_t ticket = 7) {
        start();
        link();
        view(ticket);
    }

    SteadyTime now{1h};
    Stored disk;
    Core core;

private:
    template <class Event>
    Words step(Event&& event) {
        Actions actions;
        event(actions);
        Words all;
        for (const auto& action : actions) {
            if (const auto* request = std::get_if<SaveRequest>(&action)) {
                disk.last_request = proto::request_id(request->request);
                disk.in_flight = request->request;
                disk.journal_seq = request->journal_seq;
                all.push_back("save " + words(request->request));
            } else if (const auto* view = std::get_if<SaveView>(&action)) {
                disk.view = view->view;
                disk.journal_seq = view->journal_seq;
                all.push_back("save view " + view->view.label);
            } else if (std::holds_alternative<ForgetRequest>(action)) {
                disk.in_flight.reset();
                all.push_back("forget");
            } else if (const auto* send = std::get_if<Send>(&action)) {
                REQUIRE(disk.in_flight == send->request);
                all.push_back("send " + words(send->request));
            } else {
                all.push_back(words(std::get<Show>(action).screen));
            }
        }
        return all;
    }

    std::vector<std::string> reasons_;
};

}  // namespace antrean::callpad
