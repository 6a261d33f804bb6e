// One connection's side of what the peers speak: bytes in, bytes out. Each asks for a durable
// ticket in the peer's own terms, with about as many bytes of text as a ticket of ours has.
//
// Pure; one object for each connection, one thread. What a peer refuses, or says that cannot be
// understood, is std::runtime_error with its words: a figure with errors in it is none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace antrean::benchmark {

enum class Heard {
    part,    // no whole message yet; INPUT is as it was
    word,    // a message that is none of those below
    ready,   // the connection may be asked now
    ticket,  // the answer: the ticket is durable at the peer
};

class PeerProtocol {
public:
    virtual ~PeerProtocol() = default;

    // Appends what a new connection says first.
    virtual void greet(std::string& output) = 0;
    // Takes a message off the front of INPUT; appends what is to be said to it at once.
    virtual Heard hear(std::string_view& input, std::string& output) = 0;
    // Appends the request for a ticket.
    virtual void ask(std::string& output) = 0;

    // Of the last ticket: they count from 1, over all connections.
    std::uint64_t number() const { return number_; }

protected:
    std::uint64_t number_ = 0;
};

// RESP2: a script that counts and adds to a stream, called by its hash.
std::unique_ptr<PeerProtocol> speak_redis();
// Version 3.0: a statement that counts and inserts, prepared once, bound and executed each time; it
// commits by itself.
std::unique_ptr<PeerProtocol> speak_postgresql();
// A job put into the tube "default".
std::unique_ptr<PeerProtocol> speak_beanstalkd();

}  // namespace antrean::benchmark
