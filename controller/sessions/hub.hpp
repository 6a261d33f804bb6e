// The controller without its sockets, its disk and its clock: connections and their bytes in,
// batches for the journal, bytes and views out. It greets devices, lets the engine decide, and
// holds every effect (answer, counter view, board) back until the journal says that what it rests
// on is durable. Batches are group commits: while one is on its way to the disk, what is decided
// meanwhile makes up the next.
//
// Pure; one thread. Its shell (server.hpp, or the simulator) feeds it and carries out:
//   - take_batch() after each input: give it to the journal, then call committed();
//   - take_ready(): the connections with output to write, or to close;
//   - tick() about every second;
//   - board_changed() / board() for the public screens.
// If the journal fails, the hub must not be used again: the process ends.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "controller/engine/engine.hpp"
#include "controller/projections/hall.hpp"
#include "controller/site/site.hpp"
#include "proto/peer.hpp"

namespace antrean::sessions {

using ConnectionId = NumberId<struct ConnectionTag>;

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

struct Limits {
    std::size_t connections = 12'000;
    std::size_t greeting = 256;            // connections that have not said who they are
    std::size_t output_bytes = 256 << 10;  // of one connection, waiting to be taken
    // A kiosk that is away for this long with papers unsettled: their holders are called like
    // others from then on, as "unconfirmed".
    std::chrono::seconds paper_doubt{20};
};

class Hub {
public:
    // SITE must outlive the hub. ENGINE and HALL have folded the journal's open day.
    Hub(const site::Site& site, engine::Engine engine, projections::Hall hall, Limits limits,
        SteadyTime now);

    void accepted(ConnectionId id, const Moment& moment);
    void received(ConnectionId id, std::span<const std::byte> bytes, const Moment& moment);
    // The socket is gone, whoever closed it. Unknown ids are ignored.
    void lost(ConnectionId id, const Moment& moment);
    void tick(const Moment& moment);
    // Every device is told goodbye.
    void stop();

    // What is to be made durable next; empty while a batch is on its way or nothing happened. Valid
    // until committed().
    std::span<const engine::Event> take_batch();
    // Whether at most one device waits for that batch.
    bool batch_is_lone() const { return flying_answers_.size() <= 1; }
    // The batch given by take_batch() is durable.
    void committed(const Moment& moment);

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
    std::size_t connections() const { return sessions_.size(); }

private:
    struct Session {
        proto::Peer peer;
        DeviceId device;  // once welcomed
        proto::Role role{};
        bool asked = false;  // a request of it is not answered yet
    };
    // An answer that waits for its batch.
    struct Held {
        ConnectionId to;
        proto::Answer answer;
    };

    void greet(ConnectionId id, Session& session, const proto::Hello& hello, const Moment& moment);
    void request(ConnectionId id, Session& session, const proto::Request& request,
                 const Moment& moment);
    void open_day_if_due(const Moment& moment);
    void decide(std::vector<engine::Event> events);
    void answer(const Held& held, const Moment& moment);
    void send(ConnectionId id, Session& session, const proto::Message& message,
              const Moment& moment);
    void send_view(const site::Counter& counter, const Moment& moment);
    void doubt_papers_of_the_absent(const Moment& moment);
    void close(ConnectionId id, Session& session, proto::GoodbyeReason reason, std::string text);
    void touched(ConnectionId id) { ready_.insert(id); }
    void note(Notice::Level level, std::string text);
    proto::Menu menu(const site::Kiosk& kiosk, const std::string& zone) const;

    const site::Site& site_;
    engine::Engine engine_;
    projections::Hall hall_;
    Limits limits_;
    std::map<ConnectionId, Session> sessions_;
    std::size_t greeting_ = 0;
    std::map<DeviceId, ConnectionId> devices_;    // the open session of each device
    std::map<DeviceId, SteadyTime> absent_since_;  // kiosks that were here and went
    SteadyTime started_;

    std::vector<engine::Event> next_events_;   // decided, not given to the journal yet
    std::vector<Held> next_answers_;           // wait for next_events_
    std::vector<engine::Event> flying_events_; // on their way to the disk
    std::vector<Held> flying_answers_;
    bool flying_ = false;
    std::uint64_t durable_seq_;  // of the last event that the hall has seen

    std::set<ConnectionId> ready_;
    bool board_changed_ = true;
    std::vector<Notice> notices_;
};

}  // namespace antrean::sessions
