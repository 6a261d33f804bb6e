// The peers: servers that people take for durable queues, as Debian packages them, with the
// settings that make each answer durable. Each runs as a child of the bench on a free port of
// loopback, with its data below the run's directory; the system's own services are not touched.
//
// One thread. A server that is not installed or does not start is an exception.
#pragma once

#include "tools/benchmark/child.hpp"
#include "tools/benchmark/peer_protocols.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace antrean::benchmark {

// What a server says that it holds.
struct Stored {
    std::uint64_t tickets = 0;
    std::uint64_t last_number = 0;
};

class PeerServer {
public:
    virtual ~PeerServer() = default;
    virtual std::uint16_t port() const = 0;
    virtual pid_t pid() const = 0;
    virtual std::unique_ptr<PeerProtocol> speak() const = 0;
    // Once nothing is asked any more.
    virtual Stored stored() = 0;
    // Ends it in order, once no client is connected. The destructor kills.
    virtual void stop() = 0;
};

struct Peer {
    const char* name;      // as in the table
    const char* settings;  // that make it comparable, for people
    // DIR is made.
    std::unique_ptr<PeerServer> (*start)(const std::filesystem::path& dir);
};

inline constexpr std::size_t most_peer_clients = 256;

std::unique_ptr<PeerServer> start_redis(const std::filesystem::path& dir);
std::unique_ptr<PeerServer> start_postgresql(const std::filesystem::path& dir);
std::unique_ptr<PeerServer> start_beanstalkd(const std::filesystem::path& dir);

inline constexpr Peer peers[] = {
    {"redis", "appendonly, appendfsync always; a script counts and adds to a stream", start_redis},
    {"postgresql", "as initdb leaves it; a prepared statement counts and inserts",
     start_postgresql},
    {"beanstalkd", "-f0 with a binlog; put", start_beanstalkd},
};

}  // namespace antrean::benchmark
