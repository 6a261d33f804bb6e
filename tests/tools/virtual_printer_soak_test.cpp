// A day of tickets with every fault, in virtual time: nothing grows.
#include "tests/tools/virtual_printer_bench.hpp"

#include <variant>

#include <malloc.h>

using namespace antrean::virtual_printer;

TEST_CASE("a day of tickets and faults leaves memory as it was", "[virtual_printer][soak]") {
    Profile profile = epson_tm_t88v();
    profile.roll_mm = Profile::endless_roll;
    Bench bench{profile};
    constexpr std::string_view faults =
        "seed 3\n"
        "at line 2: head hot for 2 s\n"
        "at line 5: paper out for 3 s\n"
        "at byte 700: power off for 1 s\n"
        "at cut 1: jam for 2 s\n"
        "after 4 s: cover open for 1 s\n"
        "replies late 50 ms\nreplies garbled 1 in 9\nreplies split\n"
        "after 20 s: replies normal\n";
    const auto script = parse_script(faults);
    REQUIRE(std::holds_alternative<Script>(script));

    std::size_t tickets = 0;
    std::size_t pieces = 0;
    std::size_t most_buffered = 0;
    std::size_t replies = 0;
    const auto serve_for = [&](std::chrono::hours time) {
        const auto end = bench.now + time;
        while (bench.now < end) {
            if (tickets++ % 10 == 0) {
                REQUIRE(bench.machine.run_script(std::get<Script>(script), bench.now));
            }
            std::string data = init + all_automatic_status;
            for (int line = 0; line < 8; ++line)
                data += "line " + std::to_string(line) + '\n';
            data += cut + process_id("k001") + bytes({0x10, 0x04, 4, 0x10, 0x05, 0x02});
            bench.offer(data);
            const auto until = bench.now + 10s;
            while (bench.now < until) {
                const auto next = bench.machine.next_event();
                bench.now = next ? std::clamp(*next, bench.now, until) : until;
                bench.machine.advance(bench.now);
                replies += bench.machine.take_replies().size();
                if (next && *next > until) bench.now = until;
            }
            most_buffered = std::max(most_buffered, bench.machine.condition().buffered);
            pieces += bench.papers().size();
        }
    };
    serve_for(std::chrono::hours{2});
    const auto before = ::mallinfo2().uordblks;
    serve_for(std::chrono::hours{22});
    const auto after = ::mallinfo2().uordblks;
    CHECK(tickets == 8'640);
    CHECK(pieces > 6'000);
    CHECK(replies > 60'000);
    CHECK(most_buffered <= profile.receive_buffer);
    CHECK(after < before + 64 * 1024);
}
