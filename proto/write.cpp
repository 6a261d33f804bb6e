#include "proto/day.hpp"
#include "proto/wire.hpp"

#include <cassert>
#include <limits>
#include <string_view>

namespace antrean::proto {
namespace {

std::int64_t to_ms(WallTime time) {
    return time.time_since_epoch().count();
}

void put_text(std::string* to, std::string_view from) {
    assert(from.size() <= max_text_bytes);
    to->assign(from);
}

v1::TicketClass to_wire(TicketClass ticket_class) {
    return static_cast<v1::TicketClass>(ticket_class);
}

std::uint32_t to_seconds(std::chrono::seconds estimate) {
    assert(estimate.count() >= 0 && estimate.count() <= std::numeric_limits<std::uint32_t>::max());
    return static_cast<std::uint32_t>(estimate.count());
}

struct Writer {
    v1::Frame& frame;

    void operator()(const Heartbeat&) const { frame.mutable_heartbeat(); }
    void operator()(const Goodbye& m) const {
        auto* out = frame.mutable_goodbye();
        out->set_reason(static_cast<v1::Goodbye::Reason>(m.reason));
        put_text(out->mutable_text(), m.text);
    }
    void operator()(const Hello& m) const {
        auto* out = frame.mutable_hello();
        out->set_protocol(m.protocol);
        out->set_role(static_cast<v1::Hello::Role>(m.role));
        put_text(out->mutable_device(), m.device.view());
        out->set_last_request(m.last_request.value());
        put_text(out->mutable_software(), m.software);
        out->set_journal_seq(m.journal_seq);
        assert(m.seen.size() <= max_seen);
        for (const auto& seen : m.seen) {
            auto* s = out->add_seen();
            put_text(s->mutable_service_day(), to_iso(seen.service_day));
            put_text(s->mutable_label(), seen.label);
        }
        out->set_incarnation(m.incarnation);
        assert(m.leases.size() <= max_leases);
        for (const auto& lease : m.leases) {
            auto* l = out->add_leases();
            l->set_lease(lease.lease.value());
            put_text(l->mutable_series(), lease.series.view());
            put_text(l->mutable_label(), lease.label);
        }
    }
    void operator()(const Welcome& m) const {
        auto* out = frame.mutable_welcome();
        out->set_protocol(m.protocol);
        out->set_last_request(m.last_request.value());
        out->set_now_ms(to_ms(m.now));
        if (m.service_day) put_text(out->mutable_service_day(), to_iso(*m.service_day));
        put_text(out->mutable_software(), m.software);
        out->set_journal_seq(m.journal_seq);
        out->set_utc_offset_min(static_cast<std::int32_t>(m.utc_offset.count()));
    }
    void operator()(const Issue& m) const {
        auto* out = frame.mutable_issue();
        out->set_request(m.request.value());
        put_text(out->mutable_service(), m.service.view());
        out->set_ticket_class(to_wire(m.ticket_class));
    }
    void operator()(const CheckIn& m) const {
        auto* out = frame.mutable_check_in();
        out->set_request(m.request.value());
        put_text(out->mutable_code(), m.code);
    }
    void operator()(const PrintReport& m) const {
        auto* out = frame.mutable_print_report();
        out->set_request(m.request.value());
        out->set_ticket(m.ticket.value());
        out->set_outcome(static_cast<v1::PrintReport::Outcome>(m.outcome));
        out->set_reason(static_cast<v1::PrintReport::Reason>(m.reason));
        out->set_copy(m.copy);
    }
    void operator()(const IssueOffline& m) const {
        auto* out = frame.mutable_issue_offline();
        out->set_request(m.request.value());
        out->set_lease(m.lease.value());
        out->set_number(m.number);
        put_text(out->mutable_service(), m.service.view());
        out->set_ticket_class(to_wire(m.ticket_class));
        out->set_age_ms(static_cast<std::uint64_t>(m.age.count()));
        out->set_abandoned(m.abandoned.value());
    }
    void operator()(const RetireLease& m) const {
        auto* out = frame.mutable_retire_lease();
        out->set_request(m.request.value());
        out->set_lease(m.lease.value());
        out->set_given(m.given);
    }
    void operator()(const CallNext& m) const {
        auto* out = frame.mutable_call_next();
        out->set_request(m.request.value());
        if (m.only) out->set_only(static_cast<v1::CallNext::Only>(1 + to_wire(*m.only)));
    }
    void operator()(const Recall& m) const { on_ticket(frame.mutable_recall(), m); }
    void operator()(const Finish& m) const { on_ticket(frame.mutable_finish(), m); }
    void operator()(const NoShow& m) const { on_ticket(frame.mutable_no_show(), m); }
    void operator()(const CallNamed& m) const {
        auto* out = frame.mutable_call_named();
        on_ticket(out, m);
        put_text(out->mutable_label(), m.label);
    }
    void operator()(const Serve& m) const { on_ticket(frame.mutable_serve(), m); }
    void operator()(const Hold& m) const { on_ticket(frame.mutable_hold(), m); }
    void operator()(const Transfer& m) const {
        auto* out = frame.mutable_transfer();
        on_ticket(out, m);
        put_text(out->mutable_service(), m.service.view());
    }
    void operator()(const Undo& m) const { frame.mutable_undo()->set_request(m.request.value()); }
    void operator()(const SignIn& m) const {
        auto* out = frame.mutable_sign_in();
        out->set_request(m.request.value());
        put_text(out->mutable_code(), m.code);
    }
    void operator()(const SignOut& m) const {
        frame.mutable_sign_out()->set_request(m.request.value());
    }
    void operator()(const PauseCounter& m) const {
        auto* out = frame.mutable_pause_counter();
        out->set_request(m.request.value());
        put_text(out->mutable_reason(), m.reason);
    }
    void operator()(const OpenCounter& m) const {
        frame.mutable_open_counter()->set_request(m.request.value());
    }
    void operator()(const Ticket& m) const {
        auto* out = frame.mutable_ticket();
        on_ticket(out, m);
        put_text(out->mutable_label(), m.label);
        put_text(out->mutable_service(), m.service.view());
        out->set_issued_ms(to_ms(m.issued));
        out->set_utc_offset_min(static_cast<std::int32_t>(m.utc_offset.count()));
        out->set_ahead(m.ahead);
        put_text(out->mutable_service_day(), to_iso(m.service_day));
        out->set_ticket_class(to_wire(m.ticket_class));
        out->set_estimate_s(to_seconds(m.estimate));
        put_text(out->mutable_service_name(), m.service_name);
        put_text(out->mutable_agency_name(), m.agency_name);
    }
    void operator()(const Called& m) const {
        auto* out = frame.mutable_called();
        on_ticket(out, m);
        put_text(out->mutable_label(), m.label);
    }
    void operator()(const Done& m) const { frame.mutable_done()->set_request(m.request.value()); }
    void operator()(const Refused& m) const {
        auto* out = frame.mutable_refused();
        out->set_request(m.request.value());
        out->set_reason(static_cast<v1::Refused::Reason>(m.reason));
    }
    void operator()(const Menu& m) const {
        auto* out = frame.mutable_menu();
        put_text(out->mutable_site_name(), m.site_name);
        put_text(out->mutable_place(), m.place);
        put_text(out->mutable_zone(), m.zone);
        assert(m.buttons.size() <= max_buttons);
        for (const auto& button : m.buttons) {
            auto* b = out->add_buttons();
            b->set_number(button.number.value());
            put_text(b->mutable_service(), button.service.view());
            put_text(b->mutable_service_name(), button.service_name);
            put_text(b->mutable_agency_name(), button.agency_name);
            b->set_ticket_class(to_wire(button.ticket_class));
            put_text(b->mutable_bring(), button.bring);
            put_text(b->mutable_series(), button.series.view());
        }
        put_text(out->mutable_wifi_name(), m.wifi_name);
        put_text(out->mutable_wifi_password(), m.wifi_password);
        put_text(out->mutable_paper_link(), m.paper_link);
    }
    void operator()(const CounterView& m) const {
        auto* out = frame.mutable_counter_view();
        put_text(out->mutable_counter(), m.counter.view());
        put_text(out->mutable_counter_name(), m.counter_name);
        out->set_waiting(m.waiting);
        out->set_waiting_regular(m.waiting_by_class[0]);
        out->set_waiting_priority(m.waiting_by_class[1]);
        out->set_waiting_appointment(m.waiting_by_class[2]);
        assert(m.held.size() <= max_held);
        for (const auto& held : m.held) {
            auto* h = out->add_held();
            h->set_ticket(held.ticket.value());
            put_text(h->mutable_label(), held.label);
            h->set_ticket_class(to_wire(held.ticket_class));
        }
        put_text(out->mutable_staff(), m.staff);
        out->set_sign_in_required(m.sign_in_required);
        out->set_paused(m.paused);
        if (m.paused) put_text(out->mutable_pause_reason(), m.pause_reason);
        out->set_can_undo(static_cast<v1::CounterView::Step>(m.can_undo));
        if (!m.ticket) return;
        out->set_ticket(m.ticket.value());
        put_text(out->mutable_label(), m.label);
        put_text(out->mutable_service_name(), m.service_name);
        out->set_paper(static_cast<v1::CounterView::Paper>(m.paper));
        out->set_times_called(m.times_called);
        out->set_state(static_cast<v1::CounterView::State>(m.state));
        out->set_ticket_class(to_wire(m.ticket_class));
    }
    void operator()(const Offers& m) const {
        auto* out = frame.mutable_offers();
        out->set_journal_seq(m.journal_seq);
        assert(m.offers.size() <= max_offers);
        for (const auto& offer : m.offers) {
            auto* o = out->add_offers();
            put_text(o->mutable_service(), offer.service.view());
            if (offer.refusal) {
                assert(*offer.refusal >= first_of_offers && *offer.refusal <= last_of_offers);
                o->set_refusal(static_cast<v1::Refused::Reason>(*offer.refusal));
            }
            put_text(o->mutable_text(), offer.text);
            o->set_limited(offer.left.has_value());
            o->set_left(offer.left.value_or(0));
            o->set_waiting(offer.waiting);
            o->set_estimate_s(to_seconds(offer.estimate));
        }
    }
    void operator()(const Leases& m) const {
        auto* out = frame.mutable_leases();
        assert(m.leases.size() <= max_leases);
        for (const auto& lease : m.leases) {
            auto* l = out->add_leases();
            l->set_lease(lease.lease.value());
            put_text(l->mutable_series(), lease.series.view());
            put_text(l->mutable_label(), lease.label);
            l->set_size(lease.size);
        }
    }
    void operator()(const KioskState& m) const {
        auto* out = frame.mutable_kiosk_state();
        assert(m.printers.size() <= max_printers && m.stuck.size() <= max_stuck);
        for (const auto state : m.printers) {
            out->add_printers()->set_state(static_cast<v1::KioskState::Printer::State>(state));
        }
        for (const auto button : m.stuck) {
            out->add_stuck()->set_number(button.value());
        }
    }
    void operator()(const CounterMenu& m) const {
        auto* out = frame.mutable_counter_menu();
        assert(m.targets.size() <= max_targets);
        for (const auto& target : m.targets) {
            auto* t = out->add_targets();
            put_text(t->mutable_service(), target.service.view());
            put_text(t->mutable_service_name(), target.service_name);
        }
    }

private:
    template <class Out, class In>
    static void on_ticket(Out* out, const In& in) {
        out->set_request(in.request.value());
        out->set_ticket(in.ticket.value());
    }
};

}  // namespace

void write(const Message& message, v1::Frame& frame) {
    std::visit(Writer{frame}, message);
}

}  // namespace antrean::proto
