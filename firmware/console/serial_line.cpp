#include "firmware/console/serial_line.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace antrean::device_console {
namespace {

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

}  // namespace

boost::system::result<int> open_line(const std::string& line) {
    // Without O_NONBLOCK the open would wait for a carrier that three wires never have.
    const int fd = open(line.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return last_error();
    termios modes{};
    if (tcgetattr(fd, &modes) == 0) {
        cfmakeraw(&modes);
        cfsetspeed(&modes, B115200);
        modes.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | CSTOPB | CRTSCTS | CLOCAL);
        modes.c_cflag |= CS8 | CREAD | HUPCL;
        modes.c_iflag &= ~static_cast<tcflag_t>(IXON | IXOFF);
        // What was typed before there was a console was not meant for it.
        if (tcsetattr(fd, TCSAFLUSH, &modes) == 0) return fd;
    }
    const auto error = last_error();
    close(fd);
    return error;
}

std::optional<bool> sees_other_side(int fd) {
    int lines = 0;
    if (ioctl(fd, TIOCMGET, &lines) != 0) return std::nullopt;
    return (lines & (TIOCM_CAR | TIOCM_DSR)) != 0;
}

}  // namespace antrean::device_console
