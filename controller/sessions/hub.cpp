#include "controller/sessions/hub.hpp"

#include "controller/sessions/translate.hpp"
#include "proto/day.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace antrean::sessions {

using proto::GoodbyeReason;
using Level = Notice::Level;

namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    if (to.empty()) {
        to = std::move(from);
        return;
    }
    to.insert(to.end(), std::move_iterator{from.begin()}, std::move_iterator{from.end()});
}

}  // namespace

Hub::Hub(std::shared_ptr<const site::Site> site, engine::Engine engine, projections::Hall hall,
         Limits limits, SteadyTime now)
    : site_{std::move(site)},
      engine_{std::move(engine)},
      hall_{std::move(hall)},
      limits_{limits},
      started_{now},
      durable_seq_{engine_.next_seq() - 1} {}

void Hub::accepted(ConnectionId id, const Moment& moment, std::string from) {
    auto& session =
        sessions_.emplace(id, Session{proto::Peer::controller(moment.steady), std::move(from), {}})
            .first->second;
    ++greeting_;
    const auto here = session.from.empty() ? 0 : ++greeting_from_[session.from];
    if (sessions_.size() > limits_.connections || greeting_ > limits_.greeting ||
        here > limits_.greeting_from) {
        close(id, session, GoodbyeReason::overloaded,
              "too many connections; try again in a few seconds");
    }
}

void Hub::received(ConnectionId id, std::span<const std::byte> bytes, const Moment& moment) {
    const auto it = sessions_.find(id);
    if (it == sessions_.end()) return;
    auto& session = it->second;
    const bool was_closed = session.peer.state() == proto::Peer::State::closed;
    if (session.lost && !bytes.empty() && session.peer.state() == proto::Peer::State::open) {
        forget(std::exchange(session.lost, {}), session, moment);
    }
    for (const auto& message : session.peer.receive(bytes, moment.steady)) {
        // What came before a goodbye or a broken rule is not acted on any more: who asked asks
        // again.
        if (session.peer.state() == proto::Peer::State::closed) break;
        if (const auto* hello = std::get_if<proto::Hello>(&message)) {
            greet(id, session, *hello, moment);
        } else if (const auto asked = proto::message_as<proto::Request>(message)) {
            request(id, session, *asked, moment);
        } else if (const auto* state = std::get_if<proto::KioskState>(&message)) {
            if (session.role == proto::Role::kiosk) {
                told(session, *state);
            } else {
                close(id, session, GoodbyeReason::out_of_turn, "a state that is not of this role");
            }
        }
    }
    if (session.peer.state() == proto::Peer::State::closed) {
        if (!was_closed && !session.peer.closed_by_other()) {
            const auto& why = session.peer.why();
            note(Level::warning, fmt::format("connection {} ({}): closed, {}: {}", id.value(),
                                             session.device ? session.device.view() : "not greeted",
                                             proto::to_text(why.reason), why.text));
        }
        touched(id, session);
    } else if (session.peer.output_bytes() > 0) {
        touched(id, session);
    }
}

void Hub::lost(ConnectionId id, const Moment& moment) {
    const auto it = sessions_.find(id);
    if (it == sessions_.end()) return;
    const auto device = it->second.device;
    if (!device) end_greeting(it->second);
    sessions_.erase(it);
    if (const auto open = devices_.find(device); open != devices_.end() && open->second == id) {
        devices_.erase(open);
        absent_since_[device] = moment.steady;
        note(Level::info, fmt::format("{}: disconnected", device.view()));
    }
}

void Hub::end_greeting(Session& session) {
    --greeting_;
    const auto here = greeting_from_.find(std::exchange(session.from, {}));
    if (here != greeting_from_.end() && --here->second == 0) greeting_from_.erase(here);
}

std::uint64_t Hub::position() const {
    return engine::ticket_id(engine_.epoch(), durable_seq_).value();
}

void Hub::request(ConnectionId id, Session& session, const proto::Request& request,
                  const Moment& moment) {
    if (session.asked) {
        close(id, session, GoodbyeReason::out_of_turn,
              "a request before the one before it was answered");
        return;
    }
    if (!may_ask(session.role, request)) {
        close(id, session, GoodbyeReason::out_of_turn, "a request that is not of this role");
        return;
    }
    session.asked = true;
    settle(moment);
    const auto request_id = proto::request_id(request);
    engine::Command command{{session.device, request_id}, to_action(request)};
    if (auto* issue = std::get_if<engine::Issue>(&command.action)) {
        issue->estimate = estimate(issue->service);
    }
    if (auto* check_in = std::get_if<engine::CheckIn>(&command.action)) {
        complete(*check_in, std::get<proto::CheckIn>(request), session);
        check_in->estimate = estimate(check_in->service);
    }
    if (auto* offline = std::get_if<engine::IssueOffline>(&command.action)) {
        complete(*offline, std::get<proto::IssueOffline>(request), session, moment);
    }
    if (const auto* retire = std::get_if<engine::RetireLease>(&command.action)) {
        heed(*retire, session, moment);
    }
    auto decision = engine_.decide(command, moment.now, room_);
    Held held{id, request_id, {}, std::move(decision.answer)};
    if (planted(Plant::answer_before_flush)) {
        answer(held, moment);
        decide(std::move(decision.events));
        return;
    }
    decide(std::move(decision.events));
    answer_when_durable(std::move(held), moment);
}

std::chrono::seconds Hub::estimate(ServiceId id) const {
    const auto* service = site_->service(id);
    return service ? hall_.estimate(*service, hall_.waiting(service->series).all)
                   : std::chrono::seconds{0};
}

AskId Hub::ask(engine::Action action, CounterId counter, const Moment& moment) {
    settle(moment);
    const AskId asked{++last_ask_};
    const auto request = engine_.last_request(engine::operator_device).next();
    const engine::Command command{{engine::operator_device, request}, std::move(action), counter};
    auto decision = engine_.decide(command, moment.now, room_);
    decide(std::move(decision.events));
    answer_when_durable({{}, {}, asked, std::move(decision.answer)}, moment);
    return asked;
}

void Hub::answer_when_durable(Held held, const Moment& moment) {
    // An answer given anew may rest on events that are still on their way: it waits with them.
    if (!next_.events.empty()) {
        next_.answers.push_back(std::move(held));
    } else if (!flying_.empty()) {
        flying_.back().answers.push_back(std::move(held));
    } else {
        answer(held, moment);
    }
}

void Hub::settle(const Moment& moment) {
    if (engine_.day_is_due(moment.now)) {
        decide(engine_.open_day(moment.now));
        note(Level::info, fmt::format("service day {} opens", to_iso(moment.now.day)));
    }
    if (engine_.site_version() != engine_.catalog().version) {
        decide(engine_.change_site(engine_.catalog(), moment.now));
    }
    if (restored_) {
        const auto known = *std::exchange(restored_, std::nullopt);
        note(Level::warning,
             "the journal was put back from a backup: a new epoch begins, and every series goes on "
             "with its next thousand");
        decide(engine_.begin_epoch(moment.now, known));
    }
}

void Hub::decide(std::vector<engine::Event> events) {
    for (auto& event : events) {
        note_of_leases(event);
        engine_.apply(event);
        next_.events.push_back(std::move(event));
    }
}

std::span<const engine::Event> Hub::take_batch() {
    if (next_.events.empty()) return {};
    flying_.push_back(std::exchange(next_, {}));
    return flying_.back().events;
}

void Hub::committed() {
    assert(!flying_.empty());
    ++stats_.batches;
    append(durable_batch_.events, std::move(flying_.front().events));
    append(durable_batch_.answers, std::move(flying_.front().answers));
    flying_.pop_front();
}

void Hub::tell(const Moment& moment) {
    auto batch = std::exchange(durable_batch_, {});
    for (const auto& held : batch.answers)
        answer(held, moment);
    const auto first_seq = durable_seq_ + 1;
    std::set<ConnectionId> granted_to;
    for (const auto& event : batch.events) {
        hall_.apply(++durable_seq_, event);
        ++stats_.facts.at(event.fact.index());
        if (std::holds_alternative<engine::Restored>(event.fact)) epoch_begun_ = true;
        if (const auto* granted = std::get_if<engine::LeaseGranted>(&event.fact)) {
            if (const auto at = devices_.find(granted->lease.kiosk); at != devices_.end()) {
                granted_to.insert(at->second);
            }
        }
    }
    for (const auto kiosk : granted_to)
        refresh_leases(kiosk, moment);
    if (keeps_durable_ && !batch.events.empty()) {
        durable_.push_back({first_seq, std::move(batch.events)});
    }
    const auto changes = hall_.take_changes();
    if (!changes.any()) return;
    board_changed_ = true;
    for (const auto& counter : site_->counters) {
        if (counter.callpad && devices_.contains(counter.callpad) && changes.concerns(counter)) {
            send_view(counter, moment);
            if (planted(Plant::forget_a_screen)) break;
        }
    }
}

void Hub::answer(const Held& held, const Moment& moment) {
    if (held.asked) {
        operator_answers_.emplace_back(held.asked, held.answer);
        return;
    }
    const auto it = sessions_.find(held.to);
    if (it == sessions_.end()) return;
    if (!held.request) return welcome(held.to, it->second, moment);
    if (it->second.peer.state() != proto::Peer::State::open) return;
    it->second.asked = false;
    auto answer = to_answer(held.request, held.answer);
    if (auto* ticket = std::get_if<proto::Ticket>(&answer)) add_names(*ticket);
    send(held.to, it->second, proto::to_message(answer), moment);
}

void Hub::send(ConnectionId id, Session& session, const proto::Message& message,
               const Moment& moment) {
    // Who is not welcomed yet is told all of it then.
    if (session.peer.state() == proto::Peer::State::deciding) return;
    if (session.peer.output_bytes() > limits_.output_bytes) {
        close(id, session, GoodbyeReason::overloaded, "reads too slowly");
        return;
    }
    session.peer.send(message, moment.steady);
    touched(id, session);
}

void Hub::tick(const Moment& moment) {
    settle(moment);
    refresh_offers(moment);
    send_offers_in_turn(moment);
    for (const auto kiosk : std::exchange(leases_due_, {})) {
        if (const auto at = devices_.find(kiosk); at != devices_.end()) {
            refresh_leases(at->second, moment);
        }
    }
    for (auto& [id, session] : sessions_) {
        const auto deadline = session.peer.deadline();
        if (!deadline || *deadline > moment.steady) continue;
        session.peer.tick(moment.steady);
        touched(id, session);
    }
    doubt_papers_of_the_absent(moment);
    raise_alarms(moment);
}

void Hub::doubt_papers_of_the_absent(const Moment& moment) {
    for (const auto kiosk : engine_.kiosks_with_pending_papers()) {
        if (devices_.contains(kiosk)) continue;
        const auto it = absent_since_.find(kiosk);
        const auto since = it == absent_since_.end() ? started_ : it->second;
        if (moment.steady - since < limits_.paper_doubt) continue;
        decide(engine_.doubt_papers(kiosk, moment.now));
        note(Level::warning, fmt::format("{}: gone with papers unsettled; their numbers are called "
                                         "as unconfirmed",
                                         kiosk.view()));
    }
}

void Hub::stop() {
    for (auto& [id, session] : sessions_) {
        close(id, session, GoodbyeReason::stopping, "the controller stops");
    }
}

void Hub::close(ConnectionId id, Session& session, GoodbyeReason reason, std::string text) {
    session.peer.close(reason, std::move(text));
    touched(id, session);
}

std::vector<ConnectionId> Hub::take_ready() {
    for (const auto id : ready_) {
        if (const auto it = sessions_.find(id); it != sessions_.end()) it->second.ready = false;
    }
    return std::exchange(ready_, {});
}

proto::Bytes Hub::take_output(ConnectionId id) {
    const auto it = sessions_.find(id);
    return it == sessions_.end() ? proto::Bytes{} : it->second.peer.take_output();
}

bool Hub::is_over(ConnectionId id) const {
    const auto it = sessions_.find(id);
    return it == sessions_.end() || it->second.peer.state() == proto::Peer::State::closed;
}

web::BoardView Hub::board() {
    board_changed_ = false;
    return hall_.board();
}

void Hub::note(Level level, std::string text) {
    // Bounded: a shell that does not take them loses the oldest.
    constexpr std::size_t most = 1000;
    if (notices_.size() == most) notices_.erase(notices_.begin());
    notices_.push_back({level, std::move(text)});
}

}  // namespace antrean::sessions
