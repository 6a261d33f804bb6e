// Lamps as the kernel's LED class offers them: a folder for each LED, with files that are written.
// What a lamp means, and when it blinks, is not its business.
//
// The facts are those of Documentation/ABI/testing/sysfs-class-led and of
// Documentation/leds/leds-class.rst of the kernel: brightness takes 0 to max_brightness; a LED that
// cannot be dimmed is lit by anything but 0; trigger names what in the kernel drives the LED, and
// is "none" where nothing else than brightness shall. The file trigger is missing from a kernel
// that has none.
//
// A write may take as long as the hardware behind it, for the kernel waits for it: an expander on
// I2C, a device on USB that was just taken out. So a thread of its own writes, and nobody waits for
// it but the destructor. It writes what is wanted last: states that were overtaken are left out.
// Everything else, the handler too, runs on the thread of the io_context, which must outlive the
// object; the handler is never called from within the constructor or set(), nor after destruction.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace antrean::lamps {

inline constexpr const char* kernels_leds = "/sys/class/leds";
// LED_MAX_NAME_SIZE of the kernel's uapi/linux/uleds.h, with the zero at its end.
inline constexpr std::size_t max_name_bytes = 63;

// Whether NAME can be a LED's: it is a folder's name, and leads nowhere else.
bool is_name(std::string_view name);

struct LedsConfig {
    std::filesystem::path folder = kernels_leds;
    std::vector<std::string> names{};
    // A LED that is missing, or fails, is tried again with its next change, and after so long.
    std::chrono::milliseconds retry{10'000};
};

class Leds {
public:
    // LED, by its place among the names, is in trouble, or, where WHY is empty, no more. WHY is for
    // a technician and names the remedy. Told once for each change.
    using OnTrouble = std::function<void(std::size_t led, const std::string& why)>;

    // Nothing is written before set(). ON_TROUBLE must be set.
    Leds(boost::asio::io_context& io, LedsConfig config, OnTrouble on_trouble);
    // All that were ever set are dark afterwards, unless they fail. Waits for a write on its way.
    ~Leds();
    Leds(const Leds&) = delete;
    Leds& operator=(const Leds&) = delete;

    // Returns at once. Saying the same again writes nothing.
    void set(std::size_t led, bool lit);

private:
    class Writer;
    std::unique_ptr<Writer> writer_;
};

}  // namespace antrean::lamps
