#include "controller/web/board_view.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace antrean::web {

namespace json = boost::json;

std::string to_json(const BoardView& view) {
    json::array calls;
    const std::size_t call_count = std::min(view.last_calls.size(), max_calls);
    for (std::size_t i = 0; i < call_count; ++i) {
        const Call& call = view.last_calls[i];
        json::object entry;
        entry["label"] = call.label;
        entry["counter"] = call.counter_name;
        entry["agency"] = call.agency;
        entry["again"] = call.again;
        entry["seq"] = call.seq;
        calls.push_back(std::move(entry));
    }

    json::array waiting;
    const std::size_t agency_count = std::min(view.waiting.size(), max_agencies);
    for (std::size_t i = 0; i < agency_count; ++i) {
        const AgencyWaiting& agency = view.waiting[i];
        json::object entry;
        entry["agency"] = agency.agency;
        entry["waiting"] = agency.waiting;
        entry["serving"] = agency.now_serving;
        waiting.push_back(std::move(entry));
    }

    json::object board;
    board["version"] = view.version;
    board["site"] = view.site_name;
    board["place"] = view.place;
    board["zone"] = view.time_zone;
    board["calls"] = std::move(calls);
    board["waiting"] = std::move(waiting);
    return json::serialize(board);
}

}  // namespace antrean::web
