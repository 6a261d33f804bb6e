// PROTOCOL.md against the code and antrean.proto: its frames, its tables and its limits.
#include "proto/codec.hpp"
#include "proto/frame_reader.hpp"
#include "proto/peer.hpp"
#include "tests/catch.hpp"
#include "tests/proto/samples.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace antrean::proto {
namespace {

std::vector<std::string> lines_of(const char* path) {
    std::ifstream file{path};
    REQUIRE(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream{line};
    return {std::istream_iterator<std::string>{stream}, {}};
}

std::string digits_of(const std::string& word) {
    std::string digits;
    std::copy_if(word.begin(), word.end(), std::back_inserter(digits),
                 [](unsigned char c) { return std::isdigit(c); });
    return digits;
}

// ```frame NAME or ```malformed NAME: lines of hexadecimal bytes, each with a comment behind ';'.
struct Block {
    std::string kind;
    std::string name;
    int line = 0;
    Bytes bytes;
};

void read_bytes(const std::string& line, Bytes& out) {
    std::istringstream words{line.substr(0, line.find(';'))};
    for (std::string word; words >> word;) {
        INFO(line);
        REQUIRE(word.size() == 2);
        REQUIRE(std::all_of(word.begin(), word.end(), [](unsigned char c) {
            return std::isdigit(c) || (c >= 'a' && c <= 'f');
        }));
        out.push_back(static_cast<std::byte>(std::stoi(word, nullptr, 16)));
    }
}

std::vector<Block> blocks(const std::string& kind) {
    std::vector<Block> found;
    bool inside = false;
    int number = 0;
    for (const auto& line : lines_of(ANTREAN_PROTOCOL_MD)) {
        ++number;
        if (line.starts_with("```")) {
            inside = line.starts_with("```" + kind + " ");
            if (inside) found.push_back({kind, line.substr(4 + kind.size()), number, {}});
        } else if (inside) {
            read_bytes(line, found.back().bytes);
        }
    }
    return found;
}

struct ProtoField {
    std::string number;
    std::string name;
};
struct ProtoMessage {
    std::string name;      // "Menu"; fields of the messages inside it are its own
    bool is_enum = false;  // that several messages have
    std::vector<ProtoField> fields;
    std::vector<ProtoField> values;  // of its enums
};

// antrean.proto is laid out one declaration a line, which is all that this understands.
std::vector<ProtoMessage> messages_of_proto() {
    std::vector<ProtoMessage> messages;
    for (const auto& line : lines_of(ANTREAN_PROTO_FILE)) {
        const auto words = words_of(line);
        const bool is_enum = line.starts_with("enum ");
        if (is_enum || line.starts_with("message ")) {
            messages.push_back({words.at(1), is_enum, {}, {}});
        }
        const auto equals = std::find(words.begin(), words.end(), "=");
        if (!line.starts_with(" ") || equals == words.begin() || equals == words.end()) continue;
        // A value of an enum has no type before its name.
        auto& list = equals - words.begin() == 1 ? messages.back().values : messages.back().fields;
        list.push_back({digits_of(equals[1]), equals[-1]});
    }
    return messages;
}

// "### Issue (10)" up to the next heading, by every message that the heading names.
std::map<std::string, std::string> sections() {
    std::map<std::string, std::string> sections;
    std::vector<std::string> current;
    for (const auto& line : lines_of(ANTREAN_PROTOCOL_MD)) {
        if (line.starts_with("#")) {
            current.clear();
            const auto words = words_of(line);
            for (std::size_t i = 1; i < words.size(); ++i) {
                if (!words[i].starts_with("(")) continue;
                current.push_back(words[i - 1] + " " + digits_of(words[i]));
            }
        }
        for (const auto& name : current)
            sections[name] += line + "\n";
    }
    return sections;
}

std::string snake(const std::string& pascal) {
    std::string out;
    for (const char c : pascal) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isupper(u) && !out.empty()) out += '_';
        out += static_cast<char>(std::tolower(u));
    }
    return out;
}

TEST_CASE("every frame of the document decodes and encodes to the same bytes",
          "[proto][document]") {
    const auto frames = blocks("frame");
    CHECK(frames.size() >= 12);
    for (const auto& frame : frames) {
        INFO("PROTOCOL.md:" << frame.line << " " << frame.name);
        FrameReader reader;
        reader.feed(frame.bytes);
        const auto body = reader.next();
        REQUIRE(body.has_value());
        REQUIRE(body->has_value());
        const auto message = samples::decoded(**body);
        REQUIRE(message);
        CHECK(reader.at_boundary());
        CHECK(samples::name(*message) == frame.name);
        CHECK(encode(*message) == frame.bytes);
    }
}

TEST_CASE("every malformed frame of the document fails as it says", "[proto][document]") {
    const auto what_fails = [](const Bytes& bytes) -> std::string {
        FrameReader reader;
        reader.feed(bytes);
        const auto body = reader.next();
        if (!body) {
            switch (body.error()) {
                case frame_errc::zero_length:
                    return "zero_length";
                case frame_errc::too_long:
                    return "too_long";
                case frame_errc::bad_length:
                    return "bad_length";
            }
        }
        if (!*body) return "incomplete";
        const auto message = decode(**body);
        if (message) return "nothing";
        switch (message.error().code) {
            case codec_errc::not_protobuf:
                return "not_protobuf";
            case codec_errc::empty_frame:
                return "empty_frame";
            case codec_errc::bad_field:
                break;
        }
        return message.error().field;
    };
    std::set<std::string> seen;
    for (const auto& frame : blocks("malformed")) {
        INFO("PROTOCOL.md:" << frame.line);
        CHECK(what_fails(frame.bytes) == frame.name);
        seen.insert(frame.name);
    }
    CHECK(seen.size() >= 6);
}

TEST_CASE("every message of the frame has an example and a section", "[proto][document]") {
    std::set<std::string> examples;
    for (const auto& frame : blocks("frame"))
        examples.insert(frame.name);
    const auto sections = proto::sections();
    auto messages = messages_of_proto();
    std::erase_if(messages, [](const auto& m) { return m.is_enum; });
    REQUIRE(messages.size() == 1 + std::variant_size_v<Message::variant>);
    REQUIRE(messages.front().name == "Frame");
    for (std::size_t i = 1; i < messages.size(); ++i) {
        const auto& name = messages[i].name;
        INFO(name);
        const auto& fields = messages.front().fields;
        const auto body = std::find_if(fields.begin(), fields.end(),
                                       [&](const auto& f) { return f.name == snake(name); });
        REQUIRE(body != fields.end());
        CHECK(examples.contains(body->name));
        CHECK(sections.contains(name + " " + body->number));
    }
}

TEST_CASE("the tables have every field and every value of antrean.proto", "[proto][document]") {
    const auto sections = proto::sections();
    const auto section_of = [&](const std::string& name) {
        for (const auto& [key, text] : sections) {
            if (key.starts_with(name + " ")) return text;
        }
        return std::string{};
    };
    int checked = 0;
    for (const auto& message : messages_of_proto()) {
        if (message.name == "Frame") continue;
        const auto text = section_of(message.name);
        for (const auto& field : message.fields) {
            INFO(message.name << "." << field.name << " = " << field.number);
            CHECK(text.find("| " + field.number + " | " + field.name + " |") != std::string::npos);
            ++checked;
        }
        for (const auto& value : message.values) {
            if (value.name.ends_with("_UNSPECIFIED")) continue;  // not given: out of range
            INFO(message.name << ": " << value.name << " = " << value.number);
            CHECK(
                (text.find("| " + value.number + " | " + value.name + " |") != std::string::npos ||
                 text.find(value.number + " " + value.name) != std::string::npos));
            ++checked;
        }
    }
    CHECK(checked > 150);
}

TEST_CASE("the table of limits says what the code holds to", "[proto][document]") {
    std::string text;
    for (const auto& line : lines_of(ANTREAN_PROTOCOL_MD))
        text += line + "\n";
    const auto thousands = [](std::size_t n) {
        auto digits = std::to_string(n);
        for (std::size_t i = digits.size(); i > 3; i -= 3)
            digits.insert(i - 3, ",");
        return digits;
    };
    const auto seconds = [](std::chrono::seconds s) { return std::to_string(s.count()); };
    for (const auto& row : {
             "| body of a frame | 1 to " + thousands(max_body_bytes) + " bytes |",
             "| body of a device's frame | 1 to " + thousands(max_body_bytes_of_device) +
                 " bytes |",
             "| printers of a kiosk's state | " + thousands(max_printers) + " |",
             "| stuck buttons of a kiosk's state | " + thousands(max_stuck) + " |",
             "| any text | " + thousands(max_text_bytes) + " bytes |",
             "| id text | " + thousands(DeviceId::max_size) + " characters |",
             "| buttons of a menu | " + thousands(max_buttons) + " |",
             "| offers at a time | " + thousands(max_offers) + " |",
             "| labels in a hello | " + thousands(max_seen) + " |",
             "| held tickets in a view | " + thousands(max_held) + " |",
             "| services to transfer to | " + thousands(max_targets) + " |",
             "| digits of a code | " + thousands(min_code_digits) + " to " +
                 thousands(max_code_digits) + " |",
             "| characters of an appointment's code | " + thousands(max_appointment_code) + " |",
             "| from connected to greeted | " + seconds(greeting_limit) + " s |",
             "| without sending | " + seconds(heartbeat_interval) + " s,",
             "| without receiving | " + seconds(silence_limit) + " s |",
         }) {
        INFO(row);
        CHECK(text.find(row) != std::string::npos);
    }
}

}  // namespace
}  // namespace antrean::proto
