// The paper path: roll, head, motor, cutter, presenter, cover and their faults, in the time that is
// passed in.
//
// One movement at a time: move() starts one when the head is idle, run() carries out what is due.
// Feeding goes in short steps, so that paper end or an open cover stops it half way; the rest waits
// and goes on when the cause is gone. Not thread-safe.
#pragma once

#include "proto/types.hpp"
#include "tools/virtual_printer/paper.hpp"
#include "tools/virtual_printer/presenter.hpp"
#include "tools/virtual_printer/profile.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace antrean::virtual_printer {

enum class Cut : std::uint8_t {
    no,
    here,           // where the blade is now
    and_feed_back,  // then pull the paper back to the head, which saves a blank strip
    tear,           // there is no blade: whoever waits tears the paper off at the bar
};

class Mechanism {
public:
    explicit Mechanism(const Profile& profile);

    // Movement.
    bool idle(SteadyTime now) const { return !pending() && free_at_ <= now; }
    void not_before(SteadyTime now) { free_at_ = std::max(free_at_, now); }
    // Precondition: idle. `feed` in dots.
    void move(int feed, Cut cut = Cut::no);
    void reserve_cut(int after_dots);
    // With `hold_cut` it stops short of the next cut: cut_begins() tells that one is due.
    void run(SteadyTime now, bool hold_cut = false);
    bool cut_begins(SteadyTime now) const;
    SteadyTime moment() const { return free_at_; }  // when the last movement ended, or will
    void interrupt();                               // notes that what hangs out was not finished
    void drop_movement();  // what waits is forgotten; the paper stays where it is
    std::optional<SteadyTime> next_event(SteadyTime now) const;

    // What the head prints, at its present place, before the move() that feeds past it.
    // y of a run or strip counts from the head's present place.
    void put(TextRun run);
    void put(Raster strip);
    void put_line_text(std::string text, int middle);
    void put_symbol_text(std::string text);
    // `count` rows of `raster`, from its row `from` on, at x. Rows that follow each other directly
    // become one raster on the paper.
    void put_rows(int x, const Raster& raster, int from, int count);

    // Hands.
    void open_cover(SteadyTime now);
    void close_cover();
    void load_paper(double length_mm);
    void set_paper_left(double length_mm);
    void tear_off();
    void jam_cutter(bool jammed) { jammed_ = jammed; }
    void overheat(bool hot) { overheated_ = hot; }
    void break_board() { broken_ = true; }
    void power_off(bool keep_movement);
    bool retry();         // DLE ENQ 1; false when there was no error to recover from
    bool forget_error();  // DLE ENQ 2; likewise

    // State.
    bool stopped() const;  // by anything: offline
    bool cover_open() const { return cover_open_; }
    bool near_end() const { return seen_near_end_; }
    bool paper_end() const { return seen_end_; }
    bool near_end_stops() const { return near_end_stops_; }
    void set_near_end_stops(bool stops) { near_end_stops_ = stops; }
    bool cutter_error() const { return cutter_error_; }
    bool overheated() const { return overheated_; }
    bool recovering() const { return overheated_ || opened_while_printing_; }
    bool opened_while_printing() const { return opened_while_printing_; }
    bool broken() const { return broken_; }
    double paper_left_mm() const;
    const Paper& hanging() const { return hanging_; }
    std::vector<Paper> take_papers();
    std::size_t papers_fallen() const { return papers_fallen_; }
    std::uint64_t cuts() const { return cuts_; }
    std::uint64_t partings() const { return partings_; }  // cuts, and papers torn at the tear bar
    // Lines of text on the paper, with their feed.
    std::uint64_t lines(SteadyTime now) const { return idle(now) ? lines_ : lines_before_; }
    Presenter& presenter() { return presenter_; }
    const Presenter& presenter() const { return presenter_; }
    std::uint64_t dots_fed() const { return dots_fed_; }

private:
    bool pending() const { return feed_ > 0 || cut_ != Cut::no || reserved_cut_due_; }
    void step();
    void cut();
    void deliver(Paper paper);
    void hand_over(int length, bool complete);
    void fresh_edge();
    void look_at_sensors();
    std::chrono::nanoseconds feeding_time(int dots) const;

    const Profile& profile_;
    Presenter presenter_{profile_};
    Paper hanging_;
    std::vector<Paper> tray_;
    std::size_t papers_fallen_ = 0;
    std::int64_t roll_dots_;

    SteadyTime free_at_{};  // when the present movement ends
    int feed_ = 0;
    Cut cut_ = Cut::no;
    std::optional<int> reserved_cut_;  // dots below the top edge
    bool reserved_cut_due_ = false;
    bool growing_raster_ = false;  // the last raster may get more rows
    std::size_t weight_ = 0;       // about how many bytes the hanging paper takes

    bool cover_open_ = false;
    bool seen_near_end_ = false;
    bool seen_end_ = false;
    bool near_end_stops_ = false;
    bool jammed_ = false;
    bool cutter_error_ = false;
    bool overheated_ = false;
    bool opened_while_printing_ = false;
    bool broken_ = false;
    std::uint64_t cuts_ = 0;
    std::uint64_t partings_ = 0;
    std::uint64_t lines_ = 0;         // put on the paper
    std::uint64_t lines_before_ = 0;  // likewise, before the present movement
    bool line_put_ = false;           // and its movement has not begun
    std::uint64_t papers_ = 0;
    std::uint64_t dots_fed_ = 0;
};

}  // namespace antrean::virtual_printer
