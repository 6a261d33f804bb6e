// What a public board shows, as plain values, and its form on the wire.
// The projections fill it from the journal's events; nothing here knows a queue or a socket.
//
// Every string is text from outside (the site file) in UTF-8 and goes to the page as a JSON string
// and nothing else: the page puts it on the screen as text, never as markup.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace antrean::web {

// One call of a number to a counter.
struct Call {
    std::string label;         // the whole number, "A-025"
    std::string counter_name;  // "Loket 3"
    std::string agency;        // the agency's short name
    bool again = false;        // the number was called before and is called once more
    std::uint64_t seq = 0;     // of the call, not of the ticket: tells a new call from one shown
};

// One agency's queue at this moment.
struct AgencyWaiting {
    std::string agency;         // the short name
    std::uint32_t waiting = 0;  // tickets that wait
    std::string now_serving;    // label of the number served now; empty when there is none
};

// Bounds of what to_json() writes; what lies beyond them is left out.
inline constexpr std::size_t max_calls = 8;
inline constexpr std::size_t max_agencies = 200;

struct BoardView {
    std::string site_name;
    std::string place;
    std::string time_zone;               // IANA name: the clock of the page is the hall's
    std::vector<Call> last_calls;        // newest first, at most max_calls
    std::vector<AgencyWaiting> waiting;  // in the site's order, at most max_agencies
    std::uint64_t version = 0;           // rises with every change of the view
};

// One line of JSON, without a line break inside:
//   {"version":7,"site":"…","place":"…","zone":"Asia/Jakarta",
//    "calls":[{"label":"A-025","counter":"Loket 3","agency":"…","again":false,"seq":12}],
//    "waiting":[{"agency":"…","waiting":4,"serving":"A-025"}]}
std::string to_json(const BoardView& view);

}  // namespace antrean::web
