// A real file system of a few hundred kilobytes, that really gets full: a tmpfs that one child
// process alone sees.
#pragma once

#include "tests/files.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::journal::bench {

namespace small_disk {

inline bool write_text(const char* file, const std::string& text) {
    std::ofstream out{file};
    out << text << std::flush;
    return out.good();
}

// Without being root, a user may mount in a namespace of its own where the system lets it.
inline bool mount_at(const std::filesystem::path& at, std::size_t bytes) {
    const auto uid = getuid();
    const auto gid = getgid();
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        write_text("/proc/self/setgroups", "deny");
        if (!write_text("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1") ||
            !write_text("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1")) {
            return false;
        }
    }
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    return mount("tmpfs", at.c_str(), "tmpfs", 0, ("size=" + std::to_string(bytes)).c_str()) == 0;
}

}  // namespace small_disk

// Runs WHAT in a child process, with the folder of such a file system; gives what it returns, or
// "died". nullopt: the system does not allow it.
inline std::optional<std::string> on_small_disk(
    std::size_t bytes, const std::function<std::string(const std::filesystem::path&)>& what) {
    const tests::Folder at;
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    const auto child = fork();
    if (child == 0) {
        const auto said =
            small_disk::mount_at(at.path(), bytes) ? what(at.path()) : std::string{"-"};
        _exit(write(ends[1], said.data(), said.size()) < 0 ? 1 : 0);
    }
    close(ends[1]);
    std::string said;
    char part[512];
    for (ssize_t got; (got = read(ends[0], part, sizeof part)) > 0;)
        said.append(part, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) return "died";
    if (said == "-") return std::nullopt;
    return said;
}

}  // namespace antrean::journal::bench
