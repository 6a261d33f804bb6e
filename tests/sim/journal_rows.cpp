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
            "SELECT seq, at_ms, utc_offset_min, day, kind, device, request, ticket, series, number,"
            " label, service, class, counter, staff, ahead, plan, outcome, reason, voids, why,"
            " passed, turn, to_service, queue, place, step, state, asked, asked_service,"
            " asked_ticket, answer, detail, epoch, site, lease, given, arrived_ms,"
            " appointment FROM events ORDER BY seq",
            -1, &prepared, nullptr) != SQLITE_OK) {
        fail();
    }
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> query{prepared, sqlite3_finalize};
    int column = 0;
    const auto next = [&](auto&... to) {
        const auto read = [&](auto& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
                const auto* text = sqlite3_column_text(prepared, column++);
                if (text) value = reinterpret_cast<const char*>(text);
            } else {
                value = sqlite3_column_int64(prepared, column++);
            }
        };
        (read(to), ...);
    };
    std::vector<JournalRow> rows;
    int step = SQLITE_DONE;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
        auto& row = rows.emplace_back();
        column = 0;
        next(row.seq, row.at_ms, row.utc_offset_min, row.day, row.kind, row.device, row.request,
             row.ticket, row.series, row.number, row.label, row.service, row.ticket_class,
             row.counter, row.staff, row.ahead, row.plan, row.outcome, row.reason, row.voids,
             row.why, row.passed, row.turn, row.to_service, row.queue, row.place, row.step,
             row.state, row.asked, row.asked_service, row.asked_ticket, row.answer, row.detail,
             row.epoch, row.site, row.lease, row.given, row.arrived_ms, row.appointment);
    }
    if (step != SQLITE_DONE) fail();
    return rows;
}

}  // namespace antrean::sim
