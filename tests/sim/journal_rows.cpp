#include "tests/sim/journal_rows.hpp"

#include <memory>
#include <stdexcept>

#include <sqlite3.h>

namespace antrean::sim {

std::vector<JournalRow> read_journal(MemoryDisk& disk, const std::string& file) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, disk.vfs());
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db{opened, sqlite3_close};
    const auto fail = [&] { throw std::runtime_error{sqlite3_errmsg(db.get())}; };
    if (code != SQLITE_OK) fail();
    sqlite3_exec(db.get(), "PRAGMA locking_mode=EXCLUSIVE", nullptr, nullptr, nullptr);
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(
            db.get(),
            "SELECT seq, at_ms, utc_offset_min, day, kind, device, request, ticket,"
            " series, number, label, service, counter, outcome, reason, voids, answer"
            " FROM events ORDER BY seq",
            -1, &prepared, nullptr) != SQLITE_OK) {
        fail();
    }
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> query{prepared, sqlite3_finalize};
    const auto number = [&](int at) { return std::int64_t{sqlite3_column_int64(prepared, at)}; };
    const auto text = [&](int at) {
        const auto* chars = reinterpret_cast<const char*>(sqlite3_column_text(prepared, at));
        return std::string{chars ? chars : ""};
    };
    std::vector<JournalRow> rows;
    int step = SQLITE_DONE;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
        rows.push_back({number(0), number(1), number(2), text(3), text(4), text(5), number(6),
                        number(7), text(8), number(9), text(10), text(11), text(12), text(13),
                        text(14), number(15), text(16)});
    }
    if (step != SQLITE_DONE) fail();
    return rows;
}

}  // namespace antrean::sim
