// What the parts of the report have in common. Pure.
#pragma once

#include "tools/benchmark/steps.hpp"

#include <cstdint>
#include <iterator>
#include <string>

namespace antrean::benchmark {

double us(Nanoseconds time);
double ms(Nanoseconds time);
double mib(std::uint64_t bytes);

using Out = std::back_insert_iterator<std::string>;

// As JSON.
std::string quoted(const std::string& text);
std::string json(const Summary& summary);
std::string json(const Memory& memory);  // members alone, without braces

template <class Values, class ToJson>
std::string json_list(const Values& values, ToJson&& to_json) {
    std::string out = "[";
    for (const auto& value : values) {
        if (out.size() > 1) out += ",";
        out += to_json(value);
    }
    return out + "]";
}

// Something that the project promises about its speed, as this run found it.
struct Promise {
    std::string text;  // "1 connection: half of the tickets within 1.25 x (flush + round trip)"
    std::string unit;
    double measured = 0;
    double bound = 0;
    bool at_most = true;  // else at least
    bool kept() const { return at_most ? measured <= bound : measured >= bound; }
};

}  // namespace antrean::benchmark
