#include "tools/virtual_printer/mechanism.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr int feed_step = 24;               // dots between two looks at the sensors
constexpr std::size_t tray_size = 128;      // papers that nobody took; then the oldest fall down
constexpr double longest_piece_mm = 2'000;  // a longer strip tears by its own weight
constexpr std::size_t most_weight = 2'000'000;  // likewise, so that memory stays bounded

}  // namespace

Mechanism::Mechanism(const Profile& profile) : profile_{profile} {
    set_paper_left(profile.roll_mm);
    fresh_edge();
}

void Mechanism::fresh_edge() {
    hanging_ = {};
    hanging_.paper_mm = profile_.paper_mm;
    hanging_.width_dots = profile_.head_dots;
    hanging_.dpi = profile_.dpi;
    hanging_.height_dots = profile_.dots(profile_.head_to_cutter_mm);
    growing_raster_ = false;
    weight_ = 0;
    reserved_cut_.reset();
    reserved_cut_due_ = false;
}

std::chrono::nanoseconds Mechanism::feeding_time(int dots) const {
    if (profile_.speed_mm_per_s <= 0) return {};
    const double seconds = profile_.mm(dots) / profile_.speed_mm_per_s;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
}

void Mechanism::move(int feed, Cut cut) {
    feed_ = std::max(feed, 0);
    cut_ = cut;
    if (!std::exchange(line_put_, false)) lines_before_ = lines_;
}

void Mechanism::reserve_cut(int after_dots) {
    reserved_cut_ = hanging_.height_dots + after_dots;
}

void Mechanism::run(SteadyTime now, bool hold_cut) {
    while (pending() && free_at_ <= now && !stopped()) {
        if (feed_ > 0 && !reserved_cut_due_) {
            step();
        } else if (hold_cut) {
            break;
        } else {
            cut();
        }
    }
    presenter_.run(now);
}

bool Mechanism::cut_begins(SteadyTime now) const {
    return (reserved_cut_due_ || (feed_ == 0 && cut_ != Cut::no)) && free_at_ <= now && !stopped();
}

void Mechanism::step() {
    const int to_blade = profile_.dots(profile_.head_to_cutter_mm);
    int dots = std::min(feed_, feed_step);
    if (reserved_cut_) {
        const int until_cut = *reserved_cut_ + to_blade - hanging_.height_dots;
        dots = std::clamp(until_cut, 0, dots);
        reserved_cut_due_ = until_cut <= dots;
    }
    feed_ -= dots;
    hanging_.height_dots += dots;
    dots_fed_ += static_cast<std::uint64_t>(dots);
    roll_dots_ -= dots;
    free_at_ += feeding_time(dots);
    look_at_sensors();
    const bool too_long = profile_.mm(hanging_.height_dots) > longest_piece_mm;
    if (too_long || weight_ > most_weight) hand_over(hanging_.height_dots - to_blade, false);
}

void Mechanism::cut() {
    const int length = hanging_.height_dots - profile_.dots(profile_.head_to_cutter_mm);
    if (cut_ == Cut::tear) {
        cut_ = Cut::no;
        ++partings_;
        hand_over(length, true);
        return;
    }
    if (profile_.mm(length) < profile_.min_piece_mm) {
        reserved_cut_due_ = false;
        reserved_cut_.reset();
        cut_ = Cut::no;
        return;
    }
    if (jammed_) {
        // The movement stays pending: after recovery by DLE ENQ 1 the cut is tried again.
        cutter_error_ = true;
        return;
    }
    ++cuts_;
    ++partings_;
    bool feed_back = false;
    if (reserved_cut_due_) {
        reserved_cut_due_ = false;
    } else {
        feed_back = std::exchange(cut_, Cut::no) == Cut::and_feed_back;
    }
    hand_over(length, true);
    if (feed_back && hanging_.blank()) {
        roll_dots_ += hanging_.height_dots;
        hanging_.height_dots = 0;
    }
    if (profile_.speed_mm_per_s > 0) free_at_ += profile_.cut_time;
}

void Mechanism::hand_over(int length, bool complete) {
    growing_raster_ = false;
    reserved_cut_.reset();
    if (length <= 0) return;
    Paper paper = cut_off(hanging_, length);
    paper.complete = complete;
    hanging_.interrupted = !complete && !paper.blank();
    weight_ = 0;
    deliver(std::move(paper));
    if (complete && presenter_.fitted()) presenter_.put_in(papers_, free_at_);
}

void Mechanism::deliver(Paper paper) {
    paper.number = ++papers_;
    if (tray_.size() == tray_size) {
        tray_.erase(tray_.begin());
        ++papers_fallen_;
    }
    tray_.push_back(std::move(paper));
}

void Mechanism::drop_movement() {
    feed_ = 0;
    cut_ = Cut::no;
    reserved_cut_.reset();
    reserved_cut_due_ = false;
    growing_raster_ = false;
    // A line is put on the paper when the head begins with it: what it never reached goes again.
    const auto beyond = [this](const auto& item) { return item.y >= hanging_.height_dots; };
    std::erase_if(hanging_.runs, beyond);
    std::erase_if(hanging_.rasters, beyond);
    std::erase_if(hanging_.lines, beyond);
}

std::optional<SteadyTime> Mechanism::next_event(SteadyTime now) const {
    std::optional<SteadyTime> next = presenter_.next_event();
    const auto consider = [&next](SteadyTime time) { next = next ? std::min(*next, time) : time; };
    if (free_at_ > now) {
        consider(free_at_);
    } else if (pending() && !stopped()) {
        consider(now);
    }
    return next;
}

void Mechanism::put(TextRun run) {
    growing_raster_ = false;
    weight_ += sizeof run + run.text.size();
    run.y += hanging_.height_dots;
    hanging_.runs.push_back(std::move(run));
}

void Mechanism::put(Raster strip) {
    growing_raster_ = false;
    weight_ += sizeof strip + strip.bits.size();
    strip.y += hanging_.height_dots;
    hanging_.rasters.push_back(std::move(strip));
}

void Mechanism::put_line_text(std::string text, int middle) {
    lines_before_ = lines_++;
    line_put_ = true;
    weight_ += sizeof(Mark) + text.size();
    hanging_.lines.push_back({hanging_.height_dots + middle, std::move(text)});
}

void Mechanism::put_symbol_text(std::string text) {
    weight_ += sizeof(Mark) + text.size();
    hanging_.symbols.push_back({hanging_.height_dots, std::move(text)});
}

void Mechanism::put_rows(int x, const Raster& raster, int from, int count) {
    const auto stride = static_cast<std::size_t>(raster.stride());
    const bool joins =
        growing_raster_ && hanging_.rasters.back().width == raster.width &&
        hanging_.rasters.back().x == x &&
        hanging_.rasters.back().y + hanging_.rasters.back().height == hanging_.height_dots;
    if (!joins) hanging_.rasters.push_back({x, hanging_.height_dots, raster.width, 0, {}});
    growing_raster_ = true;
    weight_ += stride * static_cast<std::size_t>(count) + (joins ? 0 : sizeof(Raster));
    Raster& printed = hanging_.rasters.back();
    const auto begin = raster.bits.begin() + static_cast<std::ptrdiff_t>(stride) * from;
    printed.bits.insert(printed.bits.end(), begin,
                        begin + static_cast<std::ptrdiff_t>(stride) * count);
    printed.height += count;
}

void Mechanism::open_cover(SteadyTime now) {
    if (cover_open_) return;
    if (!idle(now)) opened_while_printing_ = true;
    cover_open_ = true;
}

void Mechanism::close_cover() {
    cover_open_ = false;
    opened_while_printing_ = false;
    look_at_sensors();
}

void Mechanism::tear_off() {
    // What hangs out is torn at the blade; between there and the head the paper stays.
    hand_over(hanging_.height_dots - profile_.dots(profile_.head_to_cutter_mm), false);
}

void Mechanism::load_paper(double length_mm) {
    // The old end is pulled out whole, with whatever was printed on it.
    const bool printed = !hanging_.blank();
    if (printed) {
        Paper old = cut_off(hanging_, hanging_.height_dots);
        deliver(std::move(old));
    }
    fresh_edge();
    hanging_.interrupted = printed;
    set_paper_left(length_mm);
}

void Mechanism::set_paper_left(double length_mm) {
    roll_dots_ = static_cast<std::int64_t>(length_mm * profile_.dpi / 25.4);
    look_at_sensors();
}

void Mechanism::look_at_sensors() {
    // With the cover open the paper bits are not live: they stay as they were when it was shut.
    if (cover_open_) return;
    seen_end_ = roll_dots_ <= 0;
    seen_near_end_ =
        profile_.near_end_sensor && roll_dots_ <= std::int64_t{profile_.dots(profile_.near_end_mm)};
}

double Mechanism::paper_left_mm() const {
    return std::max(0.0, static_cast<double>(roll_dots_) * 25.4 / profile_.dpi);
}

void Mechanism::interrupt() {
    hanging_.interrupted = hanging_.interrupted || !hanging_.blank();
}

void Mechanism::power_off(bool keep_movement) {
    if (!keep_movement) {
        drop_movement();
        interrupt();
    }
    presenter_.power_off();
    cutter_error_ = false;
    broken_ = false;
    near_end_stops_ = false;
    opened_while_printing_ = false;
}

bool Mechanism::retry() {
    return std::exchange(cutter_error_, false);
}

bool Mechanism::forget_error() {
    const bool had_error = std::exchange(cutter_error_, false);
    if (had_error) drop_movement();
    return had_error;
}

bool Mechanism::stopped() const {
    return cover_open_ || seen_end_ || (near_end_stops_ && seen_near_end_) || cutter_error_ ||
           overheated_ || broken_ || presenter_.jammed();
}

std::vector<Paper> Mechanism::take_papers() {
    return std::exchange(tray_, {});
}

}  // namespace antrean::virtual_printer
