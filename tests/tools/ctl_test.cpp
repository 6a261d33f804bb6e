// What antrean-ctl makes of the controller's lines and of reports.db.
#include "tests/catch.hpp"
#include "tools/ctl/export.hpp"
#include "tools/ctl/show.hpp"
#include "tools/ctl/table.hpp"

#include <string>

using namespace antrean::ctl;
using Catch::Contains;

TEST_CASE("a table is aligned by what a terminal shows", "[ctl][table]") {
    Table table{{"NAME", ">COUNT", "NOTE"}};
    table.add({"Kartu", "7", "a"});
    table.add({"é", "12", "b"});
    table.add({"x\x1b[2Jy", "", "c"});
    CHECK(table.text(false) ==
          "NAME       COUNT  NOTE\n"
          "Kartu          7  a\n"
          "é             12  b\n"
          "x\\x1B[2Jy         c\n");
}

TEST_CASE("colour is only where it is asked for", "[ctl][table]") {
    CHECK(in_colour("no", Colour::red, false) == "no");
    CHECK(in_colour("no", Colour::red, true) == "\x1b[31mno\x1b[0m");
    CHECK(in_colour("\x1b[2J", Colour::red, true) == "\x1b[31m\\x1B[2J\x1b[0m");
}

TEST_CASE("answers are told to people, and the last line is known", "[ctl][show]") {
    const auto done = show("finish", R"({"ok":true})", false);
    CHECK(done.text == "done\n");
    CHECK(done.is_last);
    CHECK_FALSE(done.refused);

    const auto refused =
        show("call", R"({"ok":false,"error":"nobody_waits","text":"nobody waits there"})", false);
    CHECK(refused.text == "nobody waits there (nobody_waits)\n");
    CHECK(refused.is_last);
    CHECK(refused.refused);

    CHECK(show("reload", R"({"ok":false,"error":"failed","text":"a:1: x\nb:2: \u001by"})", false)
              .text == "a:1: x\nb:2: \\x1By (failed)\n");

    CHECK(show("call", R"({"ok":true,"ticket":{"id":3,"label":"A-001","service":"ktp"}})", false)
              .text == "A-001 for ktp\n");
    CHECK(show("pause", R"({"ok":true,"services":[{"ok":true,"service":"ktp"}]})", false).text ==
          "done: 1 services\n");
    CHECK_THAT(show("pause",
                    R"({"ok":false,"error":"paused","text":"t","services":[)"
                    R"({"ok":true,"service":"a"},{"ok":false,"service":"b","text":"why"}]})",
                    false)
                   .text,
               Contains("  a: done\n  b: why\n"));

    const auto progress = show("backup", R"({"progress":{"done":1,"of":2}})", false);
    CHECK(progress.text == "1 of 2\n");
    CHECK_FALSE(progress.is_last);
    CHECK(show("tail", R"({"tail":{"next_seq":5}})", false).text.empty());
    CHECK(show("tail",
               R"({"event":{"seq":5,"day":"2026-11-22","at_ms":1795320000000,"utc_offset_min":420,)"
               R"("kind":"called","label":"A-001"}})",
               false)
              .text == "11:00:00 #5 called label=A-001\n");
}

TEST_CASE("status, queue and alarms are told whole", "[ctl][show]") {
    const auto status =
        show("status",
             R"({"ok":true,"status":{"version":"1","site":"Mal","place":"Jombang",)"
             R"("site_version":"ab","day":"2026-11-22","epoch":0,"journal_seq":12,)"
             R"("kiosks":1,"kiosks_known":2,"callpads":0,"callpads_known":3,)"
             R"("uptime_s":3700,"tickets":{"waiting":4,"called":1,"serving":0,"held":0},)"
             R"("alarms":1,"storage_free_bytes":2147483648,"trouble":"no room"}})",
             false)
            .text;
    for (const char* words : {"no room", "Mal (Jombang)", "4 waiting", "1 of 2 kiosks", "event 12",
                              "2.0 GiB free", "up 1 h 1 min"}) {
        CHECK_THAT(status, Contains(words));
    }
    const auto queue = show("queue",
                            R"({"ok":true,"queues":[{"series":"a","prefix":"A","agency":"D",)"
                            R"("waiting":{"all":2,"regular":1,"priority":1,"appointment":0}}],)"
                            R"("services":[{"service":"ktp","name":"KTP","series":"a",)"
                            R"("closed":"paused","text":"padam","estimate_s":300}],)"
                            R"("counters":[{"counter":"l","name":"L","waiting":{"all":2},)"
                            R"("held":["A-003"],"paused":"makan"}]})",
                            false)
                           .text;
    for (const char* words : {"a (A)", "paused: padam", "5 min", "paused: makan; holds A-003"}) {
        CHECK_THAT(queue, Contains(words));
    }
    CHECK(show("alarms", R"({"ok":true,"alarms":[]})", false).text == "nobody waits too long\n");
    CHECK_THAT(show("alarms",
                    R"({"ok":true,"alarms":[{"kind":"promise","service":"ktp","ticket":"A-001",)"
                    R"("waited_s":660,"limit_s":600,"broken":true}]})",
                    false)
                   .text,
               Contains("11 min") && Contains("the paper's promise is broken"));
}

TEST_CASE("devices are told with what somebody has to see to", "[ctl][show]") {
    const auto devices =
        show("devices",
             R"({"ok":true,"devices":[{"device":"kiosk-1","role":"kiosk","connected":true,)"
             R"("printers":["ready","paper_low"],"stuck_buttons":[4,7]},)"
             R"({"device":"pad-1","role":"callpad","connected":false}]})",
             false)
            .text;
    CHECK_THAT(devices, Contains("kiosk-1") && Contains("ready, paper_low") &&
                            Contains("stuck: 4 7") && Contains("pad-1"));
}

TEST_CASE("what is none of the console's lines is shown as it came, and ends it", "[ctl][show]") {
    const auto shown = show("status", "HTTP/1.1 400\x1b", false);
    CHECK(shown.text == "HTTP/1.1 400\\x1B\n");
    CHECK(shown.is_last);
    CHECK(shown.refused);
}

TEST_CASE("programs get the lines as they are", "[ctl][show]") {
    const std::string refused = R"({"ok":false,"error":"busy"})";
    CHECK(pass_on(refused).text == refused + "\n");
    CHECK(pass_on(refused).refused);
    CHECK(pass_on(refused).is_last);
    CHECK_FALSE(pass_on(R"({"ok":true})").refused);
    CHECK_FALSE(pass_on(R"({"event":{}})").is_last);
}

TEST_CASE("a field of CSV is quoted where it has to be", "[ctl][export]") {
    CHECK(csv_field("KTP-el") == "KTP-el");
    CHECK(csv_field("") == "");
    CHECK(csv_field("a,b") == "\"a,b\"");
    CHECK(csv_field("say \"no\"") == "\"say \"\"no\"\"\"");
    CHECK(csv_field("a\nb") == "\"a\nb\"");
}
