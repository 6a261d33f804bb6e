#include "tools/ctl/export.hpp"

#include "drivers/tty/escape.hpp"
#include "tools/ctl/table.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

namespace antrean::ctl {

namespace {

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using Db = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

// What ends the command, told to whoever ran it.
struct Failure {
    ExitCode code;
    std::string text;
};

Failure failure(sqlite3* db, const std::filesystem::path& file) {
    const int code = sqlite3_errcode(db);
    const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return {damaged ? exit_bad_file : exit_storage,
            fmt::format("{}: {}", file.string(), sqlite3_errmsg(db))};
}

Statement prepare(const Db& db, const std::string& sql, const std::filesystem::path& file) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        throw failure(db.get(), file);
    }
    return Statement{statement};
}

std::string column(const Statement& row, int at) {
    const auto* text = sqlite3_column_text(row.get(), at);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row.get(), at));
    const void* bytes = text;
    return text ? std::string{static_cast<const char*>(bytes), size} : std::string{};
}

Db open(const std::filesystem::path& file) {
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
    Db db{raw};
    if (opened != SQLITE_OK) throw failure(raw, file);
    // The controller writes beside us, and holds its lock for a moment only.
    sqlite3_busy_timeout(raw, 5'000);
    return db;
}

// The first column of all rows.
std::vector<std::string> names(const Db& db, const std::string& sql,
                               const std::filesystem::path& file) {
    const auto statement = prepare(db, sql, file);
    std::vector<std::string> names;
    for (;;) {
        const int step = sqlite3_step(statement.get());
        if (step == SQLITE_DONE) return names;
        if (step != SQLITE_ROW) throw failure(db.get(), file);
        names.push_back(column(statement, 0));
    }
}

// The rows that are wanted. TABLE is one of the file's own names, and so no text from outside.
Statement select(const Db& db, const Export& what) {
    const auto tables = names(db,
                              "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND "
                              "name NOT LIKE 'sqlite%' "
                              "ORDER BY name",
                              what.reports);
    if (std::find(tables.begin(), tables.end(), what.table) == tables.end()) {
        throw Failure{exit_usage,
                      fmt::format("--table: there is no '{}' in {}; there are {}", what.table,
                                  what.reports.string(), fmt::join(tables, ", "))};
    }
    const auto quoted = fmt::format("\"{}\"", what.table);
    auto sql = "SELECT * FROM " + quoted;
    if (what.day.empty()) return prepare(db, sql, what.reports);

    const auto columns =
        names(db, "SELECT name FROM pragma_table_info('" + what.table + "')", what.reports);
    // Sums are kept by period: a day, a month or a year.
    const auto by = std::find_if(columns.begin(), columns.end(), [](const std::string& name) {
        return name == "day" || name == "period";
    });
    if (by == columns.end()) {
        throw Failure{exit_usage, fmt::format("--day: '{}' has no days", what.table)};
    }
    auto statement = prepare(db, sql + " WHERE " + *by + " = ?1", what.reports);
    sqlite3_bind_text(statement.get(), 1, what.day.c_str(), -1, SQLITE_STATIC);
    return statement;
}

void write(std::FILE* out, const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), out) != text.size()) {
        throw Failure{exit_storage, fmt::format("cannot write: {}", std::strerror(errno))};
    }
}

void write_csv(const Db& db, const Export& what, const Statement& rows, std::FILE* out) {
    const int columns = sqlite3_column_count(rows.get());
    std::string line;
    const auto end_line = [&] {
        line.back() = '\r';  // instead of the last comma
        line += '\n';
        write(out, line);
        line.clear();
    };
    for (int i = 0; i < columns; ++i)
        line += csv_field(sqlite3_column_name(rows.get(), i)) + ",";
    end_line();
    for (;;) {
        const int step = sqlite3_step(rows.get());
        if (step == SQLITE_DONE) return;
        if (step != SQLITE_ROW) throw failure(db.get(), what.reports);
        for (int i = 0; i < columns; ++i)
            line += csv_field(column(rows, i)) + ",";
        end_line();
    }
}

void write_table(const Db& db, const Export& what, const Statement& rows, std::FILE* out,
                 bool coloured) {
    const int columns = sqlite3_column_count(rows.get());
    std::vector<std::string> heads;
    for (int i = 0; i < columns; ++i)
        heads.emplace_back(sqlite3_column_name(rows.get(), i));
    Table table{std::move(heads)};
    bool more = false;
    for (;;) {
        const int step = sqlite3_step(rows.get());
        if (step == SQLITE_DONE) break;
        if (step != SQLITE_ROW) throw failure(db.get(), what.reports);
        more = table.size() == max_shown_rows;
        if (more) break;
        std::vector<Cell> row;
        for (int i = 0; i < columns; ++i)
            row.emplace_back(column(rows, i));
        table.add(std::move(row));
    }
    write(out, table.text(coloured));
    if (more) write(out, fmt::format("... and more; --csv gives all of them\n"));
}

}  // namespace

std::string csv_field(std::string_view text) {
    if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string{text};
    std::string field{"\""};
    for (const char c : text) {
        if (c == '"') field += '"';
        field += c;
    }
    return field + '"';
}

ExitCode export_table(const Export& what, bool coloured) {
    try {
        const auto db = open(what.reports);
        const auto rows = select(db, what);
        std::unique_ptr<std::FILE, Close> file;
        if (!what.output.empty()) {
            file.reset(std::fopen(what.output.c_str(), "w"));
            if (!file) {
                throw Failure{exit_storage,
                              fmt::format("{}: {}", what.output.string(), std::strerror(errno))};
            }
        }
        auto* out = file ? file.get() : stdout;
        if (what.csv) {
            write_csv(db, what, rows, out);
        } else {
            write_table(db, what, rows, out, coloured && !file);
        }
        if (std::fflush(out) != 0) {
            throw Failure{exit_storage, fmt::format("cannot write: {}", std::strerror(errno))};
        }
        return exit_ok;
    } catch (const Failure& failure) {
        fmt::print(stderr, "{}\n", tty::escaped(failure.text));
        return failure.code;
    }
}

}  // namespace antrean::ctl
