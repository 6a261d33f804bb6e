#include "firmware/kiosk/shell.hpp"

#include "firmware/common/core_shell.hpp"
#include "firmware/common/link.hpp"
#include "firmware/kiosk/layout.hpp"
#include "firmware/kiosk/papers.hpp"
#include "firmware/kiosk/printer_words.hpp"
#include "firmware/kiosk/printers.hpp"
#include "firmware/kiosk/state_report.hpp"
#include "proto/peer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace antrean::kiosk {

class Shell::Impl final : common::CoreShell<Core, Action> {
public:
    Impl(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
         ShellHandlers handlers)
        : CoreShell{io, Core{std::move(stored), config.press_limit}},
          config_{config},
          store_{store},
          handlers_{std::move(handlers)},
          papers_{config.look},
          printers_{config.printers.size()},
          at_printer_(config.printers.size()),
          link_{
              io,
              config.controller,
              {.hello =
                   [this] { return core_.hello(config_.device, "antrean-kiosk " ANTREAN_VERSION); },
               .on_welcome =
                   [this](const proto::Welcome& welcome) {
                       handlers_.on_log("connected to the controller");
                       step([&](Actions& out) { core_.linked(welcome, now(), out); });
                       state_report_.linked();
                       tell_state();
                   },
               .on_message = [this](const proto::Message& message) { on_message(message); },
               .on_down =
                   [this](const std::string& why) {
                       handlers_.on_log(why);
                       state_report_.unlinked();
                       step([&](Actions& out) { core_.unlinked(now(), out); });
                   }}},
          state_timer_{io} {
        for (std::size_t i = 0; i < config_.printers.size(); ++i) {
            prepare(config_.printers[i].profile);
            drivers_.push_back(make_driver(io, i));
        }
        tell_buttons();
        step([&](Actions& out) { core_.started(now(), out); });
    }

    void stuck(std::vector<ButtonNumber> buttons) {
        stuck_ = std::move(buttons);
        stuck_.resize(std::min(stuck_.size(), proto::max_stuck));
        tell_state();
    }

    void pressed(ButtonNumber button) {
        step([&](Actions& out) { core_.pressed(button, now(), out); });
    }

    void scanned(const std::string& code) {
        step([&](Actions& out) { core_.scanned(code, now(), out); });
    }

    void pressed_together() {
        step([&](Actions& out) { core_.pressed_together(now(), out); });
    }

    const Core& core() const { return core_; }
    const common::Link& link() const { return link_; }
    std::uint64_t saves() const { return saves_; }
    std::vector<std::unique_ptr<printer::Printer>>& drivers() { return drivers_; }
    Papers& papers() { return papers_; }

    bool print(std::size_t which, TechniciansPaper paper, Shell::OnDone on_done) {
        if (drivers_.at(which)->busy()) return false;
        auto bytes = std::exchange(paper.bytes, {});
        at_printer_[which] = {std::nullopt, paper.wear, std::move(paper), std::move(on_done)};
        technicians_job_ = technicians_job_.next();
        drivers_[which]->print(technicians_job_, std::move(bytes));
        return true;
    }

private:
    // The paper that a printer has.
    struct AtPrinter {
        std::optional<Print> ticket;  // none: a technician's
        escpos::Wear wear;
        TechniciansPaper technicians;
        Shell::OnDone on_done;
    };

    // As of CoreShell; its timer's steps are told by what they perform.
    template <class Event>
    void step(const Event& event) {
        CoreShell::step(event);
        tell_change();
    }

    void tell_change() {
        if (handlers_.on_change) handlers_.on_change();
    }

    void on_message(const proto::Message& message) {
        if (const auto answer = proto::message_as<proto::Answer>(message)) {
            step([&](Actions& out) { core_.answered(*answer, now(), out); });
        } else if (const auto* menu = std::get_if<proto::Menu>(&message)) {
            step([&](Actions& out) { core_.menu(*menu, now(), out); });
            tell_buttons();
        } else if (const auto* leases = std::get_if<proto::Leases>(&message)) {
            step([&](Actions& out) { core_.leases(*leases, now(), out); });
            tell_leases(*leases);
        } else if (const auto* offers = std::get_if<proto::Offers>(&message)) {
            core_.offers(*offers);
            tell_change();
            tell_buttons();
        }
    }

    void tell_leases(const proto::Leases& leases) {
        std::string labels;
        for (const auto& lease : leases.leases)
            labels += " " + lease.label;
        handlers_.on_log("without the controller it may give numbers of" +
                         (labels.empty() ? " none" : labels));
    }

    void tell_buttons() {
        if (core_.menu()) handlers_.on_buttons(*core_.menu(), core_.offers());
    }

    std::unique_ptr<printer::Printer> make_driver(boost::asio::io_context& io, std::size_t which) {
        return std::make_unique<printer::Printer>(
            io, config_.printers[which],
            printer::Printer::Handlers{
                .on_done = [this, which](
                               printer::JobId job, printer::Outcome outcome,
                               printer::Reason reason) { on_done(which, job, outcome, reason); },
                .on_state = [this, which](printer::PrinterState) { on_state(which); },
                .on_presented =
                    [this](printer::JobId job, printer::Presenter what) {
                        handlers_.on_log(
                            fmt::format("ticket {}: {}", job.value(), printer::to_string(what)));
                    },
                .on_profile =
                    [this, which](const escpos::Profile& profile, const std::string& why) {
                        handlers_.on_log(fmt::format("{}: {}", name(which), why));
                        prepare(profile);
                    }});
    }

    void prepare(const escpos::Profile& profile) {
        const auto done = papers_.prepare(profile);
        if (!done) handlers_.on_log(done.error().message() + "; the standard layout stands in");
    }

    // "printer" if there is only one, otherwise with its number.
    std::string name(std::size_t which) const {
        return drivers_.size() == 1 ? "printer" : fmt::format("printer {}", which + 1);
    }

    void on_done(std::size_t which, printer::JobId job, printer::Outcome outcome,
                 printer::Reason reason) {
        const auto ended = std::exchange(at_printer_[which], {});
        const auto what = ended.ticket ? fmt::format("ticket {}", job.value())
                                       : std::string{"a technician's paper"};
        handlers_.on_log(
            outcome == printer::Outcome::printed
                ? fmt::format("{}: printed, says {}", what,
                              printer::to_string(drivers_[which]->last_done()->evidence))
                : fmt::format("{}: {}, reason {}", what, printer::to_string(outcome),
                              printer::to_string(reason)));
        if (ended.ticket) {
            step([&](Actions& out) {
                core_.printed(TicketId{job.value()}, to_outcome(outcome), to_reason(reason), now(),
                              out);
            });
        } else if (const auto held = std::exchange(held_, std::nullopt)) {
            print(*held);
        }
        const printer::Done done{job, outcome, reason, drivers_[which]->last_done()->evidence};
        if (handlers_.on_paper) {
            handlers_.on_paper({ended.ticket ? &ended.ticket->paper : nullptr,
                                ended.ticket && ended.ticket->copy, ended.technicians.ticket,
                                ended.technicians.label, which, done, ended.wear});
        }
        if (ended.on_done) ended.on_done(done);
    }

    void on_state(std::size_t which) {
        handlers_.on_log(fmt::format("{}: {} ({})", name(which),
                                     printer::to_string(drivers_[which]->state()),
                                     drivers_[which]->link()));
        look_at_printers();
        step([&](Actions& out) { core_.printer(printers_.ready(), now(), out); });
        tell_state();
    }

    void tell_state() {
        proto::KioskState state;
        state.stuck = stuck_;
        for (const auto& driver : drivers_)
            state.printers.push_back(to_told(driver->state()));
        if (state_report_.take(state, now())) link_.send(state);
        const auto deadline = state_report_.deadline();
        if (!deadline) return;
        state_timer_.expires_at(*deadline);
        state_timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) tell_state();
        });
    }

    // As they are now: what they tell of a change may still be on its way behind an outcome.
    void look_at_printers() {
        for (std::size_t i = 0; i < drivers_.size(); ++i)
            printers_.set_state(i, drivers_[i]->state());
    }

    void print(const Print& print) {
        look_at_printers();
        if (print.parted) printers_.set_parted();
        const std::size_t which = printers_.next();
        // A technician's paper is before it, for a few seconds.
        if (drivers_[which]->busy()) {
            held_ = print;
            return;
        }
        const printer::JobId job{print.paper.ticket.value()};
        if (drivers_.size() > 1)
            handlers_.on_log(fmt::format("ticket {}: to {}", job.value(), name(which)));
        at_printer_[which] = {print, {}, {}, nullptr};
        drivers_[which]->print(job, papers_.make(to_fields(print.paper), drivers_[which]->profile(),
                                                 {print.copy, printers_.take_parted(which)},
                                                 &at_printer_[which].wear));
    }

    void perform(const Action& action) override {
        if (const auto* save = std::get_if<Save>(&action)) {
            ++saves_;
            if (const auto done = store_.save(*save); !done) {
                handlers_.on_store_failure(done.error());
            }
        } else if (const auto* send = std::get_if<Send>(&action)) {
            link_.send(proto::to_message(send->request));
        } else if (const auto* print = std::get_if<Print>(&action)) {
            this->print(*print);
        } else {
            handlers_.on_screen(std::get<Show>(action).screen);
        }
        tell_change();
    }

    const ShellConfig config_;
    Store& store_;
    ShellHandlers handlers_;
    Papers papers_;
    Printers printers_;
    std::vector<AtPrinter> at_printer_;
    std::optional<Print> held_;  // until a technician's paper has ended
    // Far from those of tickets, for whoever reads a log; at_printer_ tells which paper it is.
    printer::JobId technicians_job_{std::uint64_t{1} << 63};
    std::uint64_t saves_ = 0;
    std::vector<std::unique_ptr<printer::Printer>> drivers_;  // in the order of printers_
    common::Link link_;
    StateReport state_report_{now()};
    std::vector<ButtonNumber> stuck_;
    boost::asio::steady_timer state_timer_;
};

Shell::Shell(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
             ShellHandlers handlers)
    : impl_{std::make_unique<Impl>(io, config, store, std::move(stored), std::move(handlers))} {}

Shell::~Shell() = default;

void Shell::stuck(std::vector<ButtonNumber> buttons) {
    impl_->stuck(std::move(buttons));
}

void Shell::scanned(const std::string& code) {
    impl_->scanned(code);
}
void Shell::pressed(ButtonNumber button) {
    impl_->pressed(button);
}

void Shell::pressed_together() {
    impl_->pressed_together();
}

const Core& Shell::core() const {
    return impl_->core();
}
const common::Link::Status& Shell::link() const {
    return impl_->link().status();
}
std::uint64_t Shell::saves() const {
    return impl_->saves();
}
std::size_t Shell::printer_count() const {
    return impl_->drivers().size();
}
printer::Printer& Shell::printer(std::size_t which) {
    return *impl_->drivers().at(which);
}
std::vector<std::byte> Shell::lay_out(std::size_t which, const layout::Fields& fields,
                                      layout::Marks marks, escpos::Wear& wear) {
    return impl_->papers().make(fields, printer(which).profile(), marks, &wear);
}
bool Shell::print(std::size_t which, TechniciansPaper paper, OnDone on_done) {
    return impl_->print(which, std::move(paper), std::move(on_done));
}

}  // namespace antrean::kiosk
