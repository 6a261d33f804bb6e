// One connection to a controller's console, blocking: lines go out, lines come in. One thread.
#pragma once

#include "tools/ctl/exit_code.hpp"

#include <optional>
#include <stdexcept>
#include <string>

namespace antrean::ctl {

// There is no controller to talk to; what() says why, for people.
struct NoConsole : std::runtime_error {
    NoConsole(ExitCode code_, const std::string& text) : std::runtime_error{text}, code{code_} {}
    ExitCode code;
};

// SOCKET if it is not empty, else $ANTREAN_SOCKET, else /run/antrean/controller.sock.
std::string console_socket(const std::string& socket);

class Client {
public:
    explicit Client(const std::string& path);  // throws NoConsole
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // LINE without its break. A failure shows in what is read, for the controller says why it hung
    // up.
    void send(const std::string& line);
    // The next line without its break; none at the end of the connection.
    std::optional<std::string> receive();

private:
    int socket_ = -1;
    std::string received_;
};

}  // namespace antrean::ctl
