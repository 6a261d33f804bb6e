// A terminal device as a raw line of bytes. Private to this folder. Blocks on nothing; any thread.
#pragma once

#include <optional>
#include <string>

#include <boost/system/result.hpp>

namespace antrean::device_console {

// Opens LINE, which must be a terminal, without becoming its session's leader: 115200 8N1, raw, no
// flow control, modem lines obeyed (termios(3)). The caller closes it, which drops DTR.
[[nodiscard]] boost::system::result<int> open_line(const std::string& line);

// Whether the other side is seen by DCD or DSR (ioctl_tty(2)); none where FD has no such lines.
std::optional<bool> sees_other_side(int fd);

}  // namespace antrean::device_console
