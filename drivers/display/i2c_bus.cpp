#include "drivers/display/i2c_bus.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace antrean::display {
namespace {

constexpr unsigned long timeout_10ms = 5;  // I2C_TIMEOUT counts in units of 10 ms

class LinuxI2c final : public I2cDevice {
public:
    LinuxI2c(std::string bus, std::uint8_t address) : bus_{std::move(bus)}, address_{address} {}
    ~LinuxI2c() override { shut(); }

    std::string open() override {
        shut();
        fd_ = ::open(bus_.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (fd_ < 0) return failure(bus_);
        unsigned long can = 0;
        if (ioctl(fd_, I2C_FUNCS, &can) != 0) return given_up(bus_ + " is no I2C bus");
        if ((can & I2C_FUNC_I2C) == 0)
            return given_up(bus_ + " is an adapter for SMBus alone, which writes no plain bytes");
        if (ioctl(fd_, I2C_SLAVE, static_cast<unsigned long>(address_)) != 0) {
            // EBUSY: a driver of the kernel has the address.
            return given_up(failure(fmt::format("address 0x{:02x} of {}", address_, bus_)));
        }
        // A bus that takes longer is one whose wires are at fault; where the adapter's driver knows
        // no limit, its own holds.
        static_cast<void>(ioctl(fd_, I2C_TIMEOUT, timeout_10ms));
        return {};
    }

    std::string write(std::span<const std::byte> bytes) override {
        const auto written = ::write(fd_, bytes.data(), bytes.size());
        if (written == static_cast<ssize_t>(bytes.size())) return {};
        if (written >= 0) errno = EIO;
        return failure(fmt::format("no answer at 0x{:02x} of {}", address_, bus_));
    }

    void close() override { shut(); }

private:
    static std::string failure(const std::string& what) {
        return what + ": " + std::strerror(errno);
    }
    std::string given_up(std::string why) {
        shut();
        return why;
    }
    void shut() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    std::string bus_;
    std::uint8_t address_;
    int fd_ = -1;
};

}  // namespace

std::unique_ptr<I2cDevice> make_i2c_device(std::string bus, std::uint8_t address) {
    return std::make_unique<LinuxI2c>(std::move(bus), address);
}

}  // namespace antrean::display
