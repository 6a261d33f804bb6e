// A character display on an I2C bus. One that does not answer is tried again, after 250 ms, then
// doubling to 10 s, and gets all of its text when it does. Every 30 s all is written anew, without
// a flicker: a display that was unplugged for a moment shows what it should again.
//
// What it costs the loop: writes of at most 32 bytes, 3 ms each at 100 kHz, one in a turn, so that
// keys and the connection come between. A whole 20x4 is some 13 of them, a changed number one. A
// bus that hangs costs 50 ms an attempt.
//
// Thread rule: everything on the io_context's one thread. It may be destroyed at any time there.
#pragma once

#include "drivers/display/display.hpp"
#include "drivers/display/hd44780.hpp"
#include "drivers/display/i2c_bus.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::display {

class Hd44780Display final : public Display {
public:
    struct Times {
        std::chrono::milliseconds retry_first{250};
        std::chrono::milliseconds retry_most{10'000};
        std::chrono::milliseconds refresh{30'000};
    };
    // ON_STATUS: told of each change, and of the first, never from within the constructor or
    // show().
    Hd44780Display(boost::asio::io_context& io, std::unique_ptr<I2cDevice> device, Glass glass,
                   std::function<void(const Status&)> on_status, Times times);
    ~Hd44780Display() override;

    Room room() const override;
    void show(const std::vector<std::string>& rows) override;
    Status status() const override;

private:
    class Driver;
    std::shared_ptr<Driver> driver_;
    Room room_;
};

}  // namespace antrean::display
