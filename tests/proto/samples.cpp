#include "tests/proto/samples.hpp"

#include "proto/frame_reader.hpp"

#include <array>
#include <limits>
#include <stdexcept>

namespace antrean::proto::samples {
namespace {

constexpr auto most64 = std::numeric_limits<std::uint64_t>::max();
constexpr auto most32 = std::numeric_limits<std::uint32_t>::max();

WallTime at(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
}

const WallTime last_time = at(253'402'300'799'999);
const ServiceDay sample_day{std::chrono::days{20779}};  // 2026-11-22
const ServiceDay last_day{std::chrono::days{2932896}};  // 9999-12-31
const RequestId last_request{most64};
const TicketId last_ticket{most64};

std::string longest() {
    return std::string(max_text_bytes, '~');
}

constexpr std::array classes{TicketClass::regular, TicketClass::priority, TicketClass::appointment};

template <class Id>
Id longest_id() {
    return id<Id>("0-9.abcdefghijklmnopqrstuvwxyz-");
}

void add_greetings(std::vector<Message>& out) {
    out.push_back(Heartbeat{});
    for (int reason = 1; reason <= 9; ++reason) {
        out.push_back(Goodbye{static_cast<GoodbyeReason>(reason), "because"});
    }
    out.push_back(Goodbye{GoodbyeReason::stopping, ""});
    out.push_back(Goodbye{GoodbyeReason::silent, longest()});
    out.push_back(Hello{1, Role::kiosk, id<DeviceId>("kiosk-1"), RequestId{41}, "kiosk 0.1"});
    out.push_back(Hello{1, Role::callpad, id<DeviceId>("0"), {}, ""});
    out.push_back(Hello{most32, Role::kiosk, longest_id<DeviceId>(), last_request, longest()});
    out.push_back(Hello{1,
                        Role::kiosk,
                        id<DeviceId>("kiosk-1"),
                        RequestId{41},
                        "kiosk 0.1",
                        9001,
                        {{sample_day, "A-025"}, {sample_day, "B1-007"}}});
    out.push_back(Hello{most32,
                        Role::kiosk,
                        longest_id<DeviceId>(),
                        last_request,
                        longest(),
                        most64,
                        {max_seen, Seen{last_day, longest()}}});
    Hello most{most32, Role::kiosk, longest_id<DeviceId>(), last_request, longest(), most64};
    most.incarnation = most64;
    most.leases = {max_leases, {LeaseId{most64}, longest_id<SeriesId>(), longest()}};
    out.push_back(most);
    Hello one{1, Role::kiosk, id<DeviceId>("kiosk-1"), RequestId{41}, "kiosk 0.1"};
    one.incarnation = 77;
    one.leases = {{LeaseId{7}, id<SeriesId>("dukcapil"), "A-QK"}};
    out.push_back(one);
    out.push_back(Welcome{1, RequestId{41}, at(1'795'312'825'123), sample_day, "antrean 0.1"});
    out.push_back(Welcome{1, RequestId{41}, at(1'795'312'825'123), sample_day, "antrean 0.1", 3,
                          std::chrono::minutes{-540}});
    out.push_back(Welcome{0, {}, at(0), {}, ""});
    out.push_back(
        Welcome{1, RequestId{41}, at(1'795'312'825'123), sample_day, "antrean 0.1", 9002});
    out.push_back(Welcome{most32, last_request, last_time, last_day, longest(), most64});
}

void add_requests(std::vector<Message>& out) {
    out.push_back(Issue{RequestId{1}, id<ServiceId>("ktp-el")});
    out.push_back(Issue{last_request, longest_id<ServiceId>()});
    for (const auto ticket_class : classes) {
        out.push_back(Issue{RequestId{1}, id<ServiceId>("ktp-el"), ticket_class});
        out.push_back(CallNext{RequestId{1}, ticket_class});
    }
    for (int outcome = 1; outcome <= 3; ++outcome) {
        out.push_back(PrintReport{RequestId{1}, TicketId{1}, static_cast<PrintOutcome>(outcome)});
    }
    for (int reason = 0; reason <= 8; ++reason) {
        out.push_back(PrintReport{last_request, last_ticket, PrintOutcome::not_printed,
                                  static_cast<PrintReason>(reason), true});
    }
    out.push_back(IssueOffline{RequestId{1}, LeaseId{7}, 1, id<ServiceId>("ktp-el")});
    for (const auto ticket_class : classes) {
        out.push_back(IssueOffline{last_request, LeaseId{most64}, max_lease_size,
                                   longest_id<ServiceId>(), ticket_class,
                                   std::chrono::hours{24 * 366}, last_request});
    }
    out.push_back(CheckIn{RequestId{1}, " "});
    out.push_back(CheckIn{last_request, std::string(max_appointment_code, '~')});
    out.push_back(RetireLease{RequestId{1}, LeaseId{7}});
    out.push_back(RetireLease{last_request, LeaseId{most64}, max_lease_size});
    out.push_back(CallNext{RequestId{1}});
    out.push_back(CallNext{last_request});
    out.push_back(Recall{RequestId{1}, TicketId{2}});
    out.push_back(Recall{last_request, last_ticket});
    out.push_back(Finish{RequestId{1}, TicketId{2}});
    out.push_back(Finish{last_request, last_ticket});
    out.push_back(NoShow{RequestId{1}, TicketId{2}});
    out.push_back(NoShow{last_request, last_ticket});
    out.push_back(CallNamed{RequestId{1}, TicketId{2}, ""});
    out.push_back(CallNamed{RequestId{1}, {}, "A-025"});
    out.push_back(CallNamed{last_request, last_ticket, ""});
    out.push_back(CallNamed{last_request, {}, longest()});
    out.push_back(Serve{RequestId{1}, TicketId{2}});
    out.push_back(Serve{last_request, last_ticket});
    out.push_back(Hold{RequestId{1}, TicketId{2}});
    out.push_back(Hold{last_request, last_ticket});
    out.push_back(Transfer{RequestId{1}, TicketId{2}, id<ServiceId>("npwp")});
    out.push_back(Transfer{last_request, last_ticket, longest_id<ServiceId>()});
    out.push_back(Undo{RequestId{1}});
    out.push_back(Undo{last_request});
    out.push_back(SignIn{RequestId{1}, "0000"});
    out.push_back(SignIn{last_request, "012345678999"});
    out.push_back(SignOut{RequestId{1}});
    out.push_back(SignOut{last_request});
    out.push_back(PauseCounter{RequestId{1}, ""});
    out.push_back(PauseCounter{RequestId{1}, "Istirahat"});
    out.push_back(PauseCounter{last_request, longest()});
    out.push_back(OpenCounter{RequestId{1}});
    out.push_back(OpenCounter{last_request});
}

void add_answers(std::vector<Message>& out) {
    out.push_back(Ticket{RequestId{42}, TicketId{1337}, "A-025", id<ServiceId>("ktp-el"),
                         at(1'795'312'826'123), std::chrono::minutes{420}, 3, sample_day});
    out.push_back(Ticket{RequestId{1}, TicketId{1}, "-", id<ServiceId>("0"), at(0),
                         std::chrono::minutes{-18 * 60}, 0, ServiceDay{}});
    out.push_back(Ticket{last_request, last_ticket, longest(), longest_id<ServiceId>(), last_time,
                         std::chrono::minutes{18 * 60}, most32, last_day, TicketClass::appointment,
                         std::chrono::seconds{most32}});
    out.push_back(Ticket{RequestId{42}, TicketId{1337}, "A-025", id<ServiceId>("ktp-el"),
                         at(1'795'312'826'123), std::chrono::minutes{420}, 3, sample_day,
                         TicketClass::priority, std::chrono::seconds{540}});
    out.push_back(Called{RequestId{1}, TicketId{1}, "A-001"});
    out.push_back(Called{last_request, last_ticket, longest()});
    out.push_back(Done{RequestId{1}});
    out.push_back(Done{last_request});
    for (int reason = 1; reason <= static_cast<int>(RefusalReason::appointment_used); ++reason) {
        out.push_back(Refused{RequestId{1}, static_cast<RefusalReason>(reason)});
    }
    out.push_back(Refused{last_request, RefusalReason::appointment_used});
}

void add_menus(std::vector<Message>& out) {
    const MenuButton button{ButtonNumber{1}, id<ServiceId>("ktp-el"), "KTP-el", "Dukcapil"};
    out.push_back(Menu{"Mal Pelayanan Publik", "Jombang", "WIB", {button, button}});
    out.push_back(Menu{});
    MenuButton priority = button;
    priority.ticket_class = TicketClass::priority;
    priority.bring = "KK asli";
    out.push_back(Menu{"Mal Pelayanan Publik",
                       "Jombang",
                       "WIB",
                       {priority},
                       "mpp",
                       "selamat",
                       "https://mpp.example"});
    const MenuButton widest{ButtonNumber{0xffff},
                            longest_id<ServiceId>(),
                            longest(),
                            longest(),
                            TicketClass::appointment,
                            longest(),
                            longest_id<SeriesId>()};
    out.push_back(Menu{
        longest(), longest(), longest(), {max_buttons, widest}, longest(), longest(), longest()});
    out.push_back(Leases{});
    out.push_back(Leases{{{LeaseId{7}, id<SeriesId>("dukcapil"), "A-QK", 200}}});
    out.push_back(
        Leases{{max_leases, {LeaseId{most64}, longest_id<SeriesId>(), longest(), max_lease_size}}});
    out.push_back(CounterMenu{});
    out.push_back(CounterMenu{{{id<ServiceId>("npwp"), "NPWP"}, {id<ServiceId>("kk"), ""}}});
    out.push_back(CounterMenu{{max_targets, {longest_id<ServiceId>(), longest()}}});
}

void add_states(std::vector<Message>& out) {
    out.push_back(KioskState{});
    for (int state = 1; state <= static_cast<int>(PrinterState::faulty); ++state)
        out.push_back(KioskState{{PrinterState::ready, static_cast<PrinterState>(state)}});
    out.push_back(
        KioskState{{max_printers, PrinterState::faulty}, {max_stuck, ButtonNumber{0xffff}}});
}

void add_offers(std::vector<Message>& out) {
    out.push_back(Offers{});
    Offers all{9003, {}};
    all.offers.push_back({id<ServiceId>("ktp-el"), {}, "", 0, 4, std::chrono::seconds{540}});
    all.offers.push_back({id<ServiceId>("npwp")});
    for (int reason = static_cast<int>(first_of_offers); reason <= static_cast<int>(last_of_offers);
         ++reason) {
        all.offers.push_back(
            {id<ServiceId>("kk"), static_cast<RefusalReason>(reason), "Rapat", 12});
    }
    out.push_back(all);
    out.push_back(Offers{most64,
                         {max_offers, Offer{longest_id<ServiceId>(), last_of_offers, longest(),
                                            most32, most32, std::chrono::seconds{most32}}}});
}

void add_views(std::vector<Message>& out) {
    CounterView free;
    free.counter = id<CounterId>("loket-3");
    free.counter_name = "Loket 3";
    out.push_back(free);
    for (int paper = 1; paper <= 3; ++paper) {
        out.push_back(CounterView{free.counter, free.counter_name, 4, TicketId{1334}, "A-022",
                                  "KTP-el", static_cast<Paper>(paper), 1});
    }
    CounterView paused = free;
    paused.paused = true;
    paused.pause_reason = "Istirahat";
    paused.sign_in_required = true;
    out.push_back(paused);
    CounterView busy = free;
    busy.waiting = 7;
    busy.waiting_by_class = {4, 2, 1};
    busy.held = {{TicketId{1330}, "A-018"}, {TicketId{1331}, "A-019", TicketClass::priority}};
    busy.staff = "Siti Aminah";
    for (int step = 0; step <= static_cast<int>(Step::transfer); ++step) {
        busy.can_undo = static_cast<Step>(step);
        out.push_back(busy);
    }
    busy.ticket = TicketId{1334};
    busy.label = "A-022";
    busy.service_name = "KTP-el";
    busy.times_called = 2;
    busy.state = State::serving;
    for (const auto ticket_class : classes) {
        busy.ticket_class = ticket_class;
        out.push_back(busy);
    }
    CounterView most{longest_id<CounterId>(),
                     longest(),
                     most32,
                     last_ticket,
                     longest(),
                     longest(),
                     Paper::voided,
                     most32,
                     State::serving,
                     TicketClass::appointment,
                     {most32, most32, most32},
                     {},
                     longest(),
                     true,
                     true,
                     longest(),
                     Step::transfer};
    most.held = {max_held, {last_ticket, longest(), TicketClass::appointment}};
    out.push_back(most);
}

}  // namespace

std::vector<Message> messages() {
    std::vector<Message> out;
    add_greetings(out);
    add_requests(out);
    add_answers(out);
    add_menus(out);
    add_offers(out);
    add_states(out);
    add_views(out);
    return out;
}

std::string name(const Message& message) {
    static constexpr std::array names{
        "heartbeat",     "goodbye",      "hello",         "welcome",      "issue",
        "check_in",      "print_report", "issue_offline", "retire_lease", "call_next",
        "recall",        "finish",       "no_show",       "call_named",   "serve",
        "hold",          "transfer",     "undo",          "sign_in",      "sign_out",
        "pause_counter", "open_counter", "ticket",        "called",       "done",
        "refused",       "menu",         "counter_view",  "offers",       "counter_menu",
        "leases",        "kiosk_state"};
    static_assert(names.size() == std::variant_size_v<Message::variant>);
    return names[message.index()];
}

Bytes body(const Message& message) {
    FrameReader reader;
    reader.feed(encode(message));
    const auto found = reader.next()->value();
    return {found.begin(), found.end()};
}

std::optional<Message> decoded(std::span<const std::byte> body) {
    auto message = decode(body);
    if (!message) return std::nullopt;
    return *std::move(message);
}

CodecError refusal(std::span<const std::byte> body) {
    const auto message = decode(body);
    if (message) throw std::logic_error{"it was not refused"};
    return message.error();
}

Bytes bytes(std::initializer_list<int> values) {
    Bytes out;
    for (const int value : values)
        out.push_back(static_cast<std::byte>(value));
    return out;
}

Bytes varint(std::uint64_t value) {
    Bytes out;
    while (value >= 0x80) {
        out.push_back(static_cast<std::byte>(value | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<std::byte>(value));
    return out;
}

Bytes number(unsigned field, std::uint64_t value) {
    return joined({varint(field * 8), varint(value)});
}

Bytes text(unsigned field, std::string_view value) {
    Bytes out = joined({varint(field * 8 + 2), varint(value.size())});
    for (const char c : value)
        out.push_back(static_cast<std::byte>(c));
    return out;
}

Bytes message(unsigned field, std::initializer_list<Bytes> fields) {
    const auto inner = joined(fields);
    return joined({varint(field * 8 + 2), varint(inner.size()), inner});
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const auto& part : parts)
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

std::uint64_t Random::next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

}  // namespace antrean::proto::samples
