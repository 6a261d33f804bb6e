#include "firmware/callpad/shell.hpp"

#include "firmware/common/core_shell.hpp"
#include "firmware/common/link.hpp"

#include <optional>
#include <utility>

namespace antrean::callpad {

class Shell::Impl final : common::CoreShell<Core, Action> {
public:
    Impl(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
         ShellHandlers handlers)
        : CoreShell{io, Core{std::move(stored), config.pause_reasons}},
          store_{store},
          handlers_{std::move(handlers)},
          link_{std::in_place, io, config.controller,
                common::Link::Handlers{
                    .hello =
                        [this, device = config.device] {
                            return core_.hello(device, "antrean-callpad " ANTREAN_VERSION);
                        },
                    .on_welcome =
                        [this](const proto::Welcome& welcome) {
                            handlers_.on_log("connected to the controller");
                            step([&](Actions& out) { core_.linked(welcome, out); });
                        },
                    .on_message = [this](const proto::Message& message) { on_message(message); },
                    .on_down =
                        [this](const std::string& why) {
                            handlers_.on_log(why);
                            step([&](Actions& out) { core_.unlinked(out); });
                        }}} {
        step([&](Actions& out) { core_.started(out); });
    }

    void pushed(const Push& push) {
        step([&](Actions& out) { core_.pushed(push, now(), out); });
    }

    const Core& core() const { return core_; }
    void stop() {
        has_ended_ = true;
        link_.reset();
        // A core that waits for nothing, so that no timer is left.
        step([&](Actions&) { core_ = Core{Stored{}}; });
    }

    const common::Link& link() const { return *link_; }
    std::uint64_t saves() const { return saves_; }

private:
    void on_message(const proto::Message& message) {
        if (const auto answer = proto::message_as<proto::Answer>(message)) {
            step([&](Actions& out) { core_.answered(*answer, now(), out); });
        } else if (const auto* view = std::get_if<proto::CounterView>(&message)) {
            step([&](Actions& out) { core_.viewed(*view, out); });
        } else if (const auto* menu = std::get_if<proto::CounterMenu>(&message)) {
            core_.menu(*menu);
        }
    }

    void perform(const Action& action) override {
        // What was not stored must not be sent.
        if (has_ended_) return;
        if (const auto* request = std::get_if<SaveRequest>(&action)) {
            must(store_.save(*request));
        } else if (std::holds_alternative<ForgetRequest>(action)) {
            must(store_.forget_request());
        } else if (const auto* view = std::get_if<SaveView>(&action)) {
            must(store_.save(*view));
        } else if (const auto* send = std::get_if<Send>(&action)) {
            link_->send(proto::to_message(send->request));
        } else {
            handlers_.on_screen(std::get<Show>(action).screen);
        }
    }

    void must(const database::result<void>& done) {
        ++saves_;
        if (done) return;
        has_ended_ = true;
        handlers_.on_store_failure(done.error());
    }

    Store& store_;
    ShellHandlers handlers_;
    std::uint64_t saves_ = 0;
    bool has_ended_ = false;
    std::optional<common::Link> link_;
};

Shell::Shell(boost::asio::io_context& io, const ShellConfig& config, Store& store, Stored stored,
             ShellHandlers handlers)
    : impl_{std::make_unique<Impl>(io, config, store, std::move(stored), std::move(handlers))} {}

Shell::~Shell() = default;

void Shell::stop() {
    impl_->stop();
}
void Shell::pushed(const Push& push) {
    impl_->pushed(push);
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

}  // namespace antrean::callpad
