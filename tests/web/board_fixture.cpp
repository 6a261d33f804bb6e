// A public board without a mall: serves the views that come as lines of JSON on the standard
// input, for the browser test and for looking at the page by hand.
//   web_board_fixture [PORT]      prints "port N" once it listens; ends when the input does
// A line has the shape that to_json() writes; a field left out is empty.
#include "controller/web/server.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <istream>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/json.hpp>
#include <unistd.h>

namespace asio = boost::asio;
namespace json = boost::json;
namespace web = antrean::web;

namespace {

std::string text_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value ? std::string{value->as_string()} : std::string{};
}

std::uint64_t number_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value ? value->to_number<std::uint64_t>() : 0;
}

web::BoardView view_of(const json::object& object) {
    web::BoardView view;
    view.site_name = text_of(object, "site");
    view.place = text_of(object, "place");
    view.time_zone = text_of(object, "zone");
    view.version = number_of(object, "version");
    if (const json::value* calls = object.if_contains("calls")) {
        for (const json::value& value : calls->as_array()) {
            const json::object& call = value.as_object();
            const json::value* again = call.if_contains("again");
            view.last_calls.push_back({text_of(call, "label"), text_of(call, "counter"),
                                       text_of(call, "agency"), again && again->as_bool(),
                                       number_of(call, "seq")});
        }
    }
    if (const json::value* waiting = object.if_contains("waiting")) {
        for (const json::value& value : waiting->as_array()) {
            const json::object& agency = value.as_object();
            view.waiting.push_back({text_of(agency, "agency"),
                                    static_cast<std::uint32_t>(number_of(agency, "waiting")),
                                    text_of(agency, "serving")});
        }
    }
    return view;
}

class Script {
public:
    Script(asio::io_context& context, web::Server& server)
        : input_{context, ::dup(STDIN_FILENO)}, server_{server} {}

    void read() {
        asio::async_read_until(input_, bytes_, '\n',
                               [this](boost::system::error_code error, std::size_t) {
                                   if (error) {
                                       server_.stop();
                                       return;
                                   }
                                   std::istream stream{&bytes_};
                                   std::string line;
                                   std::getline(stream, line);
                                   server_.publish(view_of(json::parse(line).as_object()));
                                   read();
                               });
    }

private:
    asio::posix::stream_descriptor input_;
    asio::streambuf bytes_;
    web::Server& server_;
};

}  // namespace

int main(int argc, char** argv) {
    web::Config config;
    config.address = "127.0.0.1";
    config.beat_interval = std::chrono::milliseconds{200};
    config.port = argc > 1 ? static_cast<std::uint16_t>(std::atoi(argv[1])) : 0;
    asio::io_context context;
    web::Server server{context, config};
    std::cout << "port " << server.port() << std::endl;
    Script script{context, server};
    script.read();
    context.run();
}
