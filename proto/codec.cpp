#include "proto/codec.hpp"

#include "antrean.pb.h"
#include "proto/day.hpp"
#include "proto/frame_reader.hpp"

#include <cassert>
#include <string_view>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/common.h>

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

std::int64_t to_ms(WallTime time) {
    return time.time_since_epoch().count();
}

void put_text(std::string* to, std::string_view from) {
    assert(from.size() <= max_text_bytes);
    to->assign(from);
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
    }
    void operator()(const Welcome& m) const {
        auto* out = frame.mutable_welcome();
        out->set_protocol(m.protocol);
        out->set_last_request(m.last_request.value());
        out->set_now_ms(to_ms(m.now));
        if (m.service_day) put_text(out->mutable_service_day(), to_iso(*m.service_day));
        put_text(out->mutable_software(), m.software);
    }
    void operator()(const Issue& m) const {
        auto* out = frame.mutable_issue();
        out->set_request(m.request.value());
        put_text(out->mutable_service(), m.service.view());
    }
    void operator()(const PrintReport& m) const {
        auto* out = frame.mutable_print_report();
        out->set_request(m.request.value());
        out->set_ticket(m.ticket.value());
        out->set_outcome(static_cast<v1::PrintReport::Outcome>(m.outcome));
        out->set_reason(static_cast<v1::PrintReport::Reason>(m.reason));
        out->set_copy(m.copy);
    }
    void operator()(const CallNext& m) const {
        frame.mutable_call_next()->set_request(m.request.value());
    }
    void operator()(const Recall& m) const { on_ticket(frame.mutable_recall(), m); }
    void operator()(const Finish& m) const { on_ticket(frame.mutable_finish(), m); }
    void operator()(const NoShow& m) const { on_ticket(frame.mutable_no_show(), m); }
    void operator()(const Ticket& m) const {
        auto* out = frame.mutable_ticket();
        on_ticket(out, m);
        put_text(out->mutable_label(), m.label);
        put_text(out->mutable_service(), m.service.view());
        out->set_issued_ms(to_ms(m.issued));
        out->set_utc_offset_min(static_cast<std::int32_t>(m.utc_offset.count()));
        out->set_ahead(m.ahead);
        put_text(out->mutable_service_day(), to_iso(m.service_day));
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
        }
    }
    void operator()(const CounterView& m) const {
        auto* out = frame.mutable_counter_view();
        put_text(out->mutable_counter(), m.counter.view());
        put_text(out->mutable_counter_name(), m.counter_name);
        out->set_waiting(m.waiting);
        if (!m.ticket) return;
        out->set_ticket(m.ticket.value());
        put_text(out->mutable_label(), m.label);
        put_text(out->mutable_service_name(), m.service_name);
        out->set_paper(static_cast<v1::CounterView::Paper>(m.paper));
        out->set_times_called(m.times_called);
    }

private:
    template <class Out, class In>
    static void on_ticket(Out* out, const In& in) {
        out->set_request(in.request.value());
        out->set_ticket(in.ticket.value());
    }
};

struct Reader {
    Checker& check;

    Message operator()(const v1::Goodbye& m) const {
        return Goodbye{
            check.enumeration<GoodbyeReason>(m.reason(), v1::Goodbye::Reason_MAX, "goodbye.reason"),
            check.text(m.text(), "goodbye.text")};
    }
    Message operator()(const v1::Hello& m) const {
        return Hello{check
                         .some_number<NumberId<struct Version, std::uint32_t>>(m.protocol(),
                                                                               "hello.protocol")
                         .value(),
                     check.enumeration<Role>(m.role(), v1::Hello::Role_MAX, "hello.role"),
                     check.text_id<DeviceId>(m.device(), "hello.device"),
                     RequestId{m.last_request()}, check.text(m.software(), "hello.software")};
    }
    Message operator()(const v1::Welcome& m) const {
        return Welcome{m.protocol(), RequestId{m.last_request()},
                       check.time(m.now_ms(), "welcome.now_ms"),
                       m.service_day().empty()
                           ? std::nullopt
                           : std::optional{check.day(m.service_day(), "welcome.service_day")},
                       check.text(m.software(), "welcome.software")};
    }
    Message operator()(const v1::Issue& m) const {
        return Issue{request(m, "issue.request"),
                     check.text_id<ServiceId>(m.service(), "issue.service")};
    }
    Message operator()(const v1::PrintReport& m) const {
        return PrintReport{request(m, "print_report.request"), ticket(m, "print_report.ticket"),
                           check.enumeration<PrintOutcome>(
                               m.outcome(), v1::PrintReport::Outcome_MAX, "print_report.outcome"),
                           check.enumeration<PrintReason>(m.reason(), v1::PrintReport::Reason_MAX,
                                                          "print_report.reason", 0),
                           m.copy()};
    }
    Message operator()(const v1::CallNext& m) const {
        return CallNext{request(m, "call_next.request")};
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
    Message operator()(const v1::Ticket& m) const {
        return Ticket{request(m, "ticket.request"),
                      ticket(m, "ticket.ticket"),
                      check.some_text(m.label(), "ticket.label"),
                      check.text_id<ServiceId>(m.service(), "ticket.service"),
                      check.time(m.issued_ms(), "ticket.issued_ms"),
                      offset(m.utc_offset_min(), "ticket.utc_offset_min"),
                      m.ahead(),
                      check.day(m.service_day(), "ticket.service_day")};
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
                  {}};
        if (static_cast<std::size_t>(m.buttons_size()) > max_buttons) check.fail("menu.buttons");
        for (const auto& b : m.buttons()) {
            const auto number = check.at_most(b.number(), 0xffff, "menu.buttons.number");
            menu.buttons.push_back(
                MenuButton{check.some_number<ButtonNumber>(static_cast<std::uint16_t>(number),
                                                           "menu.buttons.number"),
                           check.text_id<ServiceId>(b.service(), "menu.buttons.service"),
                           check.text(b.service_name(), "menu.buttons.service_name"),
                           check.text(b.agency_name(), "menu.buttons.agency_name")});
        }
        return menu;
    }
    Message operator()(const v1::CounterView& m) const {
        CounterView view;
        view.counter = check.text_id<CounterId>(m.counter(), "counter_view.counter");
        view.counter_name = check.text(m.counter_name(), "counter_view.counter_name");
        view.waiting = m.waiting();
        if (m.ticket() == 0) return view;
        view.ticket = TicketId{m.ticket()};
        view.label = check.some_text(m.label(), "counter_view.label");
        view.service_name = check.text(m.service_name(), "counter_view.service_name");
        view.paper =
            check.enumeration<Paper>(m.paper(), v1::CounterView::Paper_MAX, "counter_view.paper");
        view.times_called = m.times_called();
        return view;
    }

private:
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

std::optional<Message> read(const v1::Frame& frame, Checker& check) {
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
        case v1::Frame::kPrintReport:
            return reader(frame.print_report());
        case v1::Frame::kCallNext:
            return reader(frame.call_next());
        case v1::Frame::kRecall:
            return reader(frame.recall());
        case v1::Frame::kFinish:
            return reader(frame.finish());
        case v1::Frame::kNoShow:
            return reader(frame.no_show());
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
        case v1::Frame::BODY_NOT_SET:
            break;
    }
    return std::nullopt;
}

// protobuf would write to standard error for what it dislikes in bytes from outside (invalid
// UTF-8); decode() tells its caller instead.
const struct QuietProtobuf {
    QuietProtobuf() { google::protobuf::SetLogHandler(nullptr); }
} quiet_protobuf;

}  // namespace

std::string CodecError::text() const {
    switch (code) {
        case codec_errc::not_protobuf:
            return "a frame that is no message of this protocol";
        case codec_errc::empty_frame:
            return "a frame without a body that this version knows";
        case codec_errc::bad_field:
            return std::string{"field "} + field + " is out of its range";
    }
    return {};
}

void encode(const Message& message, Bytes& out) {
    thread_local v1::Frame frame;
    frame.Clear();
    std::visit(Writer{frame}, message);
    const std::size_t size = frame.ByteSizeLong();
    assert(size <= max_body_bytes);
    std::uint8_t length[5];
    const auto* end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(
        static_cast<std::uint32_t>(size), length);
    const auto prefix = static_cast<std::size_t>(end - length);
    const std::size_t at = out.size();
    out.resize(at + prefix + size);
    auto* to = reinterpret_cast<std::uint8_t*>(out.data()) + at;
    std::copy(length, length + prefix, to);
    frame.SerializeWithCachedSizesToArray(to + prefix);
}

Bytes encode(const Message& message) {
    Bytes out;
    encode(message, out);
    return out;
}

boost::system::result<Message, CodecError> decode(std::span<const std::byte> body) {
    thread_local v1::Frame frame;
    if (body.size() > max_body_bytes ||
        !frame.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return CodecError{codec_errc::not_protobuf};
    }
    Checker check;
    auto message = read(frame, check);
    if (!message) return CodecError{codec_errc::empty_frame};
    if (check.failed_field()) return CodecError{codec_errc::bad_field, check.failed_field()};
    return *std::move(message);
}

}  // namespace antrean::proto
