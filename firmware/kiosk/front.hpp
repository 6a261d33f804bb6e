// The front of a kiosk: keys and a terminal, as those who stand before it have them. What a key
// means is said by the way of choosing (choice.hpp); what is printed, by indonesian.hpp.
//
// Thread rule: everything on the io_context's one thread, which must outlive it.
#pragma once

#include "firmware/common/program.hpp"
#include "firmware/kiosk/choice.hpp"
#include "firmware/kiosk/core.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::kiosk {

class Front {
public:
    struct Handlers {
        std::function<void(ButtonNumber)> press;
        std::function<void()> press_together;  // as Core::pressed_together()
        // Whether a technician tries KEY, which then does nothing else. BUTTON: its own, if it has
        // one.
        std::function<bool(const std::string& key, std::optional<ButtonNumber> button)> is_tried;
        std::function<void()> stuck;  // other keys are stuck than before
    };

    Front(boost::asio::io_context& io, ChoiceMode choice);
    Front(const Front&) = delete;
    Front& operator=(const Front&) = delete;

    void show(const Screen& screen);
    void show(const proto::Menu& menu, const std::vector<proto::Offer>& offers);

    // Begins to read the keys of DEVICES, or of standard input where there is none. Once.
    void open(const std::vector<std::string>& devices, Handlers handlers);

    struct StuckKey {
        std::string device;
        std::string key;                     // its name
        std::optional<ButtonNumber> button;  // none where it is no button by itself
        SteadyTime since{};                  // it has been held
    };
    // The longest first.
    std::vector<StuckKey> stuck_keys() const;

private:
    void take(const std::string& name, std::optional<ButtonNumber> button,
              std::optional<ChoiceKey> key);
    void choose(ChoiceKey key);
    bool is_tried(const std::string& name, std::optional<ButtonNumber> button) const;
    void print_buttons(const proto::Menu& menu);
    void print_choice();
    void show_change();
    void arm();

    boost::asio::io_context& io_;
    const ChoiceMode mode_;
    Handlers handlers_;
    Choice choice_;
    boost::asio::steady_timer timer_;
    std::optional<Screen> screen_;     // as shown last
    std::optional<proto::Menu> menu_;  // likewise
    std::vector<proto::Offer> offers_;
    std::vector<std::string> button_lines_;  // as printed last
    std::vector<std::string> choice_lines_;  // likewise
    std::optional<common::Keys> keys_;
};

}  // namespace antrean::kiosk
