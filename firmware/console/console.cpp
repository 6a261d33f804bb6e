#include "firmware/console/console.hpp"

#include "firmware/common/backoff.hpp"
#include "firmware/console/serial_line.hpp"

#include <array>
#include <deque>
#include <random>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace antrean::device_console {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A second of the line, at 115200 baud some 11 KiB, in both: behind the first nothing more is read,
// so that echo cannot pile up; behind the second whoever should read has gone.
constexpr std::size_t enough_output = 16 << 10;
constexpr std::size_t most_output = 512 << 10;
constexpr std::chrono::seconds patience{2};
constexpr std::chrono::seconds look_every{1};

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

class Console::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, std::string line, SessionConfig config, const Commands& commands,
         Handlers handlers)
        : line_name_{std::move(line)},
          handlers_{std::move(handlers)},
          session_{std::move(config), commands, now()},
          line_{io},
          retry_timer_{io},
          session_timer_{io},
          look_timer_{io},
          written_timer_{io} {}

    void start() { retry_after(std::chrono::milliseconds{0}); }

    void stop() {
        stopped_ = true;
        if (call_ && call_->on_cancel) std::exchange(call_->on_cancel, nullptr)();
        call_.reset();
        close();
        retry_timer_.cancel();
        session_timer_.cancel();
        written_timer_.cancel();
    }

    void when_written(std::function<void()> then) {
        then_ = std::move(then);
        const bool is_written = output_.empty() && !writing_;
        written_timer_.expires_after(is_written ? std::chrono::seconds{0} : patience);
        written_timer_.async_wait([self = shared_from_this()](error_code error) {
            if (!error && !self->stopped_) self->written();
        });
    }

private:
    class OneCall final : public Call {
    public:
        OneCall(std::weak_ptr<Impl> console, CallId id, std::vector<std::string> words)
            : Call{std::move(words)}, console_{std::move(console)}, id_{id} {}

        void row(Record row) override {
            const auto console = console_.lock();
            if (!console || console->stopped_) return;
            console->step([&](Actions& out) { console->session_.row(id_, row, out); });
        }
        void finish(Answer answer) override {
            const auto console = console_.lock();
            if (!console || console->stopped_) return;
            if (console->call_.get() == this) console->call_.reset();
            console->step(
                [&](Actions& out) { console->session_.finished(id_, answer, now(), out); });
        }

    private:
        std::weak_ptr<Impl> console_;
        CallId id_;
    };

    void retry_after(std::chrono::milliseconds wait) {
        retry_timer_.expires_after(wait);
        retry_timer_.async_wait([self = shared_from_this()](error_code error) {
            if (!error && !self->stopped_) self->open();
        });
    }

    void open() {
        const auto fd = open_line(line_name_);
        if (!fd) return down(fd.error().message());
        line_.assign(*fd);
        ++attempt_;
        backoff_.connected(now());
        last_reason_.clear();
        was_seen_ = false;
        handlers_.on_log("console: waits at " + line_name_);
        step([&](Actions& out) { session_.connected(now(), out); });
        read();
    }

    void down(const std::string& why) {
        retry_after(backoff_.next(now(), random_()));
        if (why == last_reason_) return;
        last_reason_ = why;
        handlers_.on_log("console: " + line_name_ + ": " + why);
    }

    void close() {
        ++attempt_;
        error_code ignored;
        line_.close(ignored);
        look_timer_.cancel();
        output_.clear();
        writing_ = reading_ = false;
    }

    void hang_up(const std::string& why) {
        close();
        step([&](Actions& out) { session_.hung_up(now(), out); });
        down(why);
        if (then_) written();
    }

    void read() {
        if (reading_ || !line_.is_open() || output_.size() > enough_output) return;
        reading_ = true;
        line_.async_read_some(asio::buffer(input_), [self = shared_from_this(), attempt = attempt_](
                                                        error_code error, std::size_t size) {
            if (self->stopped_ || attempt != self->attempt_) return;
            self->reading_ = false;
            if (error) return self->hang_up("hung up (" + error.message() + ")");
            self->step([&](Actions& out) {
                self->session_.received({self->input_.data(), size}, now(), out);
            });
            self->read();
        });
    }

    void write() {
        if (writing_ || output_.empty() || !line_.is_open()) return;
        writing_ = true;
        being_written_ = std::exchange(output_, {});
        asio::async_write(
            line_, asio::buffer(being_written_),
            [self = shared_from_this(), attempt = attempt_](error_code error, std::size_t) {
                if (self->stopped_ || attempt != self->attempt_) return;
                self->writing_ = false;
                if (error) return self->hang_up(error.message());
                if (self->output_.empty() && self->then_) self->written();
                self->write();
                self->read();
            });
    }

    void written() {
        written_timer_.cancel();
        if (const auto then = std::exchange(then_, nullptr)) then();
    }

    // An action may lead to more of them: a command that answers at once does.
    template <class Event>
    void step(const Event& event) {
        Actions actions;
        event(actions);
        for (auto& action : actions)
            actions_.push_back(std::move(action));
        if (performing_) return;
        performing_ = true;
        while (!actions_.empty() && !stopped_) {
            const auto action = std::move(actions_.front());
            actions_.pop_front();
            perform(action);
        }
        performing_ = false;
        if (stopped_) return;
        write();
        arm();
        look();
        if (output_.size() > most_output) hang_up("nobody reads what is shown");
    }

    void perform(const Action& action) {
        if (const auto* write = std::get_if<Write>(&action)) {
            if (line_.is_open()) output_ += write->bytes;
        } else if (const auto* keep = std::get_if<KeepFailures>(&action)) {
            handlers_.on_wrong_codes(keep->wrong_codes);
        } else if (const auto* run = std::get_if<Run>(&action)) {
            call_ = std::make_shared<OneCall>(weak_from_this(), run->call, run->arguments);
            const auto call = call_;
            run->command->run(call);
        } else if (std::holds_alternative<Cancel>(action)) {
            const auto call = std::exchange(call_, nullptr);
            if (call && call->on_cancel) std::exchange(call->on_cancel, nullptr)();
        } else {
            handlers_.on_log(std::get<Log>(action).text);
        }
    }

    void arm() {
        const auto deadline = session_.deadline();
        if (!deadline) {
            session_timer_.cancel();
            return;
        }
        session_timer_.expires_at(*deadline);
        session_timer_.async_wait([self = shared_from_this()](error_code error) {
            if (error || self->stopped_) return;
            self->step([&](Actions& out) { self->session_.tick(now(), out); });
        });
    }

    // Nobody is woken every second while nobody is logged in.
    void look() {
        if (looking_ || !session_.is_logged_in() || !line_.is_open()) return;
        const auto seen = sees_other_side(line_.native_handle());
        if (!seen) return;
        if (was_seen_ && !*seen) return hang_up("hung up");
        was_seen_ = *seen;
        looking_ = true;
        look_timer_.expires_after(look_every);
        look_timer_.async_wait([self = shared_from_this()](error_code error) {
            self->looking_ = false;
            if (!error && !self->stopped_) self->look();
        });
    }

    const std::string line_name_;
    const Handlers handlers_;
    Session session_;
    asio::posix::stream_descriptor line_;
    asio::steady_timer retry_timer_, session_timer_, look_timer_, written_timer_;
    std::array<char, 512> input_{};
    std::string output_, being_written_;
    bool reading_ = false, writing_ = false, performing_ = false, stopped_ = false;
    bool looking_ = false, was_seen_ = false;
    std::uint64_t attempt_ = 0;  // what belongs to an older opening is ignored
    std::deque<Action> actions_;
    std::shared_ptr<OneCall> call_;  // that runs
    std::function<void()> then_;
    common::Backoff backoff_;
    std::minstd_rand random_{std::random_device{}()};
    std::string last_reason_;
};

Console::Console(asio::io_context& io, std::string line, SessionConfig config,
                 const Commands& commands, Handlers handlers)
    : impl_{std::make_shared<Impl>(io, std::move(line), std::move(config), commands,
                                   std::move(handlers))} {
    impl_->start();
}

Console::~Console() {
    impl_->stop();
}

void Console::when_written(std::function<void()> then) {
    impl_->when_written(std::move(then));
}

}  // namespace antrean::device_console
