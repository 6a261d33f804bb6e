// Conversations with the callpad's core.
#include "firmware/callpad/core.hpp"
#include "firmware/callpad/display.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

namespace antrean::callpad {
namespace {

using namespace std::chrono_literals;
using proto::RefusalReason;
using Words = std::vector<std::string>;

std::string words(const proto::Request& request) {
    static const char* const names[]{"issue", "report", "call next", "recall", "finish", "no-show"};
    auto text = std::to_string(proto::request_id(request).value()) + " " + names[request.index()];
    if (const auto* recall = std::get_if<proto::Recall>(&request)) {
        text += " " + std::to_string(recall->ticket.value());
    } else if (const auto* finish = std::get_if<proto::Finish>(&request)) {
        text += " " + std::to_string(finish->ticket.value());
    } else if (const auto* no_show = std::get_if<proto::NoShow>(&request)) {
        text += " " + std::to_string(no_show->ticket.value());
    }
    return text;
}

std::string words(Screen::Note note) {
    static const char* const names[]{
        "", "disconnected", "working", "nobody waits", "nobody called", "refused"};
    return names[static_cast<int>(note)];
}

// A core, its clock and its store.
class Bench {
public:
    explicit Bench(Stored stored = {}) : disk{std::move(stored)}, core{disk} {}

    Words start() {
        return step([&](Actions& out) { core.started(out); });
    }
    Words press(Key key) {
        return step([&](Actions& out) { core.pressed(key, now, out); });
    }
    Words link(std::uint64_t controllers_last = 0) {
        return step([&](Actions& out) { core.linked(RequestId{controllers_last}, out); });
    }
    Words unlink() {
        return step([&](Actions& out) { core.unlinked(out); });
    }
    Words view(std::uint64_t ticket, std::uint32_t waiting = 4,
               proto::Paper paper = proto::Paper::printed) {
        proto::CounterView view{
            CounterId::parse("loket-1").value(), "Loket 1", waiting, {}, {}, {}, paper, 0};
        if (ticket > 0) {
            view.ticket = TicketId{ticket};
            view.label = "A-00" + std::to_string(ticket);
            view.times_called = 1;
        }
        return step([&](Actions& out) { core.viewed(view, out); });
    }
    Words answer(const proto::Answer& answer) {
        return step([&](Actions& out) { core.answered(answer, now, out); });
    }
    Words wait(std::chrono::milliseconds time) {
        now += time;
        return step([&](Actions& out) { core.tick(now, out); });
    }
    Words restart() {
        core = Core{disk};
        return start();
    }
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
                all.push_back("save " + words(request->request));
            } else if (const auto* view = std::get_if<SaveView>(&action)) {
                disk.view = view->view;
                all.push_back("save view " + view->view.label);
            } else if (const auto* send = std::get_if<Send>(&action)) {
                REQUIRE(disk.in_flight == send->request);
                all.push_back("send " + words(send->request));
            } else {
                const auto& screen = std::get<Show>(action).screen;
                all.push_back("show " + (screen.view ? screen.view->label : "nothing") + " " +
                              words(screen.note));
            }
        }
        return all;
    }
};

}  // namespace

TEST_CASE("a callpad shows what it is told", "[callpad]") {
    Bench callpad;
    CHECK(callpad.start() == Words{"show nothing disconnected"});
    CHECK(callpad.link() == Words{"show nothing "});
    CHECK(callpad.view(7) == Words{"save view A-007", "show A-007 "});
    CHECK(callpad.view(7).empty());
    // How many wait changes all day, and is worth no write.
    CHECK(callpad.view(7, 5) == Words{"show A-007 "});
    CHECK(callpad.view(7, 5, proto::Paper::voided) == Words{"save view A-007", "show A-007 "});
    CHECK(callpad.view(0) == Words{"save view ", "show  "});
}

TEST_CASE("each key asks for what it means, stored before it is sent", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    SECTION("next") {
        CHECK(callpad.press(Key::next) ==
              Words{"save 1 call next", "show A-007 working", "send 1 call next"});
        CHECK(callpad.view(8) == Words{"save view A-008", "show A-008 working"});
        CHECK(callpad.answer(proto::Called{RequestId{1}, TicketId{8}, "A-008"}) ==
              Words{"show A-008 "});
    }
    SECTION("recall") {
        CHECK(callpad.press(Key::recall) ==
              Words{"save 1 recall 7", "show A-007 working", "send 1 recall 7"});
        CHECK(callpad.answer(proto::Done{RequestId{1}}) == Words{"show A-007 "});
    }
    SECTION("done") {
        CHECK(callpad.press(Key::done).back() == "send 1 finish 7");
    }
    SECTION("no-show") {
        CHECK(callpad.press(Key::no_show).back() == "send 1 no-show 7");
    }
}

TEST_CASE("one key at a time: the others do nothing until the answer is there", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    callpad.press(Key::next);
    for (const auto key : {Key::next, Key::recall, Key::done, Key::no_show}) {
        CHECK(callpad.press(key).empty());
    }
    callpad.answer(proto::Done{RequestId{1}});
    CHECK(callpad.press(Key::recall).back() == "send 2 recall 7");
}

TEST_CASE("recall, done and no-show need somebody", "[callpad]") {
    Bench callpad;
    const auto key = GENERATE(Key::recall, Key::done, Key::no_show);
    SECTION("and nobody is called") {
        callpad.make_ready(0);
        CHECK(callpad.press(key) == Words{"show  nobody called"});
    }
    SECTION("and the ticket is void") {
        callpad.make_ready();
        callpad.view(7, 4, proto::Paper::voided);
        CHECK(callpad.press(key) == Words{"show A-007 nobody called"});
    }
    CHECK_FALSE(callpad.disk.in_flight);
    REQUIRE(callpad.core.deadline());
    CHECK(callpad.wait(2999ms).empty());
    CHECK(callpad.wait(1ms).size() == 1);
    CHECK_FALSE(callpad.core.deadline());
    CHECK(callpad.press(Key::next).back() == "send 1 call next");
}

TEST_CASE("a refusal is told for a few seconds", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    callpad.press(Key::next);
    SECTION("nobody waits") {
        CHECK(callpad.answer(proto::Refused{RequestId{1}, RefusalReason::nobody_waits}) ==
              Words{"show A-007 nobody waits"});
    }
    SECTION("anything else") {
        CHECK(callpad.answer(proto::Refused{RequestId{1}, RefusalReason::not_called}) ==
              Words{"show A-007 refused"});
    }
    CHECK(callpad.wait(3s) == Words{"show A-007 "});
}

TEST_CASE("without the controller keys do nothing but say so", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.unlink() == Words{"show A-007 disconnected"});
    CHECK(callpad.press(Key::next).empty());
    CHECK(callpad.wait(10s).empty());
    CHECK(callpad.link() == Words{"show A-007 "});
}

TEST_CASE("without a view keys do nothing: there is no counter yet", "[callpad]") {
    Bench callpad;
    callpad.start();
    callpad.link();
    CHECK(callpad.press(Key::next) == Words{"show nothing disconnected"});
    CHECK_FALSE(callpad.disk.in_flight);
}

TEST_CASE("a key whose answer was lost is asked again, not pressed again", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    callpad.press(Key::done);
    SECTION("over the next connection") {
        callpad.unlink();
        CHECK(callpad.link(1) == Words{"show A-007 working", "send 1 finish 7"});
        CHECK(callpad.press(Key::next).empty());
    }
    SECTION("after a restart") {
        CHECK(callpad.restart() == Words{"show A-007 disconnected"});
        CHECK(callpad.link() == Words{"show A-007 working", "send 1 finish 7"});
    }
    CHECK(callpad.answer(proto::Done{RequestId{1}}) == Words{"show A-007 "});
    CHECK(callpad.press(Key::next).back() == "send 2 call next");
}

TEST_CASE("a restarted callpad shows what it showed, with the controller away as well",
          "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.restart() == Words{"show A-007 disconnected"});
    CHECK(callpad.press(Key::recall).empty());
    CHECK(callpad.link() == Words{"show A-007 "});
}

TEST_CASE("answers to anything but the key under way are old news", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.answer(proto::Done{RequestId{1}}).empty());
    callpad.press(Key::next);
    CHECK(callpad.answer(proto::Done{RequestId{2}}).empty());
    CHECK(callpad.answer(proto::Done{RequestId{1}}) == Words{"show A-007 "});
}

TEST_CASE("a callpad's ids go on above what the controller has decided", "[callpad]") {
    Bench callpad;
    callpad.start();
    callpad.link(41);
    callpad.view(7);
    CHECK(callpad.press(Key::next).back() == "send 42 call next");
    CHECK(callpad.core.last_request() == RequestId{42});
}

}  // namespace antrean::callpad
