#include "tools/benchmark/past.hpp"

#include "controller/engine/engine.hpp"
#include "controller/journal/journal.hpp"
#include "controller/reports/reports.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t most_days = 3650;
constexpr std::size_t agencies = 16;  // those of site_file() with one series each
constexpr std::size_t kiosks = 4;
constexpr std::size_t events_per_batch = 40'000;
constexpr std::chrono::seconds say_interval{5};
constexpr std::chrono::minutes utc_offset{7 * 60};
constexpr std::chrono::hours opening{8};
constexpr std::chrono::hours open_for{8};

// Devices of their own: those of the site file ask for their first ticket when they are measured.
DeviceId kiosk(std::size_t index) {
    return *DeviceId::parse(fmt::format("past-kiosk-{}", index + 1));
}
DeviceId callpad(std::size_t agency) {
    return *DeviceId::parse(fmt::format("past-callpad-{:02}", agency + 1));
}
ServiceId service(std::size_t agency) {
    return *ServiceId::parse(fmt::format("service-{:02}", agency * 3 + 1));
}

engine::Catalog catalog() {
    engine::Catalog made;
    std::vector<ServiceId> services;
    for (std::size_t i = 0; i < agencies; ++i) {
        const auto name = fmt::format("agency-{:02}", i + 1);
        const auto agency = *AgencyId::parse(name);
        const auto series = *SeriesId::parse(name);
        const auto counter = *CounterId::parse(fmt::format("counter-{:02}", i + 1));
        made.series[series] = {agency, std::string(1, static_cast<char>('A' + i))};
        made.services[service(i)] = {series, agency};
        made.counters[counter] = {{series}};
        made.callpads[callpad(i)] = counter;
        services.push_back(service(i));
    }
    for (std::size_t i = 0; i < kiosks; ++i)
        made.kiosks[kiosk(i)] = services;
    return made;
}

// Everything that knows what an event is: commands in, batches to the journal out.
class Hall {
public:
    explicit Hall(const std::filesystem::path& file) {
        auto opened = journal::Journal::open({file}, [](std::uint64_t, const engine::Event&) {
            throw std::runtime_error{"a new journal is not empty"};
        });
        if (!opened) throw std::runtime_error{opened.error().text};
        journal_ = std::move(*opened);
        auto reports = reports::Reports::open(reports_of(file), {});
        if (!reports) throw std::runtime_error{reports.error().text};
        reports_ = std::make_unique<reports::Reports>(std::move(*reports));
        for (std::size_t i = 0; i < agencies; ++i)
            services_.push_back(service(i));
        for (std::size_t i = 0; i < kiosks; ++i)
            kiosks_.push_back(kiosk(i));
        for (std::size_t i = 0; i < agencies; ++i)
            callpads_.push_back(callpad(i));
    }

    void open_day(const engine::Now& now) { keep(engine_.open_day(now)); }

    // From the press to the end of the service.
    void serve(std::uint64_t index, const engine::Now& now) {
        const auto agency = index % agencies;
        const auto kiosk = kiosks_[index / agencies % kiosks];
        const auto issued = ask(kiosk, engine::Issue{services_[agency]}, now);
        const auto id = std::get<engine::TicketAnswer>(issued).ticket.id;
        ask(kiosk, engine::PrintReport{id, engine::Outcome::printed, "none"}, now);
        ask(callpads_[agency], engine::CallNext{}, now);
        ask(callpads_[agency], engine::Finish{id}, now);
        if (batch_.size() >= events_per_batch) flush();
    }

    void flush() {
        if (const auto done = journal_->append(batch_); !done) {
            throw std::runtime_error{done.error().text};
        }
        std::vector<reports::Numbered> numbered;
        numbered.reserve(batch_.size());
        auto seq = journal_->next_seq() - batch_.size();
        for (auto& event : batch_)
            numbered.emplace_back(seq++, std::move(event));
        batch_.clear();
        if (const auto done = reports_->append(numbered); !done) {
            throw std::runtime_error{done.error().text};
        }
    }
    void count() {
        if (const auto done = reports_->count(); !done) throw std::runtime_error{done.error().text};
    }

    std::uint64_t last_seq() const { return engine_.next_seq() - 1; }

private:
    engine::Answer ask(DeviceId device, const engine::Action& action, const engine::Now& now) {
        auto decision =
            engine_.decide({{device, engine_.last_request(device).next()}, action}, now);
        if (std::holds_alternative<engine::Refusal>(decision.answer)) {
            throw std::runtime_error{"the engine refuses a command of the past"};
        }
        keep(std::move(decision.events));
        return decision.answer;
    }
    void keep(std::vector<engine::Event> events) {
        for (auto& event : events) {
            engine_.apply(event);
            batch_.push_back(std::move(event));
        }
    }

    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<reports::Reports> reports_;
    engine::Engine engine_{catalog()};
    std::vector<engine::Event> batch_;
    std::vector<ServiceId> services_;
    std::vector<DeviceId> kiosks_;
    std::vector<DeviceId> callpads_;
};

}  // namespace

std::filesystem::path reports_of(std::filesystem::path journal) {
    return journal.replace_extension(".reports.db");
}

Past write_past(const std::filesystem::path& file, std::uint64_t tickets, ServiceDay today,
                const std::function<void(std::uint64_t written)>& say) {
    Past past;
    past.tickets = tickets;
    past.days = std::min(tickets, most_days);
    const auto began = Clock::now();
    {
        Hall hall{file};
        auto said = began;
        std::uint64_t written = 0;
        for (std::uint64_t i = 0; i < past.days; ++i) {
            const ServiceDay day = today - std::chrono::days{past.days - i};
            const auto midnight = std::chrono::sys_days{day.time_since_epoch()} - utc_offset;
            const auto of_this_day = tickets * (i + 1) / past.days - written;
            engine::Now now{midnight, utc_offset, day};
            hall.open_day(now);
            for (std::uint64_t t = 0; t < of_this_day; ++t) {
                const std::chrono::milliseconds since_opening{
                    std::chrono::milliseconds{open_for}.count() * t / of_this_day};
                now.wall = midnight + opening + since_opening;
                hall.serve(written + t, now);
            }
            written += of_this_day;
            if (Clock::now() - said > say_interval) {
                said = Clock::now();
                say(written);
            }
        }
        hall.flush();
        hall.count();
        past.last_seq = hall.last_seq();
    }
    past.bytes = std::filesystem::file_size(file);
    past.reports_bytes = std::filesystem::file_size(reports_of(file));
    past.seconds = std::chrono::duration<double>{Clock::now() - began}.count();
    return past;
}

}  // namespace antrean::benchmark
