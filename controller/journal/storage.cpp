#include "controller/journal/storage.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace antrean::journal {
namespace {

std::uint64_t size_of(const std::filesystem::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string told(const std::filesystem::path& file, int error, const char* doing) {
    return fmt::format("{}: {}, while {}", file.string(), std::generic_category().message(error),
                       doing);
}

}  // namespace

Storage::Storage(Options options) : options_{std::move(options)}, watch_{options_.thresholds} {
    const auto& [alarm, alarm_over, low, low_over] = options_.thresholds;
    if (alarm_over > alarm || low_over < low + options_.reserve_bytes) {
        throw std::invalid_argument{"the thresholds of free space do not fit the reserve"};
    }
}

std::filesystem::path Storage::reserve_file() const {
    return options_.journal.string() + ".reserve";
}

bool Storage::measure() {
    const auto folder = options_.journal.has_parent_path() ? options_.journal.parent_path()
                                                           : std::filesystem::path{"."};
    struct statvfs room {};
    if (::statvfs(folder.c_str(), &room) != 0) {
        space_.problem = told(folder, errno, "asking for its free space");
        space_.level = std::max(watch_.level(), SpaceLevel::alarm);
        return false;
    }
    // What only root may write counts as neither free nor used, as df has it.
    const std::uint64_t block = room.f_frsize;
    space_.free_bytes = room.f_bavail * block;
    space_.total_bytes = (room.f_blocks - room.f_bfree + room.f_bavail) * block;
    space_.journal_bytes = size_of(options_.journal) + size_of(options_.journal.string() + "-wal");
    space_.reserve_bytes = size_of(reserve_file());
    space_.level = watch_.update(space_.free_bytes, space_.total_bytes);
    return true;
}

const Space& Storage::look() {
    space_.problem.clear();
    if (!measure()) return space_;
    if (space_.level == SpaceLevel::low) {
        if (space_.reserve_bytes > 0) release_reserve();
    } else if (space_.reserve_bytes < options_.reserve_bytes &&
               space_.free_bytes >= options_.thresholds.low_over_bytes + options_.reserve_bytes) {
        make_reserve();
    }
    return space_;
}

void Storage::release_reserve() {
    const auto file = reserve_file();
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) {
        space_.problem = told(file, errno, "giving up the reserve");
        space_.level = std::max(space_.level, SpaceLevel::alarm);
        return;
    }
    measure();
}

void Storage::make_reserve() {
    const auto file = reserve_file();
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    // Allocated, not only sized: a file with a hole holds no room.
    const int error =
        descriptor < 0
            ? errno
            : ::posix_fallocate(descriptor, 0, static_cast<off_t>(options_.reserve_bytes));
    if (descriptor >= 0) ::close(descriptor);
    if (error != 0) {
        if (descriptor >= 0) ::unlink(file.c_str());
        space_.problem = told(file, error, "making the reserve");
        space_.level = std::max(space_.level, SpaceLevel::alarm);
        return;
    }
    measure();
}

}  // namespace antrean::journal
