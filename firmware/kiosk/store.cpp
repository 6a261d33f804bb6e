#include "firmware/kiosk/store.hpp"

#include "firmware/common/stored_frame.hpp"
#include "proto/day.hpp"
#include "proto/peer.hpp"
#include "proto/plant.hpp"
#include "proto/requester.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace antrean::kiosk {

namespace sql {
extern const std::string_view file_0001_store_sql;
}

namespace {

using database::Statement;

database::Kind kind() {
    static const std::array migrations{sql::file_0001_store_sql};
    database::Kind kind{"kiosk store", "kiosk", 0x416e744b, migrations, false, true};  // "AntK"
    kind.page_bytes = 1024;
    return kind;
}

std::optional<std::int64_t> to_ms(const std::optional<SteadyTime>& time) {
    if (!time) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(time->time_since_epoch()).count();
}

const std::string& to_text(TicketClass ticket_class) {
    static const std::array<std::string, class_count> words{"regular", "priority", "appointment"};
    return words[static_cast<std::size_t>(ticket_class)];
}

// The enumerator of Enum from FIRST to LAST whose word is TEXT, else OTHERWISE.
template <class Enum>
Enum parse(const std::string& text, Enum first, Enum last, Enum otherwise) {
    for (int i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
        if (text == to_text(static_cast<Enum>(i))) return static_cast<Enum>(i);
    }
    return otherwise;
}

}  // namespace

database::result<Store> Store::open(const std::filesystem::path& file, Computer here,
                                    Stored& loaded, const char* vfs) {
    auto database = database::Database::open(file, kind(), vfs);
    if (!database) return database.error();
    Store store{std::move(*database), here.boot};
    if (auto done = store.identify(here, loaded); !done) return done.error();
    if (auto done = store.load(loaded); !done) return done.error();
    if (!store.prepare()) return store.database_.failure("preparing to write");
    return store;
}

// The column AT and the boot behind it; none if it was another boot.
std::optional<SteadyTime> Store::time(const Statement& row, int at) const {
    std::optional<std::int64_t> ms;
    std::string boot;
    row.read(at, ms);
    row.read(at + 1, boot);
    if (!ms || boot.empty() || boot != boot_) return std::nullopt;
    return SteadyTime{std::chrono::milliseconds{*ms}};
}

database::result<void> Store::load(Stored& loaded) {
    auto request = database_.prepare("SELECT id, frame, pressed_ms, boot FROM request");
    if (!request) return database_.failure("reading its request");
    auto step = request.step();
    if (step == Statement::Step::failed) return database_.failure("reading its request");
    if (step == Statement::Step::row) {
        std::int64_t id = 0;
        request.read(0, id);
        loaded.last_request = RequestId{static_cast<std::uint64_t>(id)};
        if (!request.is_null(1)) {
            const auto stored = common::read_frame<proto::Request>(request.blob(1));
            if (!stored) return database_.damaged("its request is none of this program");
            loaded.in_flight = InFlight{*stored, time(request, 2)};
        }
    }
    auto jobs = database_.prepare(
        "SELECT ticket, state, copy, outcome, reason, pressed_ms, boot, label, site_name, place,"
        " agency_name, service_name, service_day, issued_ms, utc_offset_min, zone, ahead,"
        " class, estimate_s, bring, wifi_name, wifi_password, link, offline, timed FROM jobs"
        " ORDER BY 1");
    if (!jobs) return database_.failure("reading its papers");
    while ((step = jobs.step()) == Statement::Step::row) {
        const auto number = [&](int at) {
            std::int64_t value = 0;
            jobs.read(at, value);
            return value;
        };
        const auto word = [&](int at) {
            std::string value;
            jobs.read(at, value);
            return value;
        };
        Job job;
        job.paper.ticket = TicketId{static_cast<std::uint64_t>(number(0))};
        // A word of another version is read as what promises least.
        job.state = parse(word(1), Job::State::queued, Job::State::settled, Job::State::printing);
        job.copy = number(2) != 0;
        job.outcome = parse(word(3), proto::PrintOutcome::printed, proto::PrintOutcome::not_printed,
                            proto::PrintOutcome::unconfirmed);
        job.reason = parse(word(4), proto::PrintReason::none, proto::PrintReason::restarted,
                           proto::PrintReason::fault);
        job.pressed = time(jobs, 5);
        job.paper.label = word(7);
        job.paper.site_name = word(8);
        job.paper.place = word(9);
        job.paper.agency_name = word(10);
        job.paper.service_name = word(11);
        const auto day = parse_day(word(12));
        if (!day) return database_.damaged("a paper of its has no date");
        job.paper.service_day = *day;
        job.paper.issued = WallTime{std::chrono::milliseconds{number(13)}};
        job.paper.utc_offset = std::chrono::minutes{number(14)};
        job.paper.zone = word(15);
        job.paper.ahead = static_cast<std::uint32_t>(number(16));
        job.paper.ticket_class =
            parse(word(17), TicketClass::regular, TicketClass::appointment, TicketClass::regular);
        job.paper.estimate = std::chrono::seconds{number(18)};
        job.paper.bring = word(19);
        job.paper.wifi_name = word(20);
        job.paper.wifi_password = word(21);
        job.paper.link = word(22);
        job.paper.offline = number(23) != 0;
        job.paper.timed = number(24) != 0;
        loaded.jobs.push_back(std::move(job));
    }
    if (step != Statement::Step::done) return database_.failure("reading its papers");
    auto menu = database_.prepare("SELECT frame FROM menu");
    if (!menu) return database_.failure("reading its menu");
    if (menu.step() == Statement::Step::row) {
        // A menu that cannot be read is asked for anew by connecting; nothing is lost.
        loaded.menu = common::read_frame<proto::Menu>(menu.blob(0));
    }
    if (auto done = load_leases(loaded); !done) return done;
    return load_told(loaded);
}

// A store that was in another computer may be there still, as a copy: what it might give, this one
// gives no more, and it counts as another one.
database::result<void> Store::identify(const Computer& here, Stored& loaded) {
    const auto& hardware = here.hardware;
    auto identity = database_.prepare("SELECT incarnation, hardware, device FROM identity");
    if (!identity) return database_.failure("reading which store it is");
    const auto step = identity.step();
    if (step == Statement::Step::failed) return database_.failure("reading which store it is");
    std::int64_t incarnation = 0;
    std::string known;
    if (step == Statement::Step::row) {
        identity.read(0, incarnation);
        identity.read(1, known);
        std::string device;
        identity.read(2, device);
        if (device != here.device && !planted(Plant::take_anothers_store)) {
            return database::DatabaseError{
                database::database_errc::corrupt,
                fmt::format("{}: the store of {}, and this is {}: its disk was copied or swapped. "
                            "To have it told what it holds, bring it back to {}",
                            database_.file().string(), device, here.device, device)};
        }
    }
    const bool was_elsewhere = !known.empty() && !hardware.empty() && known != hardware;
    if (incarnation == 0 || was_elsewhere) {
        auto random = database_.prepare("SELECT (random() & 0x7ffffffffffffffe) + 1");
        if (!random || random.step() != Statement::Step::row) {
            return database_.failure("making its identity");
        }
        random.read(0, incarnation);
    }
    if (incarnation != 0 && (step != Statement::Step::row || was_elsewhere || known.empty())) {
        const auto& now = hardware.empty() ? known : hardware;
        identity = {};
        // All of it or nothing: it must not be the new one with what the old one had begun.
        if (auto done = database_.run("BEGIN IMMEDIATE", "writing which store it is"); !done) {
            return done;
        }
        auto put = database_.prepare("INSERT OR REPLACE INTO identity VALUES (1, ?, ?, ?)");
        if (!put) return database_.failure("writing which store it is");
        put.bind(1, incarnation);
        put.bind(2, now);
        put.bind(3, here.device);
        if (!put.run()) return database_.failure("writing which store it is");
        if (was_elsewhere) {
            if (auto done = leave_to_the_other(incarnation); !done) return done;
        }
        put = {};
        if (auto done = database_.run("COMMIT", "writing which store it is"); !done) return done;
    }
    loaded.incarnation = static_cast<std::uint64_t>(incarnation);
    return {};
}

// Of what was begun where it was nobody here knows how far it has come there, or will yet.
database::result<void> Store::leave_to_the_other(std::int64_t incarnation) {
    if (auto done = database_.run(
            "UPDATE leases SET retired = 1;"
            "UPDATE jobs SET state = 'settled', outcome = 'unconfirmed', reason = 'restarted'"
            " WHERE state <> 'settled'",
            "leaving to another computer what was begun there");
        !done) {
        return done;
    }
    std::int64_t last = 0;
    std::optional<proto::Request> asked;
    {
        auto request = database_.prepare("SELECT id, frame FROM request");
        if (!request) return database_.failure("reading its request");
        if (request.step() != Statement::Step::row) return {};
        request.read(0, last);
        if (!request.is_null(1)) asked = common::read_frame<proto::Request>(request.blob(1));
    }
    const bool is_for_number = asked && (std::holds_alternative<proto::Issue>(*asked) ||
                                         std::holds_alternative<proto::CheckIn>(*asked));
    if (asked && !is_for_number) return {};
    // The last id is this store's from now on: it shows the controller that another one asked.
    const auto own = proto::next_id(RequestId{static_cast<std::uint64_t>(last)},
                                    static_cast<std::uint64_t>(incarnation));
    auto drop = database_.prepare("UPDATE request SET frame = NULL, id = ?");
    drop.bind(1, static_cast<std::int64_t>(own.value()));
    if (!drop || !drop.run()) return database_.failure("dropping its request");
    return {};
}

database::result<void> Store::load_leases(Stored& loaded) {
    auto leases = database_.prepare(
        "SELECT lease, series, label, size, given, retired FROM leases ORDER BY lease");
    if (!leases) return database_.failure("reading its leases");
    const auto number = [](const Statement& row, int at) {
        std::int64_t value = 0;
        row.read(at, value);
        return value;
    };
    auto step = leases.step();
    for (; step == Statement::Step::row; step = leases.step()) {
        std::string series, label;
        leases.read(1, series);
        leases.read(2, label);
        const auto id = SeriesId::parse(series);
        if (!id) return database_.damaged("a lease of its is of no series");
        loaded.leases.push_back({{LeaseId{static_cast<std::uint64_t>(number(leases, 0))}, *id,
                                  label, static_cast<std::uint32_t>(number(leases, 3))},
                                 static_cast<std::uint32_t>(number(leases, 4)),
                                 number(leases, 5) != 0});
    }
    if (step != Statement::Step::done) return database_.failure("reading its leases");
    auto offline = database_.prepare(
        "SELECT lease, number, service, class, abandoned, pressed_ms, boot FROM offline ORDER BY "
        "n");
    if (!offline) return database_.failure("reading its own numbers");
    for (step = offline.step(); step == Statement::Step::row; step = offline.step()) {
        std::string service, ticket_class;
        offline.read(2, service);
        offline.read(3, ticket_class);
        const auto id = ServiceId::parse(service);
        if (!id) return database_.damaged("a number of its is for no service");
        loaded.offline.push_back({LeaseId{static_cast<std::uint64_t>(number(offline, 0))},
                                  static_cast<std::uint32_t>(number(offline, 1)), *id,
                                  parse(ticket_class, TicketClass::regular,
                                        TicketClass::appointment, TicketClass::regular),
                                  RequestId{static_cast<std::uint64_t>(number(offline, 4))},
                                  time(offline, 5)});
    }
    if (step != Statement::Step::done) return database_.failure("reading its own numbers");
    return {};
}

database::result<void> Store::load_told(Stored& loaded) {
    auto told = database_.prepare("SELECT journal_seq FROM told");
    if (!told) return database_.failure("reading what it was told");
    auto step = told.step();
    if (step == Statement::Step::failed) return database_.failure("reading what it was told");
    if (step == Statement::Step::row) {
        std::int64_t seq = 0;
        told.read(0, seq);
        loaded.journal_seq = static_cast<std::uint64_t>(seq);
    }
    auto labels = database_.prepare("SELECT service_day, label, newest FROM seen");
    if (!labels) return database_.failure("reading its labels");
    while ((step = labels.step()) == Statement::Step::row) {
        std::string day, label;
        std::int64_t newest = 0;
        labels.read(0, day);
        labels.read(1, label);
        labels.read(2, newest);
        const auto date = parse_day(day);
        if (!date) return database_.damaged("a label of its has no date");
        loaded.seen.push_back({*date, label, TicketId{static_cast<std::uint64_t>(newest)}});
    }
    if (step != Statement::Step::done) return database_.failure("reading its labels");
    std::sort(loaded.seen.begin(), loaded.seen.end(),
              [](const Seen& a, const Seen& b) { return a.newest < b.newest; });
    return {};
}

bool Store::prepare() {
    begin_ = database_.prepare("BEGIN IMMEDIATE");
    commit_ = database_.prepare("COMMIT");
    put_request_ = database_.prepare(
        "INSERT OR REPLACE INTO request (one, id, frame, pressed_ms, boot) VALUES (1, ?, ?, ?, ?)");
    drop_request_ = database_.prepare("UPDATE request SET frame = NULL");
    put_job_ = database_.prepare(
        "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?)");
    drop_job_ = database_.prepare("DELETE FROM jobs WHERE ticket = ?");
    put_menu_ = database_.prepare("INSERT OR REPLACE INTO menu VALUES (1, ?)");
    put_seen_ = database_.prepare("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)");
    drop_seen_ = database_.prepare("DELETE FROM seen WHERE series = ?");
    put_seq_ = database_.prepare("INSERT OR REPLACE INTO told VALUES (1, ?)");
    put_lease_ = database_.prepare("INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?, ?)");
    drop_lease_ = database_.prepare("DELETE FROM leases WHERE lease = ?");
    put_offline_ = database_.prepare(
        "INSERT INTO offline (lease, number, service, class, abandoned, pressed_ms, boot)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)");
    drop_offline_ = database_.prepare("DELETE FROM offline WHERE lease = ? AND number = ?");
    if (!put_lease_ || !drop_lease_ || !put_offline_ || !drop_offline_) return false;
    return begin_ && commit_ && put_request_ && drop_request_ && put_job_ && drop_job_ &&
           put_menu_ && put_seen_ && drop_seen_ && put_seq_;
}

database::result<void> Store::save(const Save& save) {
    const bool flushed = save.flushed && !planted(Plant::skip_kiosk_flush);
    if (auto done = database_.set_flushing(flushed); !done) return done;
    if (!begin_.run()) return database_.failure("beginning to write");
    for (const auto& change : save.changes) {
        if (!apply(change)) return database_.failure("writing");
    }
    if (!commit_.run()) return database_.failure("committing");
    return {};
}

std::optional<std::string> Store::boot_of(const std::optional<SteadyTime>& time) const {
    return time ? std::optional{boot_} : std::nullopt;
}

bool Store::apply(const Change& change) {
    if (const auto* put = std::get_if<PutRequest>(&change)) {
        const auto frame = proto::encode(proto::to_message(put->in_flight.request));
        const auto boot = boot_of(put->in_flight.pressed);
        put_request_.bind(
            1, static_cast<std::int64_t>(proto::request_id(put->in_flight.request).value()));
        put_request_.bind(2, std::span{frame});
        put_request_.bind(3, to_ms(put->in_flight.pressed));
        put_request_.bind(4, boot);
        return put_request_.run();
    }
    if (std::holds_alternative<DropRequest>(change)) return drop_request_.run();
    if (const auto* put = std::get_if<PutJob>(&change)) {
        const auto& job = put->job;
        const std::string state = to_text(job.state);
        const std::string outcome = proto::to_text(job.outcome);
        const std::string reason = proto::to_text(job.reason);
        const std::string day = to_iso(job.paper.service_day);
        const auto boot = boot_of(job.pressed);
        put_job_.bind(1, static_cast<std::int64_t>(job.paper.ticket.value()));
        put_job_.bind(2, state);
        put_job_.bind(3, std::int64_t{job.copy});
        put_job_.bind(4, outcome);
        put_job_.bind(5, reason);
        put_job_.bind(6, to_ms(job.pressed));
        put_job_.bind(7, boot);
        put_job_.bind(8, job.paper.label);
        put_job_.bind(9, job.paper.site_name);
        put_job_.bind(10, job.paper.place);
        put_job_.bind(11, job.paper.agency_name);
        put_job_.bind(12, job.paper.service_name);
        put_job_.bind(13, day);
        put_job_.bind(14, job.paper.issued.time_since_epoch().count());
        put_job_.bind(15, job.paper.utc_offset.count());
        put_job_.bind(16, job.paper.zone);
        put_job_.bind(17, std::int64_t{job.paper.ahead});
        put_job_.bind(18, to_text(job.paper.ticket_class));
        put_job_.bind(19, std::int64_t{job.paper.estimate.count()});
        put_job_.bind(20, job.paper.bring);
        put_job_.bind(21, job.paper.wifi_name);
        put_job_.bind(22, job.paper.wifi_password);
        put_job_.bind(23, job.paper.link);
        put_job_.bind(24, std::int64_t{job.paper.offline});
        put_job_.bind(25, std::int64_t{job.paper.timed});
        return put_job_.run();
    }
    if (const auto* put = std::get_if<PutSeen>(&change)) {
        const auto series = series_of(put->seen.label);
        const auto day = to_iso(put->seen.service_day);
        put_seen_.bind(1, series);
        put_seen_.bind(2, day);
        put_seen_.bind(3, put->seen.label);
        put_seen_.bind(4, static_cast<std::int64_t>(put->seen.newest.value()));
        return put_seen_.run();
    }
    if (const auto* drop = std::get_if<DropSeen>(&change)) {
        drop_seen_.bind(1, drop->series);
        return drop_seen_.run();
    }
    if (const auto* put = std::get_if<PutJournalSeq>(&change)) {
        put_seq_.bind(1, static_cast<std::int64_t>(put->journal_seq));
        return put_seq_.run();
    }
    if (const auto* drop = std::get_if<DropJob>(&change)) {
        drop_job_.bind(1, static_cast<std::int64_t>(drop->ticket.value()));
        return drop_job_.run();
    }
    if (const auto* put = std::get_if<PutLease>(&change)) {
        const auto& [terms, given, retired] = put->lease;
        const std::string series{terms.series.view()};
        put_lease_.bind(1, static_cast<std::int64_t>(terms.lease.value()));
        put_lease_.bind(2, series);
        put_lease_.bind(3, terms.label);
        put_lease_.bind(4, std::int64_t{terms.size});
        put_lease_.bind(5, std::int64_t{given});
        put_lease_.bind(6, std::int64_t{retired});
        return put_lease_.run();
    }
    if (const auto* drop = std::get_if<DropLease>(&change)) {
        drop_lease_.bind(1, static_cast<std::int64_t>(drop->lease.value()));
        return drop_lease_.run();
    }
    if (const auto* put = std::get_if<PutOffline>(&change)) {
        const auto& offline = put->offline;
        const std::string service{offline.service.view()};
        const auto boot = boot_of(offline.pressed);
        put_offline_.bind(1, static_cast<std::int64_t>(offline.lease.value()));
        put_offline_.bind(2, std::int64_t{offline.number});
        put_offline_.bind(3, service);
        put_offline_.bind(4, to_text(offline.ticket_class));
        put_offline_.bind(5, static_cast<std::int64_t>(offline.abandoned.value()));
        put_offline_.bind(6, to_ms(offline.pressed));
        put_offline_.bind(7, boot);
        return put_offline_.run();
    }
    if (const auto* drop = std::get_if<DropOffline>(&change)) {
        drop_offline_.bind(1, static_cast<std::int64_t>(drop->lease.value()));
        drop_offline_.bind(2, std::int64_t{drop->number});
        return drop_offline_.run();
    }
    const auto frame = proto::encode(std::get<PutMenu>(change).menu);
    put_menu_.bind(1, std::span{frame});
    return put_menu_.run();
}

}  // namespace antrean::kiosk
