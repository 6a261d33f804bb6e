#include "tools/benchmark/audit.hpp"

#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

namespace antrean::benchmark {
namespace {

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class Reader {
public:
    explicit Reader(const std::filesystem::path& file) {
        sqlite3* db = nullptr;
        const int code = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr);
        db_.reset(db);
        if (code != SQLITE_OK) throw std::runtime_error{"cannot open the journal to check it"};
    }
    std::uint64_t number(const std::string& sql) {
        sqlite3_stmt* made = nullptr;
        sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &made, nullptr);
        const std::unique_ptr<sqlite3_stmt, Close> statement{made};
        if (!made || sqlite3_step(made) != SQLITE_ROW) {
            throw std::runtime_error{
                fmt::format("cannot read the journal: {}", sqlite3_errmsg(db_.get()))};
        }
        return static_cast<std::uint64_t>(sqlite3_column_int64(made, 0));
    }

private:
    std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace

std::string audit(const std::filesystem::path& journal, const Told& told, std::uint64_t before) {
    Reader reader{journal};
    const auto issued = fmt::format("FROM events WHERE seq > {} AND kind = 'issued'", before);
    const auto rows = reader.number("SELECT count(*) " + issued);
    if (rows != told.tickets) {
        return fmt::format("{} tickets were given, the journal has {}", told.tickets, rows);
    }
    const auto sum = reader.number("SELECT ifnull(sum(ticket), 0) " + issued);
    if (told.sum_of_ids && sum != *told.sum_of_ids)
        return "the journal's tickets are not those that were given";
    const auto broken_series = reader.number(
        "SELECT count(*) FROM (SELECT 1 " + issued +
        " GROUP BY day, series "
        "HAVING min(number) <> 1 OR max(number) <> count(*) "
        "OR count(DISTINCT number) <> count(*) OR count(DISTINCT label) <> count(*))");
    if (broken_series > 0) {
        return fmt::format("{} series have a gap or a number twice", broken_series);
    }
    const auto asked_once =
        reader.number("SELECT count(*) FROM (SELECT DISTINCT device, request " + issued + ")");
    if (asked_once != rows) return "a request was given two tickets";
    const auto reports = reader.number(fmt::format(
        "SELECT count(*) FROM events WHERE seq > {} AND kind = 'paper_reported'", before));
    if (reports != told.reports) {
        return fmt::format("{} print reports were answered, the journal has {}", told.reports,
                           reports);
    }
    return {};
}

}  // namespace antrean::benchmark
