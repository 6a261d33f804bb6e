#include "controller/web/board_view.hpp"

#include "tests/catch.hpp"

#include <boost/json.hpp>

using namespace antrean::web;

TEST_CASE("an empty board is an empty object of every field", "[web][board_view]") {
    CHECK(to_json(BoardView{}) ==
          R"({"version":0,"site":"","place":"","zone":"","calls":[],"waiting":[]})");
}

TEST_CASE("a board is written field by field", "[web][board_view]") {
    BoardView view;
    view.site_name = "Mal Pelayanan Publik";
    view.place = "Jombang";
    view.time_zone = "Asia/Jakarta";
    view.last_calls = {{"A-025", "Loket 3", "Dukcapil", true, 12}};
    view.waiting = {{"Dukcapil", 4, "A-025"}, {"Taspen", 0, ""}};
    view.version = 7;
    CHECK(to_json(view) ==
          R"({"version":7,"site":"Mal Pelayanan Publik","place":"Jombang","zone":"Asia/Jakarta",)"
          R"("calls":[{"label":"A-025","counter":"Loket 3","agency":"Dukcapil","again":true,)"
          R"("seq":12}],"waiting":[{"agency":"Dukcapil","waiting":4,"serving":"A-025"},)"
          R"({"agency":"Taspen","waiting":0,"serving":""}]})");
}

TEST_CASE("text from outside stays inside its JSON string, on one line",
          "[web][board_view][R16][F28]") {
    const std::string hostile = "\"},\r\n\ndata: </script>\\ \x01 \xE2\x80\xA8";
    BoardView view;
    view.site_name = hostile;
    view.waiting = {{hostile, 1, hostile}};
    const std::string text = to_json(view);
    CHECK(text.find('\n') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    const auto parsed = boost::json::parse(text);
    CHECK(parsed.at("site").as_string() == hostile);
    CHECK(parsed.at("waiting").at(0).at("serving").as_string() == hostile);
}

TEST_CASE("a board too long is cut to the newest calls", "[web][board_view]") {
    BoardView view;
    for (std::uint64_t seq = 100; seq > 0; --seq) {
        view.last_calls.push_back({"A-001", "Loket 1", "Dukcapil", false, seq});
    }
    view.waiting.resize(1000);
    const auto parsed = boost::json::parse(to_json(view));
    CHECK(parsed.at("calls").as_array().size() == max_calls);
    CHECK(parsed.at("calls").at(0).at("seq").to_number<int>() == 100);
    CHECK(parsed.at("waiting").as_array().size() == max_agencies);
}
