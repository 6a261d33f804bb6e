#include "firmware/console/desk.hpp"

#include "drivers/database/files.hpp"
#include "firmware/common/quarantine.hpp"
#include "firmware/console/config_commands.hpp"
#include "firmware/console/console.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace antrean::device_console {
namespace {

// FILE, a store that is closed by now. Its log of writes last: without the file it means nothing,
// and the file without it would be read as it was before.
int remove_store(const std::filesystem::path& file) {
    for (const char* part : {"", "-wal", "-shm", "-journal"}) {
        auto one = file;
        one += part;
        if (const auto done = database::remove_durably(one); !done) {
            return common::store_unusable(done.error());
        }
    }
    return common::exit_restart;
}

}  // namespace

class Desk::Impl {
public:
    Impl(boost::asio::io_context& io, const common::DeviceOptions& options,
         const common::Program::Setup& setup, Store store)
        : io_{io}, line_{options.console}, store_{std::move(store)} {
        add_config_commands(commands_, options.config, setup);
    }

    void open(Device device) {
        device_ = std::move(device);
        device_.on_store_failure = common::stop_on_store_failure;
        device_.end = [this](Ending how) { end(how); };
        add_device_commands(commands_, io_, device_, store_);
        add_buttons_command(commands_, io_, tap_);
        commands_.add_help();
        const SessionConfig session{device_.program + ' ' + device_.id, store_.secret(),
                                    store_.wrong_codes()};
        console_ = std::make_unique<Console>(
            io_, line_, session, commands_,
            Console::Handlers{
                .on_wrong_codes =
                    [this](std::uint32_t count) { must(store_.keep_wrong_codes(count)); },
                .on_log = common::log});
    }

    void end(Ending how) {
        must(store_.add(take_counts(device_)));
        if (how == Ending::reset) must(store_.forget_papers());
        common::log(how == Ending::reset ? "console: reset by a technician"
                                         : "console: restarted by a technician");
        console_->when_written([this, how] {
            ending_ = how;
            io_.stop();
        });
    }

    void keep(const PaperRecord& paper, Counters added) {
        added.merge(take_counts(device_));
        must(store_.add_paper(paper, added));
    }

    static void must(const database::result<void>& done) {
        if (!done) common::stop_on_store_failure(done.error());
    }

    boost::asio::io_context& io_;
    const std::string line_;
    Store store_;
    Commands commands_;
    PressTap tap_;
    Device device_;
    std::optional<Ending> ending_;
    std::unique_ptr<Console> console_;  // last: what it runs is all above
};

Desk::Desk(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Desk::~Desk() = default;

std::unique_ptr<Desk> Desk::make(boost::asio::io_context& io, const common::DeviceOptions& options,
                                 const common::Program::Setup& setup, int& code) {
    auto file = options.store;
    file += ".console";
    auto store = common::open_or_begin_anew(file, [&] { return Store::open(file); });
    if (!store) {
        common::log_error(store.error().text);
        common::log_error("there is no console without its store; the device does without");
        return nullptr;
    }
    if (!options.console_code_file.empty()) {
        if (const auto problem = take_code(options.console_code_file, *store); !problem.empty()) {
            common::log_error("--console-code-file: " + problem);
            code = common::exit_usage;
            return nullptr;
        }
    }
    return std::unique_ptr<Desk>{
        new Desk{std::make_unique<Impl>(io, options, setup, std::move(*store))}};
}

Commands& Desk::commands() {
    return impl_->commands_;
}
Store& Desk::store() const {
    return impl_->store_;
}
PressTap& Desk::tap() {
    return impl_->tap_;
}
void Desk::open(Device device) {
    impl_->open(std::move(device));
}
void Desk::close() {
    impl_->console_.reset();
}
const Device& Desk::device() const {
    return impl_->device_;
}
std::optional<Ending> Desk::ending() const {
    return impl_->ending_;
}
void Desk::keep(const PaperRecord& paper, Counters added) {
    impl_->keep(paper, std::move(added));
}

int run_with_desk(const common::DeviceOptions& options, const common::Program::Setup& setup,
                  const std::function<int(boost::asio::io_context&, Desk*)>& serve) {
    boost::asio::io_context io{1};
    std::unique_ptr<Desk> desk;
    int code = common::exit_ok;
    if (!options.console.empty()) desk = Desk::make(io, options, setup, code);
    if (code == common::exit_ok) code = serve(io, desk.get());
    if (code != common::exit_ok || !desk || !desk->ending()) return code;
    return *desk->ending() == Ending::reset ? remove_store(options.store) : common::exit_restart;
}

}  // namespace antrean::device_console
