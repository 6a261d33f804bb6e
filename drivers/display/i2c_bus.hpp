// One device on an I2C bus, as far as a display needs it: it is written to. What stands in for it
// in tests is another I2cDevice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace antrean::display {

class I2cDevice {
public:
    I2cDevice() = default;
    virtual ~I2cDevice() = default;
    I2cDevice(const I2cDevice&) = delete;
    I2cDevice& operator=(const I2cDevice&) = delete;

    // Each gives why it failed, empty if it did not. Opening what is open opens it anew.
    [[nodiscard]] virtual std::string open() = 0;
    // BYTES in one transfer; blocks until the last is acknowledged.
    [[nodiscard]] virtual std::string write(std::span<const std::byte> bytes) = 0;
    virtual void close() = 0;
};

// By the character device of an adapter, "/dev/i2c-1" (Documentation/i2c/dev-interface.rst of the
// kernel), which needs the module i2c-dev. A bus that hangs is given up after 50 ms. Nothing is
// opened yet.
std::unique_ptr<I2cDevice> make_i2c_device(std::string bus, std::uint8_t address);

}  // namespace antrean::display
