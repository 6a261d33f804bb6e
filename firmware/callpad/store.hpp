// The callpad's memory on disk: schemas/callpad. Each save is durable when it returns. It blocks for
// a flush of the disk. One thread.
#pragma once

#include <filesystem>

#include "drivers/database/database.hpp"
#include "firmware/callpad/core.hpp"

namespace antrean::callpad {

class Store {
public:
    // LOADED gets what the file holds.
    [[nodiscard]] static database::result<Store> open(const std::filesystem::path& file,
                                                      Stored& loaded, const char* vfs = nullptr);

    [[nodiscard]] database::result<void> save(const proto::Request& request);
    [[nodiscard]] database::result<void> save(const proto::CounterView& view);

private:
    explicit Store(database::Database database) : database_{std::move(database)} {}
    database::result<void> load(Stored& loaded);

    database::Database database_;  // first: it outlives its statements
    database::Statement put_request_, put_view_;
};

}  // namespace antrean::callpad
