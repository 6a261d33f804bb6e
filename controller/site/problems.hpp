// Collects what is wrong with a site file, and words it. Private to this folder; pure.
#pragma once

#include "controller/site/site.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::site {

class Problems {
public:
    // More than this are counted, not kept: whoever mends a file mends the first ones first.
    static constexpr std::size_t max_kept = 500;

    void add(int line, std::string text, std::string remedy);
    bool empty() const { return kept_.empty(); }
    bool full() const { return kept_.size() == max_kept; }

    // All that was added, by rising line and within a line in the order it was added; where some
    // were not kept, a last one says how many.
    std::vector<Problem> in_file_order() &&;

private:
    std::vector<Problem> kept_;
    std::size_t not_kept_ = 0;
};

// A value from the file as it may be shown: in quotes, escaped, cut to 60 bytes.
std::string in_quotes(std::string_view text);

// Which of CANDIDATES somebody most likely meant by TEXT: the one with the fewest edits (insert,
// delete, replace, swap neighbours; case counts nothing) as long as these are few for its length.
// Empty where none is near. Of equally near ones the first.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace antrean::site
