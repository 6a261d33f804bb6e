#include "tests/sim/seed.hpp"

#include "drivers/printer/patience.hpp"
#include "tests/sim/callpad_node.hpp"
#include "tests/sim/controller_node.hpp"
#include "tests/sim/kiosk_node.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/plan.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace antrean::sim {
namespace {

using namespace std::chrono_literals;
using Death = DeviceLink::Death;

// After so long without a fault everything has come together again, without a hand. What a kiosk
// gave by itself it tells one at a time, and then what became of each paper.
constexpr auto convergence_limit = 30s;
constexpr auto longest_request = 2s;  // over the slowest network, to the slowest disk

class Run {
public:
    // DOINGS counts them. ANY_CLOCK: see without_hours().
    Run(World& world, std::uint64_t seed, const Only& only, Only::Number& doings,
        std::optional<WallClock> any_clock = std::nullopt)
        : world_{world},
          only_{only},
          doings_{doings},
          random_{seed ^ 0x5deece66d},
          plan_{any_clock ? without_hours(draw_plan(random_), *any_clock) : draw_plan(random_)},
          checker_{world, plan_.sites},
          network_{world, random_.fork(), plan_.network},
          controller_{world, network_, checker_, base(), random_.fork(), plan_.controller},
          visitors_{world, plan_.bookings, kiosks_},
          clerks_{world, checker_, callpads_, plan_.undo},
          operator_{world, checker_, controller_, plan_.undo} {
        checker_.has_booked(plan_.bookings);
        std::size_t device = 0;
        for (const auto& kiosk : base()->kiosks) {
            kiosks_.push_back(std::make_unique<KioskNode>(world, network_, checker_, kiosk,
                                                          kiosk.id, device, random_.fork(),
                                                          plan_.printers[device]));
            ++device;
        }
        for (const auto& counter : base()->counters) {
            callpads_.push_back(std::make_unique<CallpadNode>(
                world, network_, checker_, counter.callpad, device++, random_.fork()));
        }
        if (plan_.twin_at != Time{0}) {
            const auto& kiosk = base()->kiosks.front();
            kiosks_.push_back(std::make_unique<KioskNode>(world, network_, checker_, kiosk,
                                                          Box::twin_of(kiosk.id), device++,
                                                          random_.fork(), plan_.twins_printers));
        }
        devices_ = device;
        world.set_start_of_day(plan_.since_midnight);
    }

    void carry_out() {
        start_all();
        people();
        faults();
        const auto end = world_.now() + plan_.length;
        world_.run_until(end);
        heal();
        std::size_t untold = 0;
        Time at_printer{};
        for (const auto& kiosk : kiosks_) {
            untold = std::max(untold, kiosk->untold());
            if (kiosk->is_printing()) at_printer = printer::patience::job_time;
        }
        const auto limit = end + convergence_limit + at_printer + untold * longest_request;
        const auto converged = [this] { return has_converged(); };
        bool was_still = false;
        while (!(was_still && has_converged()) && world_.now() < limit) {
            world_.run_until(limit, converged);
            // What is still on its way to the screens arrives, or a silent stream breaks only now;
            // or somebody who is typing confirms it, and all screens change once more.
            const auto asked = checker_.asked_so_far();
            world_.run_until(world_.now() + 2s);
            was_still = checker_.asked_so_far() == asked;
        }
        if (!has_converged()) {
            const auto open = what_is_open();
            controller_.on_death([] {});
            controller_.die(ControllerNode::Death::killed);
            // What is wrong in the journal is the cause, and this only what comes of it.
            const auto is_done = [](const auto& kiosk) { return kiosk->untold() == 0; };
            checker_.judge(read_journal(controller_.disk(), ControllerNode::journal_file),
                           std::all_of(kiosks_.begin(), kiosks_.end(), is_done));
            throw Broken{"R14", "long after the last fault: " + open};
        }
        finish();
    }

    // Once carried out: the journal.
    const std::vector<JournalRow>& rows() const { return rows_; }

private:
    template <class Node>
    void revive(Node& node, Time longest) {
        // Mostly back in a moment, now and then only after papers have been doubted or are late.
        const auto wait =
            random_.chance(200) ? random_.between(18s, 50s) : random_.between(100ms, longest);
        world_.after(wait, [&node] {
            if (!node.is_up()) node.start();
        });
    }

    void start_all() {
        controller_.on_death([this] { revive(controller_, 8s); });
        world_.after(random_.between(Time{0}, 2s), [this] { controller_.start(); });
        for (auto& kiosk : kiosks_) {
            kiosk->on_death([this, &kiosk] { revive(*kiosk, 6s); });
            world_.after(random_.between(Time{0}, 2s), [&kiosk] { kiosk->start(); });
        }
        for (auto& callpad : callpads_) {
            callpad->on_death([this, &callpad] { revive(*callpad, 6s); });
            world_.after(random_.between(Time{0}, 2s), [&callpad] { callpad->start(); });
        }
    }

    // Does WHAT again and again, about every MEAN, until the faults are over.
    void repeat(Time mean, std::function<void()> what) {
        if (mean != Time{0}) repeat(mean, std::move(what), random_.fork());
    }
    // WHEN draws the times, so that they do not depend on what else is done.
    void repeat(Time mean, std::function<void()> what, Random when) {
        const auto wait = when.around(mean) + 1ms;
        world_.after(wait, [this, mean, when, what = std::move(what)]() mutable {
            if (healed_) return;
            const auto own = when.fork();
            repeat(mean, what, when);
            do_if_kept(what, own);
        });
    }
    void once(Time wait, std::function<void()> what) {
        world_.after(
            wait, [this, what = std::move(what), own = random_.fork()] { do_if_kept(what, own); });
    }
    // WHAT draws from OWN while it is done.
    void do_if_kept(const std::function<void()>& what, Random own) {
        if (!only_.contains(++doings_)) return;
        struct Back {
            Random& random;
            Random before;
            ~Back() { random = before; }
        } back{random_, std::exchange(random_, own)};
        what();
    }

    void people() {
        for (auto& kiosk : kiosks_)
            repeat(plan_.press, [this, &kiosk] { press(*kiosk); });
        for (auto& callpad : callpads_)
            repeat(plan_.key, [this, &callpad] { clerks_.act(*callpad, random_); });
        repeat(plan_.check_in, [this] { visitors_.act(random_); });
        repeat(plan_.operation, [this] { operator_.act(random_); });
    }

    void press(KioskNode& kiosk) {
        const auto& buttons = kiosk.kiosk().buttons;
        const auto button =
            random_.chance(30) ? ButtonNumber{99} : buttons[random_.below(buttons.size())].number;
        auto times = 1ull;
        if (random_.chance(100)) {
            world_.mark(Mark::mashed_button);
            times = random_.between(2, 5);
        }
        for (auto at = Time{0}; times > 0; --times, at += random_.between(50ms, 700ms)) {
            world_.after(at, [&kiosk, button] { kiosk.pressed(button); });
        }
        // Somebody presses all of them.
        if (!random_.chance(30)) return;
        for (const auto& each : buttons) {
            world_.after(random_.between(Time{0}, 300ms),
                         [&kiosk, number = each.number] { kiosk.pressed(number); });
        }
    }

    Death draw_death() {
        const auto draw = random_.below(10);
        return draw == 0 ? Death::stopped : draw < 5 ? Death::killed : Death::power_cut;
    }

    template <class Node>
    void endanger(Node& node) {
        if (random_.chance(300)) {
            node.die(draw_death());
        } else {
            node.die_after(random_.below(12), draw_death());
        }
    }

    void faults() {
        repeat(plan_.controller_death, [this] {
            using How = ControllerNode::Death;
            static constexpr How hows[]{How::stopped,         How::killed,
                                        How::power_cut,       How::cut_in_flush,
                                        How::killed_in_flush, How::cut_after_flush};
            controller_.die(hows[random_.below(std::size(hows))]);
        });
        for (auto& kiosk : kiosks_) {
            repeat(plan_.kiosk_death, [this, &kiosk] { endanger(*kiosk); });
            for (std::size_t which = 0; which < kiosk->printer_count(); ++which)
                hands(kiosk->printer(which));
        }
        for (auto& callpad : callpads_) {
            repeat(plan_.callpad_death, [this, &callpad] { endanger(*callpad); });
        }
        repeat(plan_.cut, [this] { network_.cut_one(); });
        repeat(plan_.stall, [this] { network_.stall_one(); });
        repeat(plan_.silence, [this] { network_.silence_one(); });
        repeat(plan_.isolation, [this] {
            const auto time = random_.between(1s, 45s);
            network_.isolate(random_.below(devices_), world_.now() + time);
        });
        repeat(plan_.wall_jump, [this] { jump(); });
        repeat(plan_.technician, [this] { mend_kiosks(); });
        repeat(plan_.site_change, [this] { change_site(); });
        if (plan_.twin_at != Time{0}) {
            once(plan_.twin_at, [this] { bring_twin(); });
            repeat(plan_.press_both, [this] { press_both(); });
        }
        if (plan_.restore_at == Time{0}) return;
        once(plan_.backup_at, [this] { back_up(); });
        once(plan_.restore_at, [this] { restore(); });
    }

    // A technician opens the cabinet of a kiosk, or of two.
    void mend_kiosks() {
        auto& kiosk = *kiosks_[random_.below(base()->kiosks.size())];
        auto& other = *kiosks_[random_.below(base()->kiosks.size())];
        const auto switch_off = [](KioskNode& node) { node.die(Death::power_cut); };
        const auto draw = random_.below(10);
        switch_off(kiosk);
        if (draw < 4) return kiosk.get_new_computer();
        if (draw < 6 || &kiosk == &other) return kiosk.get_new_disk();
        if (kiosk.would_go_back(other) || other.would_go_back(kiosk)) return;
        switch_off(other);
        if (draw < 8) return kiosk.get_disk_of(other);
        KioskNode::swap_disks(kiosk, other);
    }

    // The disk of the first kiosk is copied while that is off, and the copy put into another
    // computer, which starts at once or much later. Both run then.
    void bring_twin() {
        auto& original = *kiosks_.front();
        auto& twin = *kiosks_.back();
        original.die(Death::power_cut);
        twin.get_disk_of(original);
        checker_.twin_comes(original.kiosk().id);
        world_.after(random_.chance(700) ? random_.between(1s, 10s) : random_.between(10s, 90s),
                     [this, &twin] {
                         if (healed_) return;
                         world_.mark(Mark::twin_brought);
                         twin.bring();
                         twin.start();
                     });
        world_.after(random_.between(20s, 200s), [this] { take_one_of_twins(); });
    }

    // Both stand in one hall, and somebody wants the same at either.
    void press_both() {
        if (!kiosks_.front()->is_there() || !kiosks_.back()->is_there()) return;
        const auto& buttons = kiosks_.front()->kiosk().buttons;
        const auto button = buttons[random_.below(buttons.size())].number;
        for (auto* kiosk : {kiosks_.front().get(), kiosks_.back().get()}) {
            world_.after(random_.between(Time{0}, 1500ms), [=] { kiosk->pressed(button); });
        }
    }

    // A technician has understood.
    void take_one_of_twins() {
        auto& original = *kiosks_.front();
        auto& twin = *kiosks_.back();
        if (!twin.is_there() || !original.is_there()) return;
        if (random_.chance(500)) return twin.take_away();
        world_.mark(Mark::original_taken_away);
        original.take_away();
    }

    // Half of the time back to what it was at first.
    void change_site() {
        auto site = plan_.sites.begin();
        if (controller_.site() == base()) {
            std::advance(site,
                         static_cast<std::ptrdiff_t>(random_.between(1, plan_.sites.size() - 1)));
        }
        controller_.change_site(site->second);
    }

    void back_up() {
        if (healed_ || controller_.take_backup()) return;
        world_.after(500ms, [this] { back_up(); });
    }

    void restore() {
        if (healed_ || !controller_.backup_seq()) return;
        auto leaves_sign = plan_.restore_leaves_sign;
        if (!leaves_sign) {
            // An old journal that nobody knows to be old shows when a device comes back that knows
            // more; mostly it comes first.
            const auto knows = std::find_if(kiosks_.begin(), kiosks_.end(), [this](const auto& k) {
                return k->position().value_or(0) > *controller_.backup_seq();
            });
            leaves_sign = knows == kiosks_.end();
            const auto first = leaves_sign ? 0 : (*knows)->device();
            const auto others = random_.chance(800) ? devices_ : 0;
            for (std::size_t device = 0; !leaves_sign && device < others; ++device) {
                if (device != first) network_.isolate(device, world_.now() + 15s);
            }
        }
        controller_.put_backup_back(leaves_sign);
    }

    void hands(PrinterStation& printer) {
        // A fault is likelier to show while a ticket comes out: now and then it waits for one.
        const auto in_mid_ticket = [this, &printer](std::function<void()> fault) {
            return [this, &printer, fault = std::move(fault)] {
                strike(printer, fault, random_.chance(600) ? 100 : 0);
            };
        };
        const auto a_while = [this] { return random_.between(2s, 15s); };
        repeat(plan_.printer_power, in_mid_ticket([=, &printer] { printer.cut_power(a_while()); }));
        repeat(plan_.cover, in_mid_ticket([=, &printer] { printer.open_cover(a_while()); }));
        repeat(plan_.paper, [=, this, &printer] {
            printer.run_out(static_cast<double>(random_.below(200)), 4s + a_while());
        });
        repeat(plan_.jam, [=, &printer] { printer.jam(a_while()); });
        repeat(plan_.heat, in_mid_ticket([=, &printer] { printer.overheat(a_while()); }));
        repeat(plan_.tear, in_mid_ticket([&printer] { printer.tear_off(); }));
    }

    // FAULT happens in the midst of a ticket, or when PATIENCE looks have seen none.
    void strike(PrinterStation& printer, const std::function<void()>& fault, int patience) {
        if (healed_) return;
        if (printer.is_in_mid_ticket() || patience == 0) {
            fault();
            return;
        }
        world_.after(random_.between(20ms, 150ms),
                     [this, &printer, fault, patience] { strike(printer, fault, patience - 1); });
    }

    void jump() {
        const auto far = random_.chance(200);
        const auto by = random_.between(1s, far ? Time{30h} : Time{10min});
        const bool back = random_.chance(500);
        world_.tell("controller", "its wall clock is set {} by {} s", back ? "back" : "on",
                    by / 1s);
        if (back) world_.mark(Mark::wall_clock_jumped_back);
        controller_.jump(back ? -by : by);
    }

    // Nothing breaks any more. What hands have begun they end: a cover is closed, a roll put in.
    void heal() {
        healed_ = true;
        world_.tell("world", "the faults are over");
        network_.heal();
        controller_.spare();
        if (controller_.site() != base()) controller_.change_site(base());
        if (!controller_.is_up()) controller_.start();
        if (plan_.twin_at != Time{0}) take_one_of_twins();
        for (auto& kiosk : kiosks_) {
            kiosk->spare();
            if (!kiosk->is_up()) kiosk->start();
        }
        for (auto& callpad : callpads_) {
            callpad->spare();
            if (!callpad->is_up()) callpad->start();
        }
    }

    bool has_converged() const {
        const auto quiet = [](const auto& node) { return node->is_quiet(); };
        // Of two twins the checker does not know which one still has to tell of a paper.
        const auto done = [](const auto& node) {
            return !node->is_there() ||
                   (node->is_quiet() && node->was_heard() && node->untold() == 0);
        };
        return controller_.is_quiet() && std::all_of(kiosks_.begin(), kiosks_.end(), done) &&
               std::all_of(callpads_.begin(), callpads_.end(), quiet) && checker_.all_papers_told();
    }

    std::string what_is_open() const {
        for (const auto& kiosk : kiosks_) {
            if (kiosk->is_there() && !kiosk->is_quiet())
                return fmt::format("{} is not done", kiosk->name());
        }
        for (std::size_t c = 0; c < callpads_.size(); ++c) {
            if (!callpads_[c]->is_quiet()) return fmt::format("callpad-{} is not done", c + 1);
        }
        const auto paper = checker_.untold_paper();
        return paper.empty() ? "the controller is not done" : paper + " is not told of";
    }

    void finish() {
        for (auto& kiosk : kiosks_) {
            for (std::size_t which = 0; which < kiosk->printer_count(); ++which)
                kiosk->printer(which).collect_hanging();
        }
        using How = ControllerNode::Death;
        static constexpr How hows[]{How::stopped, How::killed, How::power_cut};
        controller_.on_death([] {});
        controller_.die(hows[random_.below(std::size(hows))]);
        controller_.start();
        controller_.die(How::stopped);
        rows_ = read_journal(controller_.disk(), ControllerNode::journal_file);
        checker_.finish(rows_);
    }

    const SharedSite& base() const { return plan_.sites.begin()->second; }

    World& world_;
    const Only& only_;
    Only::Number& doings_;
    Random random_;
    Plan plan_;
    Checker checker_;
    Network network_;
    ControllerNode controller_;
    std::vector<std::unique_ptr<KioskNode>> kiosks_;
    std::vector<std::unique_ptr<CallpadNode>> callpads_;
    Visitors visitors_;
    Clerks clerks_;
    Operator operator_;
    std::vector<JournalRow> rows_;
    std::size_t devices_ = 0;
    bool healed_ = false;
};

}  // namespace

Verdict run_seed(std::uint64_t seed, Telling telling, const Only& only) {
    World world{seed, telling};
    Verdict verdict;
    const auto fail = [&](const std::string& rule, const std::string& text) {
        verdict.passed = false;
        verdict.rule = rule;
        verdict.text = text;
    };
    try {
        Run run{world, seed, only, verdict.doings};
        run.carry_out();
    } catch (const Broken& broken) {
        fail(broken.rule, broken.what());
    } catch (const std::exception& thrown) {
        fail("crash", thrown.what());
    }
    verdict.trace = world.trace();
    verdict.marks = world.marks();
    verdict.story = world.last_lines();
    return verdict;
}

std::vector<std::string> history_of(std::uint64_t seed, WallClock clock) {
    World world{seed, Telling::keep};
    const Only all;
    Only::Number doings = 0;
    Run run{world, seed, all, doings, clock};
    run.carry_out();
    std::vector<std::string> history;
    for (const auto& line : world.last_lines()) {
        // What the operator is told of dates and of long waits.
        const bool tells_time = line.find("service day") != line.npos ||
                                line.find(" has waited ") != line.npos ||
                                line.find(" min, ") != line.npos;
        if (!tells_time) history.push_back(line);
    }
    for (const auto& r : run.rows()) {
        history.push_back(fmt::format(
            "{} {} {}/{} ticket {} {} {}-{} {} for {} as {} at {} by {}; {} ahead, then {}; {} {} "
            "voids {}; {} passed {} turn {}; to {} in {} at {}; {} {}; asked {} {} {}: {} {}; {} "
            "{}",
            r.seq, r.kind, r.device, r.request, r.ticket, r.outcome, r.series, r.number, r.label,
            r.service, r.ticket_class, r.counter, r.staff, r.ahead, r.plan, r.outcome, r.reason,
            r.voids, r.why, r.passed, r.turn, r.to_service, r.queue, r.place, r.step, r.state,
            r.asked, r.asked_service, r.asked_ticket, r.answer, r.detail, r.epoch, r.site));
    }
    return history;
}

}  // namespace antrean::sim
