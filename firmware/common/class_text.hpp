// A ticket's class, as papers and displays say it in Indonesian. Pure.
#pragma once

#include "proto/types.hpp"

#include <string>

namespace antrean::common {

// "PRIORITAS"; empty for who is served in order.
inline std::string class_text(TicketClass ticket_class) {
    switch (ticket_class) {
        case TicketClass::regular:
            break;
        case TicketClass::priority:
            return "PRIORITAS";
        case TicketClass::appointment:
            return "JANJI TEMU";
    }
    return {};
}

}  // namespace antrean::common
