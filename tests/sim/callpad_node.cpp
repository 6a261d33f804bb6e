#include "tests/sim/callpad_node.hpp"

#include <utility>

namespace antrean::sim {

using callpad::Actions;

CallpadNode::CallpadNode(World& world, Network& network, Checker& checker,
                         const site::Counter& counter, std::size_t device, Random random)
    : world_{world},
      network_{network},
      checker_{checker},
      counter_{counter},
      device_{device},
      random_{random},
      clock_{world, random_.fork()},
      disk_{fmt::format("sim-{}", counter.callpad.view()), random_.next()} {}

void CallpadNode::start() {
    callpad::Stored stored;
    auto store = callpad::Store::open("callpad.store", stored, disk_.vfs());
    if (!store) throw Broken{"R12", "a callpad cannot start: " + store.error().text};
    world_.tell(counter_.callpad.view(), "starts");
    life_ = std::make_unique<Life>(
        Life{std::move(*store), callpad::Core{std::move(stored)}, nullptr, nullptr, std::nullopt});
    life_->timer = std::make_unique<Timer>(
        world_, [this] { step([&](Actions& out) { life_->core.tick(clock_.now(), out); }); });
    life_->link = std::make_unique<DeviceLink>(
        world_, network_, clock_, device_, random_.fork(),
        DeviceLink::Handlers{
            .hello =
                [this] {
                    return proto::Hello{proto::protocol_version, proto::Role::callpad,
                                        counter_.callpad, life_->core.last_request(), "simulated"};
                },
            .on_welcome =
                [this](const proto::Welcome& welcome) {
                    step([&](Actions& out) { life_->core.linked(welcome.last_request, out); });
                },
            .on_message = [this](const proto::Message& message) { on_message(message); },
            .on_down =
                [this](const std::string& why) {
                    world_.tell(counter_.callpad.view(), "is disconnected: {}", why);
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
            world_.tell(counter_.callpad.view(), "has called {}", called->label);
        }
        checker_.answer_seen(counter_.callpad, *answer);
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
    const bool doomed = doom_ && doom_->actions-- == 0;
    const bool saves = save_request || save_view;
    if (doomed && std::holds_alternative<callpad::Send>(action)) {
        world_.mark(Mark::callpad_killed_before_send);
    }
    if (doomed && (!saves || doom_->how == Death::stopped)) fall(doom_->how);
    if (saves) {
        if (doomed) disk_.cut_power(random_.between(1, 8));
        const auto done = save_request ? life_->store.save(save_request->request)
                                       : life_->store.save(save_view->view);
        if (doomed) fall(doom_->how);
        if (!done) throw Broken{"R12", "a sound disk fails: " + done.error().text};
    } else if (const auto* send = std::get_if<callpad::Send>(&action)) {
        const auto request = proto::request_id(send->request);
        checker_.asked(counter_.callpad, request);
        life_->unanswered = request;
        static constexpr const char* words[]{"issue",  "report", "next",
                                             "recall", "finish", "no-show"};
        world_.tell(counter_.callpad.view(), "asks {}: {}", request.value(),
                    words[send->request.index()]);
        life_->link->send(proto::to_message(send->request));
    } else {
        const auto& screen = std::get<callpad::Show>(action).screen;
        if (screen.view && screen.view->ticket) {
            world_.tell(counter_.callpad.view(), "shows {}", screen.view->label);
        }
        checker_.callpad_shows(counter_.id, screen);
    }
}

void CallpadNode::die_after(std::uint64_t actions, Death how) {
    if (life_) doom_ = {actions, how};
}

void CallpadNode::fall(Death how) {
    throw Killed{[this, how] { bury(how); }};
}

void CallpadNode::die(Death how) {
    if (life_) bury(how);
}

void CallpadNode::bury(Death how) {
    const bool power_cut = how == Death::power_cut;
    world_.tell(counter_.callpad.view(), "{}",
                how == Death::stopped ? "stops"
                : power_cut           ? "loses power"
                                      : "is killed");
    doom_.reset();
    life_->link->die(how);
    if (power_cut) {
        disk_.crash([this] { return random_.next(); });
        clock_.reboot();
    } else if (how == Death::killed) {
        disk_.kill();
    }
    life_.reset();
    on_death_();
}

}  // namespace antrean::sim
