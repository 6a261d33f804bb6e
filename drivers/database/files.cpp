#include "drivers/database/files.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace antrean::database {
namespace {

class Descriptor {
public:
    Descriptor(const std::filesystem::path& file, int flags)
        : number_{::open(file.c_str(), flags | O_CLOEXEC, 0666)} {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    explicit operator bool() const { return number_ >= 0; }
    int get() const { return number_; }

private:
    int number_;
};

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

DatabaseError file_failure(const std::filesystem::path& file, const char* doing, int system_error) {
    return {
        database_errc::storage,
        fmt::format("{}: {} (while {}). Check that its folder exists, that the disk is healthy and "
                    "has room, and that this user may write there",
                    file.string(), std::generic_category().message(system_error), doing),
        system_error == ENOSPC};
}

result<void> sync_folder_of(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const Descriptor descriptor{folder, O_RDONLY | O_DIRECTORY};
    if (!descriptor || ::fsync(descriptor.get()) != 0) {
        return file_failure(folder, "making its names durable", errno);
    }
    return {};
}

result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return file_failure(to, "putting it in place", errno);
    }
    return sync_folder_of(to);
}

result<void> write_durably(const std::filesystem::path& file, std::string_view text) {
    const std::filesystem::path part = file.string() + ".part";
    {
        const Descriptor descriptor{part, O_WRONLY | O_CREAT | O_TRUNC};
        if (!descriptor || !write_all(descriptor.get(), text) || ::fsync(descriptor.get()) != 0) {
            const int error = errno;
            if (descriptor) ::unlink(part.c_str());
            return file_failure(file, "writing it", error);
        }
    }
    return rename_durably(part, file);
}

result<void> remove_durably(const std::filesystem::path& file) {
    if (::unlink(file.c_str()) != 0) {
        if (errno == ENOENT) return {};
        return file_failure(file, "removing it", errno);
    }
    return sync_folder_of(file);
}

}  // namespace antrean::database
