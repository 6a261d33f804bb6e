// A hub as the console meets it: a kiosk at most is connected, the disk works when commit() says
// so, and time stands still.
#pragma once

#include "controller/sessions/hub.hpp"
#include "proto/peer.hpp"
#include "tests/catch.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace antrean::console::bench {

template <class Id>
Id id(std::string_view text) {
    return Id::parse(text).value();
}

inline std::shared_ptr<const site::Site> a_site() {
    const auto dukcapil = id<AgencyId>("dukcapil");
    const auto pajak = id<AgencyId>("pajak");
    const auto a = id<SeriesId>("dukcapil");
    const auto b = id<SeriesId>("pajak");
    site::Site site;
    site.name = "Mal Contoh";
    site.place = "Contoh";
    site.time_zone = "Asia/Jakarta";
    site.version = "0123456789abcdef";
    site.agencies = {{dukcapil, "Dinas Kependudukan", "Dukcapil"},
                     {pajak, "Kantor Pajak", "Pajak"}};
    site.series = {{a, dukcapil, "A"}, {b, pajak, "B"}};
    site.services = {{id<ServiceId>("ktp"), dukcapil, a, "KTP-el"},
                     {id<ServiceId>("kk"), dukcapil, a, "Kartu Keluarga"},
                     {id<ServiceId>("npwp"), pajak, b, "NPWP"}};
    site.services[0].waiting_limit = std::chrono::minutes{10};
    site.counters = {{id<CounterId>("loket-1"), "Loket 1", {a}, id<DeviceId>("pad-1")},
                     {id<CounterId>("loket-2"), "Loket 2", {b}, {}}};
    site.kiosks = {{id<DeviceId>("kiosk-1"),
                    {{ButtonNumber{1}, id<ServiceId>("ktp")},
                     {ButtonNumber{2}, id<ServiceId>("kk")},
                     {ButtonNumber{3}, id<ServiceId>("npwp")}}}};
    site.staff = {{id<StaffId>("sari"), "Sari", "4711"}};
    return std::make_shared<const site::Site>(std::move(site));
}

class Bench {
public:
    std::shared_ptr<const site::Site> site = a_site();
    sessions::Hub hub{
        site, engine::Engine{site->catalog()}, projections::Hall{site}, {}, SteadyTime{}};
    std::chrono::minutes passed{0};

    sessions::Moment moment() const {
        const WallTime wall{std::chrono::milliseconds{1'795'320'000'000} + passed};
        return {SteadyTime{} + passed,
                {wall, std::chrono::minutes{420}, ServiceDay{std::chrono::days{20'779}}},
                "WIB"};
    }
    void commit() {
        while (!hub.take_batch().empty()) {
            hub.committed();
            hub.tell(moment());
        }
    }
    // The answer, all of it durable.
    engine::Answer ask(engine::Action action, std::string_view counter = {}) {
        const auto asked = hub.ask(
            std::move(action), counter.empty() ? CounterId{} : id<CounterId>(counter), moment());
        commit();
        for (const auto& [which, answer] : hub.take_operator_answers()) {
            if (which == asked) return answer;
        }
        FAIL("no answer");
        return {};
    }
    // A ticket whose paper is out; the kiosk is connected for it.
    std::string issue(std::string_view service = "ktp",
                      TicketClass ticket_class = TicketClass::regular) {
        if (!kiosk_) {
            kiosk_ = proto::Peer::device(
                {1, proto::Role::kiosk, id<DeviceId>("kiosk-1"), {}, "test"}, moment().steady);
            hub.accepted(connection, moment());
            exchange();
        }
        kiosk_->send(proto::Issue{request_ = request_.next(), id<ServiceId>(service), ticket_class},
                     moment().steady);
        exchange();
        REQUIRE(ticket_);
        const auto ticket = *std::exchange(ticket_, std::nullopt);
        kiosk_->send(proto::PrintReport{request_ = request_.next(), ticket.ticket,
                                        proto::PrintOutcome::printed},
                     moment().steady);
        exchange();
        return ticket.label;
    }

private:
    static constexpr sessions::ConnectionId connection{1};

    // What the kiosk has to say, all of it durable, and what it is told.
    void exchange() {
        hub.received(connection, kiosk_->take_output(), moment());
        commit();
        for (const auto& message : kiosk_->receive(hub.take_output(connection), moment().steady)) {
            if (const auto* ticket = std::get_if<proto::Ticket>(&message)) ticket_ = *ticket;
        }
    }

    std::optional<proto::Peer> kiosk_;
    std::optional<proto::Ticket> ticket_;
    RequestId request_;
};

}  // namespace antrean::console::bench
