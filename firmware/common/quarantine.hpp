// A device whose store is damaged puts it aside and begins a new one: a hall that has one kiosk
// less until somebody comes is worse than a kiosk that has forgotten its last papers, and the
// controller knows those and tells the operator. A store that is whole but another's, or of a newer
// version, is never touched, nor is one on a disk that fails.
//
// Blocks on the disk; at the start, on the one thread.
#pragma once

#include "drivers/database/database.hpp"

#include <filesystem>
#include <string>

namespace antrean::common {

inline constexpr int max_put_aside = 3;  // damaged stores that are kept, the latest as ".damaged-1"

// FILE and its logs become FILE.damaged-1, those that stand aside move on by one, the last of them
// is removed. Gives the new path.
[[nodiscard]] database::result<std::filesystem::path> put_aside(const std::filesystem::path& file);

// Puts FILE aside, and says so, if ERROR is damage; else an error: what is wrong with FILE.
[[nodiscard]] database::result<void> put_aside_if_damaged(const std::filesystem::path& file,
                                                          const database::DatabaseError& error);

// What OPEN gives, which opens FILE or makes it. May call it twice: OPEN begins from nothing.
template <class Open>
[[nodiscard]] auto open_or_begin_anew(const std::filesystem::path& file, const Open& open)
    -> decltype(open()) {
    auto store = open();
    if (store) return store;
    if (auto done = put_aside_if_damaged(file, store.error()); !done) return done.error();
    return open();
}

}  // namespace antrean::common
