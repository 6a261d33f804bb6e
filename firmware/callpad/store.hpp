// The callpad's memory on disk: schemas/callpad. Each save is durable when it returns. It blocks
// for a flush of the disk. One thread.
#pragma once

#include "drivers/database/database.hpp"
#include "firmware/callpad/core.hpp"

#include <filesystem>

namespace antrean::callpad {

class Store {
public:
    // LOADED gets what the file holds.
    [[nodiscard]] static database::result<Store> open(const std::filesystem::path& file,
                                                      Stored& loaded, const char* vfs = nullptr);

    // FILE, which nobody has open; one that is not there is no error.
    [[nodiscard]] static database::result<void> remove(const std::filesystem::path& file);

    [[nodiscard]] database::result<void> save(const SaveRequest& save);
    [[nodiscard]] database::result<void> save(const SaveView& save);
    // Nothing of the request is in the files afterwards but its id.
    [[nodiscard]] database::result<void> forget_request();

private:
    explicit Store(database::Database database) : database_{std::move(database)} {}
    database::result<void> load(Stored& loaded);

    database::Database database_;  // first: it outlives its statements
    database::Statement put_request_, forget_request_, put_view_;
};

}  // namespace antrean::callpad
