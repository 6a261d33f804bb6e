// What the public board answers to which request: a pure table.
// Nothing here is secret or changes anything, so there is no session, cookie or token.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace antrean::web {

enum class Method {
    get,
    head,
    other,
};

// An answer whose text lives as long as the program.
struct Answer {
    unsigned status = 200;
    std::string_view content_type;
    std::string_view body;
    std::string_view location = {};  // of a redirect, else empty
    bool event_stream = false;       // the views follow as server-sent events; `body` is empty
};

// `target` is the request target as sent; a query behind it is ignored.
Answer answer_for(Method method, std::string_view target);

// The answer to what never became a request, or is not let in: 400, 431 or 503.
Answer refusal(unsigned status);

// The same for all pages of the same program: a board that stays open for weeks learns by it that
// the controller has been replaced, and loads the page anew.
std::string page_version();

// Sent with every answer. The page runs its own script and style and talks to its own origin;
// whatever else might get into it does nothing.
inline constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'";

}  // namespace antrean::web
