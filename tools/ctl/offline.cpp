#include "tools/ctl/offline.hpp"

#include "controller/journal/restore.hpp"
#include "controller/journal/verify.hpp"
#include "drivers/tty/escape.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

namespace antrean::ctl {

namespace {

using journal::journal_errc;

// On a terminal, as one line that is written over; nothing elsewhere.
journal::Progress progress() {
    if (!isatty(STDERR_FILENO)) return {};
    return [](std::uint64_t done, std::uint64_t of) {
        fmt::print(stderr, "\r{} of {} events{}", done, of, done == of ? "\n" : "");
        std::fflush(stderr);
    };
}

ExitCode failed(const journal::JournalError& error) {
    fmt::print(stderr, "{}\n", tty::escaped(error.text));
    switch (error.code) {
        case journal_errc::locked:
            return exit_in_use;
        case journal_errc::storage:
            return exit_storage;
        case journal_errc::newer:
        case journal_errc::not_ours:
        case journal_errc::corrupt:
            break;
    }
    return exit_bad_file;
}

void print(const std::filesystem::path& file, const journal::Verified& verified) {
    fmt::print("{}: good; {} events of {} days\n", tty::escaped(file.string()), verified.events,
               verified.days);
    fmt::print("last hash ");
    for (const auto byte : verified.last_hash)
        fmt::print("{:02x}", static_cast<unsigned>(byte));
    fmt::print("\n");
}

}  // namespace

ExitCode verify(const std::filesystem::path& file) {
    const auto verified = journal::verify({file}, progress());
    if (!verified) return failed(verified.error());
    print(file, *verified);
    return exit_ok;
}

ExitCode restore(const std::filesystem::path& backup, const std::filesystem::path& file) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto restored = journal::restore(backup, file, now, progress());
    if (!restored) return failed(restored.error());
    print(backup, restored->backup);
    if (restored->moved_aside) {
        fmt::print("the journal of before is now {}\n",
                   tty::escaped(restored->moved_aside->string()));
    }
    fmt::print("{} is restored; start the controller\n", tty::escaped(file.string()));
    return exit_ok;
}

}  // namespace antrean::ctl
