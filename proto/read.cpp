#include "proto/day.hpp"
#include "proto/wire.hpp"

#include <algorithm>
#include <utility>

namespace antrean::proto {
namespace {

// Decoding gathers the first complaint here; the values read after it do not matter.
class Checker {
public:
    std::string text(const std::string& value, const char* field) {
        if (value.size() > max_text_bytes) fail(field);
        return value;
    }
    std::string some_text(const std::string& value, const char* field) {
        if (value.empty()) fail(field);
        return text(value, field);
    }
    template <class Id>
    Id text_id(const std::string& value, const char* field) {
        const auto id = Id::parse(value);
        if (!id) fail(field);
        return id.value_or(Id{});
    }
    template <class Id, class Rep>
    Id some_number(Rep value, const char* field) {
        if (value == 0) fail(field);
        return Id{value};
    }
    // Wire enums count from 1 (0: not given) and ours have the same numbers.
    template <class Enum>
    Enum enumeration(int value, int last, const char* field, int first = 1) {
        if (value < first || value > last) fail(field);
        return static_cast<Enum>(value);
    }
    // A ticket's class is the same number on the wire, 0 included: the usual one is left out.
    TicketClass ticket_class(int value, const char* field) {
        return enumeration<TicketClass>(value, v1::TicketClass_MAX, field, 0);
    }
    std::string code(const std::string& value, const char* field) {
        const bool digits =
            std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (value.size() < min_code_digits || value.size() > max_code_digits || !digits)
            fail(field);
        return value;
    }
    std::string appointment_code(const std::string& value, const char* field) {
        const bool readable =
            std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
        if (value.empty() || value.size() > max_appointment_code || !readable) fail(field);
        return value;
    }
    void count(int size, std::size_t bound, const char* field) {
        if (static_cast<std::size_t>(size) > bound) fail(field);
    }
    std::uint32_t at_most(std::uint32_t value, std::uint32_t bound, const char* field) {
        if (value > bound) fail(field);
        return value;
    }
    WallTime time(std::int64_t ms, const char* field) {
        if (ms < 0 || ms > max_time_ms) fail(field);
        return WallTime{std::chrono::milliseconds{ms}};
    }
    ServiceDay day(const std::string& value, const char* field) {
        const auto day = parse_day(value);
        if (!day) fail(field);
        return day.value_or(ServiceDay{});
    }
    void fail(const char* field) {
        if (!field_) field_ = field;
    }
    const char* failed_field() const { return field_; }

private:
    static constexpr std::int64_t max_time_ms = 253'402'300'799'999;  // the end of the year 9999
    const char* field_ = nullptr;
};

struct Reader {
    Checker& check;

    Message operator()(const v1::Goodbye& m) const {
        return Goodbye{
            check.enumeration<GoodbyeReason>(m.reason(), v1::Goodbye::Reason_MAX, "goodbye.reason"),
            check.text(m.text(), "goodbye.text")};
    }
    Message operator()(const v1::Hello& m) const {
        Hello hello{check
                        .some_number<NumberId<struct Version, std::uint32_t>>(m.protocol(),
                                                                              "hello.protocol")
                        .value(),
                    check.enumeration<Role>(m.role(), v1::Hello::Role_MAX, "hello.role"),
                    check.text_id<DeviceId>(m.device(), "hello.device"),
                    RequestId{m.last_request()},
                    check.text(m.software(), "hello.software"),
                    m.journal_seq(),
                    {}};
        check.count(m.seen_size(), max_seen, "hello.seen");
        for (const auto& s : m.seen()) {
            hello.seen.push_back(Seen{check.day(s.service_day(), "hello.seen.service_day"),
                                      check.some_text(s.label(), "hello.seen.label")});
        }
        hello.incarnation = m.incarnation();
        check.count(m.leases_size(), max_leases, "hello.leases");
        for (const auto& l : m.leases()) {
            hello.leases.push_back(
                KnownLease{check.some_number<LeaseId>(l.lease(), "hello.leases.lease"),
                           check.text_id<SeriesId>(l.series(), "hello.leases.series"),
                           check.some_text(l.label(), "hello.leases.label")});
        }
        return hello;
    }
    Message operator()(const v1::Welcome& m) const {
        return Welcome{m.protocol(),
                       RequestId{m.last_request()},
                       check.time(m.now_ms(), "welcome.now_ms"),
                       m.service_day().empty()
                           ? std::nullopt
                           : std::optional{check.day(m.service_day(), "welcome.service_day")},
                       check.text(m.software(), "welcome.software"),
                       m.journal_seq(),
                       offset(m.utc_offset_min(), "welcome.utc_offset_min")};
    }
    Message operator()(const v1::Issue& m) const {
        return Issue{request(m, "issue.request"),
                     check.text_id<ServiceId>(m.service(), "issue.service"),
                     check.ticket_class(m.ticket_class(), "issue.ticket_class")};
    }
    Message operator()(const v1::CheckIn& m) const {
        return CheckIn{request(m, "check_in.request"),
                       check.appointment_code(m.code(), "check_in.code")};
    }
    Message operator()(const v1::PrintReport& m) const {
        return PrintReport{request(m, "print_report.request"), ticket(m, "print_report.ticket"),
                           check.enumeration<PrintOutcome>(
                               m.outcome(), v1::PrintReport::Outcome_MAX, "print_report.outcome"),
                           check.enumeration<PrintReason>(m.reason(), v1::PrintReport::Reason_MAX,
                                                          "print_report.reason", 0),
                           m.copy()};
    }
    Message operator()(const v1::IssueOffline& m) const {
        constexpr std::uint64_t longest_ms = 366ULL * 24 * 3600 * 1000;
        if (m.age_ms() > longest_ms) check.fail("issue_offline.age_ms");
        return IssueOffline{
            request(m, "issue_offline.request"),
            check.some_number<LeaseId>(m.lease(), "issue_offline.lease"),
            check.at_most(
                check.some_number<TicketNumber>(m.number(), "issue_offline.number").value(),
                max_lease_size, "issue_offline.number"),
            check.text_id<ServiceId>(m.service(), "issue_offline.service"),
            check.ticket_class(m.ticket_class(), "issue_offline.ticket_class"),
            std::chrono::milliseconds{static_cast<std::int64_t>(m.age_ms())},
            RequestId{m.abandoned()}};
    }
    Message operator()(const v1::RetireLease& m) const {
        return RetireLease{request(m, "retire_lease.request"),
                           check.some_number<LeaseId>(m.lease(), "retire_lease.lease"),
                           check.at_most(m.given(), max_lease_size, "retire_lease.given")};
    }
    Message operator()(const v1::CallNext& m) const {
        CallNext call{request(m, "call_next.request")};
        const auto only = check.enumeration<v1::CallNext::Only>(m.only(), v1::CallNext::Only_MAX,
                                                                "call_next.only", 0);
        if (only != v1::CallNext::ANY) call.only = static_cast<TicketClass>(only - 1);
        return call;
    }
    Message operator()(const v1::Recall& m) const {
        return Recall{request(m, "recall.request"), ticket(m, "recall.ticket")};
    }
    Message operator()(const v1::Finish& m) const {
        return Finish{request(m, "finish.request"), ticket(m, "finish.ticket")};
    }
    Message operator()(const v1::NoShow& m) const {
        return NoShow{request(m, "no_show.request"), ticket(m, "no_show.ticket")};
    }
    Message operator()(const v1::CallNamed& m) const {
        CallNamed call{request(m, "call_named.request"), TicketId{m.ticket()},
                       check.text(m.label(), "call_named.label")};
        if (static_cast<bool>(call.ticket) != call.label.empty()) check.fail("call_named.label");
        return call;
    }
    Message operator()(const v1::Serve& m) const {
        return Serve{request(m, "serve.request"), ticket(m, "serve.ticket")};
    }
    Message operator()(const v1::Hold& m) const {
        return Hold{request(m, "hold.request"), ticket(m, "hold.ticket")};
    }
    Message operator()(const v1::Transfer& m) const {
        return Transfer{request(m, "transfer.request"), ticket(m, "transfer.ticket"),
                        check.text_id<ServiceId>(m.service(), "transfer.service")};
    }
    Message operator()(const v1::Undo& m) const { return Undo{request(m, "undo.request")}; }
    Message operator()(const v1::SignIn& m) const {
        return SignIn{request(m, "sign_in.request"), check.code(m.code(), "sign_in.code")};
    }
    Message operator()(const v1::SignOut& m) const {
        return SignOut{request(m, "sign_out.request")};
    }
    Message operator()(const v1::PauseCounter& m) const {
        return PauseCounter{request(m, "pause_counter.request"),
                            check.text(m.reason(), "pause_counter.reason")};
    }
    Message operator()(const v1::OpenCounter& m) const {
        return OpenCounter{request(m, "open_counter.request")};
    }
    Message operator()(const v1::Ticket& m) const {
        return Ticket{request(m, "ticket.request"),
                      ticket(m, "ticket.ticket"),
                      check.some_text(m.label(), "ticket.label"),
                      check.text_id<ServiceId>(m.service(), "ticket.service"),
                      check.time(m.issued_ms(), "ticket.issued_ms"),
                      offset(m.utc_offset_min(), "ticket.utc_offset_min"),
                      m.ahead(),
                      check.day(m.service_day(), "ticket.service_day"),
                      check.ticket_class(m.ticket_class(), "ticket.ticket_class"),
                      std::chrono::seconds{m.estimate_s()},
                      check.text(m.service_name(), "ticket.service_name"),
                      check.text(m.agency_name(), "ticket.agency_name")};
    }
    Message operator()(const v1::Called& m) const {
        return Called{request(m, "called.request"), ticket(m, "called.ticket"),
                      check.some_text(m.label(), "called.label")};
    }
    Message operator()(const v1::Done& m) const { return Done{request(m, "done.request")}; }
    Message operator()(const v1::Refused& m) const {
        return Refused{request(m, "refused.request"),
                       check.enumeration<RefusalReason>(m.reason(), v1::Refused::Reason_MAX,
                                                        "refused.reason")};
    }
    Message operator()(const v1::Menu& m) const {
        Menu menu{check.text(m.site_name(), "menu.site_name"),
                  check.text(m.place(), "menu.place"),
                  check.text(m.zone(), "menu.zone"),
                  {},
                  check.text(m.wifi_name(), "menu.wifi_name"),
                  check.text(m.wifi_password(), "menu.wifi_password"),
                  check.text(m.paper_link(), "menu.paper_link")};
        check.count(m.buttons_size(), max_buttons, "menu.buttons");
        for (const auto& b : m.buttons()) {
            menu.buttons.push_back(MenuButton{
                button(b.number(), "menu.buttons.number"),
                check.text_id<ServiceId>(b.service(), "menu.buttons.service"),
                check.text(b.service_name(), "menu.buttons.service_name"),
                check.text(b.agency_name(), "menu.buttons.agency_name"),
                check.ticket_class(b.ticket_class(), "menu.buttons.ticket_class"),
                check.text(b.bring(), "menu.buttons.bring"),
                b.series().empty() ? SeriesId{}
                                   : check.text_id<SeriesId>(b.series(), "menu.buttons.series")});
        }
        return menu;
    }
    Message operator()(const v1::CounterView& m) const {
        CounterView view;
        view.counter = check.text_id<CounterId>(m.counter(), "counter_view.counter");
        view.counter_name = check.text(m.counter_name(), "counter_view.counter_name");
        view.waiting = m.waiting();
        view.waiting_by_class = {m.waiting_regular(), m.waiting_priority(),
                                 m.waiting_appointment()};
        check.count(m.held_size(), max_held, "counter_view.held");
        for (const auto& h : m.held()) {
            view.held.push_back(
                HeldTicket{ticket(h, "counter_view.held.ticket"),
                           check.some_text(h.label(), "counter_view.held.label"),
                           check.ticket_class(h.ticket_class(), "counter_view.held.ticket_class")});
        }
        view.staff = check.text(m.staff(), "counter_view.staff");
        view.sign_in_required = m.sign_in_required();
        view.paused = m.paused();
        if (view.paused) {
            view.pause_reason = check.text(m.pause_reason(), "counter_view.pause_reason");
        }
        view.can_undo = check.enumeration<Step>(m.can_undo(), v1::CounterView::Step_MAX,
                                                "counter_view.can_undo", 0);
        if (m.ticket() == 0) return view;
        view.ticket = TicketId{m.ticket()};
        view.label = check.some_text(m.label(), "counter_view.label");
        view.service_name = check.text(m.service_name(), "counter_view.service_name");
        view.paper =
            check.enumeration<Paper>(m.paper(), v1::CounterView::Paper_MAX, "counter_view.paper");
        view.times_called = m.times_called();
        view.state =
            check.enumeration<State>(m.state(), v1::CounterView::State_MAX, "counter_view.state");
        view.ticket_class = check.ticket_class(m.ticket_class(), "counter_view.ticket_class");
        return view;
    }
    Message operator()(const v1::Offers& m) const {
        Offers offers{m.journal_seq(), {}};
        check.count(m.offers_size(), max_offers, "offers.offers");
        for (const auto& o : m.offers()) {
            Offer offer{check.text_id<ServiceId>(o.service(), "offers.offers.service")};
            if (o.refusal() != 0) {
                offer.refusal = check.enumeration<RefusalReason>(
                    o.refusal(), static_cast<int>(last_of_offers), "offers.offers.refusal",
                    static_cast<int>(first_of_offers));
            }
            offer.text = check.text(o.text(), "offers.offers.text");
            if (o.limited()) offer.left = o.left();
            offer.waiting = o.waiting();
            offer.estimate = std::chrono::seconds{o.estimate_s()};
            offers.offers.push_back(std::move(offer));
        }
        return offers;
    }
    Message operator()(const v1::Leases& m) const {
        Leases leases;
        check.count(m.leases_size(), max_leases, "leases.leases");
        for (const auto& l : m.leases()) {
            leases.leases.push_back(
                Lease{check.some_number<LeaseId>(l.lease(), "leases.leases.lease"),
                      check.text_id<SeriesId>(l.series(), "leases.leases.series"),
                      check.some_text(l.label(), "leases.leases.label"),
                      check.at_most(l.size(), max_lease_size, "leases.leases.size")});
        }
        return leases;
    }
    Message operator()(const v1::KioskState& m) const {
        KioskState state;
        check.count(m.printers_size(), max_printers, "kiosk_state.printers");
        for (const auto& p : m.printers()) {
            state.printers.push_back(check.enumeration<PrinterState>(
                p.state(), v1::KioskState::Printer::State_MAX, "kiosk_state.printers.state"));
        }
        check.count(m.stuck_size(), max_stuck, "kiosk_state.stuck");
        for (const auto& s : m.stuck()) {
            state.stuck.push_back(button(s.number(), "kiosk_state.stuck.number"));
        }
        return state;
    }
    Message operator()(const v1::CounterMenu& m) const {
        CounterMenu menu;
        check.count(m.targets_size(), max_targets, "counter_menu.targets");
        for (const auto& t : m.targets()) {
            menu.targets.push_back(TransferTarget{
                check.text_id<ServiceId>(t.service(), "counter_menu.targets.service"),
                check.text(t.service_name(), "counter_menu.targets.service_name")});
        }
        return menu;
    }

private:
    ButtonNumber button(std::uint32_t number, const char* field) const {
        const auto in_range = check.at_most(number, 0xffff, field);
        return check.some_number<ButtonNumber>(static_cast<std::uint16_t>(in_range), field);
    }
    template <class In>
    RequestId request(const In& m, const char* field) const {
        return check.some_number<RequestId>(m.request(), field);
    }
    template <class In>
    TicketId ticket(const In& m, const char* field) const {
        return check.some_number<TicketId>(m.ticket(), field);
    }
    std::chrono::minutes offset(std::int32_t minutes, const char* field) const {
        if (minutes < -18 * 60 || minutes > 18 * 60) check.fail(field);
        return std::chrono::minutes{minutes};
    }
};

std::optional<Message> read_body(const v1::Frame& frame, Checker& check) {
    const Reader reader{check};
    switch (frame.body_case()) {
        case v1::Frame::kHeartbeat:
            return Heartbeat{};
        case v1::Frame::kGoodbye:
            return reader(frame.goodbye());
        case v1::Frame::kHello:
            return reader(frame.hello());
        case v1::Frame::kWelcome:
            return reader(frame.welcome());
        case v1::Frame::kIssue:
            return reader(frame.issue());
        case v1::Frame::kCheckIn:
            return reader(frame.check_in());
        case v1::Frame::kPrintReport:
            return reader(frame.print_report());
        case v1::Frame::kIssueOffline:
            return reader(frame.issue_offline());
        case v1::Frame::kRetireLease:
            return reader(frame.retire_lease());
        case v1::Frame::kCallNext:
            return reader(frame.call_next());
        case v1::Frame::kRecall:
            return reader(frame.recall());
        case v1::Frame::kFinish:
            return reader(frame.finish());
        case v1::Frame::kNoShow:
            return reader(frame.no_show());
        case v1::Frame::kCallNamed:
            return reader(frame.call_named());
        case v1::Frame::kServe:
            return reader(frame.serve());
        case v1::Frame::kHold:
            return reader(frame.hold());
        case v1::Frame::kTransfer:
            return reader(frame.transfer());
        case v1::Frame::kUndo:
            return reader(frame.undo());
        case v1::Frame::kSignIn:
            return reader(frame.sign_in());
        case v1::Frame::kSignOut:
            return reader(frame.sign_out());
        case v1::Frame::kPauseCounter:
            return reader(frame.pause_counter());
        case v1::Frame::kOpenCounter:
            return reader(frame.open_counter());
        case v1::Frame::kTicket:
            return reader(frame.ticket());
        case v1::Frame::kCalled:
            return reader(frame.called());
        case v1::Frame::kDone:
            return reader(frame.done());
        case v1::Frame::kRefused:
            return reader(frame.refused());
        case v1::Frame::kMenu:
            return reader(frame.menu());
        case v1::Frame::kCounterView:
            return reader(frame.counter_view());
        case v1::Frame::kOffers:
            return reader(frame.offers());
        case v1::Frame::kLeases:
            return reader(frame.leases());
        case v1::Frame::kCounterMenu:
            return reader(frame.counter_menu());
        case v1::Frame::kKioskState:
            return reader(frame.kiosk_state());
        case v1::Frame::BODY_NOT_SET:
            break;
    }
    return std::nullopt;
}

}  // namespace

ReadFrame read(const v1::Frame& frame) {
    Checker check;
    auto message = read_body(frame, check);
    return {std::move(message), check.failed_field()};
}

}  // namespace antrean::proto
