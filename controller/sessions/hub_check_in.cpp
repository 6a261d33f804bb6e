// What the hub knows of appointments: it reads their codes for the engine, which knows no key.
#include "controller/sessions/hub.hpp"

#include <utility>

#include <fmt/format.h>

namespace antrean::sessions {

void Hub::complete(engine::CheckIn& check_in, const proto::CheckIn& read, const Session& session) {
    auto code = appointments::parse(read.code);
    // A reader reads whatever is held before it; what is no code goes no further.
    if (!code) return;
    const auto& key = site_->appointment_key;
    check_in.genuine = key && appointments::is_genuine(*code, *key);
    check_in.appointment = std::move(code->appointment);
    check_in.service = code->service;
    check_in.day = code->day;
    check_in.time = code->time;
    if (check_in.genuine) return;
    note(Notice::Level::warning,
         fmt::format("{}: {} is not sealed with this site's key; {}", session.device.view(),
                     check_in.appointment,
                     key ? "it is forged, or its booking system has another key"
                         : "name the key_file in [appointments] of the site file"));
}

void Hub::add_names(proto::Ticket& ticket) const {
    if (ticket.ticket_class != TicketClass::appointment) return;
    const auto* service = site_->service(ticket.service);
    if (!service) return;
    ticket.service_name = service->name;
    ticket.agency_name = site_->agency(service->agency)->name;
}

}  // namespace antrean::sessions
