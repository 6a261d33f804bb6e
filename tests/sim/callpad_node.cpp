#include "tests/sim/callpad_node.hpp"

#include <utility>

namespace antrean::sim {

using callpad::Actions;

CallpadNode::CallpadNode(World& world, Network& network, Checker& checker,
                         const site::Counter& counter, std::size_t device, Random random)
    : DeviceNode{world, network, checker, counter.callpad, device, random}, counter_{counter} {}

void CallpadNode::start() {
    callpad::Stored stored;
    auto store = callpad::Store::open("callpad.store", stored, disk_.vfs());
    if (!store) throw Broken{"R12", "a callpad cannot start: " + store.error().text};
    world_.tell(id_.view(), "starts");
    life_ = std::make_unique<Life>(
        Life{std::move(*store), callpad::Core{std::move(stored)}, nullptr, nullptr, std::nullopt});
    life_->timer = std::make_unique<Timer>(
        world_, [this] { step([&](Actions& out) { life_->core.tick(clock_.now(), out); }); });
    life_->link = make_link(
        {.hello =
             [this] {
                 return proto::Hello{proto::protocol_version, proto::Role::callpad, id_,
                                     life_->core.last_request(), "simulated"};
             },
         .on_welcome =
             [this](const proto::Welcome& welcome) {
                 step([&](Actions& out) { life_->core.linked(welcome.last_request, out); });
             },
         .on_message = [this](const proto::Message& message) { on_message(message); },
         .on_down =
             [this](const std::string& why) {
                 world_.tell(id_.view(), "is disconnected: {}", why);
                 step([&](Actions& out) { life_->core.unlinked(out); });
             }});
    life_->link->connect();
    step([&](Actions& out) { life_->core.started(out); });
}

void CallpadNode::pressed(callpad::Key key) {
    if (!life_) return;
    step([&](Actions& out) { life_->core.pressed(key, clock_.now(), out); });
}

bool CallpadNode::is_quiet() const {
    return life_ && life_->link->is_open() && !life_->unanswered;
}

void CallpadNode::on_message(const proto::Message& message) {
    if (const auto answer = proto::message_as<proto::Answer>(message)) {
        if (life_->unanswered == proto::request_id(*answer)) life_->unanswered.reset();
        if (const auto* called = std::get_if<proto::Called>(&message)) {
            world_.tell(id_.view(), "has called {}", called->label);
        }
        checker_.answer_seen(id_, *answer);
        step([&](Actions& out) { life_->core.answered(*answer, clock_.now(), out); });
    } else if (const auto* view = std::get_if<proto::CounterView>(&message)) {
        step([&](Actions& out) { life_->core.viewed(*view, out); });
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
    const auto* save_request = std::get_if<callpad::SaveRequest>(&action);
    const auto* save_view = std::get_if<callpad::SaveView>(&action);
    const bool doomed = is_doomed();
    const bool saves = save_request || save_view;
    if (doomed && std::holds_alternative<callpad::Send>(action)) {
        world_.mark(Mark::callpad_killed_before_send);
    }
    if (doomed && (!saves || doom_->how == Death::stopped)) fall();
    if (saves) {
        if (doomed) tear_save();
        const auto done = save_request ? life_->store.save(save_request->request)
                                       : life_->store.save(save_view->view);
        if (doomed) fall();
        if (!done) throw Broken{"R12", "a sound disk fails: " + done.error().text};
    } else if (const auto* out = std::get_if<callpad::Send>(&action)) {
        static constexpr const char* words[]{"issue",  "report", "next",
                                             "recall", "finish", "no-show"};
        life_->unanswered = send(*life_->link, out->request);
        world_.tell(id_.view(), "asks {}: {}", life_->unanswered->value(),
                    words[out->request.index()]);
    } else {
        const auto& screen = std::get<callpad::Show>(action).screen;
        if (screen.view && screen.view->ticket) {
            world_.tell(id_.view(), "shows {}", screen.view->label);
        }
        checker_.callpad_shows(counter_.id, screen);
    }
}

void CallpadNode::cut_off(Death how) {
    life_->link->die(how);
}

}  // namespace antrean::sim
