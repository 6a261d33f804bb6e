// The real libevdev against a device that umockdev plays: ioctls are answered here, events come
// through a FIFO, which wakes epoll as the kernel's device does. Run under umockdev-wrapper.
#include "drivers/buttons/evdev.hpp"
#include "tests/catch.hpp"

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace antrean;
using namespace antrean::buttons;
using namespace std::chrono_literals;

namespace {

constexpr const char* node = "/dev/input/event7";

// A device with the keys 1 to 9. umockdev calls handle() and handle_read() from a thread of its
// own, so what they look at is locked.
class FakeDevice {
public:
    FakeDevice() : bed_{umockdev_testbed_new()}, handler_{umockdev_ioctl_base_new()} {
        g_signal_connect(handler_, "handle-ioctl", G_CALLBACK(&FakeDevice::on_ioctl), this);
        g_signal_connect(handler_, "handle-read", G_CALLBACK(&FakeDevice::on_read), this);
        GError* error = nullptr;
        if (!umockdev_testbed_attach_ioctl(bed_, node, handler_, &error)) {
            throw std::runtime_error(error->message);
        }
        char* root = umockdev_testbed_get_root_dir(bed_);
        path_ = std::string{root} + node;
        g_free(root);
        fs::create_directories(path_.parent_path());
    }
    ~FakeDevice() {
        unplug();
        umockdev_testbed_detach_ioctl(bed_, node, nullptr);
        g_object_unref(handler_);
        g_object_unref(bed_);
    }
    FakeDevice(const FakeDevice&) = delete;
    FakeDevice& operator=(const FakeDevice&) = delete;

    void plug() {
        const std::lock_guard lock{mutex_};
        gone_ = false;
        if (mkfifo(path_.c_str(), 0600) != 0) throw std::runtime_error("mkfifo failed");
        // Open for reading too, so that the reader never meets an end of file.
        fifo_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fifo_ < 0) throw std::runtime_error("cannot open the FIFO");
    }

    // As a kernel does it: what is open wakes up and fails, and the node vanishes.
    void unplug() {
        const std::lock_guard lock{mutex_};
        gone_ = true;
        fs::remove(path_);
        if (fifo_ >= 0) ::close(fifo_);
        fifo_ = -1;
    }

    // Ready to read for ever, yet without an error to read: no kernel does it.
    void hang_up() {
        ::close(fifo_);
        fifo_ = -1;
    }

    void hold(std::set<int> keys) {
        const std::lock_guard lock{mutex_};
        down_ = std::move(keys);
    }
    void refuse_grab(int error) {
        const std::lock_guard lock{mutex_};
        grab_error_ = error;
    }
    void without_keys() {
        const std::lock_guard lock{mutex_};
        has_keys_ = false;
    }
    bool grabbed() const {
        const std::lock_guard lock{mutex_};
        return grabbed_;
    }

    // Queues an event as it happened AFTER the last one, and wakes the reader with send().
    FakeDevice& event(std::uint16_t type, std::uint16_t code, int value,
                      std::chrono::milliseconds after = 0ms) {
        time_ += after;
        input_event event{};
        const auto since = time_.time_since_epoch();
        event.input_event_sec = std::chrono::duration_cast<std::chrono::seconds>(since).count();
        event.input_event_usec =
            std::chrono::duration_cast<std::chrono::microseconds>(since % 1s).count();
        event.type = type;
        event.code = code;
        event.value = value;
        queued_.push_back(event);
        return *this;
    }
    FakeDevice& key(std::uint16_t code, int value, std::chrono::milliseconds after = 100ms) {
        return event(EV_KEY, code, value, after).event(EV_SYN, SYN_REPORT, 0);
    }
    void send() {
        const auto bytes = static_cast<ssize_t>(queued_.size() * sizeof(input_event));
        if (::write(fifo_, queued_.data(), static_cast<std::size_t>(bytes)) != bytes) {
            throw std::runtime_error("the FIFO took not all");
        }
        queued_.clear();
    }

private:
    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, FakeDevice* self) {
        return self->handle(client);
    }
    static gboolean on_read(UMockdevIoctlBase*, UMockdevIoctlClient* client, FakeDevice* self) {
        const std::lock_guard lock{self->mutex_};
        if (!self->gone_) return FALSE;  // from the FIFO
        umockdev_ioctl_client_complete(client, -1, ENODEV);
        return TRUE;
    }

    gboolean handle(UMockdevIoctlClient* client) {
        const std::lock_guard lock{mutex_};
        const gulong request = umockdev_ioctl_client_get_request(client);
        if (_IOC_TYPE(request) != 'E') {
            int error = 0;
            const int result = umockdev_ioctl_client_execute(client, &error, nullptr);
            umockdev_ioctl_client_complete(client, result, error);
            return TRUE;
        }
        UMockdevIoctlData* arg = umockdev_ioctl_client_get_arg(client);  // not ours to unref
        if (request == EVIOCGRAB) {
            grabbed_ = grab_error_ == 0;
            umockdev_ioctl_client_complete(client, grabbed_ ? 0 : -1, grab_error_);
        } else if (_IOC_DIR(request) == _IOC_READ) {
            std::vector<guint8> bytes(_IOC_SIZE(request));
            const int error = answer(_IOC_NR(request), bytes);
            UMockdevIoctlData* data = umockdev_ioctl_data_resolve(arg, 0, bytes.size(), nullptr);
            umockdev_ioctl_data_update(data, 0, bytes.data(), static_cast<gint>(bytes.size()));
            g_object_unref(data);
            const auto size = static_cast<glong>(bytes.size());
            umockdev_ioctl_client_complete(client, error == 0 ? size : -1, error);
        } else {
            umockdev_ioctl_client_complete(client, 0, 0);  // EVIOCSCLOCKID
        }
        return TRUE;
    }

    // Fills BYTES with what the kernel would; returns an errno.
    int answer(unsigned number, std::vector<guint8>& bytes) const {
        const auto set = [&](unsigned bit) {
            if (bit / 8 < bytes.size()) bytes[bit / 8] |= static_cast<guint8>(1u << (bit % 8));
        };
        if (number == _IOC_NR(EVIOCGNAME(0))) {
            const std::string name = "Nine buttons";
            std::copy(name.begin(), name.end(), bytes.begin());
        } else if (number == _IOC_NR(EVIOCGPHYS(0)) || number == _IOC_NR(EVIOCGUNIQ(0))) {
            return ENOENT;
        } else if (number == _IOC_NR(EVIOCGBIT(0, 0))) {
            set(EV_SYN);
            if (has_keys_) set(EV_KEY);
        } else if (number == _IOC_NR(EVIOCGBIT(EV_KEY, 0)) && has_keys_) {
            for (unsigned code = KEY_1; code <= KEY_9; ++code)
                set(code);
        } else if (number == _IOC_NR(EVIOCGKEY(0))) {
            for (const int code : down_)
                set(static_cast<unsigned>(code));
        }
        return 0;
    }

    UMockdevTestbed* bed_;
    UMockdevIoctlBase* handler_;
    fs::path path_;
    int fifo_ = -1;
    // Long past, so that no key is still within its bounce time when it is read.
    SteadyTime time_ = SteadyTime::clock::now() - 60s;
    std::vector<input_event> queued_;

    mutable std::mutex mutex_;
    std::set<int> down_;
    bool has_keys_ = true;
    bool gone_ = true;
    bool grabbed_ = false;
    int grab_error_ = 0;
};

// What the buttons told, as words: "there: Nine buttons", "+KEY_1", "-KEY_1", "gone: ...".
class Listener {
public:
    EvdevConfig config() const {
        EvdevConfig config;
        config.device = node;
        config.retry_first = 1ms;
        config.retry_most = 4ms;
        config.times.stuck_after = 24h;  // events are long past when they are read
        return config;
    }
    EvdevHandlers handlers() {
        return {[this](KeyCode code) { heard.push_back("+" + key_name(code)); },
                [this](KeyCode code) { heard.push_back("-" + key_name(code)); },
                [this](KeyCode code, bool is_stuck) {
                    heard.push_back((is_stuck ? "stuck " : "freed ") + key_name(code));
                },
                [this](bool there, const std::string& text) {
                    heard.push_back((there ? "there: " : "gone: ") + text);
                }};
    }
    // Runs until WORD was heard, or fails after five seconds.
    void until(const std::string& word) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (std::ranges::find(heard, word) == heard.end()) {
            INFO("waiting for " << word << ", heard last "
                                << (heard.empty() ? "nothing" : heard.back()));
            REQUIRE(std::chrono::steady_clock::now() < end);
            io.run_one_for(50ms);
        }
    }
    std::vector<std::string> take() { return std::exchange(heard, {}); }

    boost::asio::io_context io;
    std::vector<std::string> heard;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("presses and releases are told in order, repeats are not", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    CHECK(device.grabbed());
    device.key(KEY_1, 1).key(KEY_1, 2).key(KEY_1, 2).key(KEY_1, 0);
    device.key(KEY_2, 1).key(KEY_3, 1).key(KEY_2, 0).key(KEY_3, 0).send();
    listener.until("-KEY_3");
    CHECK(listener.take() ==
          Words{"there: Nine buttons", "+KEY_1", "-KEY_1", "+KEY_2", "+KEY_3", "-KEY_2", "-KEY_3"});
}

TEST_CASE("a bounce is measured by the time of the events", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    device.key(KEY_1, 1).key(KEY_1, 0, 2ms).key(KEY_1, 1, 2ms).key(KEY_1, 0).key(KEY_1, 1, 3ms);
    device.key(KEY_1, 0, 1ms).key(KEY_2, 1).send();
    listener.until("+KEY_2");
    CHECK(listener.take() == Words{"+KEY_1", "-KEY_1", "+KEY_2"});
}

TEST_CASE("a short tap is released without a further event", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    device.key(KEY_1, 1).key(KEY_1, 0, 5ms).send();
    listener.until("-KEY_1");
    CHECK(listener.take() == Words{"+KEY_1", "-KEY_1"});
}

TEST_CASE("a key held when the device is opened is no press", "[buttons][evdev]") {
    FakeDevice device;
    device.hold({KEY_4});
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.key(KEY_4, 0).key(KEY_4, 1).send();
    listener.until("+KEY_4");
    CHECK(listener.take() == Words{"there: Nine buttons", "+KEY_4"});
}

TEST_CASE("after dropped events the present state counts", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.key(KEY_1, 1).key(KEY_2, 1).send();
    listener.until("+KEY_2");
    listener.take();

    // While nobody read, 1 was released, 3 was tapped, and 5 went down; 2 stayed down.
    device.hold({KEY_2, KEY_5});
    device.event(EV_SYN, SYN_DROPPED, 0, 100ms).event(EV_KEY, KEY_3, 0);
    device.event(EV_SYN, SYN_REPORT, 0).send();
    listener.until("-KEY_1");
    CHECK(listener.take() == Words{"+KEY_5", "-KEY_1"});

    device.key(KEY_5, 0).key(KEY_2, 0).key(KEY_6, 1).send();
    listener.until("+KEY_6");
    CHECK(listener.take() == Words{"-KEY_5", "-KEY_2", "+KEY_6"});
}

TEST_CASE("a device that goes releases its keys, and is found when it comes back",
          "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.key(KEY_1, 1).send();
    listener.until("+KEY_1");
    listener.take();

    device.unplug();
    listener.until("gone: No such device");
    CHECK(listener.take() == Words{"-KEY_1", "gone: No such device"});

    device.hold({KEY_1});  // still under a finger: not a second press
    device.plug();
    listener.until("there: Nine buttons");
    device.key(KEY_2, 1).send();
    listener.until("+KEY_2");
    CHECK(listener.take() == Words{"there: Nine buttons", "+KEY_2"});
}

TEST_CASE("a key that is held too long is told as stuck until it has been left alone",
          "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    EvdevConfig config = listener.config();
    config.times = KeyTimes{};
    const EvdevButtons buttons{listener.io, config, listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    device.key(KEY_1, 1).key(KEY_2, 1, 11s).key(KEY_2, 0).send();
    listener.until("-KEY_2");
    CHECK(listener.take() == Words{"+KEY_1", "-KEY_1", "stuck KEY_1", "+KEY_2", "-KEY_2"});
    device.key(KEY_1, 0, 5s).key(KEY_1, 1, 500ms).key(KEY_1, 0, 500ms).send();
    listener.until("freed KEY_1");
    device.key(KEY_1, 1, 2s).key(KEY_1, 0).send();
    listener.until("-KEY_1");
    CHECK(listener.take() == Words{"freed KEY_1", "+KEY_1", "-KEY_1"});
}

TEST_CASE("a device that is not there yet is told once and waited for", "[buttons][evdev]") {
    FakeDevice device;
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    CHECK(listener.heard.empty());
    listener.until("gone: No such file or directory");
    for (int turn = 0; turn < 10; ++turn)
        listener.io.run_one_for(50ms);
    CHECK(listener.take() == Words{"gone: No such file or directory"});
    device.plug();
    listener.until("there: Nine buttons");
}

TEST_CASE("a device in somebody else's hands is refused", "[buttons][evdev]") {
    FakeDevice device;
    device.refuse_grab(EBUSY);
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("gone: Device or resource busy");
    device.refuse_grab(0);
    listener.until("there: Nine buttons");
}

TEST_CASE("without grab the device stays open to others", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    EvdevConfig config = listener.config();
    config.grab = false;
    const EvdevButtons buttons{listener.io, config, listener.handlers()};
    listener.until("there: Nine buttons");
    CHECK_FALSE(device.grabbed());
}

TEST_CASE("what is no device with keys is refused", "[buttons][evdev]") {
    const std::string path = GENERATE(as<std::string>{}, node, "/proc/self/exe", "/");
    FakeDevice device;
    device.without_keys();
    device.plug();
    Listener listener;
    EvdevConfig config = listener.config();
    config.device = path;
    const EvdevButtons buttons{listener.io, config, listener.handlers()};
    listener.until("gone: this is no input device");
    CHECK(listener.take() == Words{"gone: this is no input device"});
}

TEST_CASE("a device that wakes the reader without events is given up", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    device.hang_up();
    listener.until("gone: the device is ready to read, but there is nothing to read");
}

TEST_CASE("more events than one wake-up reads are all told", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    const EvdevButtons buttons{listener.io, listener.config(), listener.handlers()};
    listener.until("there: Nine buttons");
    listener.take();
    Words wanted;
    for (int i = 0; i < 400; ++i) {
        device.key(KEY_1, 1, 40ms).key(KEY_1, 0, 40ms);
        if (i % 10 == 9) device.send();
        wanted.insert(wanted.end(), {"+KEY_1", "-KEY_1"});
    }
    device.key(KEY_2, 1).send();
    wanted.push_back("+KEY_2");
    listener.until("+KEY_2");
    CHECK(listener.take() == wanted);
}

TEST_CASE("a handler may destroy the buttons, and none is called afterwards", "[buttons][evdev]") {
    FakeDevice device;
    device.plug();
    Listener listener;
    std::unique_ptr<EvdevButtons> buttons;
    EvdevHandlers handlers = listener.handlers();
    handlers.press = [&](KeyCode code) {
        listener.heard.push_back("+" + key_name(code));
        buttons.reset();
    };
    buttons = std::make_unique<EvdevButtons>(listener.io, listener.config(), handlers);
    listener.until("there: Nine buttons");
    device.key(KEY_1, 1).key(KEY_1, 0).key(KEY_2, 1).send();
    listener.until("+KEY_1");
    listener.io.run();  // returns, for nothing is left to wait for
    CHECK(listener.take() == Words{"there: Nine buttons", "+KEY_1"});
}

TEST_CASE("keys go by the names of the kernel", "[buttons][evdev]") {
    CHECK(key_code("KEY_1") == KeyCode{KEY_1});
    CHECK(key_code("BTN_0") == KeyCode{BTN_0});
    CHECK_FALSE(key_code("KEY_NONE_SUCH"));
    CHECK_FALSE(key_code("REL_X"));
    CHECK_FALSE(key_code(""));
    CHECK(key_name(KeyCode{KEY_F1}) == "KEY_F1");
    CHECK(key_name(KeyCode{0x2fd}) == "765");
}
