// antrean-kiosk: puts the parts together; reading it shows the system.
#include "drivers/escpos/profile_load.hpp"
#include "drivers/printer/address.hpp"
#include "drivers/tty/escape.hpp"
#include "firmware/common/boot.hpp"
#include "firmware/common/program.hpp"
#include "firmware/common/quarantine.hpp"
#include "firmware/kiosk/front.hpp"
#include "firmware/kiosk/options.hpp"
#include "firmware/kiosk/printers.hpp"
#include "firmware/kiosk/reader_device.hpp"
#include "firmware/kiosk/shell.hpp"
#include "firmware/kiosk/technician.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace {

using namespace antrean;
using namespace antrean::kiosk;

struct Options : common::DeviceOptions {
    std::vector<std::string> printers{"usb"};
    std::vector<std::string> profiles{"generic-80"};
    std::vector<std::string> buttons;
    std::string reader;
    std::string press_limit = "10/2";
    std::string choice = "direct";
    std::vector<std::string> lamps;
    std::filesystem::path leds = lamps::kernels_leds;
    PaperLook look;
};

// One profile is for every printer. The error says what is wrong.
boost::system::result<std::vector<printer::Config>, std::string> printers(const Options& options) {
    if (options.profiles.size() != 1 && options.profiles.size() != options.printers.size()) {
        return std::string{"--profile: give it once, or once for each --printer"};
    }
    std::vector<printer::Config> configs;
    for (std::size_t i = 0; i < options.printers.size(); ++i) {
        const auto& which = options.profiles[options.profiles.size() == 1 ? 0 : i];
        const bool wide = which == "auto-80";
        const bool probe = which == "auto" || wide;
        auto profile = escpos::find_profile(wide ? "generic-80" : probe ? "generic-58" : which);
        if (!profile) return "--profile: " + profile.error().message();
        if (!options.look.layout.empty()) {
            if (const auto layout = layout::load(options.look.layout, *profile); !layout) {
                return "--layout: " + layout.error().message();
            }
        }
        configs.push_back({options.printers[i], std::move(*profile), probe,
                           wide ? std::optional{80.0} : std::nullopt});
    }
    return configs;
}

// Until it is stopped. The desk, where there is one, is opened over it.
int serve(const Options& options, DeviceId device, std::vector<printer::Config> configs,
          boost::asio::io_context& io, device_console::Desk* desk) {
    Stored stored;
    auto store = common::open_or_begin_anew(options.store, [&] {
        stored = {};
        return Store::open(options.store,
                           {common::boot_id(), common::hardware_id(), std::string{device.view()}},
                           stored);
    });
    if (!store) return common::store_unusable(store.error());
    Front front{io, *parse_choice(options.choice)};
    std::function<void()> on_change = [] {};
    Shell shell{
        io,
        {device, options.controller, std::move(configs), options.look,
         *parse_press_limit(options.press_limit)},
        *store,
        std::move(stored),
        {.on_screen = [&](const Screen& screen) { front.show(screen); },
         .on_buttons = [&](const auto& menu, const auto& offers) { front.show(menu, offers); },
         .on_log = common::log,
         .on_store_failure = common::stop_on_store_failure,
         .on_paper =
             [&](const PaperEnd& end) {
                 if (desk) keep_paper(*desk, end);
             },
         .on_change = [&] { on_change(); }}};
    LampBoard lamps{io, *parse_lamps(options.lamps), options.leds,
                    [&](ButtonNumber button) {
                        return shell.core().lamp(button, std::chrono::steady_clock::now());
                    },
                    [](const std::string& text, bool is_trouble) {
                        is_trouble ? common::log_error(text) : common::log(text);
                    }};
    on_change = [&] { lamps.update(); };
    lamps.update();
    front.open(options.buttons,
               {.press = [&](ButtonNumber button) { shell.pressed(button); },
                .press_together = [&] { shell.pressed_together(); },
                .is_tried =
                    [&](const std::string& key, std::optional<ButtonNumber> button) {
                        return desk && desk->tap().take(press_of(key, button, shell.core()));
                    },
                .stuck =
                    [&] {
                        std::vector<ButtonNumber> buttons;
                        for (const auto& stuck : front.stuck_keys()) {
                            if (stuck.button) buttons.push_back(*stuck.button);
                        }
                        shell.stuck(std::move(buttons));
                    }});
    std::optional<ReaderDevice> reader;
    if (!options.reader.empty()) {
        reader.emplace(io, options.reader, [&](const std::string& code) { shell.scanned(code); });
    }
    if (desk) open_desk(*desk, io, shell, front, lamps, options);
    common::run_until_stopped(io, options.store);
    if (desk) desk->close();
    return common::exit_ok;
}

class Kiosk final : public common::Program {
public:
    Kiosk();
    CLI::App& app() override { return app_; }
    const common::DeviceOptions& options() const override { return options_; }
    std::vector<std::string> keys() const override {
        return {"controller", "printer", "profile",     "layout", "font",
                "buttons",    "reader",  "press-limit", "lamp",   "choice"};
    }
    std::string problem() const override {
        if (auto why = common::Link::problem_of(options_.controller); !why.empty()) return why;
        for (const auto& address : options_.printers) {
            if (const auto parsed = printer::parse_address(address); !parsed) return parsed.error();
        }
        if (const auto limit = parse_press_limit(options_.press_limit); !limit)
            return limit.error();
        if (const auto lamps = parse_lamps(options_.lamps); !lamps) return lamps.error();
        if (std::find(options_.buttons.begin(), options_.buttons.end(), options_.reader) !=
            options_.buttons.end()) {
            return "--reader: " + tty::escaped(options_.reader) +
                   " is among the --buttons, and what it reads would press them: leave it out "
                   "there";
        }
        const auto choice = parse_choice(options_.choice);
        if (!choice) return choice.error();
        if (*choice != ChoiceMode::direct && !options_.lamps.empty()) {
            return "--lamp: a lamp tells of a button that gives a number by itself, and with "
                   "--choice " +
                   options_.choice + " none does: leave one of them out";
        }
        const auto configs = printers(options_);
        return configs ? std::string{} : configs.error();
    }
    int run(DeviceId device, const Setup& setup) override {
        return device_console::run_with_desk(
            options_, setup, [&](boost::asio::io_context& io, device_console::Desk* desk) {
                return serve(options_, device, *printers(options_), io, desk);
            });
    }

private:
    Options options_;
    CLI::App app_{
        "The firmware of an Antrean kiosk: takes presses, asks the controller for numbers, prints "
        "them\nand tells what became of each paper.\n\n"
        "Example:\n  antrean-kiosk --device kiosk-1 --controller 192.168.1.10:7411 --store "
        "kiosk.store \\\n      --printer usb --buttons /dev/input/by-path/platform-buttons-event"};
};

Kiosk::Kiosk() {
    common::add_options(app_, options_);
    app_.add_option("--printer", options_.printers,
                    "usb, usb:VID:PID, usb:VID:PID:SERIAL, usb:BUS-PORT or tcp:HOST:PORT; given "
                    "twice, the second stands in while the first cannot print")
        ->expected(1, max_printers)
        ->capture_default_str();
    const auto known = escpos::known_profiles();
    app_.add_option(
            "--profile", options_.profiles,
            fmt::format("What the printer can do: the path of a profile's .toml, auto to ask "
                        "the printer (auto-80 if its roll is 80 mm wide), or {}; twice, if the "
                        "second printer is of another kind",
                        fmt::join(known, ", ")))
        ->expected(1, max_printers)
        ->capture_default_str();
    app_.add_option("--layout", options_.look.layout,
                    "How a ticket looks: a file as schemas/papers/README.md tells; without it, the "
                    "standard one");
    app_.add_option(
        "--font", options_.look.fonts,
        "A font file for names that the printer has no letters for, the preferred first");
    app_.add_option(
        "--buttons", options_.buttons,
        "An evdev device with the buttons, once for each; without it, keys are read from "
        "standard input. Keys 1 to 9 are buttons 1 to 9, a to z buttons 10 to 35");
    app_.add_option(
        "--reader", options_.reader,
        "An evdev device that types what it reads, and Enter: a reader of barcodes or QR "
        "codes in its keyboard mode, US layout. With it, people check their appointments "
        "in");
    app_.add_option(
            "--choice", options_.choice,
            "How a service is chosen: direct, by a key of its own; digits, by typing its "
            "number and Enter (# enters, Backspace or . erases, Esc or * cancels); or pages, by "
            "keys 1 to 8 for an agency, then for a service, 9 for the next page and 0 back")
        ->capture_default_str();
    app_.add_option("--press-limit", options_.press_limit,
                    "BURST/SECONDS: how many numbers may be asked for at once, and in how many "
                    "seconds one more")
        ->capture_default_str();
    app_.add_option(
            "--lamp", options_.lamps,
            "BUTTON=NAME, once for each lamp in a button: the LED of the kernel that lights "
            "button BUTTON; several may stand in one, with commas")
        ->delimiter(',')
        ->expected(1, 999);
    app_.add_option("--leds", options_.leds, "The folder in which the kernel shows its LEDs")
        ->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
    return common::run_program(argc, argv, "kiosk", [] { return std::make_unique<Kiosk>(); });
}
