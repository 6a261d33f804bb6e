// A directory of this run alone, and the end of all that the run has started.
//
// Call it before the program has threads.
#pragma once

#include <filesystem>
#include <functional>

namespace antrean::benchmark {

// Makes a directory below PARENT, calls WORK with it in a process of its own, and returns what that
// returned. However that process ends, by an interrupt (SIGINT, SIGTERM, SIGHUP) or a crash too,
// nothing that it started outlives it, grandchildren included, and the directory is removed; then
// 128 + the signal is returned, as shells do. A directory that cannot be made is an exception.
int in_run_dir(const std::filesystem::path& parent,
               const std::function<int(const std::filesystem::path&)>& work);

}  // namespace antrean::benchmark
