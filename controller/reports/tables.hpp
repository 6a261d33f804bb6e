// The rows of schemas/reports: how tickets and what belongs to them are written and read again.
#pragma once

#include "controller/reports/fold.hpp"
#include "drivers/database/database.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace antrean::reports {

// Binds a statement's values one after the other, and keeps the texts until it has run.
class Binder {
public:
    // The values before must have been used.
    Binder& begin(database::Statement& statement);
    Binder& number(std::int64_t value);
    Binder& number(const std::optional<std::int64_t>& value);
    Binder& text(std::string_view value);
    Binder& text_or_null(std::string_view value);  // null: empty
    bool run() { return statement_->run(); }

private:
    database::Statement* statement_ = nullptr;
    int at_ = 0;
    std::array<std::string, 24> texts_;
    std::size_t used_ = 0;
};

// The statements, prepared. Each of the write functions tells whether it was done.
class Tables {
public:
    // False: the database says why.
    bool prepare(const database::Database& database);

    // TICKET and all of its stands.
    bool write(const Ticket& ticket);
    bool write(const Change& change);
    bool write(const LatePaper& paper);
    bool write(ServiceDay day, const Refused& refused, std::uint32_t times);

private:
    bool write(const Ticket& ticket, std::size_t n);

    Binder bind_;
    database::Statement ticket_, stand_, drop_stands_, change_, paper_, refusal_;
};

// Fills FOLD with the tickets of the open day; false: the database says why, or the rows are none
// that Tables wrote.
bool read_open_day(const database::Database& database, Fold& fold);

}  // namespace antrean::reports
