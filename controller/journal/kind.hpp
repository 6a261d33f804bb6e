// What kind of database file a journal is.
#pragma once

#include "controller/journal/schema.hpp"
#include "drivers/database/database.hpp"

namespace antrean::journal {

inline database::Kind kind() {
    database::Kind kind{"journal", "controller", 0x416e7472, schema(), false};  // "Antr"
    // Its log is carried between tickets (server/tcp.cpp), at the latest after 2,000 pages.
    kind.most_log_pages = 4000;
    return kind;
}

}  // namespace antrean::journal
