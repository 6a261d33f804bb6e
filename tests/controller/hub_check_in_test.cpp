// A kiosk checks an appointment in: its code is read with the site's key.
#include "tests/controller/hub_bench.hpp"

#include <algorithm>

namespace antrean::sessions {
namespace {

using namespace bench;

const auto key = appointments::Key::parse(std::string(32, 'k')).value();

site::Site with_key() {
    auto site = a_site();
    site.appointment_key = key;
    return site;
}

struct Checking {
    explicit Checking(site::Site made = with_key()) {
        bench.site = std::make_shared<const site::Site>(std::move(made));
        bench.restart();
    }
    // Whatever the clock of the bench says: it stands on this minute.
    std::string code(std::string_view service = "npwp", std::string_view nonce = "A") const {
        const auto now = bench.moment().now;
        const auto time = engine::time_of_day(now.wall, now.utc_offset, now.day);
        return appointments::make(id<ServiceId>(service), bench.day, time, nonce, key).value();
    }
    proto::Answer ask(Device& kiosk, std::uint64_t request, std::string text) {
        kiosk.inbox.clear();
        bench.send(kiosk, proto::CheckIn{RequestId{request}, std::move(text)});
        bench.commit();
        for (const auto& message : kiosk.inbox) {
            if (const auto answer = proto::message_as<proto::Answer>(message)) return *answer;
        }
        throw std::logic_error{"no answer"};
    }
    Bench bench;
};

proto::Answer refused(std::uint64_t request, proto::RefusalReason reason) {
    return proto::Refused{RequestId{request}, reason};
}

TEST_CASE("a code gives a ticket that says its service's and agency's names", "[hub][check_in]") {
    Checking checking;
    auto& kiosk = checking.bench.kiosk("kiosk-2");  // has no button for it
    const auto answer = checking.ask(kiosk, 1, checking.code());
    const auto* ticket = std::get_if<proto::Ticket>(&answer);
    REQUIRE(ticket);
    CHECK(ticket->label == "B-001");
    CHECK(ticket->ticket_class == TicketClass::appointment);
    CHECK(ticket->service_name == "NPWP");
    CHECK(ticket->agency_name == "Kantor Pajak");
    CHECK(checking.ask(kiosk, 2, checking.code()) ==
          refused(2, proto::RefusalReason::appointment_used));
}

TEST_CASE("the ticket waits for the disk, and the journal has no seal", "[hub][check_in]") {
    Checking checking;
    auto& kiosk = checking.bench.kiosk();
    const auto code = checking.code();
    checking.bench.send(kiosk, proto::CheckIn{RequestId{1}, code});
    CHECK_FALSE(kiosk.last<proto::Ticket>());
    checking.bench.commit();
    CHECK(kiosk.last<proto::Ticket>());
    const auto& fact = std::get<engine::Issued>(checking.bench.journal.back().fact);
    CHECK(fact.appointment + code.substr(code.rfind('.')) == code);
}

TEST_CASE("a seal of another key, no key and no code at all are one refusal", "[hub][check_in]") {
    Checking checking;
    auto& kiosk = checking.bench.kiosk();
    const auto unknown = proto::RefusalReason::unknown_appointment;
    auto forged = checking.code();
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    CHECK(checking.ask(kiosk, 1, forged) == refused(1, unknown));
    CHECK(checking.ask(kiosk, 2, "3201234567890001") == refused(2, unknown));
    // What is no code is not kept: it may be anything that somebody held before the reader.
    const auto& last = std::get<engine::Refused>(checking.bench.journal.back().fact);
    CHECK(last.asked == engine::Asked{engine::Asked::Kind::check_in, {}, {}, {}});

    Checking without{a_site()};
    auto& other = without.bench.kiosk();
    CHECK(without.ask(other, 1, without.code()) == refused(1, unknown));
}

TEST_CASE("of a wrong seal the operator is told, without the seal", "[hub][check_in]") {
    Checking checking;
    auto& kiosk = checking.bench.kiosk();
    auto forged = checking.code();
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    checking.bench.hub().take_notices();
    checking.ask(kiosk, 1, forged);
    const auto notices = checking.bench.hub().take_notices();
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].level == Notice::Level::warning);
    CHECK(notices[0].text.find(forged.substr(0, forged.rfind('.'))) != std::string::npos);
    CHECK(notices[0].text.find(forged.substr(forged.rfind('.') + 1)) == std::string::npos);
}

TEST_CASE("a callpad checks nobody in", "[hub][check_in][R15]") {
    Checking checking;
    auto& pad = checking.bench.callpad();
    checking.bench.send(pad, proto::CheckIn{RequestId{1}, checking.code()});
    CHECK(pad.why() == proto::GoodbyeReason::out_of_turn);
}

TEST_CASE("another key holds from the next reload on", "[hub][check_in]") {
    Checking checking{a_site()};
    auto& kiosk = checking.bench.kiosk();
    checking.bench.commit();
    const auto code = checking.code();
    CHECK(checking.ask(kiosk, 1, code) == refused(1, proto::RefusalReason::unknown_appointment));
    checking.bench.hub().change_site(std::make_shared<const site::Site>(with_key()),
                                     checking.bench.moment());
    checking.bench.commit();
    CHECK(std::holds_alternative<proto::Ticket>(checking.ask(kiosk, 2, code)));
    // A request that was refused stays so.
    CHECK(checking.ask(kiosk, 3, code) == refused(3, proto::RefusalReason::appointment_used));
}

}  // namespace
}  // namespace antrean::sessions
