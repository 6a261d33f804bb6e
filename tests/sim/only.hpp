// Which of a seed's doings are done. A doing is what people do and what faults befall: a press, a
// cut cable, a kiosk's death. They are numbered from 1 in the order of their times, which do not
// depend on which of them are done: so some can be left out to find the few that matter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::sim {

class Only {
public:
    using Number = std::uint32_t;

    Only() = default;  // all of them
    // Sorted here; each counts once.
    explicit Only(std::vector<Number> numbers);
    // "3,17-19"; "0": none of them. Nullopt: it is none such list.
    static std::optional<Only> parse(std::string_view text);

    bool all() const { return !numbers_; }
    bool contains(Number number) const;
    // Only where not all().
    const std::vector<Number>& numbers() const { return *numbers_; }
    // As parse() takes it. Only where not all().
    std::string text() const;

private:
    std::optional<std::vector<Number>> numbers_;
};

}  // namespace antrean::sim
