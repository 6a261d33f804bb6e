#include "tests/sim/plants.hpp"

#include <algorithm>
#include <cassert>

namespace antrean::sim {
namespace {

constexpr PlantedBug bugs[]{
    {Plant::answer_before_flush, "answer_before_flush",
     "the controller answers a request, then writes it down", "R3,R4"},
    {Plant::forget_a_screen, "forget_a_screen",
     "of two screens that an event concerns, only one is told", "R7"},
    {Plant::ignore_what_devices_saw, "ignore_what_devices_saw",
     "the controller does not heed that a device knows more events than its journal", "R1,R9"},
    {Plant::count_day_by_utc, "count_day_by_utc",
     "the day on which a kiosk gave a number by itself is counted in UTC", "R10"},
    {Plant::forget_request, "forget_request", "a request that comes again is decided anew", "R5"},
    {Plant::forget_requests_overnight, "forget_requests_overnight",
     "the last answers are not carried over into the next service day", "R5"},
    {Plant::reuse_lease_tag, "reuse_lease_tag",
     "the tag of a lease is free again as soon as the lease has ended", "R1"},
    {Plant::call_void_number, "call_void_number",
     "the operator voids a number, and it stays in its queue", "R2,R8"},
    {Plant::call_unprinted_number, "call_unprinted_number",
     "a number whose paper surely did not come out stays in its queue", "R2"},
    {Plant::lose_tombstone, "lose_tombstone",
     "the number of a request that its kiosk has given up is not made void", "R14"},
    {Plant::call_twice, "call_twice", "who names a number calls it away from another counter",
     "R7,crash"},
    {Plant::numbers_anew_after_restore, "numbers_anew_after_restore",
     "behind a restore the numbers go on where the backup ends", "R1"},
    {Plant::order_by_clock, "order_by_clock",
     "a place in a queue goes by the wall clock: who comes after it was set back is first", "R8"},
    {Plant::starve_regular, "starve_regular", "a regular ticket may be passed over for ever", "R8"},
    {Plant::hours_by_utc, "hours_by_utc", "opening hours are looked up in UTC", "R8"},
    {Plant::skip_journal_flush, "skip_journal_flush", "the journal is written and not flushed",
     "R4"},
    {Plant::skip_kiosk_flush, "skip_kiosk_flush", "a kiosk's store is written and not flushed",
     "R1,R3,R5,R12,R14"},
    {Plant::skip_callpad_flush, "skip_callpad_flush",
     "a callpad's store is written and not flushed", "R5,R12"},
    {Plant::reuse_lease_number, "reuse_lease_number",
     "a kiosk does not write down which number it has given", "R1,R2"},
    {Plant::print_abandoned_number, "print_abandoned_number",
     "a kiosk that has given up a request asks it again after a restart", "R5,R6"},
    {Plant::date_paper_by_utc, "date_paper_by_utc",
     "a kiosk dates the papers that it gives by itself in UTC", "R10"},
    {Plant::print_before_record, "print_before_record", "a kiosk prints, then writes it down",
     "R1,R3"},
    {Plant::reprint_without_copy, "reprint_without_copy",
     "what may be out already is printed again without SALINAN", "R1"},
    {Plant::take_anothers_store, "take_anothers_store",
     "a kiosk takes the store of another for its own", "R1,R3,R4,R5"},
    {Plant::printed_without_proof, "printed_without_proof",
     "what the printer was given counts as printed, whatever it has confirmed", "R6"},
    {Plant::ask_again_under_new_id, "ask_again_under_new_id",
     "a device asks again under a new request id once it is connected again", "R5"},
};

}  // namespace

bool PlantedBug::is_found_by(std::string_view rule) const {
    for (auto rest = rules; !rest.empty();) {
        const auto end = std::min(rest.find(','), rest.size());
        if (rest.substr(0, end) == rule) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

std::span<const PlantedBug> planted_bugs() {
    return bugs;
}

const PlantedBug* find_planted_bug(std::string_view name) {
    const auto* const it = std::find_if(std::begin(bugs), std::end(bugs),
                                        [&](const PlantedBug& bug) { return bug.name == name; });
    return it == std::end(bugs) ? nullptr : it;
}

#ifdef ANTREAN_PLANTS
bool can_plant() {
    return true;
}

void plant(const PlantedBug* bug) {
    the_plant = bug ? bug->plant : Plant::none;
}
#else
bool can_plant() {
    return false;
}

void plant(const PlantedBug*) {
    assert(false);
}
#endif

}  // namespace antrean::sim
