// What a clerk types into a callpad before something is asked: numbers of lists, labels, codes.
#include "tests/firmware/callpad_bench.hpp"

namespace antrean::callpad {
namespace {

proto::CounterView with_held(int count, std::uint64_t ticket = 7) {
    auto view = Bench::view_of(ticket);
    for (int i = 1; i <= count; ++i) {
        view.held.push_back({TicketId{static_cast<std::uint64_t>(100 + i)},
                             "B-" + std::to_string(i), TicketClass::regular});
    }
    return view;
}

proto::CounterMenu menu_of(int targets) {
    proto::CounterMenu menu;
    for (int i = 1; i <= targets; ++i) {
        const auto number = std::to_string(i);
        menu.targets.push_back({ServiceId::parse("s" + number).value(), "S" + number});
    }
    return menu;
}

}  // namespace

TEST_CASE("one of the held is called by its number on the display", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    SECTION("of some") {
        callpad.show(with_held(2));
        CHECK(callpad.press(Key::resume) == Words{"show A-007  <held B-1 B-2: >"});
        CHECK(callpad.type("2") == Words{"show A-007  <held B-1 B-2: 2>"});
        CHECK(callpad.type("\n") ==
              Words{"save 1 call 102", "show A-007 working", "send 1 call 102"});
    }
    SECTION("of many") {
        callpad.show(with_held(20));
        callpad.type("b");
        CHECK(callpad.type("19\n").back() == "send 1 call 119");
    }
    SECTION("the one that the clerk saw, whoever is held meanwhile") {
        callpad.show(with_held(2));
        callpad.press(Key::resume);
        auto view = with_held(2);
        view.held.erase(view.held.begin());
        CHECK(callpad.show(view).back() == "show A-007  <held B-1 B-2: >");
        CHECK(callpad.type("1\n").back() == "send 1 call 101");
    }
    SECTION("of none") {
        CHECK(callpad.press(Key::resume) == Words{"show A-007 nobody held"});
        CHECK(callpad.wait(3s) == Words{"show A-007 "});
    }
    SECTION("while nobody is called, as well") {
        callpad.show(with_held(1, 0));
        callpad.press(Key::resume);
        CHECK(callpad.type("1\n").back() == "send 1 call 101");
    }
}

TEST_CASE("a number that is none of the list asks for nothing", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    callpad.show(with_held(2));
    callpad.press(Key::resume);
    for (const auto* wrong : {"0\n", "3\n", "99\n"}) {
        CHECK(callpad.type(wrong).back() == "show A-007 no choice <held B-1 B-2: >");
    }
    CHECK(callpad.type("\n").empty());
    CHECK(callpad.wait(3s) == Words{"show A-007  <held B-1 B-2: >"});
    CHECK_FALSE(callpad.disk.in_flight);
    callpad.type("3\n");
    CHECK(callpad.type("1").back() == "show A-007  <held B-1 B-2: 1>");
    CHECK(callpad.type("\n").back() == "send 1 call 101");
}

TEST_CASE("a list is gone through with two keys, round at its ends", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    callpad.show(with_held(3));
    callpad.type("b");
    CHECK(callpad.type("+").back() == "show A-007  <held B-1 B-2 B-3: 1>");
    CHECK(callpad.type("++").back() == "show A-007  <held B-1 B-2 B-3: 3>");
    CHECK(callpad.type("+").back() == "show A-007  <held B-1 B-2 B-3: 1>");
    CHECK(callpad.type("-").back() == "show A-007  <held B-1 B-2 B-3: 3>");
    CHECK(callpad.type("-").back() == "show A-007  <held B-1 B-2 B-3: 2>");
    CHECK(callpad.type("\x7f-").back() == "show A-007  <held B-1 B-2 B-3: 3>");
    CHECK(callpad.type("9+").back() == "show A-007  <held B-1 B-2 B-3: 1>");
    CHECK(callpad.type("\n").back() == "send 1 call 101");
}

TEST_CASE("a push counts by its character while something is typed, and else by its key",
          "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    callpad.show(with_held(2));
    const auto push = [&](Push what) { return callpad.push(what); };
    CHECK(push({std::nullopt, '1'}).empty());
    CHECK(push({Key::resume, '2'}) == Words{"show A-007  <held B-1 B-2: >"});
    CHECK(push({Key::next}).empty());
    CHECK(push({Key::resume, '2'}) == Words{"show A-007  <held B-1 B-2: 2>"});
    CHECK(push({Key::next, enter_key}).back() == "send 1 call 102");
}

TEST_CASE("a person is sent on to a service by its number", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    SECTION("of the menu") {
        callpad.core.menu(menu_of(12));
        callpad.press(Key::transfer);
        CHECK(callpad.type("12\n").back() == "send 1 transfer 7 to s12");
    }
    SECTION("the person and the service that the clerk saw") {
        callpad.core.menu(menu_of(2));
        callpad.press(Key::transfer);
        callpad.core.menu(menu_of(0));
        callpad.view(8);
        CHECK(callpad.type("1\n").back() == "send 1 transfer 7 to s1");
    }
    SECTION("where there is none") {
        CHECK(callpad.press(Key::transfer) == Words{"show A-007 no targets"});
    }
}

TEST_CASE("somebody is called by the label that is typed", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.press(Key::by_label) == Words{"show A-007  <label: >"});
    CHECK(callpad.type("\n").empty());
    CHECK(callpad.type("a-02").back() == "show A-007  <label: A-02>");
    SECTION("letters become capitals") {
        CHECK(callpad.type("2\n") == Words{"show A-007  <label: A-022>", "save 1 call A-022",
                                           "show A-007 working", "send 1 call A-022"});
    }
    SECTION("what was mistyped is taken back") {
        CHECK(callpad.type("3\x7f\b").back() == "show A-007  <label: A-0>");
        CHECK(callpad.type("31\n").back() == "send 1 call A-031");
    }
    SECTION("nothing else is taken, and not without an end") {
        CHECK(callpad.type(" *+/\x01\xc3\t.").empty());
        callpad.type(std::string(100, 'x'));
        CHECK(callpad.type("\n").back() == "send 1 call A-02" + std::string(16, 'X'));
    }
}

TEST_CASE("a code signs in, and is neither shown nor kept", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.press(Key::sign_in) == Words{"show A-007  <code: >"});
    CHECK(callpad.type("47x1") ==
          Words{"show A-007  <code: *>", "show A-007  <code: **>", "show A-007  <code: ***>"});
    CHECK(callpad.type("\n").empty());  // shorter than any code
    callpad.type(
        "9\x7f"
        "1");
    CHECK(callpad.type("\n") ==
          Words{"save 1 sign in 4711", "show A-007 working", "send 1 sign in 4711"});
    SECTION("and it goes with the answer") {
        CHECK(callpad.done(1) == Words{"forget", "show A-007 "});
    }
    SECTION("and with a refusal as well") {
        CHECK(callpad.refuse(1, RefusalReason::unknown_staff) ==
              Words{"forget", "show A-007 refused unknown_staff"});
    }
    SECTION("and is kept until there is one") {
        callpad.restart();
        CHECK(callpad.link().back() == "send 1 sign in 4711");
        CHECK(callpad.done(1).front() == "forget");
    }
    CHECK_FALSE(callpad.disk.in_flight);
    CHECK(callpad.disk.last_request == RequestId{1});
    callpad.restart();
    CHECK(callpad.link(1) == Words{"show A-007 "});
    CHECK(callpad.press(Key::next).back() == "send 2 call next");
    CHECK(callpad.answer(proto::Called{RequestId{2}, TicketId{8}, "A-008"}).size() == 1);
}

TEST_CASE("a code is no longer than any code", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    callpad.press(Key::sign_in);
    callpad.type("12345678901234567890");
    CHECK(callpad.type("\n").back() == "send 1 sign in 123456789012");
}

TEST_CASE("a pause is told with its reason", "[callpad][entry]") {
    SECTION("the only one") {
        Bench callpad;
        callpad.make_ready();
        CHECK(callpad.press(Key::pause).back() == "send 1 pause Istirahat");
    }
    SECTION("one of several") {
        Bench callpad{{}, {"Istirahat", "Salat"}};
        callpad.make_ready();
        CHECK(callpad.press(Key::pause) == Words{"show A-007  <reason Istirahat Salat: >"});
        CHECK(callpad.type("2\n").back() == "send 1 pause Salat");
    }
    SECTION("none") {
        Bench callpad{{}, {}};
        callpad.make_ready();
        CHECK(callpad.press(Key::pause).back() == "send 1 pause");
    }
}

TEST_CASE("an entry is left without asking for anything", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    callpad.press(Key::by_label);
    SECTION("by taking back the last character and one more") {
        callpad.type("A");
        CHECK(callpad.type("\x7f") == Words{"show A-007  <label: >"});
        CHECK(callpad.type("\x7f") == Words{"show A-007 "});
    }
    SECTION("by Esc") {
        callpad.type("A-0");
        CHECK(callpad.type("\x1b") == Words{"show A-007 "});
    }
    SECTION("by time, counted from the last key") {
        callpad.wait(20s);
        callpad.type("A");
        CHECK(callpad.core.deadline() == callpad.now + entry_time);
        CHECK(callpad.wait(entry_time - 1ms).empty());
        CHECK(callpad.wait(1ms) == Words{"show A-007 "});
        CHECK_FALSE(callpad.core.deadline());
    }
    SECTION("by a lost connection") {
        CHECK(callpad.unlink() == Words{"show A-007 disconnected"});
        CHECK(callpad.link() == Words{"show A-007 "});
    }
    SECTION("by a restart") {
        CHECK(callpad.restart() == Words{"show A-007 disconnected"});
        callpad.link();
    }
    callpad.now += enter_guard;
    CHECK(callpad.type("r").back() == "send 1 recall 7");
}

TEST_CASE("an Enter too many after an entry does not call the next", "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    callpad.type("ca-022\n");
    callpad.answer(proto::Called{RequestId{1}, TicketId{22}, "A-022"});
    callpad.now += enter_guard - 1ms;
    CHECK(callpad.type("\n").empty());
    callpad.now += 1ms;
    CHECK(callpad.type("\n").back() == "send 2 call next");
}

TEST_CASE("no entry is opened without the controller, or while something is asked",
          "[callpad][entry]") {
    Bench callpad;
    callpad.make_ready();
    const auto key = GENERATE(Key::resume, Key::transfer, Key::by_label, Key::sign_in);
    callpad.core.menu(menu_of(2));
    callpad.show(with_held(2));
    SECTION("without the controller") {
        callpad.unlink();
        CHECK(callpad.press(key).empty());
    }
    SECTION("while something is asked") {
        callpad.press(Key::next);
        CHECK(callpad.press(key).empty());
        CHECK(callpad.type("1\n").empty());
    }
}

TEST_CASE("what was typed is asked again after a restart, the same in every field",
          "[callpad][entry][R5]") {
    Bench callpad;
    callpad.make_ready();
    callpad.core.menu(menu_of(2));
    callpad.show(with_held(2));
    const auto* typed =
        GENERATE("ca-022\n", "b2\n", "t1\n", "m4711\n", "i", "k", "u", "h", "s", "p", "+");
    const auto sent = callpad.type(typed).back();
    REQUIRE(sent.starts_with("send 1 "));
    callpad.restart();
    CHECK(callpad.link().back() == sent);
    callpad.done(1);
    CHECK(callpad.press(Key::next).back() == "send 2 call next");
}

}  // namespace antrean::callpad
