#include "firmware/console/device_commands.hpp"

#include "firmware/common/log.hpp"
#include "firmware/console/network.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

namespace antrean::device_console {
namespace {

using Ptr = std::shared_ptr<Call>;

constexpr std::int64_t mib = 1 << 20;
constexpr std::int64_t least_free_mib = 50;

std::optional<std::int64_t> number(const std::string& text, std::int64_t low, std::int64_t high) {
    std::int64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || value < low || value > high) return std::nullopt;
    return value;
}

// Of the argument, if there is one. None after it was refused.
std::optional<std::int64_t> number_or(const Ptr& call, std::int64_t otherwise, std::int64_t high) {
    if (call->arguments.empty()) return otherwise;
    const auto value = number(call->arguments[0], 1, high);
    if (!value) {
        call->finish(refused("argument", "'" + call->arguments[0] + "' is no such number",
                             fmt::format("Write one from 1 to {}", high)));
    }
    return value;
}

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

const SteadyTime started = now();

Value seconds_since(SteadyTime since) {
    if (since == SteadyTime{}) return {};
    return std::int64_t{std::chrono::duration_cast<std::chrono::seconds>(now() - since).count()};
}

std::optional<std::int64_t> free_mib(const std::filesystem::path& folder) {
    struct statvfs room {};
    if (statvfs(folder.empty() ? "." : folder.c_str(), &room) != 0) return std::nullopt;
    return static_cast<std::int64_t>(room.f_bavail * room.f_frsize) / mib;
}

// Of /proc/self/io (proc(5)): what this process has had written to disks since it started.
Value bytes_written() {
    std::ifstream file{"/proc/self/io"};
    for (std::string line; std::getline(file, line);) {
        constexpr std::string_view name = "write_bytes: ";
        if (line.rfind(name, 0) != 0) continue;
        if (const auto value = number(line.substr(name.size()), 0, INT64_MAX)) return *value;
    }
    return {};
}

// Whether the kernel's clock is kept by somebody, as NTP does (adjtimex(2)).
bool is_synchronised() {
    timex state{};
    return adjtimex(&state) != TIME_ERROR;
}

bool is_sane(std::chrono::system_clock::time_point time) {
    return time > std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};
}

Value rounded_ms(std::optional<std::chrono::microseconds> latency) {
    if (!latency) return {};
    return static_cast<double>(latency->count()) / 1000;
}

void add_link(const common::Link::Status& link, Record& fields) {
    fields.push_back({"controller", link.address});
    fields.push_back({"connected", link.is_up});
    fields.push_back({"connected_since_s", link.is_up ? seconds_since(link.since) : Value{}});
    if (!link.is_up) fields.push_back({"why_not", link.why.empty() ? "connecting" : link.why});
}

Answer status(const Device& device) {
    Answer answer;
    answer.fields = {{"program", device.program + " " ANTREAN_VERSION},
                     {"device", device.id},
                     {"running_s", seconds_since(started)}};
    add_link(device.link(), answer.fields);
    if (const auto free = free_mib(device.folder))
        answer.fields.push_back({"disk_free_mib", *free});
    device.add_status(answer);
    return answer;
}

Answer network(const Device& device, const Reached& reached) {
    Answer answer;
    const auto& link = device.link();
    add_link(link, answer.fields);
    answer.fields.insert(answer.fields.end(),
                         {{"connections", static_cast<std::int64_t>(link.welcomes)},
                          {"reachable", reached.latency.has_value()},
                          {"tried", reached.address.empty() ? Value{} : Value{reached.address}},
                          {"latency_ms", rounded_ms(reached.latency)}});
    if (!reached.latency) answer.fields.push_back({"why_unreachable", reached.why});
    Table addresses{"addresses", {}};
    for (const auto& one : interface_addresses())
        addresses.rows.push_back(
            {{"interface", one.interface}, {"up", one.is_up}, {"address", one.address}});
    answer.tables.push_back(std::move(addresses));
    return answer;
}

Answer clock(const Device& device) {
    const auto wall = std::chrono::system_clock::now();
    const auto seconds = std::chrono::system_clock::to_time_t(wall);
    const auto local = fmt::localtime(seconds);
    const auto ahead = device.link().clock_ahead;
    Answer answer;
    answer.fields = {{"local", fmt::format("{:%Y-%m-%d %H:%M:%S %Z}", local)},
                     {"utc", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds))},
                     {"kept_by_ntp", is_synchronised()},
                     {"controller_ahead_ms", ahead ? Value{std::int64_t{ahead->count()}} : Value{}},
                     {"running_s", seconds_since(started)}};
    if (!is_sane(wall)) {
        answer.text = "The clock is not set";
        answer.remedy = "Papers bear the controller's time; mend it for the log's sake";
    }
    return answer;
}

Answer log_tail(std::size_t most) {
    Answer answer;
    Table lines{"lines", {}};
    for (auto& line : common::last_log_lines(most))
        lines.rows.push_back({{"line", std::move(line)}});
    answer.tables.push_back(std::move(lines));
    return answer;
}

Answer log_level(const std::vector<std::string>& arguments) {
    if (!arguments.empty() && !common::set_log_level(arguments[0])) {
        return refused("argument", "there is no level '" + arguments[0] + "'",
                       fmt::format("Write one of {}", fmt::join(common::log_levels(), ", ")));
    }
    Answer answer;
    answer.fields = {{"level", std::string{common::log_level()}}};
    return answer;
}

Answer counters(const Device& device, Store& store) {
    if (const auto done = store.add(take_counts(device)); !done)
        device.on_store_failure(done.error());
    const auto counted = store.counters();
    if (!counted) return refused("store", counted.error().text, "Look at the log");
    Answer answer;
    for (const auto& [name, value] : *counted) {
        constexpr std::string_view length = "paper_mm";
        const auto at = name.rfind(length);
        if (at == std::string::npos) {
            answer.fields.push_back({name, value});
        } else {
            auto metres = name;
            metres.replace(at, length.size(), "paper_m");
            answer.fields.push_back({metres, static_cast<double>(value) / 1000});
        }
    }
    answer.fields.push_back({"bytes_written_since_start", bytes_written()});
    return answer;
}

void end(const Ptr& call, const std::function<Answer()>& why_not,
         const std::function<void(Ending)>& end, Ending how, const char* text) {
    if (auto answer = why_not(); !answer.error.empty()) return call->finish(std::move(answer));
    call->finish({.text = text, .logs_off = true});
    end(how);
}

}  // namespace

Counters take_counts(const Device& device) {
    auto counts = device.new_counts();
    std::erase_if(counts, [](const auto& count) { return count.second == 0; });
    return counts;
}

void add_device_commands(Commands& commands, boost::asio::io_context& io, const Device& device,
                         Store& store) {
    commands.add({.name = "status",
                  .summary = "Tells how the device is",
                  .help = "What it is, whether it is connected, what waits, how its printers are.\n"
                          "Example: status --json\n",
                  .run = [&](const Ptr& call) { call->finish(status(device)); }});
    commands.add(
        {.name = "network",
         .summary = "Tells the addresses, and whether the controller can be reached",
         .help = "Makes a connection to the controller of its own and measures how long that\n"
                 "takes; at most 3 s.\n"
                 "Example: network\n",
         .run = [&](const Ptr& call) {
             auto reaching = std::make_shared<std::shared_ptr<void>>();
             *reaching = reach(io, device.link().address, [&device, call](const Reached& reached) {
                 call->on_cancel = nullptr;
                 call->finish(network(device, reached));
             });
             call->on_cancel = [reaching] { reaching->reset(); };
         }});
    commands.add({.name = "clock",
                  .summary = "Tells the time here, and how far the controller's is ahead",
                  .help = "Example: clock\n",
                  .run = [&](const Ptr& call) { call->finish(clock(device)); }});
    commands.add({.name = "log tail",
                  .arguments = "[LINES]",
                  .most = 1,
                  .summary = "Shows the last lines of the log",
                  .help = fmt::format("20 of them, or as many as you say, up to {}.\n"
                                      "Example: log tail 50\n",
                                      common::kept_log_lines),
                  .run = [](const Ptr& call) {
                      if (const auto most = number_or(call, 20, common::kept_log_lines))
                          call->finish(log_tail(static_cast<std::size_t>(*most)));
                  }});
    commands.add({.name = "log level",
                  .arguments = "[LEVEL]",
                  .most = 1,
                  .summary = "Tells or sets how much is logged, until the next start",
                  .help = fmt::format("LEVEL is one of {}.\nExample: log level debug\n",
                                      fmt::join(common::log_levels(), ", ")),
                  .run = [](const Ptr& call) { call->finish(log_level(call->arguments)); },
                  .choices = common::log_levels});
    commands.add({.name = "counters",
                  .summary = "Tells what has worn: cuts, metres of paper, writes",
                  .help =
                      "Since the console's store was made; the length of the paper is reckoned.\n"
                      "Example: counters --json\n",
                  .run = [&](const Ptr& call) { call->finish(counters(device, store)); }});
    commands.add(
        {.name = "restart",
         .summary = "Starts the program anew",
         .help = "Not while a paper is on its way. Nothing is lost, and you are logged off.\n"
                 "Example: restart\n",
         .run = [&](const Ptr& call) {
             end(call, device.why_not_restart, device.end, Ending::restart, "It starts anew");
         }});
    commands.add({.name = "factory-reset",
                  .summary = "Forgets all but the code and the counters, and starts anew",
                  .help = "The device's store and the journal of papers are removed. Not while\n"
                          "anything has yet to be told to the controller.\n"
                          "Example: factory-reset\n",
                  .run =
                      [&](const Ptr& call) {
                          end(call, device.why_not_reset, device.end, Ending::reset,
                              "All is forgotten, and it starts anew");
                      },
                  .confirm = device.id,
                  .warning = "This removes the device's store and its journal of papers"});
    commands.add({.name = "logout",
                  .summary = "Logs off, as Ctrl-D does",
                  .help = "Example: logout\n",
                  .run = [](const Ptr& call) { call->finish({.text = "Bye", .logs_off = true}); }});
}

void add_buttons_command(Commands& commands, boost::asio::io_context& io, PressTap& tap) {
    commands.add(
        {.name = "buttons",
         .arguments = "[SECONDS]",
         .most = 1,
         .summary = "Shows each press as it comes, for 30 s or as long as you say",
         .help = "Stuck keys come first. Presses do nothing else meanwhile.\nExample: buttons 60\n",
         .run = [&](const Ptr& call) {
             const auto seconds = number_or(call, 30, 120);
             if (!seconds) return;
             const auto timer = std::make_shared<boost::asio::steady_timer>(io);
             const auto pressed = std::make_shared<std::int64_t>(0);
             const std::weak_ptr<Call> weak = call;
             tap.open([weak, pressed](const Record& press) {
                 ++*pressed;
                 if (const auto waiting = weak.lock()) waiting->row(press);
             });
             for (const auto& stuck : tap.stuck())
                 call->row(stuck);
             call->row({{"for_s", *seconds}, {"press", "now, Ctrl-C ends it"}});
             call->on_cancel = [timer, &tap] {
                 tap.close();
                 timer->cancel();
             };
             timer->expires_after(std::chrono::seconds{*seconds});
             timer->async_wait([call, timer, pressed, &tap](boost::system::error_code error) {
                 if (error) return;
                 tap.close();
                 call->on_cancel = nullptr;
                 Answer answer;
                 answer.fields = {{"presses", *pressed}};
                 call->finish(std::move(answer));
             });
         }});
}

std::string take_code(const std::filesystem::path& file, Store& store) {
    std::ifstream stream{file};
    std::string code(max_code_bytes + 2, '\0');
    stream.read(code.data(), static_cast<std::streamsize>(code.size()));
    if (!stream.eof() && !stream) return file.string() + " cannot be read";
    code.resize(static_cast<std::size_t>(stream.gcount()));
    code.resize(std::min(code.find_first_of("\r\n"), code.size()));
    if (code.size() < min_code_bytes || code.size() > max_code_bytes ||
        code.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "-_.,:;+*/=!?@#%&()") != std::string::npos) {
        return fmt::format(
            "{}: its first line is no code; write {} to {} letters, digits or signs such as - and "
            ".",
            file.string(), min_code_bytes, max_code_bytes);
    }
    if (store.secret() && is_code(*store.secret(), code)) return {};
    std::array<std::byte, 16> salt{};
    if (RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), salt.size()) != 1)
        throw std::runtime_error{"OpenSSL gives no random bytes"};
    const auto done = store.set_secret(make_secret(code, salt));
    return done ? std::string{} : done.error().text;
}

Record check(const std::string& name, bool is_good, const std::string& found) {
    return {{"check", name}, {"good", is_good}, {"found", found}};
}

std::shared_ptr<void> run_checks(boost::asio::io_context& io, const Device& device,
                                 const Store& store,
                                 std::function<void(std::vector<Record>)> done) {
    std::vector<Record> checks;
    const auto free = free_mib(device.folder);
    checks.push_back(check("disk", free && *free >= least_free_mib,
                           free ? fmt::format("{} MiB free", *free) : "its room cannot be told"));
    const auto read = store.counters();
    checks.push_back(check("store", read.has_value(), read ? "readable" : read.error().text));
    const auto wall = std::chrono::system_clock::now();
    checks.push_back(check("clock", is_sane(wall),
                           fmt::format("{:%Y-%m-%d %H:%M}, {} by NTP",
                                       fmt::localtime(std::chrono::system_clock::to_time_t(wall)),
                                       is_synchronised() ? "kept" : "not kept")));
    const auto& link = device.link();
    checks.push_back(
        check("connection", link.is_up, link.is_up ? "connected to " + link.address : link.why));
    return reach(
        io, link.address, [checks, done = std::move(done)](const Reached& reached) mutable {
            checks.push_back(check("network", reached.latency.has_value(),
                                   reached.latency
                                       ? fmt::format("the controller answers in {:.1f} ms",
                                                     std::get<double>(rounded_ms(reached.latency)))
                                       : reached.why));
            done(std::move(checks));
        });
}

}  // namespace antrean::device_console
