#include "drivers/lamps/leds.hpp"

#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace antrean::lamps {
namespace {

namespace fs = std::filesystem;

// 0, or an errno. A file that is no LED's and has nobody at its other end must not hold anybody up,
// hence O_NONBLOCK; a sysfs file takes a value in one write.
int write_to(const fs::path& path, std::string_view text) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return errno;
    const auto written = ::write(fd, text.data(), text.size());
    const int error = written < 0                                       ? errno
                      : static_cast<std::size_t>(written) < text.size() ? EIO
                                                                        : 0;
    ::close(fd);
    return error;
}

// The number that stands in it; none: an errno is in ERROR.
std::optional<unsigned> number_in(const fs::path& path, int& error) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        error = errno;
        return std::nullopt;
    }
    char text[32];
    const auto size = ::read(fd, text, sizeof text);
    error = size < 0 ? errno : 0;
    ::close(fd);
    if (size < 0) return std::nullopt;
    unsigned number = 0;
    if (std::from_chars(text, text + size, number).ec != std::errc{} || number == 0) {
        error = EINVAL;
        return std::nullopt;
    }
    return number;
}

// As a file of the LED gave it.
std::string trouble_of(const fs::path& folder, const std::string& name, const char* file,
                       int error) {
    std::error_code ignored;
    if (error == ENOENT && !fs::exists(folder / name, ignored)) {
        return fmt::format(
            "there is no LED '{}' in {}: look there for its name, or at the device tree that "
            "should make it",
            name, folder.string());
    }
    const auto path = (folder / name / file).string();
    const auto why = std::generic_category().message(error);
    if (error == EACCES || error == EPERM) {
        return fmt::format(
            "{}: {}: let the program's user write brightness and trigger, as a rule of udev can",
            path, why);
    }
    if (error == EROFS) {
        return fmt::format("{}: {}: let its service write there, by ReadWritePaths=", path, why);
    }
    return fmt::format("{}: {}: look at the LED's hardware and its driver", path, why);
}

}  // namespace

bool is_name(std::string_view name) {
    if (name.empty() || name.size() > max_name_bytes || name.front() == '.') return false;
    for (const char c : name) {
        if (c <= ' ' || c > '~' || c == '/') return false;
    }
    return true;
}

class Leds::Writer {
public:
    Writer(boost::asio::io_context& io, LedsConfig config, OnTrouble on_trouble)
        : io_{io},
          config_{std::move(config)},
          wanted_(config_.names.size()),
          leds_(config_.names.size()),
          on_trouble_{std::make_shared<OnTrouble>(std::move(on_trouble))},
          thread_{[this] { run(); }} {}

    ~Writer() {
        on_trouble_.reset();
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
            for (auto& wanted : wanted_) {
                if (wanted) wanted = false;
            }
        }
        news_.notify_one();
        thread_.join();
    }

    void set(std::size_t led, bool lit) {
        {
            const std::lock_guard lock{mutex_};
            if (wanted_.at(led) == lit) return;
            wanted_[led] = lit;
        }
        news_.notify_one();
    }

private:
    // Of the thread alone.
    struct Led {
        std::optional<bool> tried;
        unsigned brightness = 0;  // that lights it; 0: it has not been asked, or has failed since
        bool in_trouble = false;
        std::string told{};  // of the trouble
    };

    void run() {
        std::unique_lock lock{mutex_};
        while (true) {
            bool in_trouble = false;
            for (std::size_t i = 0; i < leds_.size(); ++i) {
                if (wanted_[i] && wanted_[i] != leds_[i].tried) {
                    const bool lit = *wanted_[i];
                    lock.unlock();
                    write(i, lit);
                    lock.lock();
                }
                in_trouble |= leds_[i].in_trouble;
            }
            if (is_through()) {
                if (stopping_) return;
                if (!in_trouble) {
                    news_.wait(lock);
                } else if (news_.wait_for(lock, config_.retry) == std::cv_status::timeout) {
                    for (auto& led : leds_) {
                        if (led.in_trouble) led.tried.reset();
                    }
                }
            }
        }
    }

    bool is_through() const {
        for (std::size_t i = 0; i < leds_.size(); ++i) {
            if (wanted_[i] && wanted_[i] != leds_[i].tried) return false;
        }
        return true;
    }

    void write(std::size_t which, bool lit) {
        Led& led = leds_[which];
        auto why = try_to(config_.names[which], led, lit);
        led.tried = lit;
        led.in_trouble = !why.empty();
        if (led.in_trouble) led.brightness = 0;
        if (why == led.told) return;
        led.told = why;
        boost::asio::post(io_, [which, why = std::move(why), weak = weak_] {
            if (const auto on_trouble = weak.lock()) (*on_trouble)(which, why);
        });
    }

    // Empty, or the trouble.
    std::string try_to(const std::string& name, Led& led, bool lit) const {
        const auto folder = config_.folder / name;
        if (led.brightness == 0) {
            int error = 0;
            const auto most = number_in(folder / "max_brightness", error);
            if (!most) return trouble_of(config_.folder, name, "max_brightness", error);
            error = write_to(folder / "trigger", "none\n");
            if (error != 0 && error != ENOENT)
                return trouble_of(config_.folder, name, "trigger", error);
            led.brightness = *most;
        }
        const int error =
            write_to(folder / "brightness", fmt::format("{}\n", lit ? led.brightness : 0));
        return error == 0 ? std::string{} : trouble_of(config_.folder, name, "brightness", error);
    }

    boost::asio::io_context& io_;
    const LedsConfig config_;
    std::mutex mutex_;
    std::condition_variable news_;
    std::vector<std::optional<bool>> wanted_;  // none: never set
    bool stopping_ = false;
    std::vector<Led> leds_;
    // Held by the loop's thread; the other only knows whether it still is.
    std::shared_ptr<OnTrouble> on_trouble_;
    const std::weak_ptr<OnTrouble> weak_{on_trouble_};
    std::thread thread_;  // last: it uses all of the above
};

Leds::Leds(boost::asio::io_context& io, LedsConfig config, OnTrouble on_trouble)
    : writer_{std::make_unique<Writer>(io, std::move(config), std::move(on_trouble))} {}

Leds::~Leds() = default;

void Leds::set(std::size_t led, bool lit) {
    writer_->set(led, lit);
}

}  // namespace antrean::lamps
