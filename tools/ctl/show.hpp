// What the controller's lines say, for people. Pure.
#pragma once

#include <string>
#include <string_view>

namespace antrean::ctl {

struct Shown {
    std::string text;      // to be written out, with its line breaks; may be empty
    bool is_last = false;  // of the answer
    bool refused = false;  // it is the last one, and tells of a refusal: for standard error
};

// A line of the controller that answers the request of the name REQUEST. A line that is none of
// the console's is shown as it came, and is the last one.
Shown show(std::string_view request, std::string_view line, bool coloured);
// The same for programs: the line stays as it is.
Shown pass_on(std::string_view line);

}  // namespace antrean::ctl
