// The controller without its sockets, its disk and its clock: connections and their bytes in,
// batches for the journal, bytes and views out. It greets devices, lets the engine decide, and
// holds every effect (answer, counter view, board) back until the journal says that what it rests
// on is durable. Batches are group commits: while one is on its way to the disk, what is decided
// meanwhile makes up the next.
//
// Pure; one thread. Its shell (controller/server, or the simulator) feeds it and carries out:
//   - take_batch() after each input: give it to the journal, then call committed() and tell();
//   - take_ready(): the connections with output to write, or to close;
//   - tick() about every second;
//   - board_changed() / board() for the public screens;
//   - take_operator_answers(), take_durable() and take_notices(), where they are of use.
// If the journal fails, the hub must not be used again: the process ends.
#pragma once

#include "controller/engine/engine.hpp"
#include "controller/projections/hall.hpp"
#include "controller/site/site.hpp"
#include "proto/peer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace antrean::sessions {

using ConnectionId = NumberId<struct ConnectionTag>;
using AskId = NumberId<struct AskTag>;  // of something that the operator asked

// A moment as the hub needs it.
struct Moment {
    SteadyTime steady;
    engine::Now now;
    std::string zone;  // the zone's name for people at that moment: "WIB"
};

// For the operator's log.
struct Notice {
    enum class Level { info, warning };
    Level level{};
    std::string text;
};

// Events that are on disk, in their order.
struct Durable {
    std::uint64_t first_seq = 0;
    std::vector<engine::Event> events;
};

// For meters. Since the start, where a number only rises.
struct Stats {
    std::size_t connections = 0;
    std::size_t kiosks = 0;    // connected
    std::size_t callpads = 0;  // connected
    std::uint64_t journal_seq = 0;
    std::uint64_t batches = 0;
    std::array<std::uint64_t, std::variant_size_v<engine::Fact::variant>> facts{};  // by kind
};

// A device of the site, for the operator.
struct DeviceNow {
    DeviceId device;
    proto::Role role{};
    bool connected = false;
    std::optional<proto::KioskState> state{};  // of a kiosk that has told it over this connection
};

struct Limits {
    std::size_t connections = 12'000;
    std::size_t greeting = 256;            // connections that have not said who they are
    std::size_t greeting_from = 64;        // of these from one address: who floods is alone refused
    std::size_t output_bytes = 768 << 10;  // of one connection, waiting to be taken
    std::size_t offers_a_tick = 256;  // sent, so that a press waits for a few ms of them at most
    // That wait for a batch_is_due(): a flush for fewer costs more than it gains.
    std::size_t fewest_due = 28;
    // A kiosk that is away for this long with papers unsettled: their holders are called like
    // others from then on, as "unconfirmed".
    std::chrono::seconds paper_doubt{20};
    // So long has a kiosk with another store to stay before it gets leases: two with one id, which
    // take the place from each other, would use up the tags of all.
    std::chrono::seconds new_store{30};
};

class Hub {
public:
    // ENGINE, which has the catalog of SITE, and HALL have folded the journal's open day.
    Hub(std::shared_ptr<const site::Site> site, engine::Engine engine, projections::Hall hall,
        Limits limits, SteadyTime now);

    // The journal was put back from a backup: a new epoch begins before anything else is decided.
    // KNOWN: the epoch that the journal of before had reached.
    void journal_is_restored(std::uint32_t known = 0) { restored_ = known; }
    // Once, when an epoch has begun and that is on disk.
    bool take_epoch_begun() { return std::exchange(epoch_begun_, false); }
    // Whether the disk has room for new tickets; while it has not, they are refused.
    void set_room(engine::Room room) { room_ = room; }
    // Has durable events kept for take_durable().
    void keep_durable() { keeps_durable_ = true; }

    // FROM: the other end's address; empty if it is not known.
    void accepted(ConnectionId id, const Moment& moment, std::string from = {});
    void received(ConnectionId id, std::span<const std::byte> bytes, const Moment& moment);
    // The socket is gone, whoever closed it. Unknown ids are ignored.
    void lost(ConnectionId id, const Moment& moment);
    void tick(const Moment& moment);
    // Every device is told goodbye.
    void stop();

    // The operator asks for ACTION, at COUNTER where it takes place at one. The answer is among
    // take_operator_answers() once it is durable.
    AskId ask(engine::Action action, CounterId counter, const Moment& moment);
    std::vector<std::pair<AskId, engine::Answer>> take_operator_answers() {
        return std::exchange(operator_answers_, {});
    }
    // SITE holds from now on. Devices that are not in it are told goodbye, the others get their
    // menu anew; who waits for what is gone is void.
    void change_site(std::shared_ptr<const site::Site> site, const Moment& moment);

    // What was decided since last asked, to be made durable behind the batches before it; empty if
    // nothing was. Valid until it is committed.
    std::span<const engine::Event> take_batch();
    // Whether no other batch is on its way, and at most one device waits for this one.
    bool batch_is_lone() const {
        return flying_.size() == 1 && flying_.front().answers.size() <= 1;
    }
    // Whether as many wait for what was decided as for what is on its way: then it had better
    // follow, however many are still to be heard. Were all to share one batch, the disk would stand
    // still while they are heard and answered, and they while it works.
    bool batch_is_due() const {
        std::size_t flying = 0;
        for (const auto& batch : flying_)
            flying += batch.answers.size();
        return next_.answers.size() >= std::max(flying, limits_.fewest_due);
    }
    // The oldest batch on its way is durable.
    void committed();
    // Answers what is durable, and has boards and callpads show it.
    void tell(const Moment& moment);

    // Connections that got output or are to be closed, since last asked.
    std::vector<ConnectionId> take_ready();
    // What to write to ID; empty for an unknown one.
    proto::Bytes take_output(ConnectionId id);
    // True once ID is to be closed after its output is written. The shell closes the socket, then
    // calls lost().
    bool is_over(ConnectionId id) const;

    bool board_changed() const { return board_changed_; }
    web::BoardView board();

    std::vector<Notice> take_notices() { return std::exchange(notices_, {}); }
    // What became durable since last asked, a batch each.
    std::vector<Durable> take_durable() { return std::exchange(durable_, {}); }
    std::size_t connections() const { return sessions_.size(); }
    Stats stats() const;
    std::vector<DeviceNow> devices() const;  // all of the site, kiosks first

    const site::Site& site() const { return *site_; }
    const engine::Engine& engine() const { return engine_; }  // ahead of the disk
    const projections::Hall& hall() const { return hall_; }   // as it is on disk

private:
    struct Session {
        proto::Peer peer;
        std::string from{};  // its address, until it has said who it is
        DeviceId device;     // once it has
        proto::Role role{};
        bool asked = false;             // a request of it is not answered yet
        bool ready = false;             // it is among ready_
        std::uint64_t offers = 0;       // the version of the offers that it was sent last
        std::uint64_t incarnation = 0;  // of a kiosk's store
        std::optional<std::vector<LeaseId>> leases{};  // as it was sent last
        // A request that its store had lost when it greeted. That may have been long ago, and this
        // its old connection, which stalled: its number is void once something comes behind the
        // welcome. Until then the kiosk says so again in each greeting.
        RequestId lost{};
        SteadyTime leases_from{};                  // it is granted none before
        std::set<SeriesId> without_lease{};        // as it was logged last
        std::optional<SteadyTime> absent_since{};  // before it came
        std::optional<proto::KioskState> state{};  // as it told last
    };
    // An answer that waits for its batch: to a device's request or its hello, or to the operator.
    struct Held {
        ConnectionId to;
        RequestId request;  // none: its hello
        AskId asked;
        engine::Answer answer;
    };
    struct Offered {
        proto::Offer offer;
        std::uint64_t version = 0;  // in which it changed last
    };

    void greet(ConnectionId id, Session& session, const proto::Hello& hello, const Moment& moment);
    // The answer to its hello, once what followed from that is on disk.
    void welcome(ConnectionId id, Session& session, const Moment& moment);
    void request(ConnectionId id, Session& session, const proto::Request& request,
                 const Moment& moment);
    void told(Session& session, const proto::KioskState& state);
    // Opens the day, and makes known to the engine what has changed around it.
    void settle(const Moment& moment);
    void heed_what_it_saw(const proto::Hello& hello, const Moment& moment);
    // What the kiosk that says HELLO may not know of the papers that it was given.
    void heed_what_it_lost(const proto::Hello& hello, bool is_other, Session& session,
                           const Moment& moment);
    static bool may_know(const proto::Hello& hello, ServiceDay day, const std::string& label);
    void forget(RequestId lost, const Session& session, const Moment& moment);
    bool is_other_store(const proto::Hello& hello) const;
    void heed_leases(const Session& session, const proto::Hello& hello, const Moment& moment);
    // That its kiosk gave more numbers than are known shows that the journal is an old copy.
    void heed(const engine::RetireLease& retire, const Session& session, const Moment& moment);
    // For DEVICE knows what the journal does not; KNOWN: an epoch that it knows of.
    void begin_epoch(DeviceId device, std::uint32_t known, const Moment& moment);
    // Grants the kiosk what it lacks, and sends what stands on disk, if that is news to it.
    void refresh_leases(ConnectionId id, const Moment& moment);
    // What is to be known of a number of a lease beside the request.
    void complete(engine::IssueOffline& issue, const proto::IssueOffline& told,
                  const Session& session, const Moment& moment);
    // What the code says that was read, and whether it is sealed with the site's key.
    void complete(engine::CheckIn& check_in, const proto::CheckIn& read, const Session& session);
    void add_names(proto::Ticket& ticket) const;
    std::chrono::seconds estimate(ServiceId service) const;  // of the wait; 0: not known
    void note_of_leases(const engine::Event& event);
    void decide(std::vector<engine::Event> events);
    void answer_when_durable(Held held, const Moment& moment);
    void answer(const Held& held, const Moment& moment);
    std::uint64_t position() const;
    void send(ConnectionId id, Session& session, const proto::Message& message,
              const Moment& moment);
    void send_view(const site::Counter& counter, const Moment& moment);
    void doubt_papers_of_the_absent(const Moment& moment);
    // It has said who it is, or has gone.
    void end_greeting(Session& session);
    void close(ConnectionId id, Session& session, proto::GoodbyeReason reason, std::string text);
    void touched(ConnectionId id, Session& session) {
        if (!std::exchange(session.ready, true)) ready_.push_back(id);
    }
    void note(Notice::Level level, std::string text);
    void send_menu(Session& session, const Moment& moment);
    void refresh_offers(const Moment& moment);
    // Whether there was something new for it.
    bool send_offers(ConnectionId id, Session& session, const Moment& moment);
    void send_offers_in_turn(const Moment& moment);
    void raise_alarms(const Moment& moment);

    std::shared_ptr<const site::Site> site_;
    engine::Engine engine_;
    projections::Hall hall_;
    Limits limits_;
    std::map<ConnectionId, Session> sessions_;
    std::size_t greeting_ = 0;
    std::map<std::string, std::size_t> greeting_from_;  // of these, by address
    std::map<DeviceId, ConnectionId> devices_;          // the open session of each device
    std::map<DeviceId, std::uint64_t> incarnations_;    // of kiosks' stores, since the start
    std::map<DeviceId, SteadyTime> absent_since_;       // kiosks that were here and went
    SteadyTime started_;

    struct Batch {
        std::vector<engine::Event> events;
        std::vector<Held> answers;  // wait for them
    };
    Batch next_;                    // decided, not given to the journal yet
    std::deque<Batch> flying_;      // on their way to the disk, oldest first
    Batch durable_batch_;           // not told yet
    std::uint64_t durable_seq_;     // of the last event that the hall has seen
    std::uint64_t heeded_seq_ = 0;  // of the last one that followed from a hello

    engine::Room room_ = engine::Room::ample;
    std::optional<std::uint32_t> restored_;  // the epoch that was reached before
    bool epoch_begun_ = false;
    std::uint64_t last_ask_ = 0;
    std::vector<std::pair<AskId, engine::Answer>> operator_answers_;
    std::map<ServiceId, Offered> offers_;
    std::set<DeviceId> leases_due_;  // kiosks whose leases may have changed
    std::uint64_t offers_version_ = 0;
    ConnectionId offers_sent_to_;  // the last one in turn
    // Those that were told, and whether the limit was broken.
    std::map<std::pair<ServiceId, projections::Alarm::Kind>, bool> alarms_;
    SteadyTime next_alarms_{};
    bool keeps_durable_ = false;
    std::vector<Durable> durable_;
    Stats stats_;

    std::vector<ConnectionId> ready_;
    bool board_changed_ = true;
    std::vector<Notice> notices_;
};

}  // namespace antrean::sessions
