// One command being decided: reads the engine, gathers events. Private to this folder.
#pragma once

#include "controller/engine/engine.hpp"

namespace antrean::engine {

// Whether a ticket that waits in QUEUE can be called at any counter, at whatever hour.
bool is_served(const Catalog& catalog, SeriesId queue);
// Whether STAFF may sign in there.
bool may_sign_in(const Staff& staff, CounterId counter);

class Deciding {
public:
    Deciding(const Engine& engine, const Command& command, const Now& now, Room room)
        : engine_{engine}, command_{command}, now_{now}, stamp_{engine.stamp(now)}, room_{room} {}

    Decision run();

    // One for each action; std::visit calls them.
    Decision operator()(const Issue& issue);
    Decision operator()(const CheckIn& check_in);
    Decision operator()(const PrintReport& report);
    Decision operator()(const IssueOffline& issue);
    Decision operator()(const RetireLease& retire);
    Decision operator()(const CallNext& call);
    Decision operator()(const CallNamed& call);
    Decision operator()(const Recall& recall);
    Decision operator()(const Serve& serve);
    Decision operator()(const Finish& finish);
    Decision operator()(const NoShow& no_show);
    Decision operator()(const Hold& hold);
    Decision operator()(const Transfer& transfer);
    Decision operator()(const Undo& undo);
    Decision operator()(const SignIn& sign_in);
    Decision operator()(const SignOut& sign_out);
    Decision operator()(const PauseCounter& pause);
    Decision operator()(const OpenCounter& open);
    Decision operator()(const VoidTicket& voiding);
    Decision operator()(const PauseService& pause);
    Decision operator()(const ResumeService& resume);
    Decision operator()(const CloseDay& close);
    Decision operator()(const ReopenDay& reopen);

private:
    using Ticket = Engine::Ticket;

    struct Counter {  // where the command takes place
        CounterId id;
        const engine::Counter* catalog = nullptr;
        StaffId staff;
    };
    std::optional<Counter> counter() const;
    // Why nobody is called there now.
    std::optional<Refusal> closed(const Counter& at) const;
    // The ticket that stands at AT, if it is ID.
    const Ticket* standing(const Counter& at, TicketId id) const;
    const std::vector<SeriesId>& serves(const Counter& at) const;
    Firsts firsts(const std::vector<SeriesId>& series) const;
    void finish_standing(const Counter& at);
    Decision call(const Counter& at, const Ticket& next, Why why, TicketId passed, Turn turn);
    std::optional<Onward> next_of_visit(const Ticket& ticket) const;
    // The next number of SERVICE, for which there is one.
    Decision give(ServiceId service, TicketClass ticket_class, std::chrono::seconds estimate,
                  std::string appointment);
    // Issues the number of a lease; why it is void at once, if it is.
    std::optional<VoidReason> issue(const Lease& lease, const IssueOffline& offline,
                                    std::optional<Origin> by);
    // The number of a lease that LABEL is, where its kiosk has not told of it yet: its holder
    // stands at AT. What it is from now on.
    std::optional<Ticket> claim(const Counter& at, std::string_view label);
    Onward onward(ServiceId service, const Ticket& ticket, Place place) const;

    std::uint64_t next_seq() const { return engine_.next_seq_ + events_.size(); }
    const Origin& origin() const { return command_.origin; }
    void add(Fact fact) { events_.push_back({stamp_, std::move(fact)}); }
    // Refused, and remembered.
    Decision refuse(Refusal reason);
    Decision done() { return {std::move(events_), DoneAnswer{}}; }

    const Engine& engine_;
    const Command& command_;
    const Now& now_;
    const Now stamp_;
    const Room room_;
    std::vector<Event> events_;
};

}  // namespace antrean::engine
