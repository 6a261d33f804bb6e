// Reads one table of a configuration file key by key, and tells what is wrong with it: what is
// missing, of another type, out of range, or not known.
//
// Every read names a key, and finish() tells of the keys that nobody named, so that a slip of the
// pen never silently loses a setting. What is missing or wrong is told and read as nothing, so a
// file's problems are all told at once. Pure; one thread; table and problems must outlive it.
#pragma once

#include "drivers/config/problems.hpp"
#include "drivers/config/value.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::config {

struct Text {
    std::string value;  // empty: not given, or not usable and told
    int line = 0;       // 0: not given
    bool told = false;  // it is of a wrong type, which was told
    bool given() const { return line != 0; }
};

struct IntegerRange {
    std::int64_t low = 0;
    std::int64_t high = 0;
};
struct NumberRange {
    double low = 0;
    double high = 0;
};

// A word of a file, and what it stands for.
template <class Enum>
struct Word {
    std::string_view word;
    Enum meaning;
};

enum class Need : bool { optional, required };

class TableReader {
public:
    // HEADER as in the file: "[[agency]]". LABEL is how problems name the table: "this [[agency]]".
    TableReader(const Table& table, std::string header, std::string label, Problems& problems);

    int line() const { return table_.line; }
    const std::string& label() const { return label_; }
    void name_by(std::string label) { label_ = std::move(label); }
    void problem(int line, std::string text, std::string remedy) {
        problems_.add(line, std::move(text), std::move(remedy));
    }

    // The value of KEY; null where there is none, told if it is required.
    const Value* take(std::string_view key, Need need);

    // Text of any form, the empty one too.
    Text text(std::string_view key, Need need);
    // Text that is not empty; what it means is looked up by the caller.
    Text filled(std::string_view key, Need need);
    // Text for people: not blank, at most MAX_BYTES, without control characters.
    Text name(std::string_view key, Need need, std::size_t max_bytes);
    // Numbers within the range, its ends included. A whole number is a number too.
    std::optional<std::int64_t> integer(std::string_view key, Need need, IntegerRange range);
    std::optional<double> number(std::string_view key, Need need, NumberRange range);
    std::optional<bool> boolean(std::string_view key, Need need);
    template <class Enum, std::size_t n>
    std::optional<Enum> choice(std::string_view key, Need need,
                               const std::array<Word<Enum>, n>& words) {
        const Value* value = take(key, need);
        return value == nullptr ? std::nullopt : choice_of(*value, key, words);
    }
    // Both null where there is none. EXAMPLE: "agencies = [\"...\"]".
    const List* list(std::string_view key, Need need, const std::string& example);
    const Table* table(std::string_view key, Need need, const std::string& example);
    // A list of texts that are not empty. TOLD becomes true where some of it could not be read.
    std::vector<Text> texts(std::string_view key, Need need, bool& told);

    // The same checks of a value that was taken already, or that stands within another; KEY is
    // what problems call it.
    Text text_of(const Value& value, std::string_view key);
    Text filled_of(const Value& value, std::string_view key);
    Text name_of(const Value& value, std::string_view key, std::size_t max_bytes);
    std::optional<std::int64_t> integer_of(const Value& value, std::string_view key,
                                           IntegerRange range);
    std::optional<double> number_of(const Value& value, std::string_view key, NumberRange range);
    std::optional<bool> boolean_of(const Value& value, std::string_view key);
    const List* list_of(const Value& value, std::string_view key, const std::string& example);
    template <class Enum, std::size_t n>
    std::optional<Enum> choice_of(const Value& value, std::string_view key,
                                  const std::array<Word<Enum>, n>& words) {
        std::vector<std::string_view> known;
        for (const Word<Enum>& word : words)
            known.push_back(word.word);
        const auto found = word_of(value, key, known);
        return found ? std::optional{words[*found].meaning} : std::nullopt;
    }
    void wrong_type(const Value& value, std::string_view key, std::string_view wanted,
                    const std::string& example);

    // Tells of the keys that nobody asked for.
    void finish();

private:
    std::optional<std::size_t> word_of(const Value& value, std::string_view key,
                                       const std::vector<std::string_view>& known);

    const Table& table_;
    std::string header_;
    std::string label_;
    Problems& problems_;
    std::vector<std::string> known_;
};

// The table [NAME] of FILE; null where there is none or it is no table, which is told. REMEDY says
// what to add where there is none.
const Table* section(const Table& file, std::string_view name, const std::string& remedy,
                     Problems& problems);

// The tables [[KIND]] of FILE, in their order, up to MOST of them; more are told of, as too many
// for what OWNER names: "a site".
std::vector<const Table*> tables(const Table& file, std::string_view kind, std::size_t most,
                                 std::string_view owner, Problems& problems);

// Tells of the keys of FILE, at its top level, that are not among KNOWN.
void only(const Table& file, const std::vector<std::string_view>& known, Problems& problems);

}  // namespace antrean::config
