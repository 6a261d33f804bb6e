#include "drivers/display/hd44780_display.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace antrean::display {

// It outlives the display until its timer has heard of the end.
class Hd44780Display::Driver : public std::enable_shared_from_this<Driver> {
public:
    Driver(boost::asio::io_context& io, std::unique_ptr<I2cDevice> device, Glass glass,
           std::function<void(const Status&)> on_status, Times times)
        : device_{std::move(device)},
          chip_{glass},
          on_status_{std::move(on_status)},
          times_{times},
          retry_{times.retry_first},
          timer_{io} {}

    void start() { go_on_after(std::chrono::microseconds{0}); }

    void stop() {
        is_stopped_ = true;
        timer_.cancel();
        device_->close();
    }

    void show(const std::vector<std::string>& rows) {
        chip_.show(rows);
        if (is_idle_) go_on_after(std::chrono::microseconds{0});
    }

    const Status& status() const { return status_; }

private:
    // One write a turn.
    void go_on_after(std::chrono::microseconds pause) {
        is_idle_ = false;
        timer_.expires_after(pause);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error && !self->is_stopped_) self->go_on();
        });
    }

    void go_on() {
        if (!is_open_) {
            if (const auto why = device_->open(); !why.empty()) return fail(why);
            is_open_ = true;
        }
        if (const auto transfer = chip_.next()) {
            if (const auto why = device_->write(transfer->bytes); !why.empty()) return fail(why);
            return go_on_after(transfer->pause);
        }
        retry_ = times_.retry_first;
        tell({true, "shows what it should"});
        if (is_stopped_) return;
        is_idle_ = true;
        timer_.expires_after(times_.refresh);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            // A show() that came in the same turn is on its way already.
            if (error || self->is_stopped_ || !self->is_idle_) return;
            self->chip_.refresh();
            self->go_on();
        });
    }

    void fail(const std::string& why) {
        device_->close();
        is_open_ = false;
        chip_.lost();
        go_on_after(retry_);
        retry_ = std::min(2 * retry_, times_.retry_most);
        tell({false, why});
    }

    void tell(Status status) {
        if (status == status_) return;
        status_ = std::move(status);
        on_status_(status_);
    }

    std::unique_ptr<I2cDevice> device_;
    Hd44780 chip_;
    std::function<void(const Status&)> on_status_;
    const Times times_;
    std::chrono::milliseconds retry_;
    boost::asio::steady_timer timer_;
    Status status_{false, "not tried yet"};
    bool is_open_ = false;
    bool is_idle_ = false;
    bool is_stopped_ = false;
};

Hd44780Display::Hd44780Display(boost::asio::io_context& io, std::unique_ptr<I2cDevice> device,
                               Glass glass, std::function<void(const Status&)> on_status,
                               Times times)
    : driver_{std::make_shared<Driver>(io, std::move(device), glass, std::move(on_status), times)},
      room_{columns_of(glass), rows_of(glass)} {
    driver_->start();
}

Hd44780Display::~Hd44780Display() {
    driver_->stop();
}

Room Hd44780Display::room() const {
    return room_;
}
void Hd44780Display::show(const std::vector<std::string>& rows) {
    driver_->show(rows);
}
Status Hd44780Display::status() const {
    return driver_->status();
}

}  // namespace antrean::display
