#include "firmware/callpad/store.hpp"

#include "drivers/database/files.hpp"
#include "firmware/common/stored_frame.hpp"
#include "proto/plant.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace antrean::callpad {

namespace files {
extern const std::string_view file_0001_store_sql;
}

namespace {

using database::Statement;

database::Kind kind() {
    static const std::array migrations{files::file_0001_store_sql};
    return {"callpad store", "callpad", 0x416e7443, migrations, false, true};  // "AntC"
}

}  // namespace

database::result<Store> Store::open(const std::filesystem::path& file, Stored& loaded,
                                    const char* vfs) {
    auto database = database::Database::open(file, kind(), vfs);
    if (!database) return database.error();
    Store store{std::move(*database)};
    // A code that was answered is overwritten, not only given free.
    if (auto done = store.database_.run("PRAGMA secure_delete=ON", "opening it"); !done) {
        return done.error();
    }
    if (auto done = store.load(loaded); !done) return done.error();
    if (planted(Plant::skip_callpad_flush) &&
        !store.database_.run("PRAGMA synchronous=OFF", "opening it")) {
        return store.database_.failure("opening it");
    }
    store.put_request_ = store.database_.prepare(
        "INSERT OR REPLACE INTO request (one, id, frame, journal_seq) VALUES (1, ?, ?, ?)");
    store.forget_request_ = store.database_.prepare("UPDATE request SET frame = NULL");
    store.put_view_ = store.database_.prepare(
        "INSERT OR REPLACE INTO view (one, frame, journal_seq) VALUES (1, ?, ?)");
    if (!store.put_request_ || !store.forget_request_ || !store.put_view_) {
        return store.database_.failure("preparing to write");
    }
    return store;
}

database::result<void> Store::remove(const std::filesystem::path& file) {
    // Its log of writes first: without the file it means nothing.
    for (const char* part : {"-wal", "-shm", "-journal", ""}) {
        auto one = file;
        one += part;
        if (auto done = database::remove_durably(one); !done) return done.error();
    }
    return {};
}

database::result<void> Store::load(Stored& loaded) {
    const auto told = [&](const Statement& row, int at) {
        std::int64_t seq = 0;
        row.read(at, seq);
        loaded.journal_seq = std::max(loaded.journal_seq, static_cast<std::uint64_t>(seq));
    };
    auto request = database_.prepare("SELECT id, frame, journal_seq FROM request");
    if (!request) return database_.failure("reading its request");
    const auto step = request.step();
    if (step == Statement::Step::failed) return database_.failure("reading its request");
    if (step == Statement::Step::row) {
        std::int64_t id = 0;
        request.read(0, id);
        loaded.last_request = RequestId{static_cast<std::uint64_t>(id)};
        told(request, 2);
        if (!request.is_null(1)) {
            loaded.in_flight = common::read_frame<proto::Request>(request.blob(1));
            if (!loaded.in_flight) return database_.damaged("its request is none of this program");
        }
    }
    auto view = database_.prepare("SELECT frame, journal_seq FROM view");
    if (!view) return database_.failure("reading its view");
    // A view that cannot be read comes anew with the connection; nothing is lost.
    if (view.step() == Statement::Step::row) {
        loaded.view = common::read_frame<proto::CounterView>(view.blob(0));
        told(view, 1);
    }
    return {};
}

database::result<void> Store::save(const SaveRequest& save) {
    const auto frame = proto::encode(proto::to_message(save.request));
    put_request_.bind(1, static_cast<std::int64_t>(proto::request_id(save.request).value()));
    put_request_.bind(2, std::span{frame});
    put_request_.bind(3, static_cast<std::int64_t>(save.journal_seq));
    if (!put_request_.run()) return database_.failure("writing a request");
    return {};
}

database::result<void> Store::forget_request() {
    if (!forget_request_.run()) return database_.failure("forgetting a request");
    // The log of writes still has it, until it is emptied into the file.
    return database_.run("PRAGMA wal_checkpoint(TRUNCATE)", "forgetting a request");
}

database::result<void> Store::save(const SaveView& save) {
    const auto frame = proto::encode(save.view);
    put_view_.bind(1, std::span{frame});
    put_view_.bind(2, static_cast<std::int64_t>(save.journal_seq));
    if (!put_view_.run()) return database_.failure("writing the view");
    return {};
}

}  // namespace antrean::callpad
