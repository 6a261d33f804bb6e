#include "firmware/kiosk/shell.hpp"

#include "firmware/common/core_shell.hpp"
#include "firmware/common/link.hpp"
#include "firmware/kiosk/papers.hpp"
#include "firmware/kiosk/printer_words.hpp"
#include "firmware/kiosk/printers.hpp"
#include "proto/peer.hpp"

#include <utility>

#include <fmt/format.h>

namespace antrean::kiosk {

class Shell::Impl final : common::CoreShell<Core, Action> {
public:
    Impl(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
         ShellHandlers handlers)
        : CoreShell{io, Core{std::move(stored)}},
          config_{config},
          store_{store},
          handlers_{std::move(handlers)},
          papers_{config.look},
          printers_{config.printers.size()},
          link_{
              io,
              config.controller,
              {.hello =
                   [this] { return core_.hello(config_.device, "antrean-kiosk " ANTREAN_VERSION); },
               .on_welcome =
                   [this](const proto::Welcome& welcome) {
                       handlers_.on_log("connected to the controller");
                       step([&](Actions& out) { core_.linked(welcome, now(), out); });
                   },
               .on_message = [this](const proto::Message& message) { on_message(message); },
               .on_down =
                   [this](const std::string& why) {
                       handlers_.on_log(why);
                       step([&](Actions& out) { core_.unlinked(now(), out); });
                   }}} {
        for (std::size_t i = 0; i < config_.printers.size(); ++i) {
            prepare(config_.printers[i].profile);
            drivers_.push_back(make_driver(io, i));
        }
        tell_buttons();
        step([&](Actions& out) { core_.started(now(), out); });
    }

    void pressed(ButtonNumber button) {
        step([&](Actions& out) { core_.pressed(button, now(), out); });
    }

private:
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
        handlers_.on_log(
            outcome == printer::Outcome::printed
                ? fmt::format("ticket {}: printed, says {}", job.value(),
                              printer::to_string(drivers_[which]->last_done()->evidence))
                : fmt::format("ticket {}: {}, reason {}", job.value(), printer::to_string(outcome),
                              printer::to_string(reason)));
        step([&](Actions& out) {
            core_.printed(TicketId{job.value()}, to_outcome(outcome), to_reason(reason), now(),
                          out);
        });
    }

    void on_state(std::size_t which) {
        handlers_.on_log(fmt::format("{}: {} ({})", name(which),
                                     printer::to_string(drivers_[which]->state()),
                                     drivers_[which]->link()));
        look_at_printers();
        step([&](Actions& out) { core_.printer(printers_.ready(), now(), out); });
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
        const printer::JobId job{print.paper.ticket.value()};
        if (drivers_.size() > 1)
            handlers_.on_log(fmt::format("ticket {}: to {}", job.value(), name(which)));
        drivers_[which]->print(job,
                               papers_.make(print.paper, print.copy, drivers_[which]->profile(),
                                            printers_.take_parted(which)));
    }

    void perform(const Action& action) override {
        if (const auto* save = std::get_if<Save>(&action)) {
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
    }

    const ShellConfig config_;
    Store& store_;
    ShellHandlers handlers_;
    Papers papers_;
    Printers printers_;
    std::vector<std::unique_ptr<printer::Printer>> drivers_;  // in the order of printers_
    common::Link link_;
};

Shell::Shell(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
             ShellHandlers handlers)
    : impl_{std::make_unique<Impl>(io, config, store, std::move(stored), std::move(handlers))} {}

Shell::~Shell() = default;

void Shell::pressed(ButtonNumber button) {
    impl_->pressed(button);
}

}  // namespace antrean::kiosk
