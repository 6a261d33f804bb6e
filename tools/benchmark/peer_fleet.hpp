// Many clients of a peer at once, on one thread, each with one request in flight: what Fleet is for
// the controller. Owned by one thread. Errors of the system and of the peer are exceptions.
#pragma once

#include "tools/benchmark/peer_protocols.hpp"
#include "tools/benchmark/sample.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace antrean::benchmark {

// What a peer has acknowledged. Numbers 1 to TICKETS, each once, have a sum that nothing else has.
struct Acknowledged {
    std::uint64_t tickets = 0;
    std::uint64_t sum_of_numbers = 0;
};

class PeerFleet {
public:
    using Clock = std::chrono::steady_clock;
    using Speak = std::function<std::unique_ptr<PeerProtocol>()>;

    // Connects CLIENTS clients to PORT on loopback, until each is ready.
    PeerFleet(std::uint16_t port, std::size_t clients, const Speak& speak);
    ~PeerFleet();
    PeerFleet(const PeerFleet&) = delete;
    PeerFleet& operator=(const PeerFleet&) = delete;

    // As Fleet's.
    void ask_until(Clock::time_point until, Sample& sample);
    void finish();
    const Acknowledged& acknowledged() const { return acknowledged_; }

private:
    struct Client {
        int fd = -1;
        bool asked = false;
        Clock::time_point sent;
        std::unique_ptr<PeerProtocol> protocol;
        std::string input;
    };

    void connect(Client& client, std::uint16_t port);
    void turn();
    void read(Client& client);
    void handle(Client& client, Heard heard, Clock::time_point read_at);
    void ask(Client& client);
    void send(Client& client);

    int epoll_ = -1;
    std::vector<Client> clients_;
    std::size_t ready_ = 0;
    std::size_t asked_ = 0;
    bool asking_ = false;
    Acknowledged acknowledged_;
    Sample* sample_ = nullptr;
    std::string output_;
};

}  // namespace antrean::benchmark
