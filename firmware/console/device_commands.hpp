// The commands that kiosk and callpad have in common. What differs is asked of the Device.
// Thread rule: as the Console's.
#pragma once

#include "firmware/common/link.hpp"
#include "firmware/console/command.hpp"
#include "firmware/console/store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::device_console {

// How the program is to end.
enum class Ending { restart, reset };

struct Device {
    std::string program;           // "antrean-kiosk"
    std::string id;                // of the site file
    std::filesystem::path folder;  // of its files
    std::function<const common::Link::Status&()> link;
    // What status tells beside the usual.
    std::function<void(Answer&)> add_status;
    // Why the program should not end now; empty: it may.
    std::function<Answer()> why_not_restart;
    std::function<Answer()> why_not_reset;
    std::function<void(Ending)> end;
    // What has been counted since the last call, and is in no store yet.
    std::function<Counters()> new_counts;
    // What to do about a store that has failed; does not return.
    std::function<void(const database::DatabaseError&)> on_store_failure;
};

// What stands in for a button or key while a technician tries them.
class PressTap {
public:
    // Whether PRESS was taken, so that it does nothing else.
    bool take(const Record& press) {
        if (!on_press_) return false;
        on_press_(press);
        return true;
    }
    void open(std::function<void(const Record&)> on_press) { on_press_ = std::move(on_press); }
    void close() { on_press_ = nullptr; }

    // STUCK tells the keys that are held for too long, and do nothing; they are shown first.
    void show_stuck(std::function<std::vector<Record>()> stuck) { stuck_ = std::move(stuck); }
    std::vector<Record> stuck() const { return stuck_ ? stuck_() : std::vector<Record>{}; }

private:
    std::function<void(const Record&)> on_press_;
    std::function<std::vector<Record>()> stuck_;
};

// All but PressTap's command. Whatever is passed must outlive COMMANDS.
void add_device_commands(Commands& commands, boost::asio::io_context& io, const Device& device,
                         Store& store);
void add_buttons_command(Commands& commands, boost::asio::io_context& io, PressTap& tap);

// For whoever keeps counters: they are written with the next paper, or where somebody asks.
Counters take_counts(const Device& device);

// The code in the first line of FILE becomes STORE's, if it is another than before. Gives an error
// for people where that cannot be.
std::string take_code(const std::filesystem::path& file, Store& store);

// A check of self-test.
Record check(const std::string& name, bool is_good, const std::string& found);
// Those that every device has; the last, of the network, comes later, and then DONE is called.
[[nodiscard]] std::shared_ptr<void> run_checks(boost::asio::io_context& io, const Device& device,
                                               const Store& store,
                                               std::function<void(std::vector<Record>)> done);

}  // namespace antrean::device_console
