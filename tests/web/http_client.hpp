// A blocking HTTP client that shows the bytes as they came, for tests of a real server. It waits
// as long as the test's own time limit lets it: what it waits for is a condition, not a moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace antrean::web::test {

struct Reply {
    unsigned status = 0;  // 0: the connection ended without an answer
    std::string header;   // with the status line, without the empty line
    std::string body;

    // The value of a header field; empty when there is none.
    std::string field(std::string_view name) const;
};

// One server-sent event.
struct Event {
    std::string name;
    std::string data;
};

class Client {
public:
    // Connects to 127.0.0.1; throws std::system_error when nobody listens.
    // `receive_buffer_bytes`: of the kernel, 0 for its own choice.
    explicit Client(std::uint16_t port, int receive_buffer_bytes = 0);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string_view bytes);  // what the peer no longer takes is dropped
    void get(std::string_view target);

    // The next answer, its body by Content-Length. `has_body` false: the answer to a HEAD, or the
    // start of a stream.
    Reply read_reply(bool has_body = true);
    std::optional<Event> read_event();  // nothing at the end of the connection
    std::string read_all();             // what comes until the end of the connection

private:
    bool fill();  // false at the end of the connection

    int socket_ = -1;
    std::string received_;
};

}  // namespace antrean::web::test
