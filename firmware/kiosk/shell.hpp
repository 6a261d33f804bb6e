// The kiosk's core in the world: its actions carried out on the store, the printer, the network and
// the display, and what happens there brought to it. It decides nothing.
//
// Thread rule: everything on the io_context's one thread.
#pragma once

#include "drivers/printer/printer.hpp"
#include "firmware/common/link.hpp"
#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/papers.hpp"
#include "firmware/kiosk/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::kiosk {

struct ShellConfig {
    DeviceId device;
    std::string controller;                 // HOST:PORT
    std::vector<printer::Config> printers;  // one or two; see printers.hpp
    PaperLook look;                         // a layout that cannot be used is told by on_log
    PressLimit press_limit{};
};

// A paper that a technician wants.
struct TechniciansPaper {
    std::vector<std::byte> bytes;
    escpos::Wear wear;
    // Of a ticket that is printed again, as a copy; none of a test.
    TicketId ticket{};
    std::string label{};
};

// A printer is through with a paper.
struct PaperEnd {
    const Paper* ticket = nullptr;  // null: it was a technician's
    bool copy = false;
    TicketId technicians_ticket;  // as in TechniciansPaper
    std::string technicians_label;
    std::size_t printer = 0;
    printer::Done done;
    escpos::Wear wear;  // of a paper that was not begun as well
};

struct ShellHandlers {
    std::function<void(const Screen&)> on_screen;
    // What the buttons give has changed: the menu, or, with the same menu, the offers.
    std::function<void(const proto::Menu&, const std::vector<proto::Offer>&)> on_buttons;
    std::function<void(const std::string&)> on_log;
    // The store has failed: the process is to end at once, for what it would do next could not
    // be known after a restart.
    std::function<void(const database::DatabaseError&)> on_store_failure;
    std::function<void(const PaperEnd&)> on_paper = nullptr;
    // Something that the core goes by may have changed.
    std::function<void()> on_change = nullptr;
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

    void pressed(ButtonNumber button);
    void scanned(const std::string& code);  // as Core::scanned()
    // These are not heeded, for they have been held down for too long: the controller is told.
    void stuck(std::vector<ButtonNumber> buttons);
    void pressed_together();  // a press that does not count, for another button was down

    // For the technicians' console.
    const Core& core() const;
    const common::Link::Status& link() const;
    std::uint64_t saves() const;  // of the store, since the start
    std::size_t printer_count() const;
    printer::Printer& printer(std::size_t which);
    // A ticket as the printer's layout has it.
    std::vector<std::byte> lay_out(std::size_t which, const layout::Fields& fields,
                                   layout::Marks marks, escpos::Wear& wear);
    // A technician's paper; a ticket that comes meanwhile waits for it. False, and nothing is done,
    // while the printer has another paper.
    using OnDone = std::function<void(const printer::Done&)>;
    bool print(std::size_t which, TechniciansPaper paper, OnDone on_done);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace antrean::kiosk
