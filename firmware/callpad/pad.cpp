#include "firmware/callpad/pad.hpp"

#include "drivers/display/hd44780_display.hpp"
#include "drivers/display/terminal.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/common/log.hpp"
#include "firmware/common/quarantine.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace antrean::callpad {
namespace {

constexpr std::chrono::seconds first_retry{1}, longest_retry{60};

std::unique_ptr<display::Display> make_display(
    boost::asio::io_context& io, const display::Address& address, std::string name,
    std::function<void(const display::Status&)> on_status) {
    const auto* glass = std::get_if<display::Hd44780Address>(&address);
    if (!glass) return std::make_unique<display::Terminal>(std::move(name));
    return std::make_unique<display::Hd44780Display>(
        io, display::make_i2c_device(glass->bus, glass->address), glass->glass,
        std::move(on_status), display::Hd44780Display::Times{});
}

}  // namespace

Pad::Pad(boost::asio::io_context& io, PadConfig config, const KeyMap& map, Handlers handlers)
    : io_{io},
      config_{std::move(config)},
      handlers_{std::move(handlers)},
      key_help_{key_help(map)},
      retry_{first_retry},
      timer_{io} {
    const auto name = config_.is_alone ? "" : std::string{device().view()} + ": ";
    display_ = make_display(
        io, config_.option.display, name,
        [this](const display::Status& status) { log("display: " + status.text, !status.works); });
    const auto& buttons = config_.option.buttons;
    state_.has_keys = buttons.empty();
    state_.keys = buttons.empty() ? "standard input" : "not tried yet";
    keys_ = std::make_unique<PadKeys>(
        io, buttons, map,
        PadKeys::Handlers{
            .push = [this](const Push& push, const PushText& text) { pushed(push, text); },
            .device =
                [this](bool there, const std::string& text) {
                    state_.has_keys = there;
                    state_.keys = (there ? "there: " : "gone: ") + text;
                    log("buttons " + config_.option.buttons + ": " + text, !there);
                },
            .stuck =
                [this](const std::string& key, bool is_stuck) {
                    log(is_stuck ? key + " is stuck, and ignored until it is let go; free it"
                                 : key + " is free again",
                        is_stuck);
                }});
}

Pad::~Pad() = default;

database::result<void> Pad::begin() {
    const auto done = open();
    if (!done && !config_.is_alone) open_later();
    return done;
}

database::result<void> Pad::open() {
    Stored stored;
    auto store = common::open_or_begin_anew(config_.store, [&] {
        stored = {};
        return Store::open(config_.store, stored);
    });
    if (!store) {
        say_trouble(store.error().text);
        return store.error();
    }
    store_.emplace(std::move(*store));
    state_.trouble.clear();
    is_serving_ = true;
    shell_ = std::make_unique<Shell>(
        io_, ShellConfig{device(), config_.controller, config_.pause_reasons}, *store_,
        std::move(stored),
        ShellHandlers{.on_screen = [this](const Screen& screen) { show(screen); },
                      .on_log = [this](const std::string& text) { log(text, false); },
                      .on_store_failure = [this](const auto& error) { failed(error); }});
    return {};
}

void Pad::failed(const database::DatabaseError& error) {
    if (handlers_.on_store_failure) return handlers_.on_store_failure(error);
    is_serving_ = false;
    say_trouble(error.text);
    // Not from within what has failed.
    boost::asio::post(io_, [this] { open_later(); });
}

void Pad::forget() {
    is_to_forget_ = true;
    is_serving_ = false;
    say_trouble("it is being removed");
    retry_ = first_retry;
    open_later();
}

void Pad::open_later() {
    if (shell_) shell_->stop();
    timer_.expires_after(retry_);
    retry_ = std::min(2 * retry_, longest_retry);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        close();
        if (is_to_forget_) {
            if (const auto done = Store::remove(config_.store); !done) {
                say_trouble(done.error().text);
                return open_later();
            }
            is_to_forget_ = false;
        }
        if (!open()) return open_later();
        log("the store is open again", false);
    });
}

void Pad::close() {
    saves_before_ = saves();
    shell_.reset();
    store_.reset();
}

void Pad::pushed(const Push& push, const PushText& text) {
    const bool is_typing = is_serving_ && shell_->core().screen().entry.has_value();
    if (!is_typing && handlers_.take(*this, text)) return;
    if (is_serving_) shell_->pushed(push);
}

void Pad::show(const Screen& screen) {
    display_->show(rows_for(screen, display_->room(), key_help_));
}

void Pad::say_trouble(const std::string& why) {
    if (why == state_.trouble) return;
    state_.trouble = why;
    // The only pad ends its program for it, which says it too.
    if (!config_.is_alone) log("store: " + why, true);
    no_link_ = {};
    no_link_.address = config_.controller;
    no_link_.why = why;
    const bool is_line = display_->room().rows == 1;
    display_->show(is_line ? std::vector<std::string>{"penyimpanan belum siap, hubungi teknisi"}
                           : std::vector<std::string>{"Penyimpanan", "belum siap"});
}

const common::Link::Status& Pad::link() const {
    return is_serving_ ? shell_->link() : no_link_;
}

Pad::State Pad::state() const {
    auto state = state_;
    state.display = display_->status();
    return state;
}

void Pad::log(const std::string& text, bool is_error) const {
    const auto line = config_.is_alone ? text : std::string{device().view()} + ": " + text;
    return is_error ? common::log_error(line) : common::log(line);
}

}  // namespace antrean::callpad
