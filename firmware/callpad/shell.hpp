// The callpad's core in the world: its actions carried out on the store, the network and the
// display. It decides nothing. Thread rule: everything on the io_context's one thread.
#pragma once

#include "firmware/callpad/core.hpp"
#include "firmware/callpad/store.hpp"
#include "firmware/common/link.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::callpad {

struct ShellConfig {
    DeviceId device;
    std::string controller;                  // HOST:PORT
    std::vector<std::string> pause_reasons;  // as in Core
};

struct ShellHandlers {
    std::function<void(const Screen&)> on_screen;
    std::function<void(const std::string&)> on_log;
    // The store has failed: nothing more is sent, shown or stored. Told once.
    std::function<void(const database::DatabaseError&)> on_store_failure;
};

class Shell {
public:
    // Begins at once. STORE and IO must outlive it. Throws std::invalid_argument, with a text for
    // people, for an address that cannot be understood.
    Shell(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
          ShellHandlers handlers);
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    void pushed(const Push& push);

    // After the store has failed, or to have it open no more: nothing happens from now on, and once
    // the turn has ended it may be destroyed. Not from one of its handlers.
    void stop();

    // For the technicians' console; link() not after stop().
    const Core& core() const;
    const common::Link::Status& link() const;
    std::uint64_t saves() const;  // of the store, since the start

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::callpad
