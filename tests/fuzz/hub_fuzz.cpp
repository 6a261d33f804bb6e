// A controller whose devices and operator ask for anything at any time: it refuses, and goes on.
// What it wrote down reads back as it was, a start folds it to the end, and no label is twice on a
// day.
#include "controller/journal/row.hpp"
#include "tests/controller/hub_bench.hpp"
#include "tests/fuzz/must.hpp"

#include <map>
#include <set>
#include <string>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean;
using namespace antrean::sessions;
using fuzz::must;

constexpr std::size_t most_devices = 6;

class Play {
public:
    explicit Play(FuzzedDataProvider& input) : input_{input} {
        auto site = bench::a_site();
        site.appointment_key = key();
        bench_.site = std::make_shared<const site::Site>(std::move(site));
        bench_.restart();
    }

    void go() {
        for (int steps = 0; steps < 100 && input_.remaining_bytes() > 0; ++steps)
            step();
        bench_.commit();
        check();
        bench_.restart();
        check();
    }

private:
    static appointments::Key key() {
        return appointments::Key::parse(std::string(32, 'k')).value();
    }
    std::uint64_t number(std::uint64_t most) {
        return input_.ConsumeIntegralInRange<std::uint64_t>(0, most);
    }
    template <class Id, std::size_t n>
    Id one_of(const char* const (&names)[n]) {
        return bench::id<Id>(names[number(n - 1)]);
    }
    ServiceId service() { return one_of<ServiceId>({"ktp", "npwp", "other"}); }
    CounterId counter() { return one_of<CounterId>({"loket-1", "loket-2", "loket-3", "loket-4"}); }
    // Mostly one that there is.
    TicketId ticket() {
        const auto low = number(40);
        switch (number(7)) {
            case 0:
                return TicketId{input_.ConsumeIntegralInRange<std::uint64_t>(1, ~std::uint64_t{0})};
            case 1:
                return offline_ticket_id(LeaseId{1 + number(20)},
                                         1 + static_cast<std::uint32_t>(number(250)));
            default:
                return TicketId{1 + low};
        }
    }
    RequestId request_id() {
        if (number(9) > 0) return RequestId{++last_request_};
        return RequestId{input_.ConsumeIntegralInRange<std::uint64_t>(1, ~std::uint64_t{0})};
    }
    std::string label() {
        constexpr const char* labels[]{"A-001", "A-002", "B-001", "A-QK01", "A-999999", "-", ""};
        return labels[number(std::size(labels) - 1)];
    }
    TicketClass ticket_class() { return static_cast<TicketClass>(number(2)); }

    proto::Message message_of_kiosk() {
        const auto id = request_id();
        switch (number(6)) {
            case 0:
            case 1:
                return proto::Issue{id, service(), ticket_class()};
            case 2:
                return proto::PrintReport{
                    id, ticket(), static_cast<proto::PrintOutcome>(1 + number(2)),
                    static_cast<proto::PrintReason>(number(8)), input_.ConsumeBool()};
            case 3: {
                const auto now = bench_.moment().now;
                const std::chrono::minutes time{number(1439)};
                const auto code = appointments::make(service(), now.day, time, "A", key());
                return proto::CheckIn{id, code && number(3) ? *code : "AJ1.X"};
            }
            case 4: {
                proto::IssueOffline told{id, LeaseId{1 + number(20)},
                                         1 + static_cast<std::uint32_t>(number(249)), service()};
                told.ticket_class = ticket_class();
                told.abandoned = RequestId{number(last_request_ + 1)};
                told.age = std::chrono::milliseconds{number(1'000'000)};
                return told;
            }
            case 5:
                return proto::RetireLease{id, LeaseId{1 + number(20)},
                                          static_cast<std::uint32_t>(number(250))};
            default:
                return proto::KioskState{{proto::PrinterState::ready}, {ButtonNumber{1}}};
        }
    }
    proto::Message message_of_callpad() {
        const auto id = request_id();
        switch (number(13)) {
            case 0:
            case 1:
                return proto::CallNext{id};
            case 2:
                return proto::Recall{id, ticket()};
            case 3:
                return proto::Finish{id, ticket()};
            case 4:
                return proto::NoShow{id, ticket()};
            case 5:
                return proto::CallNamed{id, {}, "A-001"};
            case 6:
                return proto::Serve{id, ticket()};
            case 7:
                return proto::Hold{id, ticket()};
            case 8:
                return proto::Transfer{id, ticket(), service()};
            case 9:
                return proto::Undo{id};
            case 10:
                return proto::SignIn{id, "1234"};
            case 11:
                return proto::SignOut{id};
            case 12:
                return proto::PauseCounter{id, "rapat"};
            default:
                return proto::OpenCounter{id};
        }
    }
    engine::Action of_operator() {
        switch (number(9)) {
            case 0:
                return engine::CallNext{};
            case 1:
                return engine::CallNamed{{}, label()};
            case 2:
                return engine::VoidTicket{label()};
            case 3:
                return engine::CloseDay{};
            case 4:
                return engine::ReopenDay{};
            case 5:
                return engine::PauseService{service(), "rusak"};
            case 6:
                return engine::ResumeService{service()};
            case 7:
                return engine::Transfer{{}, service()};
            case 8:
                return engine::Undo{};
            default:
                return engine::NoShow{};
        }
    }

    void connect() {
        proto::Hello hello{1, proto::Role::kiosk, {}, RequestId{number(last_request_ + 2)}, "fuzz"};
        if (input_.ConsumeBool()) {
            hello.role = proto::Role::callpad;
            hello.device = one_of<DeviceId>({"pad-1", "pad-2", "pad-9"});
        } else {
            hello.device = one_of<DeviceId>({"kiosk-1", "kiosk-2", "kiosk-9"});
            hello.incarnation = number(3);
        }
        if (number(5) == 0)
            hello.journal_seq = number(2) ? number(300) : input_.ConsumeIntegral<std::uint64_t>();
        if (number(5) == 0)
            hello.seen.push_back({bench_.day, "A-0" + std::to_string(10 + number(80))});
        if (hello.role == proto::Role::kiosk && number(5) == 0) {
            hello.leases.push_back({LeaseId{1 + number(40)}, bench::id<SeriesId>("dukcapil"),
                                    number(1) ? "A-QK" : "A-QL"});
        }
        devices_.push_back(&bench_.connect(hello));
        roles_.push_back(hello.role);
    }

    void step() {
        const auto what = number(15);
        if (devices_.empty() || (what <= 1 && devices_.size() < most_devices)) return connect();
        const auto which = number(devices_.size() - 1);
        auto& device = *devices_[which];
        if (what <= 9) {
            if (!device.is_open()) return;
            const bool is_kiosk = roles_[which] == proto::Role::kiosk;
            bench_.send(device,
                        is_kiosk == (number(30) > 0) ? message_of_kiosk() : message_of_callpad());
        } else if (what == 10) {
            bench_.commit();
        } else if (what == 11) {
            bench_.start_commit().empty() ? void() : bench_.end_commit();
        } else if (what == 12) {
            bench_.hub().ask(of_operator(), counter(), bench_.moment());
        } else if (what == 13) {
            bench_.cut(device);
            forget(which);
        } else if (what == 14) {
            bench_.live(std::chrono::seconds{number(25)});
            if (number(9) == 0) bench_.day += std::chrono::days{1};
        } else if (number(3) == 0) {
            bench_.restart();
            devices_.clear();
            roles_.clear();
        } else if (number(3) == 0) {
            bench_.hub().journal_is_restored(static_cast<std::uint32_t>(number(20)));
        } else {
            bench_.hub().set_room(number(1) ? engine::Room::ample : engine::Room::low);
        }
    }

    void forget(std::size_t which) {
        devices_.erase(devices_.begin() + static_cast<std::ptrdiff_t>(which));
        roles_.erase(roles_.begin() + static_cast<std::ptrdiff_t>(which));
    }

    void check() {
        std::set<std::pair<ServiceDay, std::string>> labels;
        for (const auto& event : bench_.journal) {
            const auto row = journal::to_row(event);
            const auto again = journal::from_row(row);
            must(again && again->fact == event.fact && journal::to_row(*again) == row);
            if (const auto* issued = std::get_if<engine::Issued>(&event.fact))
                must(labels.emplace(event.stamp.day, issued->ticket.label).second);
        }
        (void)bench_.hub().board();
        for (const auto& notice : bench_.hub().take_notices())
            fuzz::must_be_plain(notice.text);
    }

    FuzzedDataProvider& input_;
    bench::Bench bench_;
    std::vector<bench::Device*> devices_;
    std::vector<proto::Role> roles_;
    std::uint64_t last_request_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    Play{input}.go();
    return 0;
}
