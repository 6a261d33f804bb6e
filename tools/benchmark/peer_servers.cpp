#include "tools/benchmark/peer_servers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds start_limit{20};

// A blocking connection for the few questions beside the load.
class Line {
public:
    explicit Line(std::uint16_t port) : fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        const timeval patience{10, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const auto address = loopback(port);
        connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Line() { close(fd_); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    bool connected() const { return connected_; }

    // Says WORDS and reads until the answer ends with END.
    std::string ask(std::string_view words, std::string_view end) {
        std::string answer;
        std::array<char, 4096> bytes;
        if (write(fd_, words.data(), words.size()) < 0) throw std::runtime_error{"a peer is gone"};
        while (!answer.ends_with(end)) {
            const auto size = read(fd_, bytes.data(), bytes.size());
            if (size <= 0) throw std::runtime_error{"a peer does not answer: " + answer};
            answer.append(bytes.data(), static_cast<std::size_t>(size));
        }
        return answer;
    }

    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }

private:
    int fd_;
    bool connected_ = false;
};

// Nobody listens there now.
std::uint16_t free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = Line::loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(fd, any, size) == 0 && getsockname(fd, any, &size) == 0;
    close(fd);
    if (!bound) throw std::system_error{errno, std::generic_category(), "finding a free port"};
    return ntohs(address.sin_port);
}

void wait_until_it_listens(std::uint16_t port, const char* name) {
    const auto limit = Clock::now() + start_limit;
    while (!Line{port}.connected()) {
        if (Clock::now() > limit) throw std::runtime_error{fmt::format("{} does not listen", name)};
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

std::string program(std::string_view name) {
    for (const auto* dir : {"/usr/bin/", "/usr/local/bin/", "/usr/sbin/"}) {
        if (auto file = dir + std::string{name}; access(file.c_str(), X_OK) == 0) return file;
    }
    throw std::runtime_error{fmt::format("{} is not installed; tools/bench --peers does it", name)};
}

// The number behind KEY; what is not there is 0.
std::uint64_t number_behind(std::string_view text, std::string_view key) {
    const auto at = text.find(key);
    if (at == std::string_view::npos) return 0;
    return std::stoull(std::string{text.substr(at + key.size(), 20)});
}

std::filesystem::path made(const std::filesystem::path& dir) {
    std::filesystem::create_directories(dir);
    return dir;
}

class Redis : public PeerServer {
public:
    explicit Redis(const std::filesystem::path& dir)
        : port_{free_port()},
          // Rewriting the log, which grows by the load alone, would only be to its disadvantage.
          child_{{program("redis-server"), "--port", std::to_string(port_), "--bind", "127.0.0.1",
                  "--dir", made(dir).string(), "--save", "", "--appendonly", "yes", "--appendfsync",
                  "always", "--auto-aof-rewrite-percentage", "0", "--logfile",
                  (dir / "redis.log").string()},
                 dir / "redis.log"} {
        child_.wait_for_line("Ready to accept connections", start_limit);
    }
    std::uint16_t port() const override { return port_; }
    pid_t pid() const override { return child_.pid(); }
    std::unique_ptr<PeerProtocol> speak() const override { return speak_redis(); }
    Stored stored() override {
        Line line{port_};
        const auto tickets = line.ask("XLEN tickets\r\n", "\r\n");
        const auto counter = line.ask("INCRBY counter 0\r\n", "\r\n");
        return {number_behind(tickets, ":"), number_behind(counter, ":")};
    }
    void stop() override { child_.stop(); }

private:
    std::uint16_t port_;
    Child child_;
};

class Beanstalkd : public PeerServer {
public:
    explicit Beanstalkd(const std::filesystem::path& dir)
        : port_{free_port()},
          child_{{program("beanstalkd"), "-l", "127.0.0.1", "-p", std::to_string(port_), "-b",
                  made(dir).string(), "-f0"},
                 dir / "beanstalkd.log"} {
        wait_until_it_listens(port_, "beanstalkd");
    }
    std::uint16_t port() const override { return port_; }
    pid_t pid() const override { return child_.pid(); }
    std::unique_ptr<PeerProtocol> speak() const override { return speak_beanstalkd(); }
    Stored stored() override {
        Line line{port_};
        const auto stats = line.ask("stats-tube default\r\n", "\n\r\n");
        return {number_behind(stats, "current-jobs-ready: "), number_behind(stats, "total-jobs: ")};
    }
    // It knows no other end than being killed.
    void stop() override {}

private:
    std::uint16_t port_;
    Child child_;
};

// PostgreSQL refuses to run as root; then its own user has it, as on any Debian. Killed, it would
// leave shared memory to the system.
Manners manners_of_postgresql() {
    if (geteuid() != 0) return {.last_signal = SIGQUIT};
    const auto* entry = getpwnam("postgres");
    if (!entry) throw std::runtime_error{"there is no user postgres; is PostgreSQL installed?"};
    return {entry->pw_uid, entry->pw_gid, SIGQUIT};
}

std::filesystem::path newest_postgresql() {
    const std::filesystem::path root{"/usr/lib/postgresql"};
    std::filesystem::path newest;
    int version = 0;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator{root, none}) {
        const int found = std::atoi(entry.path().filename().c_str());
        if (found <= version || access((entry.path() / "bin/initdb").c_str(), X_OK) != 0) continue;
        version = found;
        newest = entry.path() / "bin";
    }
    if (newest.empty()) {
        throw std::runtime_error{"postgresql is not installed; tools/bench --peers does it"};
    }
    return newest;
}

class Postgresql : public PeerServer {
public:
    explicit Postgresql(const std::filesystem::path& dir)
        : dir_{made(dir)}, programs_{newest_postgresql()}, port_{free_port()} {
        const auto manners = manners_of_postgresql();
        const auto data = (dir_ / "data").string();
        if (manners.user != geteuid()) {
            // Its user has to pass through the run's directory, which is ours alone else.
            std::filesystem::permissions(
                dir_.parent_path(),
                std::filesystem::perms::others_exec | std::filesystem::perms::group_exec,
                std::filesystem::perm_options::add);
            if (chown(dir_.c_str(), manners.user, manners.group) != 0) {
                throw std::system_error{errno, std::generic_category(), dir_.string()};
            }
        }
        Child{{(programs_ / "initdb").string(), "--pgdata", data, "--username", "postgres",
               "--auth", "trust", "--encoding", "UTF8", "--locale", "C"},
              dir_ / "initdb.log",
              -1,
              manners}
            .wait(std::chrono::seconds{60});
        child_.emplace(
            std::vector<std::string>{(programs_ / "postgres").string(), "-D", data, "-p",
                                     std::to_string(port_), "-c", "listen_addresses=127.0.0.1",
                                     "-c", "unix_socket_directories=", "-c",
                                     fmt::format("max_connections={}", most_peer_clients + 20)},
            dir_ / "postgresql.log", -1, manners);
        child_->wait_for_line("ready to accept connections", start_limit);
        ask("CREATE TABLE counters (series text PRIMARY KEY, number bigint NOT NULL);"
            "CREATE TABLE tickets (id bigserial PRIMARY KEY, series text NOT NULL, "
            "number bigint NOT NULL, ticket text NOT NULL);"
            "INSERT INTO counters VALUES ('counter', 0)");
    }
    std::uint16_t port() const override { return port_; }
    pid_t pid() const override { return child_->pid(); }
    std::unique_ptr<PeerProtocol> speak() const override { return speak_postgresql(); }
    Stored stored() override {
        const auto answer =
            ask("SELECT 'tickets:' || count(*) FROM tickets;"
                "SELECT 'last:' || number FROM counters");
        return {number_behind(answer, "tickets:"), number_behind(answer, "last:")};
    }
    void stop() override { child_->stop(); }

private:
    std::string ask(const std::string& sql) {
        const auto answer = dir_ / "answer";
        Child{{(programs_ / "psql").string(), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h",
               "127.0.0.1", "-p", std::to_string(port_), "-U", "postgres", "-o", answer.string(),
               "-c", sql},
              dir_ / "psql.log"}
            .wait(std::chrono::seconds{30});
        std::ifstream in{answer};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    std::filesystem::path dir_;
    std::filesystem::path programs_;
    std::uint16_t port_;
    std::optional<Child> child_;
};

}  // namespace

std::unique_ptr<PeerServer> start_redis(const std::filesystem::path& dir) {
    return std::make_unique<Redis>(dir);
}
std::unique_ptr<PeerServer> start_postgresql(const std::filesystem::path& dir) {
    return std::make_unique<Postgresql>(dir);
}
std::unique_ptr<PeerServer> start_beanstalkd(const std::filesystem::path& dir) {
    return std::make_unique<Beanstalkd>(dir);
}

}  // namespace antrean::benchmark
