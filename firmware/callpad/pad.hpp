// One counter's callpad, whole: its store, its connection, its keys and its display. Several run in
// one program, and what becomes of one concerns no other.
//
// A store that cannot be used, or that fails, ends what the pad does, not the pad: it says so on
// its display and opens the store again, after 1 s, then doubling to 60 s, going on from what the
// disk holds. The only pad of a program leaves that to the service manager instead: see Handlers.
//
// Thread rule: everything on the io_context's one thread.
#pragma once

#include "drivers/display/display.hpp"
#include "firmware/callpad/pad_keys.hpp"
#include "firmware/callpad/pad_option.hpp"
#include "firmware/callpad/shell.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

namespace antrean::callpad {

struct PadConfig {
    PadOption option;
    std::filesystem::path store;
    std::string controller;                  // HOST:PORT
    std::vector<std::string> pause_reasons;  // as in Core
    bool is_alone = true;                    // else its lines in the log bear its id
};

class Pad {
public:
    struct Handlers {
        // Whether somebody else takes a push. Not asked while something is typed: it may be a code.
        std::function<bool(const Pad&, const PushText&)> take;
        // The store has failed. Where it is empty the pad goes on by itself.
        std::function<void(const database::DatabaseError&)> on_store_failure;
    };
    // How it is, for a technician.
    struct State {
        std::string trouble{};  // with the store; empty: none
        std::string keys{};     // "standard input", "there: USB Keypad", "gone: No such device"
        bool has_keys = false;
        display::Status display{};
    };

    // Throws std::invalid_argument for an address that cannot be understood. IO and MAP must
    // outlive it.
    Pad(boost::asio::io_context& io, PadConfig config, const KeyMap& map, Handlers handlers);
    ~Pad();
    Pad(const Pad&) = delete;
    Pad& operator=(const Pad&) = delete;

    // Once, first. Where the store cannot be used the pad tries again by itself, unless it is
    // alone.
    [[nodiscard]] database::result<void> begin();
    // Removes the store and begins anew, within some seconds.
    void forget();

    const DeviceId& device() const { return *config_.option.device; }
    const std::filesystem::path& store() const { return config_.store; }
    // Null while the store cannot be used; valid during this turn alone.
    const Shell* shell() const { return is_serving_ ? shell_.get() : nullptr; }
    // Likewise; where there is no connection for want of a store, it says that.
    const common::Link::Status& link() const;
    State state() const;
    std::uint64_t saves() const { return saves_before_ + (shell_ ? shell_->saves() : 0); }

private:
    database::result<void> open();
    void failed(const database::DatabaseError& error);
    void close();
    void open_later();
    void pushed(const Push& push, const PushText& text);
    void show(const Screen& screen);
    // Once for each reason, not for each attempt.
    void say_trouble(const std::string& why);
    void log(const std::string& text, bool is_error) const;

    boost::asio::io_context& io_;
    PadConfig config_;
    Handlers handlers_;
    std::unique_ptr<display::Display> display_;
    std::optional<Store> store_;
    std::unique_ptr<Shell> shell_;  // behind the store, which it writes
    bool is_serving_ = false;
    bool is_to_forget_ = false;
    std::uint64_t saves_before_ = 0;
    common::Link::Status no_link_;
    State state_;
    const std::vector<std::string> key_help_;
    std::chrono::seconds retry_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<PadKeys> keys_;
};

using Pads = std::vector<std::unique_ptr<Pad>>;

}  // namespace antrean::callpad
