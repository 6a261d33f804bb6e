// antrean-callpad: puts the parts together; reading it shows the system.
#include "drivers/tty/escape.hpp"
#include "firmware/callpad/display.hpp"
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/callpad/pad.hpp"
#include "firmware/callpad/technician.hpp"
#include "firmware/common/program.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace antrean;
using namespace antrean::callpad;

// Chosen by number on the display: more would not fit it.
constexpr int most_pause_reasons = 9;

struct Options : common::DeviceOptions {
    std::string buttons;
    std::string display = "terminal";
    std::filesystem::path key_map;  // empty: the standard one
    std::vector<std::string> pads;  // beside the first
    std::vector<std::string> pause_reasons{"Istirahat"};
};

boost::system::result<KeyMap, config::LoadError> key_map(const std::filesystem::path& file) {
    if (file.empty()) return standard_key_map();
    return load_key_map(file);
}

// The pad of --device first. PROBLEM as in parse_pad().
std::vector<PadOption> pads_of(const Options& options, std::string& problem) {
    std::vector<PadOption> pads{{DeviceId::parse(options.device), options.buttons,
                                 display::parse_address(options.display, problem)}};
    if (!problem.empty()) {
        problem = "--display '" + tty::escaped(options.display) + "': " + problem;
        return pads;
    }
    for (const auto& text : options.pads) {
        pads.push_back(parse_pad(text, problem));
        if (!problem.empty()) return pads;
    }
    problem = problem_of(pads);
    return pads;
}

// The first has the file of --store, each other one beside it, told apart by its id.
std::filesystem::path store_of(const Options& options, const PadOption& pad) {
    auto file = options.store;
    if (std::string{pad.device->view()} != options.device)
        file += '@' + std::string{pad.device->view()};
    return file;
}

// Of the desk, if it is open, and if a technician tries the keys.
class Taker {
public:
    Taker(device_console::Desk* desk, bool is_alone) : desk_{desk}, is_alone_{is_alone} {}
    bool operator()(const Pad& pad, const PushText& text) const {
        return desk_ && desk_->tap().take(press_of(pad, text, is_alone_));
    }

private:
    device_console::Desk* desk_;
    bool is_alone_;
};

// What a factory reset leaves to this program: the stores of all but the first, which are closed.
int remove_others(const Options& options, const std::vector<PadOption>& pads) {
    for (auto pad = pads.begin() + 1; pad != pads.end(); ++pad) {
        if (const auto done = Store::remove(store_of(options, *pad)); !done)
            return common::store_unusable(done.error());
    }
    return common::exit_ok;
}

// Until it is stopped. The desk, where there is one, is opened over it.
int serve(const Options& options, boost::asio::io_context& io, device_console::Desk* desk) {
    std::string problem;
    const auto chosen = pads_of(options, problem);
    const auto map = key_map(options.key_map).value();
    const bool is_alone = chosen.size() == 1;
    Pad::Handlers handlers{.take = Taker{desk, is_alone}, .on_store_failure = {}};
    if (is_alone) handlers.on_store_failure = common::stop_on_store_failure;
    Pads pads;
    std::optional<database::DatabaseError> failed;
    bool any_began = false;
    for (const auto& pad : chosen) {
        pads.push_back(
            std::make_unique<Pad>(io,
                                  PadConfig{pad, store_of(options, pad), options.controller,
                                            options.pause_reasons, is_alone},
                                  map, handlers));
        const auto done = pads.back()->begin();
        any_began = any_began || done;
        if (!done && !failed) failed = done.error();
    }
    if (!any_began) return common::store_unusable(*failed);
    if (desk) open_desk(*desk, io, pads, options);
    if (options.buttons.empty() && !isatty(STDOUT_FILENO)) {
        for (const auto& text : key_help(map))
            fmt::print("{}\n", text);
    }
    // With several, the folder stands for the stores: one of them may be damaged.
    const auto folder = options.store.parent_path();
    common::run_until_stopped(io, is_alone ? options.store : folder.empty() ? "." : folder);
    if (!desk) return common::exit_ok;
    desk->close();
    if (desk->ending() != device_console::Ending::reset) return common::exit_ok;
    pads.clear();
    return remove_others(options, chosen);
}

class Callpad final : public common::Program {
public:
    Callpad();
    CLI::App& app() override { return app_; }
    const common::DeviceOptions& options() const override { return options_; }
    std::vector<std::string> keys() const override {
        return {"controller", "buttons", "display", "key-map", "pad", "pause-reason"};
    }
    std::string problem() const override {
        auto problem = common::Link::problem_of(options_.controller);
        if (problem.empty()) pads_of(options_, problem);
        if (!problem.empty()) return problem;
        const auto map = key_map(options_.key_map);
        return map ? std::string{} : map.error().message();
    }
    int run(DeviceId, const Setup& setup) override {
        return device_console::run_with_desk(
            options_, setup, [&](boost::asio::io_context& io, device_console::Desk* desk) {
                return serve(options_, io, desk);
            });
    }

private:
    Options options_;
    CLI::App app_{
        "The firmware of an Antrean callpad: a clerk's keys, the number called at the counter and "
        "who\nwaits.\n\n"
        "Keys: n or Enter next, p next priority, r recall, s serve, d done, x no-show, h hold,\n"
        "b call one of the held, c call a number that is typed, t transfer, u undo, i pause or "
        "open,\nm sign in, k sign out. On a number pad: 1 next, 2 recall, 3 done, 4 no-show, 5 "
        "serve,\n6 hold, 7 one of the held, 8 transfer, 9 undo, 0 pause or open, + next priority,\n"
        "* sign in, / sign out. What is typed or chosen by its number ends with Enter; "
        "Backspace\ntakes it back. --key-map FILE says it otherwise, with long presses and "
        "chords.\n\n"
        "Examples:\n  antrean-callpad --device callpad-1 --controller 192.168.1.10:7411 --store "
        "callpad.store\n"
        "  antrean-callpad ... --buttons /dev/input/event2 --display "
        "hd44780:/dev/i2c-1:0x27:20x4 \\\n"
        "      --pad callpad-2=/dev/input/event3,hd44780:/dev/i2c-1:0x26:20x4"};
};

Callpad::Callpad() {
    common::add_options(app_, options_);
    app_.add_option(
        "--buttons", options_.buttons,
        "The evdev device with the keys; without it, they are read from standard input");
    app_.add_option("--display", options_.display,
                    "terminal, for standard output, or hd44780:BUS:ADDRESS:SIZE, a character "
                    "display of 16x2 or 20x4 behind a PCF8574, such as "
                    "hd44780:/dev/i2c-1:0x27:20x4")
        ->capture_default_str();
    app_.add_option("--key-map", options_.key_map,
                    "A TOML file that says what each key does, pressed, held, and two at once; "
                    "schemas/keys tells its form, with one for four buttons");
    app_.add_option("--pad", options_.pads,
                    "ID=EVDEV[,DISPLAY]: one more counter at this computer, with keys and display "
                    "of its own; its store is STORE@ID. Up to 8 of them")
        ->expected(1, static_cast<int>(max_pads) - 1);
    app_.add_option("--pause-reason", options_.pause_reasons,
                    "What a pause of the counter is told with; with several, the clerk chooses one")
        ->expected(1, most_pause_reasons)
        ->check([](const std::string& reason) {
            const bool fits = !reason.empty() && reason.size() <= proto::max_text_bytes;
            return fits && tty::is_plain(reason)
                       ? std::string{}
                       : std::string{"a reason is a text of 1 to 200 bytes in UTF-8"};
        })
        ->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
    return common::run_program(argc, argv, "callpad", [] { return std::make_unique<Callpad>(); });
}
