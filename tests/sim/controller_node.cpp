#include "tests/sim/controller_node.hpp"

#include "controller/sessions/translate.hpp"

#include <algorithm>
#include <utility>

namespace antrean::sim {

using namespace std::chrono_literals;
using sessions::ConnectionId;

ControllerNode::ControllerNode(World& world, Network& network, Checker& checker, SharedSite site,
                               Random random, const Manner& manner)
    : world_{world},
      network_{network},
      checker_{checker},
      site_{std::move(site)},
      random_{random},
      manner_{manner},
      clock_{world, random_.fork()},
      disk_{"sim-controller", random_.next()},
      began_{world.now()} {
    if (manner_.clock == WallClock::right)
        checker.wall_clock_runs(manner_.starts, manner_.utc_offset);
}

ControllerNode::~ControllerNode() = default;

WallTime ControllerNode::wall() const {
    return shown(manner_.clock, manner_.starts,
                 std::chrono::duration_cast<Time>(world_.now() - began_)) +
           std::chrono::floor<std::chrono::milliseconds>(wall_jump_);
}

sessions::Moment ControllerNode::moment() const {
    const auto now = wall();
    const std::chrono::local_time<std::chrono::milliseconds> local{
        (now + manner_.utc_offset - site_->day_starts).time_since_epoch()};
    return {clock_.now(),
            {now, manner_.utc_offset, std::chrono::floor<std::chrono::days>(local)},
            "WIB"};
}

void ControllerNode::start() {
    restore();
    auto life = std::make_unique<Life>();
    projections::Hall hall{site_};
    std::optional<engine::Engine> engine;
    const auto syncs = disk_.syncs();
    auto opened = journal::Journal::open({journal_file, disk_.vfs()},
                                         [&](std::uint64_t seq, const engine::Event& event) {
                                             if (!engine) engine.emplace(site_->catalog(), seq);
                                             engine->apply(event);
                                             hall.apply(seq, event);
                                             checker_.journal_holds(seq, event);
                                         });
    if (!opened) throw Broken{"R12", "the controller cannot start: " + opened.error().text};
    if (!engine) engine.emplace(site_->catalog());
    world_.tell("controller", "starts at event {}", engine->next_seq());
    checker_.controller_started(engine->next_seq() - 1, disk_.syncs() > syncs);
    life->journal = std::move(*opened);
    life->hub = std::make_unique<sessions::Hub>(site_, std::move(*engine), std::move(hall),
                                                sessions::Limits{}, clock_.now());
    if (sign_) life->hub->journal_is_restored();
    if (!life->hub->engine().site_version().empty() &&
        life->hub->engine().site_version() != site_->version) {
        world_.mark(Mark::site_found_changed_at_start);
    }
    life->ticker = std::make_unique<Timer>(world_, [this] { tick(); });
    life->ticker->set(world_.now() + 1s);
    life_ = std::move(life);
    ++lives_;
    network_.listen([this](StreamId stream) { accepted(stream); });
}

void ControllerNode::later(Time wait, void (ControllerNode::*what)()) {
    world_.after(wait, [this, what, life = lives_] {
        if (life_ && life == lives_) (this->*what)();
    });
}

void ControllerNode::accepted(StreamId stream) {
    const auto id = life_->last_connection = life_->last_connection.next();
    life_->streams[id] = stream;
    network_.attach(stream, End::controller,
                    {[this, id](std::span<const std::byte> bytes) { received(id, bytes); },
                     [this, id] { lost(id); }});
    life_->hub->accepted(id, moment());
    pump_soon();
}

void ControllerNode::received(ConnectionId id, std::span<const std::byte> bytes) {
    life_->hub->received(id, bytes, moment());
    pump_soon();
}

void ControllerNode::lost(ConnectionId id) {
    life_->streams.erase(id);
    life_->hub->lost(id, moment());
    pump_soon();
}

void ControllerNode::drop(ConnectionId id) {
    const auto it = life_->streams.find(id);
    if (it == life_->streams.end()) return;
    network_.close(it->second, End::controller);
    life_->streams.erase(it);
    life_->hub->lost(id, moment());
}

void ControllerNode::pump_soon() {
    if (std::exchange(life_->pumping, true)) return;
    later(Time{random_.below(100)}, &ControllerNode::pump);
}

void ControllerNode::pump() {
    auto& life = *life_;
    life.pumping = false;
    if (life.flying.empty()) {
        life.flying = life.hub->take_batch();
        life.appended = false;
        if (!life.flying.empty()) later(random_.around(manner_.flush), &ControllerNode::flush);
    }
    for (const auto id : life.hub->take_ready()) {
        if (const auto it = life.streams.find(id); it != life.streams.end()) {
            network_.send(it->second, End::controller, life.hub->take_output(id));
        }
        if (life.hub->is_over(id)) drop(id);
    }
    if (life.hub->board_changed()) checker_.board_shown(life.hub->board());
    for (const auto& [asked, answer] : life.hub->take_operator_answers()) {
        checker_.answer_seen(engine::operator_device,
                             sessions::to_answer(life.asks.at(asked), answer));
    }
    for (const auto& notice : life.hub->take_notices()) {
        world_.tell("controller", "{}", notice.text);
    }
}

void ControllerNode::flush() {
    auto& life = *life_;
    const auto death = std::exchange(dies_in_flush_, std::nullopt);
    const bool in_flush = death && *death != Death::cut_after_flush;
    if (in_flush) disk_.cut_power(random_.between(1, 8));
    const auto before = life.journal->next_seq();
    const auto done = life.journal->append(life.flying);
    if (done) {
        for (auto seq = before; const auto& event : life.flying) {
            checker_.journal_holds(seq++, event);
        }
        checker_.durable(life.journal->next_seq() - 1);
        life.appended = true;
    }
    if (death) {
        const bool killed = *death == Death::killed_in_flush;
        world_.tell("controller", "dies {} the flush of {} events", in_flush ? "in" : "after",
                    life.flying.size());
        world_.mark(!in_flush ? Mark::kill_between_commit_and_answer
                    : killed  ? Mark::kill_in_mid_flush
                              : Mark::power_cut_in_mid_flush);
        bury(killed ? Death::killed : Death::power_cut);
        return;
    }
    if (!done) throw Broken{"R12", "a sound disk fails: " + done.error().text};
    later(random_.between(Time{0}, manner_.flush / 4), &ControllerNode::committed);
}

void ControllerNode::committed() {
    auto& life = *life_;
    const auto count = [&](auto is) {
        return std::count_if(life.flying.begin(), life.flying.end(),
                             [&](const engine::Event& event) { return is(event.fact); });
    };
    if (count([](const auto& f) { return std::holds_alternative<engine::Issued>(f); }) > 1) {
        world_.mark(Mark::batch_of_several);
    }
    if (count([](const auto& f) { return std::holds_alternative<engine::Called>(f); }) > 1) {
        world_.mark(Mark::called_by_two_clerks_at_once);
    }
    life.flying = {};
    life.hub->committed();
    life.hub->tell(moment());
    if (life.hub->take_epoch_begun()) sign_ = false;
    pump();
}

void ControllerNode::tick() {
    life_->hub->tick(moment());
    pump();
    life_->ticker->set(world_.now() + 1s);
}

bool ControllerNode::is_quiet() const {
    return life_ && life_->hub->engine().next_seq() == life_->hub->stats().journal_seq + 1;
}

void ControllerNode::ask(engine::Action action, CounterId counter) {
    if (!life_) return;
    const auto asked = life_->hub->ask(std::move(action), counter, moment());
    life_->asks[asked] = life_->hub->engine().last_request(engine::operator_device);
    pump_soon();
}

void ControllerNode::change_site(SharedSite site) {
    world_.tell("world", "the site file is {} now", site->version);
    for (const auto& device : site_->counters) {
        if (!site->counter(device.id)) world_.mark(Mark::device_left_the_site);
    }
    site_ = std::move(site);
    if (!life_) return;
    if (!life_->flying.empty()) world_.mark(Mark::site_changed_in_mid_flush);
    life_->hub->change_site(site_, moment());
    pump_soon();
}

bool ControllerNode::take_backup() {
    if (!life_) return false;
    backup_ = Backup{life_->journal->next_seq() - 1, disk_.read(journal_file),
                     disk_.read(std::string{journal_file} + "-wal")};
    world_.tell("world", "the journal is copied up to event {}", backup_->seq);
    return true;
}

std::optional<std::uint64_t> ControllerNode::backup_seq() const {
    return backup_ ? std::optional{backup_->seq} : std::nullopt;
}

void ControllerNode::put_backup_back(bool leaves_sign) {
    restore_ = leaves_sign;
    die(Death::killed);
}

void ControllerNode::restore() {
    if (!restore_) return;
    sign_ = *std::exchange(restore_, std::nullopt);
    disk_.write(journal_file, backup_->journal);
    disk_.write(std::string{journal_file} + "-wal", backup_->log);
    world_.tell("world", "the journal is put back up to event {}{}", backup_->seq,
                sign_ ? "" : ", by hand");
    checker_.journal_restored(backup_->seq, sign_);
}

void ControllerNode::die(Death how) {
    if (!life_) return;
    if (how == Death::cut_in_flush || how == Death::killed_in_flush ||
        how == Death::cut_after_flush) {
        dies_in_flush_ = how;
        return;
    }
    if (!life_->flying.empty()) {
        world_.mark(life_->appended ? Mark::kill_between_commit_and_answer
                                    : Mark::kill_before_append);
    }
    // Asked to stop, the program would first finish the flush; who is in haste kills it.
    if (how == Death::stopped && !life_->flying.empty()) how = Death::killed;
    bury(how);
}

void ControllerNode::bury(Death how) {
    auto& life = *life_;
    const bool power_cut = how == Death::power_cut;
    world_.tell("controller", "{}",
                how == Death::stopped ? "stops"
                : power_cut           ? "loses power"
                                      : "is killed");
    if (how == Death::stopped) {
        life.hub->stop();
        for (const auto id : life.hub->take_ready()) {
            if (const auto it = life.streams.find(id); it != life.streams.end()) {
                network_.send(it->second, End::controller, life.hub->take_output(id));
            }
        }
    }
    network_.stop_listening(power_cut ? Network::Listener::absent : Network::Listener::refuses);
    for (const auto& [id, stream] : life.streams) {
        if (power_cut) {
            network_.vanish(stream, End::controller);
        } else if (how == Death::stopped) {
            network_.close(stream, End::controller);
        } else {
            network_.kill(stream, End::controller);
        }
    }
    // A killed process does not close its files in an orderly way.
    if (power_cut) {
        disk_.crash([this] { return random_.next(); });
        clock_.reboot();
    } else if (how == Death::killed) {
        disk_.kill();
    }
    life_.reset();
    checker_.controller_died(power_cut || how == Death::stopped);
    on_death_();
}

}  // namespace antrean::sim
