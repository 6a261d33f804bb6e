#include "firmware/kiosk/shell.hpp"

#include "firmware/common/link.hpp"
#include "firmware/kiosk/layout.hpp"
#include "firmware/kiosk/printer_words.hpp"
#include "proto/peer.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

class Shell::Impl {
public:
    Impl(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
         ShellHandlers handlers)
        : config_{config},
          store_{store},
          handlers_{std::move(handlers)},
          core_{std::move(stored)},
          timer_{io},
          printer_{io,
                   config.printer,
                   {.on_done = [this](printer::JobId job, printer::Outcome outcome,
                                      printer::Reason reason) { on_done(job, outcome, reason); },
                    .on_state = [this](printer::PrinterState state) { on_state(state); }}},
          link_{
              io,
              config.controller,
              {.hello = [this] { return hello(); },
               .on_welcome =
                   [this](const proto::Welcome& welcome) {
                       handlers_.on_log("connected to the controller");
                       step([&](Actions& out) { core_.linked(welcome.last_request, now(), out); });
                   },
               .on_message = [this](const proto::Message& message) { on_message(message); },
               .on_down =
                   [this](const std::string& why) {
                       handlers_.on_log(why);
                       step([&](Actions& out) { core_.unlinked(now(), out); });
                   }}} {
        if (core_.menu()) handlers_.on_menu(*core_.menu());
        step([&](Actions& out) { core_.started(now(), out); });
    }

    void pressed(ButtonNumber button) {
        step([&](Actions& out) { core_.pressed(button, now(), out); });
    }

private:
    proto::Hello hello() const {
        return {proto::protocol_version, proto::Role::kiosk, config_.device, core_.last_request(),
                "antrean-kiosk " ANTREAN_VERSION};
    }

    void on_message(const proto::Message& message) {
        if (const auto answer = proto::message_as<proto::Answer>(message)) {
            step([&](Actions& out) { core_.answered(*answer, now(), out); });
        } else if (const auto* menu = std::get_if<proto::Menu>(&message)) {
            handlers_.on_menu(*menu);
            step([&](Actions& out) { core_.menu(*menu, now(), out); });
        }
    }

    void on_done(printer::JobId job, printer::Outcome outcome, printer::Reason reason) {
        handlers_.on_log(fmt::format("ticket {}: {}, reason {}", job.value(),
                                     printer::to_string(outcome), printer::to_string(reason)));
        step([&](Actions& out) {
            core_.printed(TicketId{job.value()}, to_outcome(outcome), to_reason(reason), now(),
                          out);
        });
    }

    void on_state(printer::PrinterState state) {
        handlers_.on_log(
            fmt::format("printer: {} ({})", printer::to_string(state), printer_.link()));
        step([&](Actions& out) { core_.printer(to_ready(state), now(), out); });
    }

    template <class Input>
    void step(Input&& input) {
        Actions actions;
        input(actions);
        for (const auto& action : actions)
            perform(action);
        arm();
    }

    void perform(const Action& action) {
        if (const auto* save = std::get_if<Save>(&action)) {
            if (const auto done = store_.save(*save); !done) {
                handlers_.on_store_failure(done.error());
            }
        } else if (const auto* send = std::get_if<Send>(&action)) {
            link_.send(proto::to_message(send->request));
        } else if (const auto* print = std::get_if<Print>(&action)) {
            printer_.print(
                printer::JobId{print->paper.ticket.value()},
                lay_out(print->paper, print->copy, config_.printer.profile, print->parted));
        } else {
            handlers_.on_screen(std::get<Show>(action).screen);
        }
    }

    void arm() {
        const auto deadline = core_.deadline();
        if (!deadline) {
            timer_.cancel();
            return;
        }
        timer_.expires_at(*deadline);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) step([&](Actions& out) { core_.tick(now(), out); });
        });
    }

    const ShellConfig config_;
    Store& store_;
    ShellHandlers handlers_;
    Core core_;
    boost::asio::steady_timer timer_;
    printer::Printer printer_;
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
