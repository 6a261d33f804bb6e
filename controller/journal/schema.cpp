#include "controller/journal/schema.hpp"

namespace antrean::journal {

namespace sql {
extern const std::string_view file_0001_events_sql;
}

std::span<const std::string_view> schema() {
    static const std::array migrations{sql::file_0001_events_sql};
    return migrations;
}

}  // namespace antrean::journal
