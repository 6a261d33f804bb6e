// A hub with devices at the other ends of their connections, in virtual time: bytes go both ways by
// exchange(), the disk works when commit() says so.
#pragma once

#include "controller/sessions/hub.hpp"
#include "proto/peer.hpp"
#include "tests/catch.hpp"

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace antrean::sessions::bench {

template <class Id>
Id id(std::string_view text) {
    return Id::parse(text).value();
}

inline site::Site a_site() {
    site::Site site;
    site.name = "Mal Contoh";
    site.place = "Contoh";
    site.time_zone = "Asia/Jakarta";
    const auto dukcapil = id<AgencyId>("dukcapil");
    const auto pajak = id<AgencyId>("pajak");
    const auto a = id<SeriesId>("dukcapil");
    const auto b = id<SeriesId>("pajak");
    site.agencies = {{dukcapil, "Dinas Kependudukan", "Dukcapil"},
                     {pajak, "Kantor Pajak", "Pajak"}};
    site.series = {{a, dukcapil, "A"}, {b, pajak, "B"}};
    site.services = {{id<ServiceId>("ktp"), dukcapil, a, "KTP-el"},
                     {id<ServiceId>("npwp"), pajak, b, "NPWP"}};
    site.counters = {{id<CounterId>("loket-1"), "Loket 1", {a}, id<DeviceId>("pad-1")},
                     {id<CounterId>("loket-2"), "Loket 2", {b, a}, id<DeviceId>("pad-2")},
                     {id<CounterId>("loket-3"), "Loket 3", {b}, {}}};
    site.kiosks = {
        {id<DeviceId>("kiosk-1"),
         {{ButtonNumber{1}, id<ServiceId>("ktp")}, {ButtonNumber{2}, id<ServiceId>("npwp")}}},
        {id<DeviceId>("kiosk-2"), {{ButtonNumber{1}, id<ServiceId>("ktp")}}}};
    return site;
}

// A device's end of one connection.
struct Device {
    ConnectionId connection;
    proto::Peer peer;
    std::vector<proto::Message> inbox;  // all that came, the welcome included
    bool reads = true;                  // false: what the hub has for it stays there

    // The last message of type T that came; none if there was none.
    template <class T>
    std::optional<T> last() const {
        for (auto at = inbox.rbegin(); at != inbox.rend(); ++at) {
            if (const auto* message = std::get_if<T>(&*at)) return *message;
        }
        return std::nullopt;
    }
    template <class T>
    std::size_t count() const {
        std::size_t n = 0;
        for (const auto& message : inbox)
            n += std::holds_alternative<T>(message);
        return n;
    }
    bool is_open() const { return peer.state() == proto::Peer::State::open; }
    // Why it was closed.
    proto::GoodbyeReason why() const {
        REQUIRE(peer.state() == proto::Peer::State::closed);
        return peer.why().reason;
    }
};

class Bench {
public:
    explicit Bench(Limits limits = {})
        : limits_{limits},
          hub_{std::make_unique<Hub>(site, engine::Engine{site->catalog()}, projections::Hall{site},
                                     limits, now_)} {}

    std::shared_ptr<const site::Site> site = std::make_shared<const site::Site>(a_site());
    std::vector<engine::Event> journal;  // what is durable

    Hub& hub() { return *hub_; }
    Moment moment() const {
        const WallTime wall{
            std::chrono::milliseconds{1'795'321'936'000} +
            std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch())};
        return {now_, {wall, std::chrono::minutes{420}, day}, "WIB"};
    }
    ServiceDay day{std::chrono::days{20'779}};

    void pass(std::chrono::milliseconds time) { now_ += time; }
    void tick() {
        hub_->tick(moment());
        exchange();
    }
    // Time in steps of a second, with all devices' and the hub's own timers.
    void live(std::chrono::seconds time) {
        for (auto left = time; left > std::chrono::seconds{0}; left -= std::chrono::seconds{1}) {
            pass(std::chrono::seconds{1});
            for (auto& device : devices_)
                device.peer.tick(now_);
            tick();
        }
    }

    Device& connect(proto::Role role, std::string_view name, RequestId last = {}) {
        return connect(proto::Hello{1, role, id<DeviceId>(name), last, "test"});
    }
    Device& connect(proto::Hello hello) {
        auto& device = attach(proto::Peer::device(std::move(hello), now_));
        exchange();
        return device;
    }
    Device& kiosk(std::string_view name = "kiosk-1", RequestId last = {}) {
        return connect(proto::Role::kiosk, name, last);
    }
    Device& callpad(std::string_view name = "pad-1") { return connect(proto::Role::callpad, name); }
    // A connection whose bytes the test writes by hand.
    Device& attach(proto::Peer peer) {
        devices_.push_back({ConnectionId{++last_connection_}, std::move(peer), {}});
        hub_->accepted(devices_.back().connection, moment());
        return devices_.back();
    }
    void cut(Device& device) {
        hub_->lost(device.connection, moment());
        gone_.insert(device.connection);
    }

    void send(Device& device, const proto::Message& message) {
        device.peer.send(message, now_);
        exchange();
    }
    // Bytes go both ways until there are none.
    void exchange() {
        for (bool moved = true; moved;) {
            moved = false;
            for (auto& device : devices_)
                moved = exchange(device) || moved;
        }
    }

    // The hub gives its batch to the disk, which takes its time; empty if it has none.
    std::vector<engine::Event> start_commit() {
        const auto batch = hub_->take_batch();
        flying_.assign(batch.begin(), batch.end());
        return flying_;
    }
    void end_commit() {
        journal.insert(journal.end(), flying_.begin(), flying_.end());
        hub_->committed();
        tell();
    }
    void tell() {
        hub_->tell(moment());
        exchange();
    }
    // Everything decided becomes durable.
    void commit() {
        while (!start_commit().empty())
            end_commit();
    }

    // The process ends without a word and starts again from the journal.
    void restart() {
        for (auto& device : devices_)
            gone_.insert(device.connection);
        engine::Engine engine{site->catalog()};
        projections::Hall hall{site};
        std::uint64_t seq = 0;
        for (const auto& event : journal) {
            engine.apply(event);
            hall.apply(++seq, event);
        }
        hub_ = std::make_unique<Hub>(site, std::move(engine), std::move(hall), limits_, now_);
    }

    // A ticket whose paper is out, all of it durable.
    proto::Ticket take(Device& kiosk, std::uint64_t request, std::string_view service = "ktp") {
        send(kiosk, proto::Issue{RequestId{request}, id<ServiceId>(service)});
        commit();
        const auto ticket = kiosk.last<proto::Ticket>();
        REQUIRE(ticket);
        REQUIRE(ticket->request == RequestId{request});
        send(kiosk, proto::PrintReport{RequestId{request + 1}, ticket->ticket,
                                       proto::PrintOutcome::printed});
        commit();
        return *ticket;
    }

private:
    bool exchange(Device& device) {
        if (gone_.contains(device.connection)) return false;
        const auto up = device.peer.take_output();
        if (!up.empty()) hub_->received(device.connection, up, moment());
        hub_->take_ready();
        if (!device.reads) return !up.empty();
        const auto down = hub_->take_output(device.connection);
        for (auto& message : device.peer.receive(down, now_))
            device.inbox.push_back(std::move(message));
        if (hub_->is_over(device.connection)) cut(device);
        return !up.empty() || !down.empty();
    }

    SteadyTime now_{std::chrono::hours{1}};
    Limits limits_;
    std::unique_ptr<Hub> hub_;
    std::list<Device> devices_;
    std::set<ConnectionId> gone_;
    std::uint64_t last_connection_ = 0;
    std::vector<engine::Event> flying_;
};

template <class T>
std::size_t count(const std::vector<engine::Event>& events) {
    std::size_t n = 0;
    for (const auto& event : events)
        n += std::holds_alternative<T>(event.fact);
    return n;
}

}  // namespace antrean::sessions::bench
