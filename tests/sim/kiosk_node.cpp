#include "tests/sim/kiosk_node.hpp"

#include "firmware/kiosk/layout.hpp"
#include "firmware/kiosk/printer_words.hpp"

#include <algorithm>
#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;
using kiosk::Actions;

KioskNode::KioskNode(World& world, Network& network, Checker& checker, const site::Kiosk& kiosk,
                     const Box& box, std::size_t device, Random random,
                     const std::vector<PrinterStation::Manner>& printers)
    : DeviceNode{world, network, checker, box, device, random}, kiosk_{kiosk} {
    for (std::size_t which = 0; which < printers.size(); ++which) {
        printers_.push_back(std::make_unique<KioskPrinter>(
            world, checker, PrinterPlace{box, which}, clock_, random_.fork(), printers[which],
            KioskPrinter::Handlers{
                [this] {
                    if (is_doomed()) fall();
                },
                [this](TicketId ticket, printer::Outcome outcome, printer::Reason reason) {
                    step([&](Actions& out) {
                        life_->core.printed(ticket, kiosk::to_outcome(outcome),
                                            kiosk::to_reason(reason), clock_.now(), out);
                    });
                },
                [this] { printer_changed(); }}));
    }
}

void KioskNode::start() {
    if (!is_there_) return;
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
    world_.tell(box_.view(), "starts with {} papers unsettled", stored.jobs.size());
    life_ = std::make_unique<Life>(Life{std::move(*store), kiosk::Core{std::move(stored)},
                                        kiosk::Printers{printers_.size()},
                                        kiosk::StateReport{clock_.now()}});
    life_->core_timer = std::make_unique<Timer>(
        world_, [this] { step([&](Actions& out) { life_->core.tick(clock_.now(), out); }); });
    life_->state_timer = std::make_unique<Timer>(world_, [this] { tell_state(); });
    make_link({.hello = [this] { return life_->core.hello(id_, "simulated"); },
               .on_welcome =
                   [this](const proto::Welcome& welcome) {
                       life_->unlinked = false;
                       step([&](Actions& out) { life_->core.linked(welcome, clock_.now(), out); });
                       life_->state_report.linked();
                       tell_state();
                   },
               .on_message = [this](const proto::Message& message) { on_message(message); },
               .on_down =
                   [this](const std::string&) {
                       life_->unlinked = true;
                       life_->state_report.unlinked();
                       step([&](Actions& out) { life_->core.unlinked(clock_.now(), out); });
                   }});
    for (auto& printer : printers_)
        printer->start();
    connect();
    step([&](Actions& out) { life_->core.started(clock_.now(), out); });
}

void KioskNode::pressed(ButtonNumber button) {
    if (!life_) return;
    world_.tell(box_.view(), "button {} is pressed", button.value());
    if (life_->unlinked) world_.mark(Mark::press_without_controller);
    step([&](Actions& out) { life_->core.pressed(button, clock_.now(), out); });
}

void KioskNode::scanned(const std::string& code) {
    if (!life_) return;
    world_.tell(box_.view(), "{} is held before its reader", code);
    step([&](Actions& out) { life_->core.scanned(code, clock_.now(), out); });
}

void KioskNode::get_new_computer() {
    world_.tell(box_.view(), "gets a new computer");
    world_.mark(Mark::kiosk_got_new_computer);
    ++computer_;
    checker_.computer_changed(box_);
}

void KioskNode::get_new_disk() {
    world_.tell(box_.view(), "gets a new disk");
    world_.mark(Mark::kiosk_got_new_disk);
    put({}, {});
}

void KioskNode::get_disk_of(const KioskNode& other) {
    world_.tell(box_.view(), "gets a copy of the disk of {}", other.box_.view());
    world_.mark(Mark::kiosk_disk_cloned);
    put(other.files(), other.opened_by_);
}

void KioskNode::take_away() {
    is_there_ = false;
    spare();
    die(Death::power_cut);
    world_.tell(box_.view(), "is taken away");
    checker_.store_lost(box_);
}

void KioskNode::swap_disks(KioskNode& one, KioskNode& other) {
    one.world_.tell(one.box_.view(), "swaps disks with {}", other.box_.view());
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
    checker_.store_lost(box_);
}

std::optional<std::uint64_t> KioskNode::position() const {
    if (!life_) return std::nullopt;
    return life_->core.hello(id_, {}).journal_seq;
}

void KioskNode::on_message(const proto::Message& message) {
    if (const auto answer = proto::message_as<proto::Answer>(message)) {
        if (const auto* ticket = std::get_if<proto::Ticket>(&message)) {
            world_.tell(box_.view(), "is given {}", ticket->label);
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
            world_.tell(box_.view(), "asks {}: ticket {} is {}, {}{}", id.value(),
                        report->ticket.value(), proto::to_text(report->outcome),
                        proto::to_text(report->reason), report->copy ? ", a copy" : "");
        } else if (const auto* offline = std::get_if<proto::IssueOffline>(&send->request)) {
            world_.tell(box_.view(), "asks {}: tells number {} of lease {}, for {}", id.value(),
                        offline->number, offline->lease.value(), offline->abandoned.value());
            if (offline->abandoned) {
                checker_.gave_instead(id_, offline->abandoned,
                                      offline_ticket_id(offline->lease, offline->number));
            }
        } else if (const auto* retired = std::get_if<proto::RetireLease>(&send->request)) {
            world_.tell(box_.view(), "asks {}: retires lease {} of {}", id.value(),
                        retired->lease.value(), retired->given);
        } else if (std::holds_alternative<proto::CheckIn>(send->request)) {
            world_.tell(box_.view(), "asks {}: checks in", id.value());
        } else {
            world_.tell(box_.view(), "asks {}: a number", id.value());
        }
    } else if (const auto* print = std::get_if<kiosk::Print>(&action)) {
        this->print(*print);
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
        const auto which = life_->printed_at.value_or(0);
        world_.after(random_.between(300ms, 2500ms),
                     [this, which] { printer(which).take_ticket(); });
    }
}

void KioskNode::print(const kiosk::Print& print) {
    look_at_printers();
    if (print.parted) life_->printers.set_parted();
    const auto which = life_->printers.next();
    auto& printer = *printers_[which];
    auto paper = print.paper;
    if (!printer.station().prints_estimates()) paper.estimate = {};
    auto bytes = kiosk::lay_out(paper, print.copy, printer.station().driver_profile(),
                                life_->printers.take_parted(which));
    world_.tell(box_.view(), "prints {}{}{}", print.paper.label, print.copy ? " as a copy" : "",
                which == 0 ? "" : " at its second printer");
    if (which != 0) world_.mark(Mark::second_printer_stood_in);
    if (which == 0 && life_->printed_at == 1U) world_.mark(Mark::first_printer_came_back);
    life_->printed_at = which;
    checker_.paper_given({box_, which}, bytes);
    printer.print(print.paper.ticket, std::move(bytes));
}

void KioskNode::look_at_printers() {
    for (std::size_t i = 0; i < printers_.size(); ++i)
        life_->printers.set_state(i, printers_[i]->state());
}

void KioskNode::printer_changed() {
    look_at_printers();
    const auto ready = life_->printers.ready();
    const bool can_print = ready == kiosk::PrinterReady::yes;
    const bool failed = std::exchange(life_->could_print, can_print) && !can_print;
    if (failed && printers_.size() > 1) world_.mark(Mark::both_printers_failed);
    step([&](Actions& out) { life_->core.printer(ready, clock_.now(), out); });
    tell_state();
}

void KioskNode::tell_state() {
    proto::KioskState state;
    for (const auto& printer : printers_)
        state.printers.push_back(kiosk::to_told(printer->state()));
    if (life_->state_report.take(state, clock_.now())) tell(state);
    const auto deadline = life_->state_report.deadline();
    life_->state_timer->set(deadline ? std::optional{clock_.in_world(*deadline)} : std::nullopt);
}

bool KioskNode::is_printing() const {
    return life_ && std::any_of(printers_.begin(), printers_.end(),
                                [](const auto& printer) { return printer->busy(); });
}

void KioskNode::cut_off(Death how) {
    for (auto& printer : printers_)
        printer->stop(how == Death::power_cut);
}

}  // namespace antrean::sim
