// Conversations with the callpad's core: keys that are one request.
#include "tests/firmware/callpad_bench.hpp"

namespace antrean::callpad {

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

TEST_CASE("each key asks for what it means, stored before it is sent", "[callpad][R5]") {
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
    SECTION("the next of priority") {
        CHECK(callpad.press(Key::next_priority).back() == "send 1 call next priority");
    }
    SECTION("serve") {
        CHECK(callpad.press(Key::serve).back() == "send 1 serve 7");
    }
    SECTION("hold") {
        CHECK(callpad.press(Key::hold).back() == "send 1 hold 7");
    }
    SECTION("undo") {
        CHECK(callpad.press(Key::undo).back() == "send 1 undo");
    }
    SECTION("sign out") {
        CHECK(callpad.press(Key::sign_out).back() == "send 1 sign out");
    }
    SECTION("pause, and open again") {
        CHECK(callpad.press(Key::pause).back() == "send 1 pause Istirahat");
        callpad.done(1);
        auto paused = Bench::view_of(7);
        paused.paused = true;
        callpad.show(paused);
        CHECK(callpad.press(Key::pause).back() == "send 2 open");
    }
}

TEST_CASE("one key at a time: the others do nothing until the answer is there", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    callpad.press(Key::next);
    for (int key = 0; key <= static_cast<int>(Key::by_label); ++key)
        CHECK(callpad.press(static_cast<Key>(key)).empty());
    callpad.answer(proto::Done{RequestId{1}});
    CHECK(callpad.press(Key::recall).back() == "send 2 recall 7");
}

TEST_CASE("a key about somebody needs somebody", "[callpad]") {
    Bench callpad;
    const auto key =
        GENERATE(Key::recall, Key::done, Key::no_show, Key::serve, Key::hold, Key::transfer);
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
    const auto reason = GENERATE(RefusalReason::nobody_waits, RefusalReason::not_called,
                                 RefusalReason::not_signed_in, RefusalReason::counter_paused);
    CHECK(callpad.refuse(1, reason) ==
          Words{std::string{"show A-007 refused "} + proto::to_text(reason)});
    CHECK(callpad.wait(2999ms).empty());
    CHECK(callpad.wait(1ms) == Words{"show A-007 "});
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
    CHECK(callpad.view(7) == Words{"save view A-007", "show A-007 "});
}

TEST_CASE("what a clerk does is stored with the view, who waits is not", "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    auto view = Bench::view_of(7);
    SECTION("who waits, of which class") {
        view.waiting = 9;
        view.waiting_by_class = {7, 1, 1};
        CHECK(callpad.show(view).front().starts_with("show"));
        callpad.restart();
        CHECK(callpad.disk.view->waiting == 4);
        return;
    }
    SECTION("who is held") {
        view.held = {{TicketId{5}, "A-005", TicketClass::regular}};
    }
    SECTION("who is signed in") {
        view.staff = "Siti";
    }
    SECTION("the ticket's state") {
        view.state = proto::State::serving;
    }
    SECTION("a pause") {
        view.paused = true;
    }
    SECTION("what can be undone") {
        view.can_undo = proto::Step::call;
    }
    CHECK(callpad.show(view).front() == "save view A-007");
    CHECK(callpad.disk.view == view);
}

TEST_CASE("how far the journal had come is stored with the next request and said in the hello",
          "[callpad]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.hello().journal_seq == 0);
    callpad.unlink();
    CHECK(callpad.link(0, 40) == Words{"show A-007 "});
    CHECK(callpad.disk.journal_seq == 0);
    CHECK(callpad.hello().journal_seq == 40);
    const auto way = GENERATE(as<std::string>{}, "a request", "a view that is stored anyway");
    INFO(way);
    if (way == "a request") {
        callpad.press(Key::next);
    }
    if (way == "a view that is stored anyway") {
        callpad.view(8);
    }
    CHECK(callpad.disk.journal_seq == 40);
    callpad.restart();
    const auto hello = callpad.hello();
    CHECK(hello.journal_seq == 40);
    CHECK(hello.role == proto::Role::callpad);
    CHECK(hello.device == DeviceId::parse("callpad-1"));
    CHECK(hello.last_request == callpad.disk.last_request);
    CHECK(hello.seen.empty());
    callpad.link(1, 12);  // of an old copy of the journal
    CHECK(callpad.hello().journal_seq == 40);
}

TEST_CASE("a key whose answer was lost is asked again, not pressed again",
          "[callpad][R5][R6][F11]") {
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
          "[callpad][R7][F1]") {
    Bench callpad;
    callpad.make_ready();
    CHECK(callpad.restart() == Words{"show A-007 disconnected"});
    CHECK(callpad.press(Key::recall).empty());
    CHECK(callpad.link() == Words{"show A-007 "});
}

TEST_CASE("answers to anything but the key under way are old news", "[callpad][R5]") {
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
    CHECK(callpad.hello().last_request == RequestId{42});
}

}  // namespace antrean::callpad
