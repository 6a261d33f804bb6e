#include "tests/sim/callpad_node.hpp"

#include <utility>

namespace antrean::sim {

using callpad::Actions;

CallpadNode::CallpadNode(World& world, Network& network, Checker& checker, DeviceId callpad,
                         std::size_t device, Random random)
    : DeviceNode{world, network, checker, callpad, device, random} {}

void CallpadNode::start() {
    callpad::Stored stored;
    auto store = callpad::Store::open("callpad.store", stored, disk_.vfs());
    if (!store) throw Broken{"R12", "a callpad cannot start: " + store.error().text};
    world_.tell(id_.view(), "starts");
    life_ = std::make_unique<Life>(
        Life{std::move(*store), callpad::Core{std::move(stored), {"Istirahat", "Rapat"}}, nullptr});
    life_->timer = std::make_unique<Timer>(
        world_, [this] { step([&](Actions& out) { life_->core.tick(clock_.now(), out); }); });
    make_link({.hello = [this] { return life_->core.hello(id_, "simulated"); },
               .on_welcome =
                   [this](const proto::Welcome& welcome) {
                       step([&](Actions& out) { life_->core.linked(welcome, out); });
                   },
               .on_message = [this](const proto::Message& message) { on_message(message); },
               .on_down =
                   [this](const std::string&) {
                       step([&](Actions& out) { life_->core.unlinked(out); });
                   }});
    connect();
    step([&](Actions& out) { life_->core.started(out); });
}

void CallpadNode::pressed(callpad::Key key) {
    if (!life_) return;
    step([&](Actions& out) { life_->core.pressed(key, clock_.now(), out); });
}

void CallpadNode::entered(callpad::Key key, const std::string& text) {
    pressed(key);
    for (const char character : text + callpad::enter_key) {
        if (!life_ || !screen_ || !screen_->entry) return;
        step([&](Actions& out) { life_->core.typed(character, clock_.now(), out); });
    }
}

void CallpadNode::on_message(const proto::Message& message) {
    if (const auto answer = proto::message_as<proto::Answer>(message)) {
        if (const auto* called = std::get_if<proto::Called>(&message)) {
            world_.tell(id_.view(), "has called {}", called->label);
        }
        note(*answer);
        step([&](Actions& out) { life_->core.answered(*answer, clock_.now(), out); });
    } else if (const auto* view = std::get_if<proto::CounterView>(&message)) {
        step([&](Actions& out) { life_->core.viewed(*view, out); });
    } else if (const auto* menu = std::get_if<proto::CounterMenu>(&message)) {
        life_->core.menu(*menu);
    }
}

template <class Input>
void CallpadNode::step(Input&& input) {
    Actions actions;
    input(actions);
    for (const auto& action : actions)
        perform(action);
    const auto deadline = life_->core.deadline();
    life_->timer->set(deadline ? std::optional{clock_.in_world(*deadline)} : std::nullopt);
}

void CallpadNode::perform(const callpad::Action& action) {
    const bool doomed = is_doomed();
    const bool saves = !std::holds_alternative<callpad::Send>(action) &&
                       !std::holds_alternative<callpad::Show>(action);
    if (doomed && std::holds_alternative<callpad::Send>(action)) {
        world_.mark(Mark::callpad_killed_before_send);
    }
    if (doomed && (!saves || doom_->how == Death::stopped)) fall();
    if (saves) {
        if (doomed) tear_save();
        const auto done = save(action);
        if (doomed) fall();
        if (!done) throw Broken{"R12", "a sound disk fails: " + done.error().text};
    } else if (const auto* out = std::get_if<callpad::Send>(&action)) {
        static constexpr const char* words[]{
            "issue",    "check-in", "report",  "offline",  "retire", "next",
            "recall",   "finish",   "no-show", "named",    "serve",  "hold",
            "transfer", "undo",     "sign-in", "sign-out", "pause",  "open"};
        static_assert(std::size(words) == std::variant_size_v<proto::Request>);
        const auto id = send(out->request);
        world_.tell(id_.view(), "asks {}: {}", id.value(), words[out->request.index()]);
    } else {
        screen_ = std::get<callpad::Show>(action).screen;
        if (screen_->view && screen_->view->ticket) {
            world_.tell(id_.view(), "shows {}", screen_->view->label);
        }
        checker_.callpad_shows(id_, *screen_);
    }
}

database::result<void> CallpadNode::save(const callpad::Action& action) {
    if (const auto* request = std::get_if<callpad::SaveRequest>(&action)) {
        return life_->store.save(*request);
    }
    if (const auto* view = std::get_if<callpad::SaveView>(&action)) {
        return life_->store.save(*view);
    }
    return life_->store.forget_request();
}

}  // namespace antrean::sim
