// The lamps in a kiosk's buttons: each shows what the core says of its button, or, where a
// technician tries them, is the one that is lit. It decides nothing but when a lamp that blinks is
// on.
//
// Thread rule: everything on the io_context's one thread.
#pragma once

#include "drivers/lamps/leds.hpp"
#include "firmware/kiosk/core.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::kiosk {

// Of --lamp.
struct LampName {
    ButtonNumber button;
    std::string led;
    bool operator==(const LampName&) const = default;
};

class LampBoard {
public:
    // On for as long as off: two flashes a second, well below those that can bring on a seizure.
    static constexpr std::chrono::milliseconds half_blink{250};

    using OnLog = std::function<void(const std::string& text, bool is_trouble)>;

    // LAMP_OF: what the core says now. ON_LOG: of a LED that fails, or does so no more.
    LampBoard(boost::asio::io_context& io, const std::vector<LampName>& names,
              const std::filesystem::path& folder, std::function<Lamp(ButtonNumber)> lamp_of,
              OnLog on_log);
    LampBoard(const LampBoard&) = delete;
    LampBoard& operator=(const LampBoard&) = delete;

    // Whatever the core goes by has changed. Cheap, and returns at once.
    void update();

    struct State {
        ButtonNumber button;
        std::string led;
        Lamp lamp = Lamp::dark;
        std::string trouble;  // empty: none
    };
    // For the technicians' console.
    std::vector<State> states() const;
    std::size_t size() const { return lamps_.size(); }
    // WHICH alone is lit, until none is: then they show again what is so.
    void try_out(std::optional<std::size_t> which);

private:
    void note(State& lamp, const std::string& why);
    bool look();
    void show();
    void arm();

    std::vector<State> lamps_;
    std::function<Lamp(ButtonNumber)> lamp_of_;
    OnLog on_log_;
    std::optional<std::size_t> tried_;
    bool is_on_ = true;      // those that blink
    bool is_armed_ = false;  // the timer, for some blink
    boost::asio::steady_timer timer_;
    std::optional<lamps::Leds> leds_;  // none without lamps: it has a thread
};

const char* to_text(Lamp lamp);

}  // namespace antrean::kiosk
