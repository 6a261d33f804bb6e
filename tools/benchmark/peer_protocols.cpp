#include "tools/benchmark/peer_protocols.hpp"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace antrean::benchmark {
namespace {

// What a ticket of ours says beside its number.
constexpr std::string_view ticket_text =
    "service=service-07 device=bench-0042 series=series-07 id=1";

[[noreturn]] void fail(std::string_view peer, std::string_view words) {
    throw std::runtime_error{fmt::format("{} answered: {}", peer, words.substr(0, 300))};
}

std::uint64_t number_in(std::string_view peer, std::string_view text) {
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    if (text.empty() || std::from_chars(text.data(), end, number).ptr != end) fail(peer, text);
    return number;
}

constexpr std::string_view line_end = "\r\n";

class Redis : public PeerProtocol {
public:
    void greet(std::string& output) override {
        constexpr std::string_view script =
            "local number = redis.call('INCR', KEYS[1]) "
            "redis.call('XADD', KEYS[2], '*', 'number', number, 'ticket', ARGV[1]) "
            "return number";
        output += command({"SCRIPT", "LOAD", script});
    }

    Heard hear(std::string_view& input, std::string&) override {
        const auto end = input.find(line_end);
        if (end == std::string_view::npos) return Heard::part;
        const auto line = input.substr(0, end);
        if (line.starts_with(':')) {
            number_ = number_in("redis", line.substr(1));
            input.remove_prefix(end + 2);
            return Heard::ticket;
        }
        if (!line.starts_with('$')) fail("redis", line);
        const auto size = number_in("redis", line.substr(1));
        if (input.size() < end + 2 + size + 2) return Heard::part;
        request_ = command(
            {"EVALSHA", input.substr(end + 2, size), "2", "counter", "tickets", ticket_text});
        input.remove_prefix(end + 2 + size + 2);
        return Heard::ready;
    }

    void ask(std::string& output) override { output += request_; }

private:
    static std::string command(std::initializer_list<std::string_view> words) {
        auto out = fmt::format("*{}\r\n", words.size());
        for (const auto word : words)
            out += fmt::format("${}\r\n{}\r\n", word.size(), word);
        return out;
    }

    std::string request_;
};

class Postgresql : public PeerProtocol {
public:
    void greet(std::string& output) override {
        std::string body;
        add_int32(body, 3 << 16);
        for (const std::string_view word : {"user", "postgres", "database", "postgres", ""})
            add_text(body, word);
        add_int32(output, static_cast<std::uint32_t>(body.size() + 4));
        output += body;
    }

    Heard hear(std::string_view& input, std::string& output) override {
        constexpr std::size_t head = 5;  // the kind, and the size of the rest
        if (input.size() < head) return Heard::part;
        const std::size_t size = 1 + int32_at(input, 1);
        if (input.size() < size) return Heard::part;
        const char kind = input[0];
        const auto body = input.substr(head, size - head);
        input.remove_prefix(size);
        switch (kind) {
            case 'R':  // authentication; 0: none is wanted
                if (int32_at(body, 0) != 0) fail("postgresql", "it wants a password");
                return Heard::word;
            case 'D': {  // a row: the count of its columns, then size and bytes of the first
                number_ = number_in("postgresql", body.substr(6));
                return Heard::word;
            }
            case 'Z':  // ready for a query: what was executed is committed
                if (state_ == State::executing) return Heard::ticket;
                if (state_ == State::starting) {
                    state_ = State::preparing;
                    prepare(output);
                    return Heard::word;
                }
                state_ = State::executing;
                return Heard::ready;
            case 'E':
                fail("postgresql", in_words(body));
            default:
                return Heard::word;
        }
    }

    void ask(std::string& output) override { output += request_; }

private:
    enum class State { starting, preparing, executing };

    static void add_int16(std::string& out, std::uint16_t value) {
        out += static_cast<char>(value >> 8);
        out += static_cast<char>(value & 0xff);
    }
    static void add_int32(std::string& out, std::uint32_t value) {
        add_int16(out, static_cast<std::uint16_t>(value >> 16));
        add_int16(out, static_cast<std::uint16_t>(value & 0xffff));
    }
    static void add_text(std::string& out, std::string_view text) {
        out += text;
        out += '\0';
    }
    static void add_value(std::string& out, std::string_view text) {
        add_int32(out, static_cast<std::uint32_t>(text.size()));
        out += text;
    }
    static void add_message(std::string& out, char kind, const std::string& body) {
        out += kind;
        add_int32(out, static_cast<std::uint32_t>(body.size() + 4));
        out += body;
    }
    static std::size_t int32_at(std::string_view bytes, std::size_t at) {
        std::size_t value = 0;
        for (std::size_t i = at; i < at + 4; ++i)
            value = value << 8 | static_cast<unsigned char>(bytes.at(i));
        return value;
    }
    // An error is a list of fields: a letter and a text each.
    static std::string in_words(std::string_view fields) {
        std::string words{fields};
        for (auto& c : words) {
            if (c == '\0') c = ' ';
        }
        return words;
    }

    void prepare(std::string& output) {
        constexpr std::uint32_t text_type = 25;
        std::string parse;
        add_text(parse, "issue");
        add_text(parse,
                 "WITH next AS (UPDATE counters SET number = number + 1 WHERE series = $1 "
                 "RETURNING number) INSERT INTO tickets (series, number, ticket) "
                 "SELECT $1, number, $2 FROM next RETURNING number");
        add_int16(parse, 2);
        add_int32(parse, text_type);
        add_int32(parse, text_type);
        add_message(output, 'P', parse);
        add_message(output, 'S', {});

        std::string bind;
        add_text(bind, "");  // the unnamed portal
        add_text(bind, "issue");
        add_int16(bind, 0);  // all parameters as text
        add_int16(bind, 2);
        add_value(bind, "counter");
        add_value(bind, ticket_text);
        add_int16(bind, 0);  // all columns as text
        std::string execute;
        add_text(execute, "");
        add_int32(execute, 0);  // every row
        add_message(request_, 'B', bind);
        add_message(request_, 'E', execute);
        add_message(request_, 'S', {});
    }

    State state_ = State::starting;
    std::string request_;
};

class Beanstalkd : public PeerProtocol {
public:
    void greet(std::string& output) override { output += "use default\r\n"; }

    Heard hear(std::string_view& input, std::string&) override {
        const auto end = input.find(line_end);
        if (end == std::string_view::npos) return Heard::part;
        const auto line = input.substr(0, end);
        input.remove_prefix(end + 2);
        if (line == "USING default") return Heard::ready;
        constexpr std::string_view inserted = "INSERTED ";
        if (!line.starts_with(inserted)) fail("beanstalkd", line);
        number_ = number_in("beanstalkd", line.substr(inserted.size()));
        return Heard::ticket;
    }

    void ask(std::string& output) override {
        // Priority, delay and the time that a worker would have.
        output += fmt::format("put 1 0 60 {}\r\n{}\r\n", ticket_text.size(), ticket_text);
    }
};

}  // namespace

std::unique_ptr<PeerProtocol> speak_redis() {
    return std::make_unique<Redis>();
}
std::unique_ptr<PeerProtocol> speak_postgresql() {
    return std::make_unique<Postgresql>();
}
std::unique_ptr<PeerProtocol> speak_beanstalkd() {
    return std::make_unique<Beanstalkd>();
}

}  // namespace antrean::benchmark
