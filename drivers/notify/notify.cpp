#include "drivers/notify/notify.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace antrean::notify {

namespace {

// The variable's value; it is gone from the environment.
std::string take_variable(const char* name) {
    const char* value = std::getenv(name);
    std::string text{value ? value : ""};
    unsetenv(name);
    return text;
}

std::optional<long long> number(const std::string& text) {
    long long value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value <= 0) return std::nullopt;
    return value;
}

int connected_to(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() < 2 || name.size() >= sizeof address.sun_path) return -1;
    if (name.front() != '/' && name.front() != '@') return -1;
    std::memcpy(address.sun_path, name.data(), name.size());
    // An abstract name begins with a zero byte and ends where the length says.
    if (name.front() == '@') address.sun_path[0] = '\0';
    auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    if (name.front() == '/') ++size;

    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return -1;
    const void* where = &address;
    if (::connect(socket, static_cast<const sockaddr*>(where), size) != 0) {
        ::close(socket);
        return -1;
    }
    return socket;
}

}  // namespace

Notifier::Notifier(const std::string& socket, std::optional<std::chrono::microseconds> watchdog)
    : socket_{connected_to(socket)}, watchdog_{watchdog} {
    if (socket_ < 0) watchdog_.reset();
}

Notifier Notifier::from_environment() {
    const auto socket = take_variable("NOTIFY_SOCKET");
    const auto interval = number(take_variable("WATCHDOG_USEC"));
    const auto pid = take_variable("WATCHDOG_PID");
    // Without a pid the watchdog is for whoever reads it.
    const bool is_ours = pid.empty() || number(pid) == getpid();
    std::optional<std::chrono::microseconds> watchdog;
    if (interval && is_ours) watchdog = std::chrono::microseconds{*interval};
    return Notifier{socket, watchdog};
}

Notifier::Notifier(Notifier&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}, watchdog_{other.watchdog_} {}

Notifier::~Notifier() {
    if (socket_ >= 0) ::close(socket_);
}

void Notifier::reloading() {
    // The manager tells by the time which ready() belongs to which reload.
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                     now.tv_sec * 1'000'000LL + now.tv_nsec / 1'000));
}

void Notifier::status(std::string_view text) {
    std::string line{"STATUS="};
    line += text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    tell(line);
}

void Notifier::tell(std::string_view words) {
    // A manager that does not read misses a word; the program waits for nobody.
    if (socket_ >= 0) {
        [[maybe_unused]] const auto sent =
            ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

}  // namespace antrean::notify
