// What is wrong with a configuration file, and how it is worded: every problem with its line and
// what to do about it, all of a file at once.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <boost/assert/source_location.hpp>

namespace antrean::config {

// One thing that is wrong with a file. Both texts are plain, one line, safe for a terminal.
struct Problem {
    int line = 0;  // 0: the file as a whole
    std::string
        text;  // what is wrong: "service 'ktp' names agency 'dukcapl', which is not in this file"
    std::string remedy;  // what to do: "write 'dukcapil', or add an [[agency]] with that id"
};

// Why a file was not loaded: all that is wrong with it, in the order of the file.
struct LoadError {
    std::filesystem::path file;
    std::vector<Problem> problems;  // never empty
    // One line per problem: "FILE:LINE: TEXT; REMEDY".
    std::string message() const;
};

// What result::value() throws for a LoadError: std::runtime_error with its message(), so that a
// program that cannot start without its file says why in one place.
[[noreturn]] void throw_exception_from_error(const LoadError& error,
                                             const boost::source_location& where);

class Problems {
public:
    // More than this are counted, not kept: whoever mends a file mends the first ones first.
    static constexpr std::size_t max_kept = 500;

    void add(int line, std::string text, std::string remedy);
    bool empty() const { return kept_.empty(); }
    bool full() const { return kept_.size() == max_kept; }
    std::size_t count() const { return kept_.size() + not_kept_; }

    // All that was added, by rising line and within a line in the order it was added; where some
    // were not kept, a last one says how many.
    std::vector<Problem> in_file_order() &&;

private:
    std::vector<Problem> kept_;
    std::size_t not_kept_ = 0;
};

// A value from a file as it may be shown: in quotes, escaped, cut to 60 bytes.
std::string in_quotes(std::string_view text);

// WORDS as a sentence lists them: "a, b, c".
std::string joined(const std::vector<std::string_view>& words);

// Which of CANDIDATES somebody most likely meant by TEXT: the one with the fewest edits (insert,
// delete, replace, swap neighbours; case counts nothing) as long as these are few for its length.
// Empty where none is near. Of equally near ones the first.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace antrean::config
