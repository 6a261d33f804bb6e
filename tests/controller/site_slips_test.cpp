// Slips of the pen in a site file, and what is told of them.
#include "tests/controller/site_bench.hpp"

#include <vector>

using namespace antrean;
using namespace antrean::site::bench;

TEST_CASE("one slip gives one problem, with its line and a remedy", "[site]") {
    const std::string eighty(80, 'x');
    const std::string spt = "id = \"lapor-spt\"\nagency = \"pajak\"\nname = \"Lapor SPT\"\n";
    const Slip all[] = {
        {"broken TOML", "place = \"Contoh\"", "place = Contoh", 3, "not TOML, from column", "line"},
        {"a control byte", "Contoh\"", "Con\x01toh\"", 2, "not TOML", "line"},
        {"bytes that are no UTF-8", "Mal C", "Mal \xFF\xFE", 2, "not TOML", "line"},
        {"a button given twice", "9 = \"ktp-el\"", "10 = \"ktp-el\"", 66, "not TOML", "line"},
        {"a third bracket", "[[agency]]", "[[[agency]]", 7, "not TOML", "line"},
        {"a brace in a header", "[[agency]]", "[{agency]]", 7, "not TOML", "line"},
        {"a [site] given twice", "[[agency]]", "[site]\n[[agency]]", 7, "not TOML", "line"},

        {"an unknown table", "[[agency]]", "[[agencie]]\n[[agency]]", 7,
         "the file has an unknown key 'agencie'", "did you mean 'agency'?"},
        {"an unknown key", "place = \"Contoh\"", "place = \"Contoh\"\nwifi = \"x\"", 4,
         "[site] has an unknown key 'wifi'", "the keys here are name, place, time_zone"},
        {"a misspelt key", "short_name", "shortname", 10,
         "agency 'dukcapil' has an unknown key 'shortname'", "did you mean 'short_name'?"},
        {"a key that a terminal would obey", "day_starts", "\"\\u001b[2J\" = 1\nday_starts", 5,
         "unknown key '\\x1B[2J'", "remove it"},

        {"no name", "name = \"Mal Contoh\"\n", "", 1, "[site] has no 'name'", "below [site]"},
        {"no place", "place = \"Contoh\"\n", "", 1, "[site] has no 'place'", "below [site]"},
        {"no time zone", "time_zone = \"Asia/Jakarta\"\n", "", 1, "has no 'time_zone'", "add"},
        {"no agency id", "id = \"loket-1\"\n", "", 44, "this [[counter]] has no 'id'", "add"},
        {"no agency name", "name = \"Kantor Pajak\"", "", 13, "agency 'pajak' has no 'name'",
         "add"},
        {"no prefix of a series", "prefix = \"P2\"", "", 22, "series 'pajak-spt' has no 'prefix'",
         "below [[series]]"},
        {"no agency of a series", "id = \"pajak-spt\"\nagency = \"pajak\"", "id = \"pajak-spt\"",
         22, "series 'pajak-spt' has no 'agency'", "add"},
        {"no agency of a service", "id = \"npwp\"\nagency = \"pajak\"", "id = \"npwp\"", 32,
         "service 'npwp' has no 'agency'", "add"},
        {"no buttons", "buttons = { 1 = \"ktp-el\", 2 = \"npwp\" }", "", 57,
         "kiosk 'kiosk-1' has no 'buttons'", "below [[kiosk]]"},
        {"an empty button table", "{ 1 = \"ktp-el\", 2 = \"npwp\" }", "{}", 59,
         "kiosk 'kiosk-1' has no button", "one at least"},

        {"a number for a name", "\"Mal Contoh\"", "12", 2,
         "'name' of [site] is a whole number, not text", "name = \"...\""},
        {"a fraction for an id", "\"kiosk-1\"", "1.5", 58,
         "'id' of this [[kiosk]] is a number, not text", "id = \"...\""},
        {"a truth for a prefix", "\"A\"", "true", 11, "is true or false, not text",
         "prefix = \"..."},
        {"a list for a callpad", "\"callpad-1\"", "[\"callpad-1\"]", 48, "is a list, not text",
         "callpad = \"...\""},
        {"a time for day_starts", "\"03:00\"", "03:00:00", 5, "is a date or time, not text",
         "day_starts = \"...\""},
        {"a text for a list", "[\"dukcapil\"]", "\"dukcapil\"", 47, "is text, not a list",
         "agencies = [\"...\"]"},
        {"a number in a list", "[\"dukcapil\"]", "[\"dukcapil\", 3]", 47,
         "'agencies' of counter 'loket-1' is a whole number, not text", "\"...\""},
        {"a list for buttons", "{ 1 = \"ktp-el\", 2 = \"npwp\" }", "[1]", 59,
         "is a list, not a table", "buttons = { 1 ="},
        {"a number for a button's service", "9 = \"ktp-el\"", "9 = 4", 66,
         "'9' of kiosk 'kiosk-2' is a whole number, not text", "9 = \"...\""},
        {"[kiosk] in single brackets", good.substr(good.find("[[kiosk]]")),
         "[kiosk]\nid = \"kiosk-1\"\n", 57, "'kiosk' is a table, not a list of tables",
         "[[kiosk]] with two brackets"},
        {"[[site]] in double brackets", "[site]", "[[site]]", 1, "'site' is a list, not a table",
         "[site] with one bracket"},
        {"a kiosk that is no table", good.substr(good.find("[[kiosk]]")), "", 1,
         "'kiosk' lists text, not a table", "write [[kiosk]]"},

        {"capitals in an id", "id = \"loket-1\"", "id = \"Loket 1\"", 45, "'Loket 1' is no id",
         "write 'loket-1'"},
        {"an id that is too long", "\"callpad-2\"", "\"callpad-2-" + eighty + "\"", 55, "is no id",
         "write 'callpad-2-xxxxxxxxxxxxxxxxxxxxx'"},
        {"an id without a usable character", "\"callpad-2\"", "\"--\"", 55, "'--' is no id",
         "write another id"},
        {"an empty id", "\"callpad-2\"", "\"\"", 55, "'' is no id", "write another id"},

        {"an agency id twice", "[[series]]",
         "[[agency]]\nid = \"dukcapil\"\nname = \"D\"\nprefix = \"D\"\n[[series]]", 18,
         "agency 'dukcapil' is in this file twice: the first is in line 8", "another id"},
        {"a series id twice", "[[service]]",
         "[[series]]\nid = \"pajak-umum\"\nagency = \"pajak\"\nprefix = \"D\"\n[[service]]", 28,
         "the first is in line 18", "another id"},
        {"a service id twice", "[[counter]]",
         "[[service]]\nid = \"ktp-el\"\nagency = \"dukcapil\"\nname = \"K\"\n[[counter]]", 45,
         "service 'ktp-el' is in this file twice: the first is in line 28", "another id"},
        {"a counter id twice", "id = \"loket-2\"", "id = \"loket-1\"", 51,
         "counter 'loket-1' is in this file twice: the first is in line 45", "another id"},
        {"a kiosk id twice", "id = \"kiosk-2\"", "id = \"kiosk-1\"", 62,
         "device 'kiosk-1' is here as kiosk, and in line 58 as kiosk", "an id of its own"},
        {"a callpad twice", "\"callpad-2\"", "\"callpad-1\"", 55,
         "and in line 48 as callpad of counter 'loket-1'", "an id of its own"},
        {"a kiosk with a callpad's id", "id = \"kiosk-2\"", "id = \"callpad-2\"", 62,
         "device 'callpad-2' is here as kiosk, and in line 55 as callpad", "an id of its own"},
        {"a callpad called operator", "\"callpad-2\"", "\"operator\"", 55,
         "device 'operator' is here as callpad of counter 'loket-2', but that id is the",
         "such as 'kiosk-1' or 'callpad-1'"},
        {"a kiosk called operator", "id = \"kiosk-2\"", "id = \"operator\"", 62,
         "device 'operator' is here as kiosk, but that id is the", "write another"},
        {"a series with an agency's own id", "series = \"pajak-umum\"",
         "series = \"pajak-umum\"\n[[series]]\nid = \"dukcapil\"\nagency = \"pajak\"\nprefix = "
         "\"X\"",
         38, "series 'dukcapil' has the id of the series that agency 'dukcapil' has of its own",
         "another id"},

        {"a prefix twice", "\"P2\"", "\"P1\"", 25,
         "prefix 'P1' of series 'pajak-spt' is taken since line 20", "no other series"},
        {"an agency's prefix twice", "\"P2\"", "\"A\"", 25, "is taken since line 11", "no other"},
        {"a small prefix", "\"P2\"", "\"p2\"", 25, "'p2' of series 'pajak-spt' is not 1 to 3",
         "such as 'P2'"},
        {"a long prefix", "\"P2\"", "\"SPTX\"", 25, "is not 1 to 3", "such as 'SPT'"},
        {"an empty prefix", "\"P2\"", "\"\"", 25, "is not 1 to 3", "such as 'A'"},
        {"a prefix and series", "name = \"Kantor Pajak\"",
         "name = \"Kantor Pajak\"\nprefix = \"Z\"", 16,
         "agency 'pajak' has a prefix and [[series]] too", "remove the prefix"},
        {"neither prefix nor series", "prefix = \"A\"\n", "", 7,
         "agency 'dukcapil' has neither a prefix nor a [[series]]", "add a prefix"},

        {"a service of an unknown agency", "agency = \"dukcapil\"", "agency = \"dukcapl\"", 29,
         "service 'ktp-el' names agency 'dukcapl', which is not in this file",
         "write 'dukcapil', or add an [[agency]] with that id"},
        {"a service of no agency by far", "agency = \"dukcapil\"", "agency = \"imigrasi\"", 29,
         "names agency 'imigrasi'", "add an [[agency]] with that id, or name one that is there"},
        {"a service of an empty agency", "agency = \"dukcapil\"", "agency = \"\"", 29,
         "'agency' of service 'ktp-el' is empty", "write an id"},
        {"a series of an unknown agency", "agency = \"pajak\"\nprefix = \"P1\"",
         "agency = \"pajakk\"\nprefix = \"P1\"", 19, "series 'pajak-umum' names agency 'pajakk'",
         "write 'pajak'"},
        {"a service of an unknown series", "series = \"pajak-spt\"", "series = \"pajak-stp\"", 42,
         "service 'lapor-spt' names series 'pajak-stp'", "write 'pajak-spt', or add a [[series]]"},
        {"a service of another agency's series", "name = \"KTP-el\"",
         "name = \"KTP-el\"\nseries = \"pajak-spt\"", 31,
         "is of agency 'dukcapil', but series 'pajak-spt' is of agency 'pajak'",
         "same agency, such as 'dukcapil'"},
        {"a service that does not choose", spt + "series = \"pajak-spt\"",
         spt +
             "\n[[service]]\nid = \"s2\"\nagency = \"pajak\"\nname = \"S\"\nseries = \"pajak-spt\"",
         38,
         "service 'lapor-spt' does not say which series it draws from, and agency 'pajak' has 2",
         "such as 'pajak-umum'"},
        {"a counter of an unknown agency", "[\"dukcapil\"]", "[\"dukcpil\"]", 47,
         "counter 'loket-1' names agency 'dukcpil'", "write 'dukcapil'"},
        {"a counter of an unknown series", "[\"pajak-umum\"]", "[\n\"pajak-umm\"]", 54, "",
         "write 'pajak-umum'"},
        {"a counter that names twice", "[\"dukcapil\"]", "[\"dukcapil\", \"dukcapil\"]", 47,
         "names agency 'dukcapil' twice", "remove one"},
        {"a button of an unknown service", "9 = \"ktp-el\"", "9 = \"ktp\"", 66,
         "button 9 of kiosk 'kiosk-2' names service 'ktp'", "add a [[service]]"},

        {"an agency without service", "[[series]]",
         "[[agency]]\nid = \"imigrasi\"\nname = \"Imigrasi\"\nprefix = \"I\"\n[[series]]", 17,
         "agency 'imigrasi' has no service", "add a [[service]] with agency = 'imigrasi'"},
        {"a series without service", "series = \"pajak-spt\"", "series = \"pajak-umum\"", 22,
         "series 'pajak-spt' has no service", "name it in a [[service]]"},
        {"a service without counter", "agencies = [\"pajak\"]", "", 38,
         "service 'lapor-spt' has no counter that serves it",
         "add 'pajak' to the agencies of a [[counter]], or 'pajak-spt' to its series"},
        {"a counter that serves nothing", "[[kiosk]]",
         "[[counter]]\nid = \"loket-3\"\nname = \"Loket 3\"\nagencies = []\n[[kiosk]]", 57,
         "counter 'loket-3' serves nothing", "'agencies = [...]' or 'series"},

        {"button 0", "9 = \"ktp-el\"", "0 = \"ktp-el\"", 66,
         "button '0' of kiosk 'kiosk-2' is not a", "without sign"},
        {"button 1000", "9 = \"ktp-el\"", "1000 = \"ktp-el\"", 66, "from 1 to 999", "number"},
        {"button 65537", "9 = \"ktp-el\"", "65537 = \"ktp-el\"", 66, "from 1 to 999", "number"},
        {"button -1", "9 = \"ktp-el\"", "-1 = \"ktp-el\"", 66, "button '-1'", "without sign"},
        {"button 09", "9 = \"ktp-el\"", "09 = \"ktp-el\"", 66, "button '09'", "leading zeros"},
        {"button a", "9 = \"ktp-el\"", "a = \"ktp-el\"", 66, "button 'a'", "write its number"},

        {"a blank name", "\"Loket 1\"", "\"  \"", 46, "'name' of counter 'loket-1' is blank",
         "read"},
        {"an empty name", "\"Loket 1\"", "\"\"", 46, "is blank", "what people are to read"},
        {"a name of 81 bytes", "\"Loket 1\"", '"' + eighty + "x\"", 46, "has 81 bytes",
         "80 bytes or less"},
        {"an escape in a name", "\"Loket 1\"", R"("Loket\u001b[31m")", 46,
         "control character: 'Loket\\x1B[31m'", "remove"},
        {"a line break in a name", "\"Loket 1\"", R"("Loket\n1")", 46, "'Loket\\x0A1'", "remove"},
        {"a C1 control in a name", "\"Loket 1\"", R"("Loket\u009b1")", 46, "\\xC2\\x9B", "remove"},
        {"a bidi control in a name", "\"Loket 1\"", R"("Loket\u202e1")", 46, "\\xE2\\x80\\xAE",
         "remove"},

        {"an unknown zone", "Asia/Jakarta", "Asia/Jombang", 4,
         "time_zone 'Asia/Jombang' is not in /usr/share/zoneinfo/", "'Asia/Jakarta'"},
        {"a zone that climbs", "Asia/Jakarta", "Asia/../../../../etc/passwd", 4, "is not in", "tz"},
        {"a zone that climbs and returns", "Asia/Jakarta", "../zoneinfo/Asia/Jakarta", 4,
         "is not in", "tz"},
        {"an absolute zone", "Asia/Jakarta", "/usr/share/zoneinfo/Asia/Jakarta", 4, "is not in",
         "tz"},
        {"a zone that is a folder", "Asia/Jakarta", "Asia", 4, "is not in", "tz"},
        {"a file that is no zone", "Asia/Jakarta", "tzdata.zi", 4, "is not in", "tz"},
        {"a zone with leap seconds", "Asia/Jakarta", "right/Asia/Jakarta", 4, "is not in", "tz"},
        {"the zone of this machine", "Asia/Jakarta", "localtime", 4, "is not in", "tz"},
        {"an empty zone", "Asia/Jakarta", "", 4, "'time_zone' of [site] is empty", "write"},
        {"a day that starts in words", "03:00", "pagi!", 5, "day_starts 'pagi!' is not a time",
         "'03:00'"},
        {"a day that starts at 3", "03:00", "3:00", 5, "'3:00' is not a time", "'03:00'"},
        {"a day that starts after noon", "03:00", "12:00", 5, "from '00:00' to '11:59'", "nobody"},
        {"a day that starts at minute 60", "03:00", "03:60", 5, "is not a time", "'03:00'"},
    };
    for (const Slip& one : all) {
        std::string text = replaced(good, one.from, one.to);
        // A value of the whole file can only stand before its first table.
        if (std::string{one.what} == "a kiosk that is no table") text = "kiosk = [\"k\"]\n" + text;
        check(one, text);
    }
}

TEST_CASE("all problems of a file are told at once, in its order", "[site]") {
    std::string text = replaced(good, "\"03:00\"", "\"25:00\"");
    text = replaced(text, "9 = \"ktp-el\"", "9 = \"ktp-ell\"");
    text = replaced(text, "prefix = \"A\"", "prefix = \"a\"");
    text = replaced(text, "\"callpad-2\"", "\"callpad-1\"");
    text = replaced(text, "agency = \"dukcapil\"", "agency = \"dukcapl\"\ncost = 0");
    const site::LoadError error = problems_of(text);
    INFO(error.message());
    std::vector<int> lines;
    for (const site::Problem& problem : error.problems)
        lines.push_back(problem.line);
    CHECK(lines == std::vector{5, 11, 29, 30, 56, 67});
}

TEST_CASE("a file without site or agencies says so as a whole", "[site]") {
    const site::LoadError error = problems_of("# nothing yet\n");
    REQUIRE(error.problems.size() == 2);
    CHECK(error.problems[0].line == 0);
    CHECK(error.problems[0].text == "the file has no [site]");
    CHECK(error.problems[1].text == "the file has no [[agency]]");
}

TEST_CASE("a reference that cannot be guessed accuses nobody else", "[site]") {
    // Which agency the counter serves is unknown, so no service is said to be without counter.
    const site::LoadError error = problems_of(replaced(good, "[\"dukcapil\"]", "[\"imigrasi\"]"));
    REQUIRE(error.problems.size() == 1);
    CHECK(error.problems[0].line == 47);
}
