// Reads one section of a printer profile: each value stands in a list, before the names of its
// sources. Private to this folder; pure.
#pragma once

#include "drivers/config/table_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace antrean::escpos {

// Whether a printer would execute something of BYTES on arrival: DLE EOT, DLE ENQ or DLE DC4.
bool has_real_time(const std::vector<std::byte>& bytes);

// The sources that a file names, and which of them a value was found to have.
class Sources {
public:
    explicit Sources(config::Problems& problems) : problems_{problems} {}

    void read(const config::Table& table);
    // Whether NAME is a source of the file, which from now on is in use.
    bool use(const std::string& name);
    std::vector<std::string_view> names() const;
    // Tells of the sources that are not in use.
    void finish();

private:
    struct Named {
        int line;
        bool used;  // or told of already
    };
    std::map<std::string, Named> named_;
    config::Problems& problems_;
};

// Its values go to where the caller wants them; what is wrong is told, and leaves that as it was.
class Section : public config::TableReader {
public:
    Section(const config::Table& table, std::string_view name, Sources& sources,
            config::Problems& problems);

    // Whether all of it so far could be read, so that values may be held against each other.
    bool sound() const { return problems_.count() == before_; }

    template <class Target>
    void integer(std::string_view key, Target& target, std::int64_t low, std::int64_t high) {
        value(key, target, [&](const config::Value& v) { return integer_of(v, key, {low, high}); });
    }
    void number(std::string_view key, double& target, double low, double high) {
        value(key, target, [&](const config::Value& v) { return number_of(v, key, {low, high}); });
    }
    bool boolean(std::string_view key, bool& target) {
        return value(key, target, [&](const config::Value& v) { return boolean_of(v, key); });
    }
    // A boolean that, when true, says that a printer can be relied on for something.
    void claim(std::string_view key, bool& target) {
        if (boolean(key, target) && target) check_claim(key);
    }
    template <class Enum, std::size_t n>
    void word(std::string_view key, Enum& target, const std::array<config::Word<Enum>, n>& words) {
        value(key, target, [&](const config::Value& v) { return choice_of(v, key, words); });
    }
    // A word whose meanings but NONE claim something.
    template <class Enum, std::size_t n>
    void claim(std::string_view key, Enum& target, const std::array<config::Word<Enum>, n>& words,
               Enum none) {
        word(key, target, words);
        if (target != none) check_claim(key);
    }
    void text(std::string_view key, std::string& target);
    // Bytes to send; where they are NEEDED there must be some.
    void command(std::string_view key, std::vector<std::byte>& target, bool needed);
    // A list of texts, each of which PARSE makes a thing of; WANTED says what one looks like.
    template <class Thing, class Parse>
    void list(std::string_view key, std::vector<Thing>& target, std::string_view wanted,
              Parse parse) {
        value(key, target, [&](const config::Value& v) -> std::optional<std::vector<Thing>> {
            const config::List* given = short_list(v, key, wanted);
            if (given == nullptr) return std::nullopt;
            std::vector<Thing> things;
            for (const config::Value& element : *given) {
                const config::Text read = text_of(element, key);
                if (read.told) continue;
                const std::optional<Thing> thing = parse(read.value);
                if (!thing) {
                    problem(read.line, lists(key, read.value),
                            "write it like '" + std::string{wanted} + "'");
                } else if (std::ranges::find(things, *thing) != things.end()) {
                    problem(read.line, lists(key, read.value) + " twice", "remove one of them");
                } else {
                    things.push_back(*thing);
                }
            }
            return things;
        });
    }

    // The line of KEY's value, or of the section where there is none.
    int line_of(std::string_view key) const;
    // KEY as problems name it.
    std::string named(std::string_view key) const;

private:
    // Reads into TARGET what READ makes of KEY's value, an optional. Whether there was something.
    template <class Target, class Read>
    bool value(std::string_view key, Target& target, Read read) {
        const config::Value* given = sourced(key);
        if (given == nullptr) return false;
        auto got = read(*given);
        if (!got) return false;
        target = static_cast<Target>(*std::move(got));
        return true;
    }

    // The value itself of KEY, without its sources, which are looked up.
    const config::Value* sourced(std::string_view key);
    // Tells of KEY, the value that was read last, where what it claims has no source.
    void check_claim(std::string_view key);
    const config::List* short_list(const config::Value& value, std::string_view key,
                                   std::string_view wanted);
    std::string lists(std::string_view key, std::string_view what) const;

    const config::Table& table_;
    Sources& sources_;
    const config::Problems& problems_;
    std::size_t before_;
    bool last_is_guess_ = false;
    int last_line_ = 0;
};

}  // namespace antrean::escpos
