// The kiosk's memory on disk: schemas/kiosk. Each save() is made whole or not at all. It is durable
// when it returns, and blocks for a flush of the disk, unless it says that it may be lost. One
// thread.
#pragma once

#include "drivers/database/database.hpp"
#include "firmware/kiosk/core.hpp"

#include <filesystem>
#include <string>

namespace antrean::kiosk {

// Where a store is opened.
struct Computer {
    std::string boot;        // names this boot, so that steady times are told from those of others
    std::string hardware{};  // names the computer; empty: it does not tell
    std::string device{};    // the kiosk that it is
};

class Store {
public:
    // LOADED gets what the file holds. That of another kiosk counts as damaged: its numbers and its
    // papers are the other's to tell, and the controller would refuse them from this one.
    [[nodiscard]] static database::result<Store> open(const std::filesystem::path& file,
                                                      Computer here, Stored& loaded,
                                                      const char* vfs = nullptr);

    [[nodiscard]] database::result<void> save(const Save& save);

private:
    Store(database::Database database, std::string boot)
        : database_{std::move(database)}, boot_{std::move(boot)} {}
    database::result<void> identify(const Computer& here, Stored& loaded);
    database::result<void> leave_to_the_other(std::int64_t incarnation);
    database::result<void> load_leases(Stored& loaded);
    std::optional<SteadyTime> time(const database::Statement& row, int at) const;
    database::result<void> load(Stored& loaded);
    database::result<void> load_told(Stored& loaded);
    bool prepare();
    bool apply(const Change& change);
    std::optional<std::string> boot_of(const std::optional<SteadyTime>& time) const;

    database::Database database_;  // first: it outlives its statements
    std::string boot_;
    database::Statement begin_, commit_, put_request_, drop_request_, put_job_, drop_job_,
        put_menu_, put_seen_, drop_seen_, put_seq_, put_lease_, drop_lease_, put_offline_,
        drop_offline_;
};

}  // namespace antrean::kiosk
