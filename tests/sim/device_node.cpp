#include "tests/sim/device_node.hpp"

namespace antrean::sim {

DeviceNode::DeviceNode(World& world, Network& network, Checker& checker, DeviceId id,
                       std::size_t device, Random random)
    : world_{world},
      checker_{checker},
      id_{id},
      random_{random},
      clock_{world, random_.fork()},
      disk_{fmt::format("sim-{}", id.view()), random_.next()},
      network_{network},
      device_{device} {}

std::unique_ptr<DeviceLink> DeviceNode::make_link(DeviceLink::Handlers handlers) {
    return std::make_unique<DeviceLink>(world_, network_, clock_, device_, random_.fork(),
                                        std::move(handlers));
}

RequestId DeviceNode::send(DeviceLink& link, const proto::Request& request) {
    const auto id = proto::request_id(request);
    checker_.asked(id_, id);
    link.send(proto::to_message(request));
    return id;
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
    if (is_up()) bury(how);
}

void DeviceNode::bury(Death how) {
    const bool power_cut = how == Death::power_cut;
    world_.tell(id_.view(), "{}",
                how == Death::stopped ? "stops"
                : power_cut           ? "loses power"
                                      : "is killed");
    doom_.reset();
    cut_off(how);
    if (power_cut) {
        disk_.crash([this] { return random_.next(); });
        clock_.reboot();
    } else if (how == Death::killed) {
        disk_.kill();
    }
    forget();
    on_death_();
}

}  // namespace antrean::sim
