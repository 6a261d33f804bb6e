// The judge of a seed. It is told what people can see (papers, screens, boards), what devices are
// answered, and which events the disk holds; at the end it reads the journal's rows. It asks no
// part of the product what happened. Throws Broken with the name of the promise that was not kept.
#pragma once

#include "controller/engine/event.hpp"
#include "controller/site/site.hpp"
#include "controller/web/board_view.hpp"
#include "firmware/callpad/core.hpp"
#include "firmware/kiosk/core.hpp"
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
    Checker(World& world, const site::Site& site) : world_{world}, site_{site} {}
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
    // A device sends a request: it may have been settled before.
    void asked(DeviceId device, RequestId request);

    // The devices.
    void answer_seen(DeviceId device, const proto::Answer& answer);
    void kiosk_shows(DeviceId kiosk, const kiosk::Screen& screen);
    void callpad_shows(CounterId counter, const callpad::Screen& screen);
    void board_shown(const web::BoardView& board);

    // The papers. Given: the printer is about to get these bytes.
    void paper_given(DeviceId kiosk, std::span<const std::byte> bytes);
    void paper_out(DeviceId kiosk, const virtual_printer::Paper& paper);
    // Somebody has torn off what hung out, which no printer notices: whether its ticket comes out
    // whole says nothing any more.
    void paper_torn(DeviceId kiosk);

    // Whether each number that was issued has its paper told of.
    bool all_papers_told() const;

    // The end: all faults have been over for a while, and ROWS are all of the journal.
    void finish(const std::vector<JournalRow>& rows);

private:
    struct Settled {
        std::uint64_t seq = 0;
        ServiceDay day{};
    };
    struct Issue {
        DeviceId kiosk;
        std::string label, date, time;
    };
    struct PaperOut {
        bool copy = false;
        bool whole = false;
    };
    // Of all days.
    std::vector<std::uint64_t> tickets_of(DeviceId kiosk, const std::string& label) const;
    // The tickets that PRINTED may be of, out of those that KIOSK has given to its printer.
    std::vector<std::uint64_t> given_as(DeviceId kiosk, const PrintedTicket& printed) const;
    bool came_out_whole(std::uint64_t ticket) const;
    const char* check_answer(const JournalRow* row, const proto::Answer& answer) const;
    void check_papers(const JournalModel& model);
    void check_screens(const JournalModel& model);

    World& world_;
    const site::Site& site_;
    std::uint64_t durable_ = 0;
    bool settled_ = true;
    std::map<std::uint64_t, Issue> issued_;  // by ticket
    std::map<std::uint64_t, bool> told_;     // by ticket
    std::map<std::uint64_t, std::pair<std::uint64_t, CounterId>>
        calls_;                                                         // by event: ticket, counter
    std::map<std::uint64_t, std::pair<DeviceId, RequestId>> requests_;  // by event
    std::map<std::pair<DeviceId, RequestId>, Settled> settled_by_;
    ServiceDay day_{};
    std::map<std::pair<DeviceId, RequestId>, proto::Answer> answers_;
    std::map<std::pair<DeviceId, std::string>, std::vector<std::uint64_t>> given_;  // of a label
    std::map<std::uint64_t, std::vector<PaperOut>> papers_;                         // by ticket
    std::map<DeviceId, std::uint64_t> last_given_;                                  // ticket
    std::set<std::uint64_t>
        unjudged_;  // tickets of which nobody can tell whether they came out whole
    std::map<CounterId, callpad::Screen> screens_;
};

}  // namespace antrean::sim
