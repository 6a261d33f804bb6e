#include "controller/journal/chain_reader.hpp"

#include "controller/journal/schema.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace antrean::journal {
namespace {

using Step = database::Statement::Step;

database::result<std::set<std::string>> columns_of(const database::Database& database) {
    std::set<std::string> names;
    auto table = database.prepare("SELECT name FROM pragma_table_info('events')");
    auto step = Step::failed;
    while (table && (step = table.step()) == Step::row) {
        std::string name;
        table.read(0, name);
        names.insert(std::move(name));
    }
    if (step != Step::done) return database.failure("reading its columns");
    return names;
}

}  // namespace

database::DatabaseError damaged_at(const database::Database& database, std::uint64_t seq,
                                   const std::string& what) {
    return database.damaged(fmt::format("at event {}, {}", seq, what));
}

database::result<ChainReader> ChainReader::open(const database::Database& database,
                                                std::uint64_t first,
                                                std::optional<std::uint64_t> most) {
    const auto there = columns_of(database);
    if (!there) return there.error();
    std::string sql = "SELECT seq, hash";
    for (const auto* name : column_names) {
        sql += there->contains(name) ? fmt::format(", {}", name) : ", NULL";
    }
    sql += fmt::format(" FROM events WHERE seq >= {} ORDER BY seq", first > 1 ? first - 1 : 1);
    if (most) sql += fmt::format(" LIMIT {}", *most + (first > 1 ? 1 : 0));
    ChainReader reader{database, first};
    reader.rows_ = database.prepare(sql);
    if (!reader.rows_) return database.failure("reading its events");
    return reader;
}

database::result<std::optional<ChainReader::Stored>> ChainReader::next() {
    for (;;) {
        switch (rows_.step()) {
            case Step::done:
                return std::optional<Stored>{};
            case Step::failed: {
                auto error = database_.failure("reading its events");
                if (error.code == database::database_errc::corrupt) {
                    return damaged_at(database_, next_seq_, "which cannot be read from its page");
                }
                return error;
            }
            case Step::row:
                break;
        }
        std::int64_t seq = 0;
        Hash hash{};
        rows_.read(0, seq);
        const auto blob = rows_.blob(1);
        if (blob.size() != hash.size()) {
            return damaged_at(database_, static_cast<std::uint64_t>(seq), "no hash");
        }
        std::copy(blob.begin(), blob.end(), hash.begin());
        if (static_cast<std::uint64_t>(seq) + 1 == first_) {  // what the chain hangs on
            last_hash_ = hash;
            continue;
        }
        if (static_cast<std::uint64_t>(seq) != next_seq_) {
            return damaged_at(database_, next_seq_, "which is missing");
        }
        Row row;
        int at = 2;
        Row::for_each(row, [&](auto& column) { rows_.read(at++, column); });
        if (chain(last_hash_, next_seq_, row) != hash) {
            return damaged_at(database_, next_seq_, "the row does not match its hash");
        }
        auto event = from_row(row);
        if (!event) return damaged_at(database_, next_seq_, "no event of this program");
        last_hash_ = hash;
        return Stored{next_seq_++, std::move(row), std::move(*event)};
    }
}

}  // namespace antrean::journal
