// Files for the tests of the devices' stores.
#pragma once

#include "tests/catch.hpp"
#include "tests/files.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <sqlite3.h>

namespace antrean::firmware_test {

// Runs SQL on the file as a person with a shell would. The trailing checkpoint brings everything
// into the file itself.
inline void run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    char* error = nullptr;
    const int code = sqlite3_exec(db, (sql + ";PRAGMA wal_checkpoint(TRUNCATE)").c_str(), nullptr,
                                  nullptr, &error);
    INFO((error ? error : ""));
    CHECK(code == SQLITE_OK);
    sqlite3_free(error);
    sqlite3_close(db);
}

// Overwrites the first page of the table with nonsense, all but the page's kind.
inline void damage_table(const std::filesystem::path& file, const std::string& table) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    run_sql(file, "SELECT 1");
    sqlite3_stmt* query = nullptr;
    const auto sql =
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema"
        " WHERE name = '" +
        table + "'";
    REQUIRE(sqlite3_prepare_v2(db, sql.c_str(), -1, &query, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(query) == SQLITE_ROW);
    const auto page = sqlite3_column_int64(query, 0);
    const auto size = sqlite3_column_int64(query, 1);
    sqlite3_finalize(query);
    sqlite3_close(db);
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp((page - 1) * size + 1);
    const std::string nonsense(200, '\x5a');
    bytes.write(nonsense.data(), static_cast<std::streamsize>(nonsense.size()));
    REQUIRE(bytes.good());
}

inline void write_file(const std::filesystem::path& file, const std::string& text) {
    std::ofstream{file, std::ios::binary} << text;
}

}  // namespace antrean::firmware_test
