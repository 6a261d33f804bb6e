#include "controller/service.hpp"

#include "controller/console/metrics.hpp"
#include "controller/console/server.hpp"
#include "controller/journal/restore.hpp"
#include "controller/journal/storage.hpp"
#include "controller/server/reports_feed.hpp"
#include "controller/web/server.hpp"
#include "drivers/notify/notify.hpp"

#include <chrono>
#include <csignal>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace antrean {

namespace {

using Level = sessions::Notice::Level;

constexpr int seconds_between_looks_at_the_disk = 5;
constexpr std::chrono::seconds stuck_after{10};
constexpr int backup_pages = 64;  // a step: 256 KiB
constexpr std::uint64_t backup_keeps_free = 64 << 20;

void log(const sessions::Notice& notice) {
    spdlog::log(notice.level == Level::warning ? spdlog::level::warn : spdlog::level::info, "{}",
                notice.text);
}

}  // namespace

class Service::Impl {
public:
    Impl(const ServiceOptions& options, site::Site site,
         std::function<void(const journal::JournalError&)> on_journal_failure)
        : options_{options},
          storage_{{options.journal}},
          calendar_{site.time_zone, site.day_starts},
          on_journal_failure_{std::move(on_journal_failure)} {
        const auto shared = std::make_shared<const site::Site>(std::move(site));
        look_at_the_disk();
        open(shared);
        listen();
        if (!options_.reports.empty()) feed_reports(*shared);
        spdlog::info("{}: {} agencies, {} services, {} counters", shared->name,
                     shared->agencies.size(), shared->services.size(), shared->counters.size());
        spdlog::info("devices at {}:{}, board at http://{}:{}/board, journal {}",
                     options_.devices.address, tcp_->port(), options_.web.address, web_->port(),
                     options_.journal.string());
    }

    // What is on its way must be told before what it is told to is gone.
    ~Impl() {
        if (tcp_) tcp_->stop();
    }

    void run() {
        ends_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) stop();
        });
        reload_when_asked();
        notifier_.ready();
        io_.run();
    }

private:
    void open(const std::shared_ptr<const site::Site>& site) {
        projections::Hall hall{site};
        std::optional<engine::Engine> engine;
        auto journal = journal::Journal::open({options_.journal},
                                              [&](std::uint64_t seq, const engine::Event& event) {
                                                  if (!engine) engine.emplace(site->catalog(), seq);
                                                  engine->apply(event);
                                                  hall.apply(seq, event);
                                              });
        if (!journal) throw CannotOpen{journal.error()};
        journal_ = std::move(*journal);
        if (!engine) engine.emplace(site->catalog());
        hub_.emplace(site, std::move(*engine), std::move(hall), sessions::Limits{},
                     calendar_.now().steady);
        hub_->keep_durable();
        hub_->set_room(room());
        if (const auto sign = journal::restored_sign(options_.journal)) {
            spdlog::warn("{}", *sign);
            hub_->journal_is_restored(journal::restored_epoch(options_.journal));
        }
    }

    void listen() {
        const char* option = "--http";
        std::string place = fmt::format("{}:{}", options_.web.address, options_.web.port);
        try {
            web_.emplace(io_,
                         web::Config{.address = options_.web.address, .port = options_.web.port});
            option = "--listen";
            place = fmt::format("{}:{}", options_.devices.address, options_.devices.port);
            tcp_.emplace(io_, options_.devices, *hub_, *journal_, calendar_, handlers());
        } catch (const boost::system::system_error& error) {
            throw CannotListen{fmt::format(
                "cannot listen on {} ({}): {}. Stop what uses that port, or choose another by {}",
                place, option, error.code().message(), option)};
        }
        web_->serve_text("/healthz", "text/plain; charset=utf-8", [this] {
            const auto trouble = vitals().trouble;
            return trouble.empty() ? web::Server::Text{200, "ok\n"}
                                   : web::Server::Text{503, trouble + "\n"};
        });
        web_->serve_text("/metrics", std::string{console::metrics_content_type}, [this] {
            return web::Server::Text{
                200, console::metrics_text({hub_->stats(), hub_->hall().tickets(),
                                            hub_->hall().alarms(calendar_.now().now.wall).size(),
                                            flushes_.counts(), vitals()})};
        });
        if (options_.socket.empty()) return;
        try {
            console_.emplace(io_, options_.socket, *hub_, hooks());
        } catch (const std::runtime_error& error) {
            throw CannotListen{fmt::format("{}; or choose another by --socket", error.what())};
        }
    }

    server::TcpServer::Handlers handlers() {
        server::TcpServer::Handlers handlers;
        handlers.on_board = [this] { web_->publish([this] { return hub_->board(); }); };
        handlers.on_notice = log;
        handlers.on_journal_failure = [this](const journal::JournalError& error) {
            on_journal_failure_(error);
        };
        handlers.on_durable = [this](sessions::Durable durable) {
            if (console_) console_->durable(durable);
            if (feed_) feed_->offer(std::move(durable));
        };
        handlers.on_operator_answer = [this](sessions::AskId asked, const engine::Answer& answer) {
            if (console_) console_->answered(asked, answer);
        };
        handlers.on_epoch = [this] {
            if (auto done = journal::remove_restored_sign(options_.journal); !done) {
                log({Level::warning, done.error().text});
            }
        };
        handlers.on_tick = [this] {
            // A disk that hangs is for the service manager to see.
            if (tcp_->flushing_for() < stuck_after) notifier_.watchdog();
            if (++ticks_ % seconds_between_looks_at_the_disk != 0) return;
            look_at_the_disk();
            hub_->set_room(room());
        };
        handlers.on_flush = [this](std::chrono::nanoseconds took, std::size_t) {
            flushes_.observe(took);
        };
        return handlers;
    }

    console::Hooks hooks() {
        console::Hooks hooks;
        hooks.ask = [this](engine::Action action, CounterId counter) {
            const auto asked = hub_->ask(std::move(action), counter, calendar_.now());
            tcp_->pump();
            return asked;
        };
        hooks.now = [this] { return calendar_.now(); };
        hooks.vitals = [this] { return vitals(); };
        hooks.reload = [this] { return reload(); };
        hooks.backup = [this](const std::string& file, console::OnNews on_news) {
            backup(file, std::move(on_news));
        };
        hooks.rebuild_reports = [this](const console::OnNews& on_news) {
            if (!feed_) return on_news(console::Failed{"this controller keeps no reports"});
            feed_->rebuild();
            on_news(console::Done{"the reports are being made again"});
        };
        hooks.note = [](const std::string& text) { spdlog::info("{}", text); };
        return hooks;
    }

    void feed_reports(const site::Site& site) {
        feed_.emplace(server::ReportsFeed::Config{
            options_.reports, server::names_of(site), journal_->next_seq() - 1,
            [this](journal::Writer::Task task) { return tcp_->run_when_idle(std::move(task)); },
            [this](sessions::Notice notice) {
                boost::asio::post(io_, [notice = std::move(notice)] { log(notice); });
            }});
    }

    void reload_when_asked() {
        reloads_.async_wait([this](const boost::system::error_code& error, int) {
            if (error) return;
            notifier_.reloading();
            reload();
            notifier_.ready();
            reload_when_asked();
        });
    }

    // A file that is wrong changes nothing.
    console::News reload() {
        const auto refuse = [](const std::string& why) -> console::News {
            log({Level::warning, "the site stays as it is: " + why});
            return console::Failed{why};
        };
        auto site = site::load(options_.site);
        if (!site) return refuse(site.error().message());
        const auto& now = hub_->site();
        if (site->time_zone != now.time_zone || site->day_starts != now.day_starts) {
            return refuse("time_zone and day_starts of [site] change with a restart only");
        }
        const auto shared = std::make_shared<const site::Site>(std::move(*site));
        hub_->change_site(shared, calendar_.now());
        tcp_->pump();
        if (feed_) feed_->rename(server::names_of(*shared));
        return console::Done{fmt::format("site file {} holds", shared->version)};
    }

    void backup(const std::string& file, console::OnNews on_news) {
        struct Job {
            std::unique_ptr<database::Backup> copy;
        };
        const auto tell = [this, on_news](console::News news) {
            boost::asio::post(io_, [on_news, news = std::move(news)] { on_news(news); });
        };
        const auto job = std::make_shared<Job>();
        const auto end = [job, tell](console::News news) {
            job->copy.reset();
            tell(std::move(news));
            return false;
        };
        const bool taken = tcp_->run_when_idle([=](journal::Journal& journal) {
            if (!job->copy) {
                auto begun = journal.backup(file, backup_keeps_free);
                if (!begun) return end(console::Failed{begun.error().text});
                job->copy = std::move(*begun);
            }
            const auto progress = job->copy->step(backup_pages);
            if (!progress) return end(console::Failed{progress.error().text});
            if (progress->done) return end(console::Done{file + " is a whole backup"});
            tell(console::Progress{static_cast<std::uint64_t>(progress->pages_done),
                                   static_cast<std::uint64_t>(progress->pages)});
            return true;
        });
        if (!taken) on_news(console::Failed{"too much is being done already; try again later"});
    }

    void look_at_the_disk() {
        const auto before = storage_.space().level;
        const auto problem = storage_.space().problem;
        const auto& space = storage_.look();
        if (!space.problem.empty() && space.problem != problem) spdlog::warn("{}", space.problem);
        if (space.level == before) return;
        const auto free =
            fmt::format("{} MiB free of {}", space.free_bytes >> 20, space.total_bytes >> 20);
        if (space.level == journal::SpaceLevel::low) {
            spdlog::error(
                "the disk is nearly full ({}): new tickets are refused, calls go on. "
                "Make room where {} is",
                free, options_.journal.string());
        } else if (space.level == journal::SpaceLevel::alarm) {
            spdlog::warn("the disk fills up ({}): make room where {} is", free,
                         options_.journal.string());
        } else {
            spdlog::info("the disk has room again ({})", free);
        }
    }

    engine::Room room() const {
        return storage_.space().level == journal::SpaceLevel::low ? engine::Room::low
                                                                  : engine::Room::ample;
    }

    console::Vitals vitals() const {
        console::Vitals vitals;
        vitals.uptime = std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::steady_clock::now() - started_);
        vitals.storage_free_bytes = storage_.space().free_bytes;
        if (feed_) {
            const auto lag = feed_->lag();
            vitals.reports_lag_events = lag.journal_seq - std::min(lag.journal_seq, lag.last_seq);
        }
        vitals.trouble = console::trouble(room(), tcp_->flushing_for());
        return vitals;
    }

    void stop() {
        spdlog::info("stopping");
        notifier_.stopping();
        tcp_->stop();
        web_->stop();
        if (console_) console_->stop();
        reloads_.cancel();
        // It takes up what is left in the journal when it starts again.
        feed_.reset();
    }

    ServiceOptions options_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    journal::Storage storage_;
    server::Calendar calendar_;
    std::function<void(const journal::JournalError&)> on_journal_failure_;
    notify::Notifier notifier_ = notify::Notifier::from_environment();
    console::Histogram flushes_;
    int ticks_ = 0;

    boost::asio::io_context io_{1};
    // From before it says that it is there: who hears that may signal at once.
    boost::asio::signal_set ends_{io_, SIGINT, SIGTERM};
    boost::asio::signal_set reloads_{io_, SIGHUP};
    std::unique_ptr<journal::Journal> journal_;
    std::optional<sessions::Hub> hub_;
    std::optional<web::Server> web_;
    std::optional<server::TcpServer> tcp_;
    std::optional<console::Server> console_;
    std::optional<server::ReportsFeed> feed_;  // last: its thread ends before what it uses
};

Service::Service(const ServiceOptions& options, site::Site site,
                 std::function<void(const journal::JournalError&)> on_journal_failure)
    : impl_{std::make_unique<Impl>(options, std::move(site), std::move(on_journal_failure))} {}

Service::~Service() = default;

void Service::run() {
    impl_->run();
}

}  // namespace antrean
