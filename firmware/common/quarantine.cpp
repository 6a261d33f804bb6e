#include "firmware/common/quarantine.hpp"

#include "drivers/database/files.hpp"
#include "firmware/common/log.hpp"

#include <array>
#include <system_error>

#include <fmt/format.h>

namespace antrean::common {
namespace {

// The file goes first: without its log it would be read as it was before, and give again what it
// has given since; a log without its file is nothing to SQLite.
constexpr std::array parts{"", "-wal", "-shm", "-journal"};

std::filesystem::path with(std::filesystem::path file, const std::string& suffix) {
    file += suffix;
    return file;
}

std::filesystem::path aside(const std::filesystem::path& file, int place, const char* part) {
    return with(file, fmt::format(".damaged-{}{}", place, part));
}

}  // namespace

database::result<std::filesystem::path> put_aside(const std::filesystem::path& file) {
    for (const char* part : parts) {
        if (auto done = database::remove_durably(aside(file, max_put_aside, part)); !done) {
            return done.error();
        }
    }
    for (int place = max_put_aside; place > 0; --place) {
        for (const char* part : parts) {
            const auto from = place > 1 ? aside(file, place - 1, part) : with(file, part);
            std::error_code error;
            if (!std::filesystem::exists(from, error)) continue;
            if (auto done = database::rename_durably(from, aside(file, place, part)); !done) {
                return done.error();
            }
        }
    }
    return aside(file, 1, "");
}

database::result<void> put_aside_if_damaged(const std::filesystem::path& file,
                                            const database::DatabaseError& error) {
    if (error.code != database::database_errc::corrupt) return error;
    log_error(error.text);
    const auto path = put_aside(file);
    if (!path) return path.error();
    log_error(
        fmt::format("it is kept as {}, and a new one begins: what this device had not told the "
                    "controller yet is lost. Have the disk looked at",
                    path->string()));
    return {};
}

}  // namespace antrean::common
