#include "tests/sim/device_node.hpp"

namespace antrean::sim {

DeviceNode::DeviceNode(World& world, Network& network, Checker& checker, const Box& box,
                       std::size_t device, Random random)
    : world_{world},
      checker_{checker},
      box_{box},
      random_{random},
      clock_{world, random_.fork()},
      disk_{fmt::format("sim-{}", box.view()), random_.next()},
      network_{network},
      device_{device} {}

void DeviceNode::make_link(DeviceLink::Handlers handlers) {
    DeviceLink::Handlers told{
        .hello =
            [this, hello = std::move(handlers.hello)] {
                auto said = hello();
                checker_.device_greets(box_, said);
                return said;
            },
        .on_welcome =
            [this, linked = std::move(handlers.on_welcome)](const proto::Welcome& welcome) {
                checker_.device_welcomed(box_, welcome);
                linked(welcome);
            },
        .on_message = std::move(handlers.on_message),
        .on_down =
            [this, unlinked = std::move(handlers.on_down)](const std::string& why) {
                world_.tell(box_.view(), "is disconnected: {}", why);
                unlinked(why);
            }};
    link_ = std::make_unique<DeviceLink>(world_, network_, clock_, device_, random_.fork(),
                                         std::move(told));
}

RequestId DeviceNode::send(const proto::Request& request) {
    const auto id = proto::request_id(request);
    checker_.asked(box_, id);
    link_->send(proto::to_message(request));
    unanswered_ = id;
    return id;
}

void DeviceNode::note(const proto::Answer& answer) {
    if (unanswered_ == proto::request_id(answer)) unanswered_.reset();
    checker_.answer_seen(box_, answer);
}

void DeviceNode::die_after(std::uint64_t actions, Death how) {
    if (is_up()) doom_ = {actions, how};
}

bool DeviceNode::is_doomed() {
    if (!doom_) return false;
    if (doom_->actions == 0) return true;
    --doom_->actions;
    return false;
}

void DeviceNode::fall() {
    throw Killed{[this, how = doom_->how] { bury(how); }};
}

void DeviceNode::die(Death how) {
    if (is_up()) {
        bury(how);
    } else if (how == Death::power_cut) {
        lose_power();  // the machine ran, without its program
    }
}

void DeviceNode::lose_power() {
    disk_.crash([this] { return random_.next(); });
    clock_.reboot();
}

void DeviceNode::bury(Death how) {
    const bool power_cut = how == Death::power_cut;
    world_.tell(box_.view(), "{}",
                how == Death::stopped ? "stops"
                : power_cut           ? "loses power"
                                      : "is killed");
    doom_.reset();
    link_->die(how);
    cut_off(how);
    if (power_cut) {
        lose_power();
    } else if (how == Death::killed) {
        disk_.kill();
    }
    forget();
    link_.reset();
    unanswered_.reset();
    on_death_();
}

}  // namespace antrean::sim
