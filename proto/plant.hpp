// Planted bugs: the mistakes that a program like this one is likeliest to make. A build for tests
// can be told to make one of them, so that it is proven that the simulator would find it; what each
// does is told in tests/sim/plants.cpp.
//
// The product asks planted() at the place of the mistake. In an ordinary build that is false when
// it is compiled, and neither the question nor a name is left in a program. A file compiled with
// ANTREAN_PLANTS=NAME makes the mistake NAME ("none": none) until another one is planted.
//
// Any thread may ask; it is planted before there is a second one.
#pragma once

namespace antrean {

enum class Plant {
    none,
    // controller/sessions
    answer_before_flush,
    forget_a_screen,
    ignore_what_devices_saw,
    count_day_by_utc,
    // controller/engine
    forget_request,
    forget_requests_overnight,
    reuse_lease_tag,
    call_void_number,
    call_unprinted_number,
    lose_tombstone,
    call_twice,
    numbers_anew_after_restore,
    order_by_clock,
    starve_regular,
    hours_by_utc,
    // controller/journal, firmware/kiosk, firmware/callpad
    skip_journal_flush,
    skip_kiosk_flush,
    skip_callpad_flush,
    // firmware/kiosk
    reuse_lease_number,
    print_abandoned_number,
    date_paper_by_utc,
    print_before_record,
    reprint_without_copy,
    take_anothers_store,
    // drivers/printer
    printed_without_proof,
    // proto
    ask_again_under_new_id,
};

// Two names, for an ordinary object file and one with plants may be parts of one program.
#ifdef ANTREAN_PLANTS
inline namespace with_plants {
inline Plant the_plant = Plant::ANTREAN_PLANTS;
inline bool planted(Plant plant) {
    return plant == the_plant;
}
}  // namespace with_plants
#else
inline namespace without_plants {
consteval bool planted(Plant) {
    return false;
}
}  // namespace without_plants
#endif

}  // namespace antrean
