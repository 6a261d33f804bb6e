// A device's connection to the controller: connects, greets, keeps it alive, and connects anew by
// itself for as long as it exists. It moves bytes for a proto::Peer and knows nothing of requests.
//
// Thread rule: everything on the io_context's one thread. Handlers are never called from within
// the constructor or send(). Nothing is thrown after construction.
#pragma once

#include "proto/messages.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

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

    // How it stands, for a technician.
    struct Status {
        bool is_up = false;     // welcomed
        SteadyTime since{};     // the epoch until the first attempt has ended
        std::string address{};  // of the controller, as it was given
        std::string why{};      // it is down; empty while it is up, and before the first attempt
        std::uint64_t welcomes = 0;
        // What the controller's clock is ahead of ours, as of the last welcome; its way included.
        std::optional<std::chrono::milliseconds> clock_ahead{};
    };

    // ADDRESS: "HOST:PORT" or "[::1]:PORT". Throws std::invalid_argument, with a text for people.
    Link(boost::asio::io_context& io, const std::string& address, Handlers handlers);
    // What is wrong with such an address, for people; empty: nothing.
    static std::string problem_of(const std::string& address);
    ~Link();  // says goodbye where it can
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // Where there is no welcomed connection, MESSAGE is dropped: requests are asked again anyway.
    void send(const proto::Message& message);

    const Status& status() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace antrean::common
