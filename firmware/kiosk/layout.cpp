#include "firmware/kiosk/layout.hpp"

#include "firmware/kiosk/indonesian.hpp"

#include <string>

namespace antrean::kiosk {

layout::Fields to_fields(const Paper& paper) {
    using layout::Field;
    layout::Fields fields;
    fields[Field::site] = paper.site_name;
    fields[Field::place] = paper.place;
    fields[Field::agency] = paper.agency_name;
    fields[Field::service] = paper.service_name;
    fields[Field::label] = paper.label;
    fields[Field::date] = date_text(paper.service_day);
    fields[Field::time] = time_text(paper.issued, paper.utc_offset, paper.zone);
    fields[Field::ahead] = std::to_string(paper.ahead);
    fields[Field::queue] = queue_text(paper.ahead);
    return fields;
}

std::vector<std::byte> lay_out(const Paper& paper, bool copy, const escpos::Profile& profile,
                               bool parted) {
    return layout::lay_out(layout::standard(), to_fields(paper), profile, {copy, parted});
}

}  // namespace antrean::kiosk
