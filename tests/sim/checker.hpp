// The judge of a seed. It is told what people can see (papers, screens, boards), what devices are
// answered, and which events the disk holds; at the end it reads the journal's rows. It asks no
// part of the product what happened. Throws Broken with the name of the promise that was not kept.
//
// What a restored journal lacks is *forgotten*: the papers of forgotten tickets may be out, or come
// out late, so their labels are never given again; what devices were told of forgotten requests
// is not judged by the journal. A journal that was put back by hand may give such a label twice
// until it is noticed, by the kiosk that has seen the label or by a device that knows more events.
#pragma once

#include "controller/engine/event.hpp"
#include "controller/web/board_view.hpp"
#include "firmware/callpad/core.hpp"
#include "firmware/kiosk/core.hpp"
#include "tests/sim/box.hpp"
#include "tests/sim/journal_model.hpp"
#include "tests/sim/paper_reader.hpp"
#include "tests/sim/world.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace antrean::sim {

class Checker {
public:
    Checker(World& world, const Sites& sites) : world_{world}, sites_{sites} {}
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;

    // The journal. What it holds is told oldest first: all of the open day at a start, then each
    // batch; what is durable is known apart from that.
    void journal_holds(std::uint64_t seq, const engine::Event& event);
    void durable(std::uint64_t last_seq) { durable_ = last_seq; }
    // SETTLED: the disk has nothing left in its cache.
    void controller_died(bool settled) { settled_ = settled_ || settled; }
    // SYNCED: the start has flushed the disk. A killed program may leave behind what is only in the
    // cache; unless that is flushed, the next one may not answer by it.
    void controller_started(std::uint64_t last_seq, bool synced);
    // An old copy of the journal, up to LAST_SEQ, was put in its place while no controller ran.
    void journal_restored(std::uint64_t last_seq, bool leaves_sign);
    // What the controller's wall clock says from now on, until it is set.
    void wall_clock_runs(WallTime from, std::chrono::minutes utc_offset) {
        wall_clock_.emplace(from, utc_offset);
        began_ = world_.now();
    }
    // It has jumped: what devices have been told of the time is not judged any more.
    void wall_clock_set() { wall_clock_.reset(); }
    // A device sends a request: it may have been settled before.
    void asked(const Box& box, RequestId request);
    // A kiosk tells of NUMBER, a ticket's id, that it gave instead of what REQUEST asked for.
    void gave_instead(DeviceId kiosk, RequestId request, TicketId number);
    std::uint64_t asked_so_far() const { return asked_so_far_; }

    // The devices. Greets: says hello, with the highest position that it was ever told.
    void device_greets(const Box& box, const proto::Hello& hello);
    void device_welcomed(const Box& box, const proto::Welcome& welcome);
    // It has another store from now on: what the old one had not told nobody tells any more.
    void store_lost(const Box& kiosk);
    // Its store is in another computer from now on. Of its last request it may not know any more,
    // and nobody can tell whether a copy of the store, where it was, has a paper of it.
    void computer_changed(const Box& kiosk);
    // From now on two computers may say that they are KIOSK.
    void twin_comes(DeviceId kiosk) { with_twin_.emplace(kiosk, kiosk); }
    void answer_seen(const Box& box, const proto::Answer& answer);
    void kiosk_shows(DeviceId kiosk, const kiosk::Screen& screen);
    void callpad_shows(DeviceId callpad, const callpad::Screen& screen);
    void board_shown(const web::BoardView& board);

    // The papers. Given: the printer is about to get these bytes.
    void paper_given(const PrinterPlace& printer, std::span<const std::byte> bytes);
    void paper_out(const PrinterPlace& printer, const virtual_printer::Paper& paper);
    // Somebody has torn off what hung out, which no printer notices: whether its ticket comes out
    // whole says nothing any more.
    void paper_torn(const PrinterPlace& printer);

    // Whether each number that was issued has its paper told of, or can never have.
    bool all_papers_told() const { return untold_paper().empty(); }
    // One that is not; empty: none.
    std::string untold_paper() const;
    // Some label that was given of late, for people who name one; empty where there is none.
    std::string some_label(Random& random) const;

    // Who has an appointment; before it is judged.
    void has_booked(const Bookings& bookings) { bookings_ = bookings; }
    // The end: all faults have been over for a while, and ROWS are all of the journal.
    void finish(const std::vector<JournalRow>& rows);
    // Likewise where something has not come to rest: only what is wrong all the same. ALL_TOLD: no
    // kiosk knows of anything that it has still to tell.
    void judge(const std::vector<JournalRow>& rows, bool all_told);

private:
    using RequestKey = std::pair<DeviceId, RequestId>;
    using AskedKey = std::pair<Box, RequestId>;
    using Number = std::uint64_t;  // of an issue, in the order in which the checker was told
    struct Settled {
        std::uint64_t seq = 0;
        ServiceDay day{};
    };
    struct Issue {
        std::uint64_t seq = 0, ticket = 0;
        DeviceId kiosk;
        RequestId request{};  // that it was given for; none: the kiosk gave it by itself
        ServiceDay day{};
        std::string label, date, time;
        bool told = false;          // what became of its paper
        std::uint64_t told_by = 0;  // event
        bool report_lost = false;   // by the restore: its kiosk tells nothing more
        bool forgotten = false;
        bool received = false;  // its kiosk's store knows of it
        bool offline = false;   // the kiosk gave it by itself; SEQ is 0 until it has told
    };
    struct PaperOut {
        bool copy = false;
        bool whole = false;
    };
    void issue(std::uint64_t seq, const engine::Event& event, const engine::Issued& fact);
    void issue(std::uint64_t seq, const engine::Event& event, const engine::IssuedOffline& fact);
    // What KIOSK gives by itself, as its paper says; none yet is made known.
    Number issue_offline(DeviceId kiosk, const PrintedTicket& printed);
    Issue* find(TicketId ticket);
    const std::string& site_name() const { return sites_.begin()->second->name; }
    // Of all days.
    std::vector<Number> issues_of(DeviceId kiosk, const std::string& label) const;
    // The issues that PRINTED may be of, out of those that PRINTER was given.
    std::vector<Number> given_as(const PrinterPlace& printer, const PrintedTicket& printed) const;
    bool came_out_whole(Number issue) const;
    bool may_be_given_again(const Issue& forgotten) const;
    // A paper that its kiosk has dated by itself.
    void check_time(DeviceId kiosk, const PrintedTicket& printed) const;
    const char* check_answer(const JournalRow* row, const proto::Answer& answer) const;
    void check_papers(const JournalModel& model);
    void tell_what_else_is_known(JournalModel& model) const;
    void check_records(const JournalModel& model) const;
    void check_screens(const JournalModel& model);
    void check_screen(const JournalModel& model, const site::Counter& counter);

    World& world_;
    const Sites& sites_;
    std::uint64_t durable_ = 0;
    bool settled_ = true;
    std::optional<std::pair<WallTime, std::chrono::minutes>> wall_clock_;
    SteadyTime began_{};
    std::map<std::string, std::pair<DeviceId, std::uint64_t>> leases_;  // by label: kiosk, event
    std::map<Number, Issue> issues_;
    Number last_issue_ = 0;
    std::map<std::uint64_t, Number> of_ticket_;  // issues that are not forgotten
    std::map<std::uint64_t, std::pair<std::uint64_t, CounterId>>
        calls_;                                     // by event: ticket, counter
    std::map<std::uint64_t, RequestKey> requests_;  // by event
    std::map<RequestKey, Settled> settled_by_;
    ServiceDay day_{};
    std::map<AskedKey, proto::Answer> answers_;
    std::vector<std::pair<AskedKey, proto::Answer>> old_answers_;  // to stores that are lost
    std::uint64_t asked_so_far_ = 0;
    std::map<Box, RequestId> unanswered_;
    std::map<RequestKey, std::set<Box>> asked_by_;
    Bookings bookings_;
    std::set<Box> moved_;                // into other computers
    std::map<DeviceId, Box> with_twin_;  // and who was welcomed last
    std::map<RequestKey, TicketId> given_instead_;
    std::set<RequestKey> lost_requests_;  // whose answer would go to a store that is lost
    std::map<std::pair<PrinterPlace, std::string>, std::vector<Number>> given_;  // of a label
    std::map<Number, std::vector<PaperOut>> papers_;
    std::map<std::pair<std::string, std::string>, Number> originals_;  // by label and date
    std::map<PrinterPlace, Number> last_given_;
    std::set<Number> unjudged_;  // of which nobody can tell whether they came out whole
    std::map<DeviceId, callpad::Screen> screens_;
    std::map<Box, std::uint64_t> positions_;  // the highest that a device said

    // Of the restore.
    bool noticed_ = true;
    ServiceDay noticed_day_ = ServiceDay::max();
    bool in_epoch_start_ = false;
    std::set<SeriesId> skipped_;                // in it
    std::map<DeviceId, ServiceDay> came_back_;  // since, on which day
    std::set<RequestKey> forgotten_requests_;
    std::set<std::pair<std::uint64_t, CounterId>> forgotten_calls_;
    std::set<std::uint64_t> given_twice_;  // ids of tickets, before it was noticed
    std::set<std::pair<std::string, std::string>> excused_;  // labels of a date
};

}  // namespace antrean::sim
