// A kiosk and a callpad whose controller says anything that the protocol lets it say, whose keys
// are pressed at any time and whose power is cut: neither ends, a request is stored when it is sent
// and a paper when it is printed, and what is stored is something to begin with.
#include "firmware/callpad/core.hpp"
#include "firmware/kiosk/core.hpp"
#include "proto/codec.hpp"
#include "tests/firmware/kiosk_bench.hpp"
#include "tests/fuzz/changed_sample.hpp"
#include "tests/fuzz/must.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace {

using namespace antrean;
using fuzz::must;

std::optional<proto::Message> any_message(FuzzedDataProvider& input) {
    const auto message = proto::decode(fuzz::changed_sample(input));
    if (!message) return std::nullopt;
    return *message;
}

class Kiosk {
public:
    explicit Kiosk(FuzzedDataProvider& input) : input_{input} {}

    void go() {
        start();
        for (int i = 0; i < 150 && input_.remaining_bytes() > 0; ++i)
            step();
        start();
    }

private:
    void start() {
        at_printer_.reset();
        core_.emplace(disk_);
        is_linked_ = false;
        act([&](kiosk::Actions& out) { core_->started(now_, out); });
    }
    std::uint64_t number(std::uint64_t most) {
        return input_.ConsumeIntegralInRange<std::uint64_t>(0, most);
    }

    // What the controller answers; its ids are mostly those that are asked for.
    proto::Answer any_answer() {
        RequestId id{number(40)};
        if (disk_.in_flight && number(4) > 0) id = proto::request_id(disk_.in_flight->request);
        switch (number(3)) {
            case 0:
                return proto::Done{id};
            case 1:
                return proto::Refused{id, static_cast<proto::RefusalReason>(1 + number(31))};
            default:
                proto::Ticket ticket;
                ticket.request = id;
                ticket.ticket = TicketId{1 + number(30)};
                ticket.label = number(1) ? "A-0" + std::to_string(10 + number(30)) : "x";
                ticket.service = *ServiceId::parse("service-" + std::to_string(1 + number(4)));
                ticket.service_day = ServiceDay{std::chrono::days{19'676 + number(2)}};
                ticket.service_name = number(1) ? "KTP" : "";
                return ticket;
        }
    }
    void hear(const proto::Message& message, kiosk::Actions& out) {
        if (const auto* welcome = std::get_if<proto::Welcome>(&message)) {
            core_->linked(*welcome, now_, out);
            is_linked_ = true;
        }
        if (!is_linked_) return;
        if (const auto* menu = std::get_if<proto::Menu>(&message)) core_->menu(*menu, now_, out);
        if (const auto* offers = std::get_if<proto::Offers>(&message)) core_->offers(*offers);
        if (const auto* leases = std::get_if<proto::Leases>(&message))
            core_->leases(*leases, now_, out);
        if (const auto answer = proto::message_as<proto::Answer>(message))
            core_->answered(*answer, now_, out);
    }

    void step() {
        const auto what = number(14);
        if (what == 13) {
            if (number(1)) kiosk::forget_boot(disk_);
            return start();
        }
        act([&](kiosk::Actions& out) {
            if (what <= 1)
                core_->pressed(ButtonNumber{static_cast<std::uint16_t>(1 + number(8))}, now_, out);
            if (what == 2) core_->scanned(std::string(1 + number(5), 'A'), now_, out);
            if (what == 3) core_->printer(static_cast<kiosk::PrinterReady>(number(3)), now_, out);
            if (what == 4 && is_linked_) core_->answered(any_answer(), now_, out);
            if (what == 5) {
                if (const auto message = any_message(input_)) hear(*message, out);
            }
            if (what == 6) {
                proto::Welcome welcome;
                welcome.last_request = RequestId{number(50)};
                welcome.journal_seq =
                    number(1) ? number(100) : input_.ConsumeIntegral<std::uint64_t>();
                hear(welcome, out);
            }
            if (what == 7) hear(kiosk::menu_of(static_cast<int>(number(6))), out);
            if (what == 8) {
                proto::Leases leases;
                for (auto i = number(3); i > 0; --i)
                    leases.leases.push_back({LeaseId{i + number(3)}, *SeriesId::parse("a"), "A-QK",
                                             static_cast<std::uint32_t>(1 + number(3))});
                hear(leases, out);
            }
            if (what == 9 && at_printer_) {
                const auto outcome = static_cast<proto::PrintOutcome>(1 + number(2));
                const auto reason = outcome == proto::PrintOutcome::printed
                                        ? proto::PrintReason::none
                                        : static_cast<proto::PrintReason>(1 + number(5));
                core_->printed(*std::exchange(at_printer_, std::nullopt), outcome, reason, now_,
                               out);
            }
            if (what == 10) {
                core_->unlinked(now_, out);
                is_linked_ = false;
            }
            if (what == 11) now_ += std::chrono::milliseconds{number(40'000)};
            if (what == 12) core_->pressed_together(now_, out);
        });
        act([&](kiosk::Actions& out) { core_->tick(now_, out); });
        (void)core_->lamp(ButtonNumber{1}, now_);
    }

    template <class Event>
    void act(const Event& event) {
        kiosk::Actions out;
        event(out);
        for (const auto& action : out) {
            if (const auto* save = std::get_if<kiosk::Save>(&action)) kiosk::save_to(disk_, *save);
            if (const auto* send = std::get_if<kiosk::Send>(&action)) {
                must(is_linked_ && disk_.in_flight);
                must(disk_.in_flight->request.index() == send->request.index());
                must(disk_.last_request == proto::request_id(send->request));
                (void)proto::encode(proto::to_message(send->request));
            }
            if (const auto* print = std::get_if<kiosk::Print>(&action)) {
                must(!at_printer_);
                at_printer_ = print->paper.ticket;
                must(std::any_of(disk_.jobs.begin(), disk_.jobs.end(), [&](const auto& job) {
                    return job.paper.ticket == *at_printer_ &&
                           job.state == kiosk::Job::State::printing;
                }));
            }
        }
        if (disk_.menu) (void)proto::encode(*disk_.menu);
        (void)proto::encode(core_->hello(*DeviceId::parse("kiosk-1"), "fuzz"));
    }

    FuzzedDataProvider& input_;
    SteadyTime now_{std::chrono::hours{1}};
    kiosk::Stored disk_;
    std::optional<kiosk::Core> core_;
    std::optional<TicketId> at_printer_;
    bool is_linked_ = false;
};

class Callpad {
public:
    explicit Callpad(FuzzedDataProvider& input) : input_{input} {}

    void go() {
        start();
        for (int i = 0; i < 150 && input_.remaining_bytes() > 0; ++i)
            step();
        start();
    }

private:
    void start() {
        core_.emplace(disk_, std::vector<std::string>{"Istirahat", "Rapat"});
        is_linked_ = false;
        act([&](callpad::Actions& out) { core_->started(out); });
    }
    std::uint64_t number(std::uint64_t most) {
        return input_.ConsumeIntegralInRange<std::uint64_t>(0, most);
    }
    void hear(const proto::Message& message, callpad::Actions& out) {
        if (const auto* welcome = std::get_if<proto::Welcome>(&message)) {
            core_->linked(*welcome, out);
            is_linked_ = true;
        }
        if (!is_linked_) return;
        if (const auto* view = std::get_if<proto::CounterView>(&message)) core_->viewed(*view, out);
        if (const auto* menu = std::get_if<proto::CounterMenu>(&message)) core_->menu(*menu);
        if (const auto answer = proto::message_as<proto::Answer>(message))
            core_->answered(*answer, now_, out);
    }
    void step() {
        const auto what = number(9);
        if (what == 9) return start();
        act([&](callpad::Actions& out) {
            if (what <= 1) core_->pressed(static_cast<callpad::Key>(number(13)), now_, out);
            if (what == 2) core_->typed(input_.ConsumeIntegral<char>(), now_, out);
            if (what == 3) core_->typed("12345\n\x1b\x7f+-A"[number(10)], now_, out);
            if (what == 4) {
                if (const auto message = any_message(input_)) hear(*message, out);
            }
            if (what == 5) {
                proto::Welcome welcome;
                welcome.last_request = RequestId{number(50)};
                hear(welcome, out);
            }
            if (what == 6 && disk_.in_flight && is_linked_) {
                const auto id = proto::request_id(*disk_.in_flight);
                if (number(1)) {
                    core_->answered(proto::Done{id}, now_, out);
                } else {
                    const auto why = static_cast<proto::RefusalReason>(1 + number(31));
                    core_->answered(proto::Refused{id, why}, now_, out);
                }
            }
            if (what == 7) {
                core_->unlinked(out);
                is_linked_ = false;
            }
            if (what == 8) now_ += std::chrono::milliseconds{number(40'000)};
        });
        act([&](callpad::Actions& out) { core_->tick(now_, out); });
    }

    template <class Event>
    void act(const Event& event) {
        callpad::Actions out;
        event(out);
        for (const auto& action : out) {
            if (const auto* save = std::get_if<callpad::SaveRequest>(&action)) {
                disk_.in_flight = save->request;
                disk_.last_request = proto::request_id(save->request);
            }
            if (std::holds_alternative<callpad::ForgetRequest>(action)) disk_.in_flight.reset();
            if (const auto* save = std::get_if<callpad::SaveView>(&action)) disk_.view = save->view;
            if (const auto* send = std::get_if<callpad::Send>(&action)) {
                must(is_linked_ && disk_.in_flight && *disk_.in_flight == send->request);
                (void)proto::encode(proto::to_message(send->request));
            }
        }
        if (disk_.view) (void)proto::encode(*disk_.view);
        (void)proto::encode(core_->hello(*DeviceId::parse("pad-1"), "fuzz"));
        if (const auto& entry = core_->screen().entry)
            must(entry->text.size() <= 4 * callpad::max_label_typed);
    }

    FuzzedDataProvider& input_;
    SteadyTime now_{std::chrono::hours{1}};
    callpad::Stored disk_;
    std::optional<callpad::Core> core_;
    bool is_linked_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    if (input.ConsumeBool()) {
        Kiosk{input}.go();
    } else {
        Callpad{input}.go();
    }
    return 0;
}
