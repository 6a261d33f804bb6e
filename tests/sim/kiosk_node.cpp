#include "tests/sim/kiosk_node.hpp"

#include "firmware/kiosk/layout.hpp"
#include "firmware/kiosk/printer_words.hpp"

#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;
using kiosk::Actions;

KioskNode::KioskNode(World& world, Network& network, Checker& checker, const site::Kiosk& kiosk,
                     std::size_t device, Random random, const PrinterStation::Manner& manner)
    : DeviceNode{world, network, checker, kiosk.id, device, random},
      kiosk_{kiosk},
      station_{world, checker, kiosk.id, random_.fork(), manner} {}

void KioskNode::start() {
    kiosk::Stored stored;
    const auto open = [&] {
        stored = {};
        return kiosk::Store::open(fmt::format("kiosk-{}.store", store_),
                                  {clock_.boot(), computer(), std::string{id_.view()}}, stored,
                                  disk_.vfs());
    };
    auto store = [&] {
        auto first = open();
        const bool is_refused =
            !first && is_of_another_ && first.error().code == database::database_errc::corrupt;
        if (!is_refused) return first;
        // As common::open_or_begin_anew() does: that of another kiosk is put aside.
        world_.mark(Mark::another_kiosks_store_put_aside);
        ++store_;
        return open();
    }();
    if (!store) throw Broken{"R12", "a kiosk cannot start: " + store.error().text};
    opened_by_ = computer();
    world_.tell(id_.view(), "starts with {} papers unsettled", stored.jobs.size());
    ++lives_;
    life_ = std::make_unique<Life>(Life{
        std::move(*store),
        kiosk::Core{std::move(stored)},
        printer::Machine{station_.driver_profile(), static_cast<std::uint32_t>(random_.next())},
        {},
        false,
        nullptr,
        nullptr,
        200ms,
        true,
        std::nullopt});
    life_->core_timer = std::make_unique<Timer>(
        world_, [this] { step([&](Actions& out) { life_->core.tick(clock_.now(), out); }); });
    life_->driver_timer = std::make_unique<Timer>(world_, [this] {
        drive([&](printer::Actions& out) { life_->driver.tick(clock_.now(), out); });
    });
    make_link({.hello = [this] { return life_->core.hello(id_, "simulated"); },
               .on_welcome =
                   [this](const proto::Welcome& welcome) {
                       life_->unlinked = false;
                       step([&](Actions& out) { life_->core.linked(welcome, clock_.now(), out); });
                   },
               .on_message = [this](const proto::Message& message) { on_message(message); },
               .on_down =
                   [this](const std::string&) {
                       life_->unlinked = true;
                       step([&](Actions& out) { life_->core.unlinked(clock_.now(), out); });
                   }});
    open_printer();
    connect();
    step([&](Actions& out) { life_->core.started(clock_.now(), out); });
}

void KioskNode::pressed(ButtonNumber button) {
    if (!life_) return;
    world_.tell(id_.view(), "button {} is pressed", button.value());
    if (life_->unlinked) world_.mark(Mark::press_without_controller);
    step([&](Actions& out) { life_->core.pressed(button, clock_.now(), out); });
}

void KioskNode::get_new_computer() {
    world_.tell(id_.view(), "gets a new computer");
    world_.mark(Mark::kiosk_got_new_computer);
    ++computer_;
}

void KioskNode::get_new_disk() {
    world_.tell(id_.view(), "gets a new disk");
    world_.mark(Mark::kiosk_got_new_disk);
    put({}, {});
}

void KioskNode::get_disk_of(const KioskNode& other) {
    world_.tell(id_.view(), "gets a copy of the disk of {}", other.id_.view());
    world_.mark(Mark::kiosk_disk_cloned);
    put(other.files(), other.opened_by_);
}

void KioskNode::swap_disks(KioskNode& one, KioskNode& other) {
    one.world_.tell(one.id_.view(), "swaps disks with {}", other.id_.view());
    one.world_.mark(Mark::kiosk_disks_swapped);
    const auto files = one.files();
    const auto opened_by = one.opened_by_;
    one.put(other.files(), other.opened_by_);
    other.put(files, opened_by);
}

KioskNode::Files KioskNode::files() const {
    const auto store = fmt::format("kiosk-{}.store", store_);
    Files files;
    for (const char* suffix : {"", "-wal"}) {
        if (disk_.exists(store + suffix)) files.emplace_back(suffix, disk_.read(store + suffix));
    }
    return files;
}

void KioskNode::put(const Files& files, std::string opened_by) {
    is_of_another_ = !files.empty();
    opened_by_ = std::move(opened_by);
    ++store_;
    for (const auto& [suffix, content] : files)
        disk_.write(fmt::format("kiosk-{}.store{}", store_, suffix), content);
    checker_.store_lost(id_);
}

std::optional<std::uint64_t> KioskNode::position() const {
    if (!life_) return std::nullopt;
    return life_->core.hello(id_, {}).journal_seq;
}

void KioskNode::on_message(const proto::Message& message) {
    if (const auto answer = proto::message_as<proto::Answer>(message)) {
        if (const auto* ticket = std::get_if<proto::Ticket>(&message)) {
            world_.tell(id_.view(), "is given {}", ticket->label);
        }
        note(*answer);
        step([&](Actions& out) { life_->core.answered(*answer, clock_.now(), out); });
    } else if (const auto* menu = std::get_if<proto::Menu>(&message)) {
        step([&](Actions& out) { life_->core.menu(*menu, clock_.now(), out); });
    } else if (const auto* leases = std::get_if<proto::Leases>(&message)) {
        step([&](Actions& out) { life_->core.leases(*leases, clock_.now(), out); });
    } else if (const auto* offers = std::get_if<proto::Offers>(&message)) {
        life_->core.offers(*offers);
    }
}

template <class Input>
void KioskNode::step(Input&& input) {
    Actions actions;
    input(actions);
    const kiosk::Action* before = nullptr;
    for (const auto& action : actions) {
        perform(action, before);
        before = &action;
    }
    const auto deadline = life_->core.deadline();
    life_->core_timer->set(deadline ? std::optional{clock_.in_world(*deadline)} : std::nullopt);
}

void KioskNode::perform(const kiosk::Action& action, const kiosk::Action* before) {
    const auto* saved = std::get_if<kiosk::Save>(&action);
    if (is_doomed()) {
        const bool after_save = before && std::holds_alternative<kiosk::Save>(*before);
        if (saved && doom_->how != Death::stopped) {
            save(*saved, true);
        } else if (after_save && std::holds_alternative<kiosk::Send>(action)) {
            world_.mark(Mark::kiosk_killed_between_save_and_send);
        } else if (after_save && std::holds_alternative<kiosk::Print>(action)) {
            world_.mark(Mark::kiosk_killed_between_save_and_print);
        }
        fall();
    }
    if (saved) {
        save(*saved, false);
    } else if (const auto* send = std::get_if<kiosk::Send>(&action)) {
        const auto id = DeviceNode::send(send->request);
        if (const auto* report = std::get_if<proto::PrintReport>(&send->request)) {
            world_.tell(id_.view(), "asks {}: ticket {} is {}, {}{}", id.value(),
                        report->ticket.value(), proto::to_text(report->outcome),
                        proto::to_text(report->reason), report->copy ? ", a copy" : "");
        } else if (const auto* offline = std::get_if<proto::IssueOffline>(&send->request)) {
            world_.tell(id_.view(), "asks {}: tells number {} of lease {}, for {}", id.value(),
                        offline->number, offline->lease.value(), offline->abandoned.value());
        } else if (const auto* retired = std::get_if<proto::RetireLease>(&send->request)) {
            world_.tell(id_.view(), "asks {}: retires lease {} of {}", id.value(),
                        retired->lease.value(), retired->given);
        } else {
            world_.tell(id_.view(), "asks {}: a number", id.value());
        }
    } else if (const auto* print = std::get_if<kiosk::Print>(&action)) {
        auto bytes =
            kiosk::lay_out(print->paper, print->copy, station_.driver_profile(), print->parted);
        world_.tell(id_.view(), "prints {}{}", print->paper.label, print->copy ? " as a copy" : "");
        checker_.paper_given(id_, bytes);
        printer::Actions out;
        life_->driver.print({printer::JobId{print->paper.ticket.value()}, std::move(bytes)},
                            clock_.now(), out);
        collect(std::move(out));
        // Not at once: no handler is called from inside print().
        world_.after(Time{0}, [this, life = lives_] {
            if (life_ && life == lives_) perform_driver();
        });
    } else {
        show(std::get<kiosk::Show>(action).screen);
    }
}

void KioskNode::save(const kiosk::Save& save, bool dies) {
    if (dies) {
        tear_save();
        world_.mark(Mark::kiosk_died_in_mid_save);
    }
    const auto done = life_->store.save(save);
    if (!done && !dies) throw Broken{"R12", "a sound disk fails: " + done.error().text};
}

void KioskNode::show(const kiosk::Screen& screen) {
    checker_.kiosk_shows(id_, screen);
    using Kind = kiosk::Screen::Kind;
    if (screen.kind == Kind::unknown_button) world_.mark(Mark::unknown_button);
    const bool out = screen.kind == Kind::take_paper || screen.kind == Kind::maybe_printed;
    // Most take their ticket, some walk away.
    if (out && random_.chance(900)) {
        world_.after(random_.between(300ms, 2500ms), [this] { station_.take_ticket(); });
    }
}

template <class Event>
void KioskNode::drive(const Event& event) {
    printer::Actions out;
    event(out);
    collect(std::move(out));
    perform_driver();
}

void KioskNode::collect(printer::Actions&& actions) {
    for (auto& action : actions)
        life_->driver_actions.push_back(std::move(action));
}

void KioskNode::perform_driver() {
    if (std::exchange(life_->performing, true)) return;
    while (!life_->driver_actions.empty()) {
        auto& action = life_->driver_actions.front();  // stays when others are appended
        if (is_doomed()) fall();
        if (const auto* write = std::get_if<printer::Write>(&action)) {
            station_.write(write->bytes);
        } else if (std::holds_alternative<printer::CloseAndReopen>(action)) {
            station_.close();
            world_.after(Time{0}, [this, life = lives_] {
                if (life_ && life == lives_) printer_closed(printer::Reason::none);
            });
        } else if (const auto* done = std::get_if<printer::Done>(&action)) {
            const auto ticket = TicketId{done->job.value()};
            world_.tell(id_.view(), "its printer says of ticket {}: {}, {}", ticket.value(),
                        printer::to_string(done->outcome), printer::to_string(done->reason));
            const auto outcome = kiosk::to_outcome(done->outcome);
            const auto reason = kiosk::to_reason(done->reason);
            step([&](Actions& out) {
                life_->core.printed(ticket, outcome, reason, clock_.now(), out);
            });
        } else if (const auto* presented = std::get_if<printer::Presented>(&action)) {
            world_.tell(id_.view(), "its presenter: ticket {} is {}", presented->job.value(),
                        printer::to_string(presented->what));
        } else {
            const auto state = std::get<printer::StateChanged>(action).state;
            world_.tell(id_.view(), "its printer: {}", printer::to_string(state));
            step([&](Actions& out) {
                life_->core.printer(kiosk::to_ready(state), clock_.now(), out);
            });
        }
        life_->driver_actions.pop_front();
    }
    life_->performing = false;
    const auto deadline = life_->driver.deadline();
    life_->driver_timer->set(deadline ? std::optional{clock_.in_world(*deadline)} : std::nullopt);
}

void KioskNode::open_printer() {
    station_.open(
        {.opened = [this] { drive([&](auto& out) { life_->driver.opened(clock_.now(), out); }); },
         .received =
             [this](std::span<const std::byte> bytes) {
                 drive([&](auto& out) { life_->driver.received(bytes, clock_.now(), out); });
             },
         .taken =
             [this](std::uint64_t total) {
                 drive([&](auto& out) { life_->driver.taken(total, clock_.now(), out); });
             },
         .closed = [this](printer::Reason why) { printer_closed(why); }});
}

void KioskNode::printer_closed(printer::Reason why) {
    const auto wait = random_.between(life_->retry / 2, life_->retry);
    life_->retry = std::min<Time>(life_->retry * 2, 5s);
    world_.after(wait, [this, life = lives_] {
        if (life_ && life == lives_) open_printer();
    });
    drive([&](auto& out) { life_->driver.closed(why, clock_.now(), out); });
}

void KioskNode::cut_off(Death how) {
    if (life_->driver.busy() && station_.is_in_mid_ticket()) {
        world_.mark(Mark::kiosk_died_in_mid_ticket);
    }
    station_.host_died(how == Death::power_cut);
}

}  // namespace antrean::sim
