// The key of appointments, from the file that the site file names.
#include "controller/site/draft.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace antrean::site {
namespace {

// Room for the longest key and a line end; one byte more tells of a longer file.
constexpr std::size_t most_bytes = appointments::max_key_size + 2;

// Closed at the end of its scope.
struct File {
    int fd = -1;
    explicit File(const char* path) : fd{::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
    ~File() {
        if (fd >= 0) ::close(fd);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
};

}  // namespace

std::optional<appointments::Key> read_key(const Text& where, const std::filesystem::path& folder,
                                          Problems& problems) {
    const auto path = folder / where.value;
    const auto what = "key_file " + in_quotes(path.string());
    const auto cannot_be_read = [&](int error) {
        problems.add(where.line,
                     what + " cannot be read: " + std::generic_category().message(error),
                     "make it with 'openssl rand -hex 32', and let the controller's user read it");
        return std::nullopt;
    };
    const File file{path.c_str()};
    if (file.fd < 0) return cannot_be_read(errno);
    struct stat status {};
    if (::fstat(file.fd, &status) != 0) return cannot_be_read(errno);
    if (!S_ISREG(status.st_mode)) {
        problems.add(where.line, what + " is no regular file", "name a file that holds the key");
        return std::nullopt;
    }
    if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        problems.add(where.line, what + " is open to everybody on this computer",
                     "'chmod o-rw' it: who has the key can make appointments");
        return std::nullopt;
    }
    std::array<char, most_bytes + 1> text{};
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = ::read(file.fd, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot_be_read(errno);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    auto key = size > most_bytes ? std::nullopt : appointments::Key::parse({text.data(), size});
    if (!key) {
        problems.add(where.line,
                     what + " holds no key: that is one line of " +
                         std::to_string(appointments::min_key_size) + " to " +
                         std::to_string(appointments::max_key_size) +
                         " characters of ASCII without blanks",
                     "make it with 'openssl rand -hex 32'");
    }
    return key;
}

}  // namespace antrean::site
