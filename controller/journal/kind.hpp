// What kind of database file a journal is.
#pragma once

#include "controller/journal/schema.hpp"
#include "drivers/database/database.hpp"

namespace antrean::journal {

inline database::Kind kind() {
    return {"journal", "controller", 0x416e7472, schema(), false};  // "Antr"
}

}  // namespace antrean::journal
