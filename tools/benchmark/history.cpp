#include "tools/benchmark/history.hpp"

#include "proto/day.hpp"
#include "tools/benchmark/fleet.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t spare_bytes = 1 << 30;
// The fleets that rest meanwhile are looked after in between, so no turn may be long.
constexpr std::chrono::milliseconds longest_turn{5000};
constexpr std::chrono::seconds longest_warm_up{15};
constexpr std::chrono::hours utc_offset{7};  // of site_file()'s zone

ServiceDay today() {
    const auto local = std::chrono::system_clock::now() + utc_offset;
    return ServiceDay{std::chrono::floor<std::chrono::days>(local).time_since_epoch()};
}

void require_room(const std::filesystem::path& dir, std::uint64_t tickets) {
    const auto wanted = tickets * most_bytes_per_ticket + spare_bytes;
    const auto there = std::filesystem::space(dir).available;
    if (there >= wanted) return;
    throw std::runtime_error{
        fmt::format("a history of {} tickets takes up to {} MiB, {} has {} MiB free", tickets,
                    wanted >> 20, dir.string(), there >> 20)};
}

// Else a start would be measured that finds in memory what was written just now.
void forget_cached(const std::filesystem::path& file) {
    const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const int failed = fd < 0           ? errno
                       : fsync(fd) != 0 ? errno
                                        : posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (fd >= 0) close(fd);
    if (failed != 0) throw std::system_error{failed, std::generic_category(), file.string()};
}

// How long a reader waits for all rows of the slowest view over PERIOD.
double slowest_report(const std::filesystem::path& file, const std::string& period) {
    sqlite3* opened = nullptr;
    const int failed = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db{opened, sqlite3_close};
    double slowest = 0;
    for (const char* view : {"times", "balance"}) {
        for (const char* by : {"all", "agency", "service", "hour"}) {
            const auto sql =
                fmt::format("SELECT * FROM {} WHERE period = '{}' AND by = '{}'", view, period, by);
            std::size_t rows = 0;
            const auto count = [](void* to, int, char**, char**) {
                ++*static_cast<std::size_t*>(to);
                return 0;
            };
            const auto began = Clock::now();
            if (failed || sqlite3_exec(db.get(), sql.c_str(), count, &rows, nullptr) != SQLITE_OK) {
                throw std::runtime_error{fmt::format("{}: {}", sql, sqlite3_errmsg(db.get()))};
            }
            const std::chrono::duration<double> took = Clock::now() - began;
            // Agencies are named in the site file, of which the past knows nothing.
            if (rows == 0 && by != std::string_view{"agency"}) {
                throw std::runtime_error{sql + " finds nothing"};
            }
            slowest = std::max(slowest, took.count());
        }
    }
    return slowest;
}

// A controller with a lone kiosk and with many, of which some fleet presses or none.
class Side {
public:
    Side(const Settings& settings, const std::filesystem::path& dir, WithPast& to) : to_{to} {
        const auto began = Clock::now();
        site_ = std::make_unique<ServedSite>(settings.controller, dir, history_connections + 1);
        to_.start_seconds = std::chrono::duration<double>{Clock::now() - began}.count();
        one_ = std::make_unique<Fleet>(site_->port(), 1, false, history_connections);
        many_ = std::make_unique<Fleet>(site_->port(), history_connections, false);
    }

    bool warm_up() {
        Sample ignored;
        many_->press_until(Clock::now() + std::chrono::milliseconds{500}, ignored);
        many_->finish();
        return site_->log_is_full();
    }
    void press_alone(std::chrono::milliseconds time) {
        one_->press_until(Clock::now() + time, sample_);
        one_->finish();
    }
    void press_together(std::chrono::milliseconds time) {
        Sample sample{static_cast<std::size_t>(200 * time.count())};
        const auto began = Clock::now();
        many_->press_until(began + time, sample);
        const std::chrono::duration<double> lasted = Clock::now() - began;
        many_->finish();
        to_.tickets_per_second.push_back(static_cast<double>(sample.count()) / lasted.count());
    }
    void attend() {
        one_->rest_until(Clock::now());
        many_->rest_until(Clock::now());
    }
    void end(std::uint64_t before) {
        to_.one = sample_.summary();
        to_.memory = site_->controller().memory();
        site_->controller().stop();
        const auto& a = one_->told();
        const auto& b = many_->told();
        to_.tickets = a.tickets + b.tickets;
        to_.problem =
            audit(site_->journal(), {to_.tickets, *a.sum_of_ids + *b.sum_of_ids, 0}, before);
    }

private:
    WithPast& to_;
    Sample sample_;
    std::unique_ptr<ServedSite> site_;
    std::unique_ptr<Fleet> one_;
    std::unique_ptr<Fleet> many_;
};

}  // namespace

double WithPast::middle_tickets_per_second() const {
    auto sorted = tickets_per_second;
    std::sort(sorted.begin(), sorted.end());
    return sorted.at(sorted.size() / 2);
}

History run_history(const Settings& settings, std::uint64_t tickets,
                    const std::function<void(const std::string&)>& say) {
    History result;
    const auto dir = settings.dir / "history";
    std::filesystem::create_directories(dir / "full");
    require_room(dir, tickets);
    say(fmt::format("writing a journal of {} tickets ...", tickets));
    const auto journal = dir / "full" / "journal";
    result.past = write_past(journal, tickets, today(), [&](std::uint64_t written) {
        say(fmt::format("  {} of {}", written, tickets));
    });
    forget_cached(journal);
    forget_cached(reports_of(journal));
    say("reading reports ...");
    const auto last_day = today() - std::chrono::days{1};
    const std::chrono::year_month_day date{last_day};
    result.day_report_seconds = slowest_report(reports_of(journal), to_iso(last_day));
    result.year_report_seconds =
        slowest_report(reports_of(journal), std::to_string(static_cast<int>(date.year()) - 1));
    {
        Side full{settings, dir / "full", result.full};
        Side empty{settings, dir / "empty", result.empty};
        // Whoever goes first in a turn goes second in the next.
        Side* sides[] = {&empty, &full};
        const auto in_turns = [&](auto&& press) {
            for (std::size_t round = 1; round <= history_rounds; ++round) {
                for (auto* side : sides) {
                    press(*side);
                    full.attend();
                    empty.attend();
                }
                std::swap(sides[0], sides[1]);
            }
        };
        say("warming up ...");
        const auto began = Clock::now();
        for (bool warm = false; !warm && Clock::now() < began + longest_warm_up;) {
            warm = full.warm_up();
            warm = empty.warm_up() && warm;
        }
        const auto time = std::min(settings.measure / 3, longest_turn);
        say("1 connection, with the past and without ...");
        in_turns([&](Side& side) { side.press_alone(time); });
        say(fmt::format("{} connections, with the past and without ...", history_connections));
        in_turns([&](Side& side) { side.press_together(time); });
        say("comparing with the journals ...");
        full.end(result.past.last_seq);
        empty.end(0);
    }
    std::filesystem::remove_all(dir);
    return result;
}

}  // namespace antrean::benchmark
