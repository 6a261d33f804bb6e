// Any bytes at the port for browsers: each connection ends, every answer is one of those that there
// are, and nothing that was sent comes back.
#include "controller/web/server.hpp"
#include "tests/fuzz/must.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <fuzzer/FuzzedDataProvider.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace antrean;
using fuzz::must;

struct Site {
    boost::asio::io_context io;
    web::Server server{io, {.address = "127.0.0.1", .port = 0}};

    Site() {
        server.publish(web::BoardView{});
        server.serve_text("/healthz", "text/plain", [] { return web::Server::Text{200, "ok\n"}; });
        server.serve_text("/metrics", "text/plain", [] { return web::Server::Text{503, "x 1\n"}; });
    }
};

int connected_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
}

std::string answer_to(Site& site, std::string_view bytes, std::size_t split) {
    const int fd = connected_to(site.server.port());
    const auto send = [&](std::string_view part) {
        if (!part.empty()) (void)!::send(fd, part.data(), part.size(), MSG_NOSIGNAL);
        site.io.restart();
        site.io.poll();
    };
    send(bytes.substr(0, split));
    send(bytes.substr(split));
    ::shutdown(fd, SHUT_WR);
    std::string answer;
    char buffer[16384];
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    for (;;) {
        site.io.restart();
        site.io.poll();
        const auto got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
        if (got > 0) answer.append(buffer, static_cast<std::size_t>(got));
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) break;
        must(std::chrono::steady_clock::now() < limit);
    }
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd);
    site.io.restart();
    site.io.poll();
    return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Site site;
    FuzzedDataProvider input{data, size};
    const auto split = input.ConsumeIntegral<std::uint16_t>();
    const auto sent = input.ConsumeRemainingBytesAsString();
    const auto answer = answer_to(site, sent, std::min<std::size_t>(split, sent.size()));
    for (int i = 0; site.server.connections() > 0; ++i) {
        must(i < 100'000);
        site.io.restart();
        site.io.poll();
    }
    if (answer.empty()) return 0;
    must(answer.starts_with("HTTP/1.0 ") || answer.starts_with("HTTP/1.1 "));
    const auto status = answer.substr(9, 3);
    constexpr std::string_view statuses[]{"200", "301", "302", "303", "307", "308",
                                          "400", "404", "405", "431", "503"};
    must(std::find(std::begin(statuses), std::end(statuses), status) != std::end(statuses));
    must(answer.find("Content-Security-Policy: default-src 'none'") != std::string::npos);
    // What no answer has of its own is not in one because somebody sent it.
    must(answer.find("qqq") == std::string::npos);
    return 0;
}
