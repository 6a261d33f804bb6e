// The keys of a callpad from an evdev device to what they ask for: the real libevdev with a device
// that umockdev plays, and real timers. Run under umockdev-wrapper.
#include "firmware/callpad/key_map_file.hpp"
#include "firmware/callpad/pad_keys.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

namespace antrean::callpad {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

constexpr const char* node = "/dev/input/event7";

// Keys 1 to 4. It answers ioctls from a thread of umockdev's, which looks at nothing that changes.
class Keypad {
public:
    Keypad() : bed_{umockdev_testbed_new()}, handler_{umockdev_ioctl_base_new()} {
        g_signal_connect(handler_, "handle-ioctl", G_CALLBACK(&Keypad::on_ioctl), nullptr);
        if (!umockdev_testbed_attach_ioctl(bed_, node, handler_, nullptr))
            throw std::runtime_error{"umockdev takes no ioctls"};
        char* root = umockdev_testbed_get_root_dir(bed_);
        path_ = std::string{root} + node;
        g_free(root);
        std::filesystem::create_directories(path_.parent_path());
        // Open for reading too, so that the reader never meets an end of file.
        if (mkfifo(path_.c_str(), 0600) == 0)
            fifo_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fifo_ < 0) throw std::runtime_error{"no FIFO stands in for the device"};
    }
    ~Keypad() {
        ::close(fifo_);
        std::filesystem::remove(path_);
        umockdev_testbed_detach_ioctl(bed_, node, nullptr);
        g_object_unref(handler_);
        g_object_unref(bed_);
    }
    Keypad(const Keypad&) = delete;
    Keypad& operator=(const Keypad&) = delete;

    // Keys that go down, and up where negative, so far APART by the kernel's stamps, read together.
    void move(const std::vector<int>& keys, std::chrono::milliseconds apart = 50ms) {
        std::vector<input_event> events;
        for (const int key : keys) {
            stamp_ += apart;
            for (const bool is_report : {false, true}) {
                input_event event{};
                const auto since = stamp_.time_since_epoch();
                event.input_event_sec =
                    std::chrono::duration_cast<std::chrono::seconds>(since).count();
                event.input_event_usec =
                    std::chrono::duration_cast<std::chrono::microseconds>(since % 1s).count();
                event.type = is_report ? EV_SYN : EV_KEY;
                event.code = static_cast<std::uint16_t>(is_report ? SYN_REPORT : std::abs(key));
                event.value = is_report || key < 0 ? 0 : 1;
                events.push_back(event);
            }
        }
        const auto bytes = events.size() * sizeof(input_event);
        if (::write(fifo_, events.data(), bytes) != static_cast<ssize_t>(bytes))
            throw std::runtime_error{"the FIFO took not all"};
    }

private:
    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer) {
        const gulong request = umockdev_ioctl_client_get_request(client);
        if (_IOC_TYPE(request) != 'E') {
            int error = 0;
            const int result = umockdev_ioctl_client_execute(client, &error, nullptr);
            umockdev_ioctl_client_complete(client, result, error);
        } else if (_IOC_DIR(request) == _IOC_READ) {
            auto bytes = answer(_IOC_NR(request), _IOC_SIZE(request));
            auto* data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                                     bytes.size(), nullptr);
            const auto size = static_cast<gint>(bytes.size());
            umockdev_ioctl_data_update(data, 0, bytes.data(), size);
            g_object_unref(data);
            umockdev_ioctl_client_complete(client, size, 0);
        } else {
            umockdev_ioctl_client_complete(client, 0, 0);  // EVIOCGRAB, EVIOCSCLOCKID
        }
        return TRUE;
    }

    // A bit for each type of event or key that there is; no name, and no key that is down.
    static std::vector<guint8> answer(unsigned number, std::size_t size) {
        std::vector<guint8> bytes(size);
        if (number == _IOC_NR(EVIOCGBIT(0, 0))) bytes.at(0) = 1u << EV_SYN | 1u << EV_KEY;
        if (number == _IOC_NR(EVIOCGBIT(EV_KEY, 0))) bytes.at(0) = 0x0fu << KEY_1;
        return bytes;
    }

    UMockdevTestbed* bed_;
    UMockdevIoctlBase* handler_;
    std::filesystem::path path_;
    int fifo_ = -1;
    // Past, so that no key is still within its bounce time when it is read; but not so long ago
    // that one would be stuck.
    Clock::time_point stamp_ = Clock::now() - 3s;
};

class Bench {
public:
    explicit Bench(const std::string& long_press_ms)
        : map_{read_key_map("long_press_ms = " + long_press_ms +
                                "\n[keys]\n"
                                "KEY_1 = { press = \"next\" }\n"
                                "KEY_2 = { press = \"recall\", long_press = \"hold\" }\n"
                                "[[chord]]\nkeys = [\"KEY_3\", \"KEY_4\"]\npress = \"undo\"\n",
                            "keys.toml")
                   .value()},
          keys_{io_,
                node,
                map_,
                {.push =
                     [this](const Push&, const PushText& text) {
                         told_.push_back(text.keys + ": " + text.means);
                     },
                 .device = [this](bool there, const std::string&) { is_there_ = there; },
                 .stuck = [](const std::string&, bool) {}}} {
        const auto end = Clock::now() + 20s;
        while (!is_there_ && Clock::now() < end)
            io_.run_one_for(1s);
        REQUIRE(is_there_);
    }

    // What is told until COUNT pushes were; a deadline only turns a hang into a failure.
    Words told(std::size_t count) {
        const auto end = Clock::now() + 20s;
        while (told_.size() < count && Clock::now() < end)
            io_.run_one_for(1s);
        return told_;
    }

    Keypad keypad;

private:
    boost::asio::io_context io_;
    KeyMap map_;
    Words told_;
    bool is_there_ = false;
    PadKeys keys_;
};

}  // namespace

TEST_CASE("keys of a device act as their map says", "[callpad][evdev]") {
    Bench bench{"5000"};
    bench.keypad.move({KEY_1, -KEY_1, KEY_2, -KEY_2, KEY_3, KEY_4, -KEY_3, -KEY_4, KEY_1});
    CHECK(bench.told(4) ==
          Words{"KEY_1: next", "KEY_2: recall", "KEY_3 + KEY_4: undo", "KEY_1: next"});
}

TEST_CASE("a key that is held acts without being released", "[callpad][evdev]") {
    Bench bench{"300"};
    bench.keypad.move({KEY_2});
    CHECK(bench.told(1) == Words{"KEY_2 held: hold"});
    bench.keypad.move({-KEY_2, KEY_1});
    CHECK(bench.told(2) == Words{"KEY_2 held: hold", "KEY_1: next"});
}

TEST_CASE("how long a key was held counts, not when that is read", "[callpad][evdev]") {
    Bench bench{"300"};
    // Of a loop that was held up: by the time of reading all of it is of one moment, long ago.
    bench.keypad.move({KEY_2, -KEY_2}, 300ms);
    bench.keypad.move({KEY_2, -KEY_2}, 299ms);
    bench.keypad.move({KEY_3, KEY_4, -KEY_3, -KEY_4}, 150ms);  // too far apart for a chord
    bench.keypad.move({KEY_1});
    CHECK(bench.told(5) ==
          Words{"KEY_2 held: hold", "KEY_2: recall", "KEY_3: ", "KEY_4: ", "KEY_1: next"});
}

TEST_CASE("a key of a chord acts alone when its wait is over", "[callpad][evdev]") {
    Bench bench{"300"};
    bench.keypad.move({KEY_3});
    CHECK(bench.told(1) == Words{"KEY_3: "});
}

}  // namespace antrean::callpad
