#include "drivers/tty/terminal_keys.hpp"

#include "drivers/tty/terminal_modes.hpp"

#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace antrean::tty {

using boost::system::error_code;

class TerminalKeys::Reader : public std::enable_shared_from_this<Reader> {
public:
    Reader(boost::asio::io_context& io, KeyHandlers handlers, int fd)
        : ready_{io}, continued_{io}, handlers_{std::move(handlers)}, fd_{fd} {
        // Asio makes a descriptor that it waits for non-blocking, and the flag would hold for
        // every process that shares our terminal. So it is given an epoll of our own to wait for.
        const int epoll = epoll_create1(EPOLL_CLOEXEC);
        if (epoll < 0) throw std::system_error(errno, std::generic_category(), "epoll");
        ready_.assign(epoll);
        epoll_event event{};
        event.events = EPOLLIN;
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
            // epoll takes no regular file and no /dev/null: these can always be read.
            if (errno != EPERM) throw std::system_error(errno, std::generic_category(), "keys");
            always_ready_ = true;
        }
        if (isatty(fd) == 1) modes_.emplace(fd);
    }

    void start() {
        if (modes_) {
            continued_.add(SIGCONT);
            wait_for_continue();
        }
        resume();
    }

    void stop() {
        stopped_ = true;
        modes_.reset();
        error_code ignored;  // there is nothing to lose in an epoll or a signal set
        ready_.close(ignored);
        continued_.cancel(ignored);
    }

private:
    // In the background, reading the terminal would stop this process.
    bool may_read() const { return !modes_ || modes_->foreground(); }

    void resume() {
        if (reading_ || !may_read()) return;
        if (modes_) modes_->apply();
        reading_ = true;
        wait();
    }

    // After Ctrl-Z and `fg` the shell has set the modes that it likes.
    void wait_for_continue() {
        continued_.async_wait([self = shared_from_this()](error_code error, int) {
            if (error || self->stopped_) return;
            if (self->reading_ && self->may_read()) self->modes_->apply();
            self->resume();
            self->wait_for_continue();
        });
    }

    void wait() {
        if (always_ready_) {
            boost::asio::post(ready_.get_executor(), [self = shared_from_this()] { self->read(); });
            return;
        }
        ready_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                          [self = shared_from_this()](error_code error) {
                              if (!error) self->read();
                          });
    }

    void read() {
        if (stopped_) return;
        if (!may_read()) {
            reading_ = false;
            return;
        }
        char bytes[64];
        const ssize_t size = ::read(fd_, bytes, sizeof bytes);
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) return wait();
        // A terminal that hung up reads as an error, which is as much an end as any.
        if (size <= 0) {
            // Else the signal set would keep the io_context from running out of work.
            error_code ignored;
            continued_.cancel(ignored);
            handlers_.end();
            return;
        }
        for (const char key : single_keys({bytes, static_cast<std::size_t>(size)})) {
            handlers_.key(key);
            if (stopped_) return;
        }
        wait();
    }

    boost::asio::posix::stream_descriptor ready_;
    boost::asio::signal_set continued_;
    KeyHandlers handlers_;
    int fd_;
    std::optional<TerminalModes> modes_;  // of a terminal
    bool always_ready_ = false;
    bool reading_ = false;
    bool stopped_ = false;
};

TerminalKeys::TerminalKeys(boost::asio::io_context& io, KeyHandlers handlers, int fd)
    : reader_{std::make_shared<Reader>(io, std::move(handlers), fd)} {
    reader_->start();
}

TerminalKeys::~TerminalKeys() {
    reader_->stop();
}

std::string single_keys(std::string_view bytes) {
    constexpr char escape = '\x1b';
    std::string keys;
    std::size_t i = 0;
    while (i < bytes.size()) {
        if (bytes[i] != escape) {
            keys += bytes[i++];
            continue;
        }
        ++i;
        if (i == bytes.size()) break;  // the Esc key by itself
        const char kind = bytes[i];
        if (kind == escape) continue;
        ++i;
        if (kind == 'O' && i < bytes.size()) {
            ++i;  // F1 to F4 and, in some modes, the arrows
        } else if (kind == '[') {
            // Parameters and intermediates, 0x20 to 0x3F, then one final byte.
            while (i < bytes.size() && bytes[i] >= 0x20 && bytes[i] <= 0x3F)
                ++i;
            if (i < bytes.size()) ++i;
        }
    }
    return keys;
}

}  // namespace antrean::tty
