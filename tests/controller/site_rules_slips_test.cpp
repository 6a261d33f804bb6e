// Slips of the pen in hours, rules, visits, shifts and people, and what is told of them.
#include "tests/controller/site_bench.hpp"

#include <algorithm>

using namespace antrean;
using namespace antrean::site::bench;

namespace {

// A slip in the file above, told in the line where TO begins or, if given, in that of AT.
struct Spoil {
    const char* what;
    std::string from, to;
    const char* text;
    const char* remedy;
    std::string at{};
};

int line_of(const std::string& text, std::size_t at) {
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<int>(at), '\n'));
}

void check_spoiled(const Spoil& spoil) {
    const std::string text = replaced(ruled, spoil.from, spoil.to);
    const std::size_t at = spoil.at.empty() ? ruled.find(spoil.from) : text.find(spoil.at);
    INFO(spoil.what);
    REQUIRE(at != std::string::npos);
    check({spoil.what, {}, {}, line_of(text, at), spoil.text, spoil.remedy}, text);
}

}  // namespace

TEST_CASE("a slip in hours gives one problem, with its line and a remedy", "[site]") {
    const Spoil all[] = {
        {"no id", "[[agency]]", "[[hours]]\nsunday = [\"08:00-09:00\"]\n[[agency]]",
         "this [[hours]] has no 'id'", "below [[hours]]"},
        {"an id twice", "[[agency]]",
         "[[hours]]\nid = \"pagi\"\nsunday = [\"08:00-09:00\"]\n[[agency]]",
         "hours 'pagi' is in this file twice", "another id", "id = \"pagi\"\nsunday"},
        {"a day misspelt", "saturday", "saturdy", "hours 'pagi' has an unknown key 'saturdy'",
         "did you mean 'saturday'?"},
        {"a text for a list", "[\"07:00-12:00\"]", "\"07:00-12:00\"", "is text, not a list",
         "saturday = [\"08:00-12:00\""},
        {"a number in the list", "\"07:00-12:00\"", "7", "is a whole number, not text", "\"...\""},
        {"no minutes", "07:00-12:00", "7-12",
         "'saturday' of hours 'pagi' has '7-12', which is not two times of day", "'08:00-12:00'"},
        {"a minute 60", "07:00-12:00", "07:60-12:00", "not two times of day", "like this"},
        {"dots for colons", "07:00-12:00", "07.00-12.00", "not two times of day", "like this"},
        {"an hour 37", "07:00-12:00", "07:00-37:00", "not two times of day", "like this"},
        {"an end before its beginning", "07:00-12:00", "12:00-07:00",
         "has '12:00-07:00', which ends before it begins", "earlier time first"},
        {"no time at all", "07:00-12:00", "12:00-12:00", "ends before it begins", "count on"},
        {"an overlap", "13:00-15:00", "11:59-15:00",
         "'monday' of hours 'kantor' has '11:59-15:00', which does not begin after the one before",
         "join the two"},
        {"no break", "13:00-15:00", "12:00-15:00", "does not begin after", "join the two"},
        {"a falling order", "\"08:00-12:00\", \"13:00-15:00\"", "\"13:00-15:00\", \"08:00-12:00\"",
         "has '08:00-12:00', which does not begin after", "order of the day"},
        {"nine intervals", "\"07:00-12:00\"",
         "\"07:00-07:10\", \"07:20-07:30\", \"07:40-07:50\", \"08:00-08:10\", \"08:20-08:30\", "
         "\"08:40-08:50\", \"09:00-09:10\", \"09:20-09:30\", \"09:40-09:50\"",
         "has more than 8 intervals", "join some"},
        {"before the service day", "07:00-12:00", "02:59-12:00",
         "'saturday' of hours 'pagi' leaves the service day, which lasts from 03:00 to 27:00",
         "change day_starts"},
        {"beyond the service day", "20:00-27:00", "20:00-27:01", "leaves the service day",
         "between these"},
        {"never open", "saturday = [\"07:00-12:00\"]\nsunday = [\"20:00-27:00\"]", "saturday = []",
         "hours 'pagi' opens on no day", "monday = [", "[[hours]]\nid = \"pagi\""},

        {"unknown hours of the site", "hours = \"kantor\"", "hours = \"kantr\"",
         "[site] names hours 'kantr', which is not in this file",
         "write 'kantor', or add an [[hours]]"},
        {"unknown hours of a service", "hours = \"pagi\"", "hours = \"siang\"",
         "service 'ktp-el' names hours 'siang'", "add an [[hours]] with that id"},
        {"a last ticket before the first", "last_ticket_before = 0", "last_ticket_before = 300",
         "service 'ktp-el' gives no ticket on a saturday: the last one is 300 minutes before",
         "lessen last_ticket_before"},
        {"a last ticket before the first, anywhere", "last_ticket_before = 30",
         "last_ticket_before = 420", "[site] gives no ticket on a monday", "lessen"},
        {"a negative time", "last_ticket_before = 30", "last_ticket_before = -1",
         "'last_ticket_before' of [site] is -1", "from 0 to 720"},
    };
    for (const Spoil& one : all)
        check_spoiled(one);
}

TEST_CASE("a slip in the rules gives one problem, with its line and a remedy", "[site]") {
    const Spoil all[] = {
        {"a holiday of another form", "\"2026-12-25\"", "\"25-12-2026\"",
         "'holidays' of [site] is '25-12-2026', which is no date", "'2026-12-25'"},
        {"a holiday that no year has", "\"2026-12-25\"", "\"2026-02-29\"", "which is no date",
         "like"},
        {"a holiday without quotes", "\"2026-12-25\"", "2026-12-25", "is a date or time, not text",
         "\"...\""},
        {"a holiday twice", "\"2027-01-01\"", "\"2026-12-25\"",
         "[site] names the holiday '2026-12-25' twice", "remove one"},
        {"one holiday for a list", "[\"2026-12-25\", \"2027-01-01\"]", "\"2026-12-25\"",
         "is text, not a list", "holidays = ["},
        {"a hall for nobody", "hall_limit = 250", "hall_limit = 0", "'hall_limit' of [site] is 0",
         "from 1 to 100000"},
        {"a hall in words", "hall_limit = 250", "hall_limit = \"250\"",
         "is text, not a whole number", "hall_limit = 1"},
        {"too many recalls", "recall_limit = 3", "recall_limit = 101", "is 101", "from 0 to 100"},
        {"too many returns", "no_show_returns = 1", "no_show_returns = 11", "is 11",
         "from 0 to 10"},
        {"an unknown place", "\"front\"", "\"frnt\"", "'transfer_place' of [site] is 'frnt'",
         "did you mean 'front'?"},
        {"an unknown fate", "on_close = \"serve\"", "on_close = \"keep\"",
         "'on_close' of [site] is 'keep'", "write one of void, serve"},
        {"an unknown sign-in", "sign_in = \"required\"", "sign_in = \"require\"",
         "'sign_in' of [site] is 'require'", "did you mean 'required'?"},
        {"a truth for sign-in", "sign_in = \"required\"", "sign_in = true", "not text",
         "sign_in = \"...\""},
        {"an unknown policy", "policy = \"strict\"", "policy = \"stirct\"",
         "'policy' of counter 'loket-1' is 'stirct'", "did you mean 'strict'?"},
        {"an empty policy", "policy = \"strict\"", "policy = \"\"", "is ''",
         "write one of 'arrival'"},
        {"a ratio of none", "interleave 3:2", "interleave", "is 'interleave'",
         "did you mean 'interleave 2:1'?"},
        {"a ratio of 0", "interleave 3:2", "interleave 0:1", "is 'interleave 0:1'", "1 to 20"},
        {"a ratio of 21", "interleave 3:2", "interleave 3:21", "is 'interleave 3:21'", "1 to 20"},
        {"a ratio with a sign", "interleave 3:2", "interleave +3:2", "is 'interleave +3:2'",
         "1 to"},
        {"no passes", "most_passes = 7", "most_passes = 0", "'most_passes' of [site] is 0",
         "from 1 to 1000"},
        {"passes at a counter of arrival", "most_passes = 4",
         "policy = \"arrival\"\nmost_passes = 4",
         "counter 'loket-2' has most_passes, but nobody is passed over by policy 'arrival'",
         "or remove this", "most_passes = 4"},
        {"no patience", "waiting_limit = 45", "waiting_limit = 0", "'waiting_limit' of [site] is 0",
         "from 1 to 1440"},
        {"a long network name", "wifi_name = \"Mal Contoh\"",
         "wifi_name = \"Mal Pelayanan Publik Kabupaten Contoh\"",
         "'wifi_name' of [site] has 37 bytes", "32 bytes"},
        {"a password without network", "wifi_name = \"Mal Contoh\"\n", "",
         "[site] has a wifi_password, but no wifi_name", "remove the password"},
        {"a short password", "selamat datang", "rahasia",
         "'wifi_password' of [site] is not 8 to 63", "that the network asks for"},
        {"a password of other letters", "selamat datang", "selamat détang", "ASCII", "remove it"},
        {"a link in the clear", "https://antrean", "http://antrean",
         "'paper_link' of [site] is 'http://antrean.example/t', which is no address",
         "'https://antrean.example'"},
        {"a link to nowhere", "https://antrean.example/t", "https:///t", "no address", "like"},
        {"a link with a space", "example/t", "example/ t", "no address", "like this"},
        {"a long link", "example/t", "example/" + std::string(120, 't'), "no address",
         "120 characters"},
        {"an agreement of another form", "from = \"2026-01-31\"", "from = \"Januari 2026\"",
         "'from' of agency 'dukcapil' is 'Januari 2026', which is no date", "year, month and day"},
        {"an agreement that ends first", "until = \"2028-01-30\"", "until = \"2026-01-30\"",
         "agency 'dukcapil' has an agreement that ends before it begins", "'until'"},
    };
    for (const Spoil& one : all)
        check_spoiled(one);
}

TEST_CASE("a slip in a service gives one problem, with its line and a remedy", "[site]") {
    const Spoil all[] = {
        {"no quota", "quota = 400", "quota = 0", "'quota' of service 'ktp-el' is 0",
         "from 1 to 999999"},
        {"an unknown next service", "\"npwp\", \"kartu-keluarga\"", "\"npwp\", \"kartu-kelurga\"",
         "service 'ktp-el' names service 'kartu-kelurga'", "write 'kartu-keluarga'"},
        {"a visit in a circle", "then = [\"npwp\"", "then = [\"ktp-el\"",
         "service 'ktp-el' leads to itself", "only other services"},
        {"a visit to one place twice", "\"npwp\", \"kartu-keluarga\"", "\"npwp\", \"npwp\"",
         "service 'ktp-el' names service 'npwp' twice", "remove one"},
        {"a text for a visit", "then = [\"ktp-el\"]", "then = \"ktp-el\"", "is text, not a list",
         "then = [\"...\"]"},
        {"nothing to bring", "\"Kartu Keluarga dan surat pengantar\"", "\" \"",
         "'bring' of service 'ktp-el' is blank", "what people are to read"},
        {"much to bring", "Kartu Keluarga dan surat pengantar", std::string(201, 'x'),
         "'bring' of service 'ktp-el' has 201 bytes", "200 bytes"},
        {"a number for a fee", "\"Gratis\"", "0", "'fee' of service 'ktp-el' is a whole number",
         "fee = \"...\""},
        {"no time", "service_time = 10", "service_time = 0",
         "'service_time' of service 'ktp-el' is 0", "from 1 to 480"},
        {"a fraction of a minute", "service_time = 10", "service_time = 7.5",
         "is a number, not a whole number", "service_time = 1"},
        {"no patience", "waiting_limit = 60", "waiting_limit = 1441",
         "'waiting_limit' of service 'ktp-el' is 1441", "from 1 to 1440"},
        {"an unknown key of a button",
         "2 = { service = \"ktp-el\", class =", "2 = { service = \"ktp-el\", clas =",
         "button 2 of kiosk 'kiosk-1' has an unknown key 'clas'", "did you mean 'class'?"},
        {"an unknown class", "\"priority\"", "\"priorty\"",
         "'class' of button 2 of kiosk 'kiosk-1' is 'priorty'", "did you mean 'priority'?"},
        {"a button of no service", "service = \"npwp\", class", "class",
         "button 3 of kiosk 'kiosk-1' has no 'service'", "3 = { service ="},
        {"a button of an unknown service", "{ service = \"npwp\" }", "{ service = \"npwpp\" }",
         "button 4 of kiosk 'kiosk-1' names service 'npwpp'", "write 'npwp'"},
    };
    for (const Spoil& one : all)
        check_spoiled(one);
}

TEST_CASE("a slip in shifts or staff gives one problem, with its line and a remedy", "[site]") {
    const std::string first = "counter = \"loket-2\"\nfrom = \"12:00\"";
    const Spoil all[] = {
        {"a shift of no counter", first, "from = \"12:00\"", "this [[shift]] has no 'counter'",
         "below [[shift]]", "[[shift]]\nfrom"},
        {"a shift of an unknown counter", first, "counter = \"lokett-2\"\nfrom = \"12:00\"",
         "this shift of counter 'lokett-2' names counter 'lokett-2', which is not",
         "write 'loket-2'"},
        {"a shift without end", "until = \"13:00\"\n", "",
         "this shift of counter 'loket-2' has no 'until'", "below [[shift]]", "[[shift]]"},
        {"a time of another form", "until = \"13:00\"", "until = \"13.00\"",
         "'until' of this shift of counter 'loket-2' is '13.00', which is no time of day",
         "'12:00'"},
        {"an empty time", "until = \"13:00\"", "until = \"\"", "is '', which is no time",
         "'12:00'"},
        {"an end before its beginning", "until = \"13:00\"", "until = \"12:00\"",
         "this shift of counter 'loket-2' ends before it begins", "behind its 'from'"},
        {"a shift before the service day", "from = \"08:00\"", "from = \"02:00\"",
         "this shift of counter 'loket-2' leaves the service day", "between these"},
        {"shifts that overlap", "until = \"09:30\"", "until = \"12:01\"",
         "this shift of counter 'loket-2' overlaps with the one in line", "before the other begins",
         "from = \"08:00\""},
        {"a shift for nothing", "until = \"13:00\"\nagencies = [\"dukcapil\"]", "until = \"13:00\"",
         "this shift of counter 'loket-2' serves nothing", "'agencies = [...]'", "[[shift]]"},
        {"a shift of an unknown series", "\"pajak\", \"dukcapil\"", "\"pajak\", \"dukcapl\"",
         "names series 'dukcapl'", "write 'dukcapil'"},
        {"a shift that names twice", "\"pajak\", \"dukcapil\"", "\"pajak\", \"pajak\"",
         "names series 'pajak' twice", "remove one"},

        {"a person of no name", "name = \"Petugas loket 1\"\n", "",
         "staff 'petugas-1' has no 'name'", "below [[staff]]", "[[staff]]\nid = \"petugas-1\""},
        {"a person without code", "code = \"4711\"\n", "", "staff 'petugas-1' has no 'code'", "add",
         "[[staff]]\nid = \"petugas-1\""},
        {"a number for a code", "\"4711\"", "4711", "is a whole number, not text",
         "code = \"...\""},
        {"a short code", "\"4711\"", "\"471\"", "'code' of staff 'petugas-1' is not 4 to 12 digits",
         "only this person knows"},
        {"a long code", "\"4711\"", "\"1234567890123\"", "is not 4 to 12 digits", "in quotes"},
        {"letters in a code", "\"4711\"", "\"47l1\"", "is not 4 to 12 digits", "in quotes"},
        {"a code of two people", "\"123456789012\"", "\"4711\"",
         "staff 'pengganti' has the same code as staff 'petugas-1' (line ", "of their own"},
        {"a person twice", "id = \"pengganti\"", "id = \"petugas-1\"",
         "staff 'petugas-1' is in this file twice", "another id"},
        {"a person at an unknown counter", "counters = [\"loket-1\"]", "counters = [\"loket-7\"]",
         "staff 'petugas-1' names counter 'loket-7'", "write 'loket-1'"},
        {"a person at one counter twice", "counters = [\"loket-1\"]",
         "counters = [\"loket-1\", \"loket-1\"]", "names counter 'loket-1' twice", "remove one"},
        {"a counter where nobody may sign in", "code = \"123456789012\"",
         "code = \"123456789012\"\ncounters = [\"loket-1\"]",
         "counter 'loket-2' is not among the counters of any [[staff]]",
         "add 'loket-2' to the counters of one", "[[counter]]\nid = \"loket-2\""},
    };
    for (const Spoil& one : all)
        check_spoiled(one);
}

TEST_CASE("a code is never shown", "[site]") {
    for (const char* const to : {"\"4711x\"", "\"123456789012\""}) {
        const std::string told = problems_of(replaced(ruled, "\"4711\"", to)).message();
        CHECK(told.find("4711x") == std::string::npos);
        CHECK(told.find("123456789012") == std::string::npos);
    }
}

TEST_CASE("a setting that could not count for anything is told", "[site]") {
    const auto only = [](const std::string& text) {
        const site::LoadError error = problems_of(text);
        INFO(error.message());
        REQUIRE(error.problems.size() == 1);
        return error.problems[0].text;
    };
    const auto in_site = [](const std::string& line) {
        return replaced(good, "day_starts", line + "\nday_starts");
    };
    CHECK(only(in_site("last_ticket_before = 30")) ==
          "[site] has last_ticket_before, but no service has hours");
    CHECK(only(replaced(good, "name = \"KTP-el\"", "name = \"KTP-el\"\nlast_ticket_before = 30")) ==
          "service 'ktp-el' has last_ticket_before, but no hours");
    CHECK(only(in_site("most_passes = 9")) ==
          "[site] has most_passes, but nobody is passed over by policy 'arrival'");
    CHECK(only(in_site("sign_in = \"required\"")) ==
          "sign_in is required, but there is no [[staff]]");
}
