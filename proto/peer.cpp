#include "proto/peer.hpp"

#include <algorithm>
#include <cassert>

namespace antrean::proto {

Peer::Peer(Side side, SteadyTime now)
    : side_{side},
      reader_{side == Side::controller ? max_body_bytes_of_device : max_body_bytes},
      started_{now},
      heard_{now},
      spoke_{now} {}

Peer Peer::device(const Hello& hello, SteadyTime now) {
    Peer peer{Side::device, now};
    encode(hello, peer.output_);
    return peer;
}

Peer Peer::controller(SteadyTime now) {
    return Peer{Side::controller, now};
}

std::vector<Message> Peer::receive(std::span<const std::byte> bytes, SteadyTime now) {
    std::vector<Message> out;
    if (state_ == State::closed) return out;
    if (!bytes.empty()) heard_ = now;
    reader_.feed(bytes);
    while (state_ != State::closed) {
        const auto body = reader_.next();
        if (!body) {
            close(GoodbyeReason::malformed, to_text(body.error()));
            break;
        }
        if (!*body) break;
        auto message = decode(**body);
        if (!message) {
            close(GoodbyeReason::malformed, message.error().text());
            break;
        }
        handle(std::move(*message), out);
    }
    return out;
}

void Peer::handle(Message&& message, std::vector<Message>& out) {
    if (auto* goodbye = std::get_if<Goodbye>(&message)) {
        end(std::move(*goodbye), true);
        return;
    }
    const bool greeting =
        std::holds_alternative<Hello>(message) || std::holds_alternative<Welcome>(message);
    const bool for_controller = std::holds_alternative<Hello>(message) ||
                                std::holds_alternative<KioskState>(message) ||
                                message_as<Request>(message).has_value();
    const bool for_either = std::holds_alternative<Heartbeat>(message);
    if (!for_either && for_controller != (side_ == Side::controller)) {
        close(GoodbyeReason::out_of_turn, "a message that only the other side may send");
        return;
    }
    if (greeting != (state_ == State::greeting)) {
        close(GoodbyeReason::out_of_turn,
              greeting ? "a second greeting" : "a message before the greeting");
        return;
    }
    if (state_ == State::deciding) {
        close(GoodbyeReason::out_of_turn, "a message before the welcome");
        return;
    }
    if (for_either) return;
    // A device of a newer protocol speaks this one as well; the welcome tells it which to use.
    if (std::holds_alternative<Hello>(message)) state_ = State::deciding;
    if (const auto* welcome = std::get_if<Welcome>(&message)) {
        if (welcome->protocol != protocol_version) {
            close(GoodbyeReason::unsupported_version, "only protocol version 1 is spoken here");
            return;
        }
        state_ = State::open;
    }
    out.push_back(std::move(message));
}

void Peer::welcome(const Welcome& welcome, SteadyTime now) {
    if (state_ == State::closed) return;
    assert(state_ == State::deciding);
    encode(welcome, output_);
    spoke_ = now;
    state_ = State::open;
}

void Peer::send(const Message& message, SteadyTime now) {
    if (state_ == State::closed) return;
    assert(state_ == State::open);
    encode(message, output_);
    spoke_ = now;
}

void Peer::close(GoodbyeReason reason, std::string text) {
    if (state_ == State::closed) return;
    Goodbye goodbye{reason, std::move(text)};
    encode(goodbye, output_);
    end(std::move(goodbye), false);
}

void Peer::end(Goodbye why, bool by_other) {
    state_ = State::closed;
    why_ = std::move(why);
    closed_by_other_ = by_other;
}

void Peer::tick(SteadyTime now) {
    if (state_ == State::closed) return;
    if (state_ == State::greeting && now - started_ >= greeting_limit) {
        close(GoodbyeReason::silent, "no greeting within 5 s");
    } else if (now - heard_ >= silence_limit) {
        close(GoodbyeReason::silent, "nothing heard for 15 s");
    } else if (state_ == State::open && now - spoke_ >= heartbeat_interval) {
        send(Heartbeat{}, now);
    }
}

std::optional<SteadyTime> Peer::deadline() const {
    switch (state_) {
        case State::greeting:
            return started_ + greeting_limit;
        case State::deciding:
            return heard_ + silence_limit;
        case State::open:
            return std::min(heard_ + silence_limit, spoke_ + heartbeat_interval);
        case State::closed:
            break;
    }
    return std::nullopt;
}

const char* to_text(GoodbyeReason reason) {
    switch (reason) {
        case GoodbyeReason::stopping:
            return "stopping";
        case GoodbyeReason::unsupported_version:
            return "unsupported_version";
        case GoodbyeReason::unknown_device:
            return "unknown_device";
        case GoodbyeReason::wrong_role:
            return "wrong_role";
        case GoodbyeReason::replaced:
            return "replaced";
        case GoodbyeReason::malformed:
            return "malformed";
        case GoodbyeReason::out_of_turn:
            return "out_of_turn";
        case GoodbyeReason::overloaded:
            return "overloaded";
        case GoodbyeReason::silent:
            return "silent";
    }
    return "";
}

const char* to_text(RefusalReason reason) {
    switch (reason) {
        case RefusalReason::stale_request:
            return "stale_request";
        case RefusalReason::request_reused:
            return "request_reused";
        case RefusalReason::unknown_service:
            return "unknown_service";
        case RefusalReason::nobody_waits:
            return "nobody_waits";
        case RefusalReason::not_called:
            return "not_called";
        case RefusalReason::unknown_ticket:
            return "unknown_ticket";
        case RefusalReason::series_full:
            return "series_full";
        case RefusalReason::storage_low:
            return "storage_low";
        case RefusalReason::not_open_yet:
            return "not_open_yet";
        case RefusalReason::in_break:
            return "in_break";
        case RefusalReason::too_late:
            return "too_late";
        case RefusalReason::closed:
            return "closed";
        case RefusalReason::paused:
            return "paused";
        case RefusalReason::not_in_force:
            return "not_in_force";
        case RefusalReason::quota_used:
            return "quota_used";
        case RefusalReason::hall_full:
            return "hall_full";
        case RefusalReason::day_closed:
            return "day_closed";
        case RefusalReason::no_counter:
            return "no_counter";
        case RefusalReason::not_signed_in:
            return "not_signed_in";
        case RefusalReason::unknown_staff:
            return "unknown_staff";
        case RefusalReason::counter_paused:
            return "counter_paused";
        case RefusalReason::recall_limit:
            return "recall_limit";
        case RefusalReason::not_callable:
            return "not_callable";
        case RefusalReason::wrong_state:
            return "wrong_state";
        case RefusalReason::nothing_to_undo:
            return "nothing_to_undo";
        case RefusalReason::too_late_to_undo:
            return "too_late_to_undo";
        case RefusalReason::unknown_lease:
            return "unknown_lease";
        case RefusalReason::unknown_appointment:
            return "unknown_appointment";
        case RefusalReason::wrong_day:
            return "wrong_day";
        case RefusalReason::too_early:
            return "too_early";
        case RefusalReason::too_late_for_appointment:
            return "too_late_for_appointment";
        case RefusalReason::appointment_used:
            return "appointment_used";
    }
    return "";
}

const char* to_text(PrintOutcome outcome) {
    switch (outcome) {
        case PrintOutcome::printed:
            return "printed";
        case PrintOutcome::unconfirmed:
            return "unconfirmed";
        case PrintOutcome::not_printed:
            return "not_printed";
    }
    return "";
}

const char* to_text(PrintReason reason) {
    switch (reason) {
        case PrintReason::none:
            return "none";
        case PrintReason::paper_out:
            return "paper_out";
        case PrintReason::cover_open:
            return "cover_open";
        case PrintReason::cutter:
            return "cutter";
        case PrintReason::fault:
            return "fault";
        case PrintReason::no_answer:
            return "no_answer";
        case PrintReason::gone:
            return "gone";
        case PrintReason::late:
            return "late";
        case PrintReason::restarted:
            return "restarted";
    }
    return "";
}

}  // namespace antrean::proto
