// A device's connection to the controller: connects, greets, keeps it alive, and connects anew by
// itself for as long as it exists. It moves bytes for a proto::Peer and knows nothing of requests.
//
// Thread rule: everything on the io_context's one thread. Handlers are never called from within
// the constructor or send(). Nothing is thrown after construction.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "proto/messages.hpp"

namespace boost::asio {
class io_context;
}

namespace antrean::common {

class Link {
public:
    struct Handlers {
        std::function<proto::Hello()> hello;  // asked at each connection
        std::function<void(const proto::Welcome&)> on_welcome;
        std::function<void(const proto::Message&)> on_message;  // after the welcome
        // The connection was lost, or could not be made; WHY is for the technician. Told once
        // for each reason, not for each attempt.
        std::function<void(const std::string& why)> on_down;
    };

    // ADDRESS: "HOST:PORT" or "[::1]:PORT". Throws std::invalid_argument, with a text for people.
    Link(boost::asio::io_context& io, const std::string& address, Handlers handlers);
    ~Link();  // says goodbye where it can
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // Where there is no welcomed connection, MESSAGE is dropped: requests are asked again anyway.
    void send(const proto::Message& message);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace antrean::common
