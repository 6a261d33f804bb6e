// Any site file: what is wrong with it is told in plain lines, and a site that is taken is one that
// the whole controller can live with: every device of it is greeted and told what it is to know.
#include "controller/sessions/hub.hpp"
#include "controller/site/site.hpp"
#include "tests/files.hpp"
#include "tests/fuzz/must.hpp"

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace antrean;
using fuzz::must;
using fuzz::must_be_plain;

constexpr std::size_t enough_devices = 20;

sessions::Moment a_moment() {
    return {SteadyTime{std::chrono::hours{1}},
            {WallTime{std::chrono::milliseconds{1'795'321'936'000}}, std::chrono::minutes{420},
             ServiceDay{std::chrono::days{20'779}}},
            "WIB"};
}

class Hall {
public:
    explicit Hall(std::shared_ptr<const site::Site> site)
        : hub_{site, engine::Engine{site->catalog()}, projections::Hall{site}, {}, moment_.steady} {
    }

    // What a device is told that comes.
    std::vector<proto::Message> greet(proto::Role role, DeviceId name) {
        const sessions::ConnectionId id{++connections_};
        auto peer = proto::Peer::device({1, role, name, {}, "fuzz"}, moment_.steady);
        hub_.accepted(id, moment_);
        hub_.received(id, peer.take_output(), moment_);
        while (!hub_.take_batch().empty()) {
            hub_.committed();
            hub_.tell(moment_);
        }
        hub_.tick(moment_);
        hub_.take_ready();
        auto told = peer.receive(hub_.take_output(id), moment_.steady);
        must(peer.state() == proto::Peer::State::open);
        return told;
    }
    void show() { (void)hub_.board(); }

private:
    const sessions::Moment moment_ = a_moment();
    sessions::Hub hub_;
    std::uint64_t connections_ = 0;
};

template <class T>
bool has(const std::vector<proto::Message>& messages) {
    for (const auto& message : messages) {
        if (std::holds_alternative<T>(message)) return true;
    }
    return false;
}

void check(const site::Site& loaded) {
    must(!loaded.name.empty() && !loaded.time_zone.empty() && loaded.version.size() == 16);
    const auto site = std::make_shared<const site::Site>(loaded);
    Hall hall{site};
    std::size_t devices = 0;
    for (const auto& kiosk : site->kiosks) {
        for (const auto& button : kiosk.buttons)
            must(site->service(button.service) != nullptr);
        if (++devices <= enough_devices) {
            must(has<proto::Menu>(hall.greet(proto::Role::kiosk, kiosk.id)));
        }
    }
    for (const auto& counter : site->counters) {
        if (!counter.callpad || ++devices > 2 * enough_devices) continue;
        const auto told = hall.greet(proto::Role::callpad, counter.callpad);
        must(has<proto::CounterView>(told) && has<proto::CounterMenu>(told));
    }
    hall.show();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tests::Folder folder;
    const auto file = folder / "site.toml";
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(data),
                                                static_cast<std::streamsize>(size));
    const auto loaded = site::load(file);
    if (loaded) {
        check(*loaded);
        return 0;
    }
    must(!loaded.error().problems.empty());
    for (const auto& problem : loaded.error().problems) {
        must(problem.line >= 0 && !problem.text.empty() && !problem.remedy.empty());
        must_be_plain(problem.text);
        must_be_plain(problem.remedy);
    }
    return 0;
}
