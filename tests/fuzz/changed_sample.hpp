// The body of some message of the protocol with a few bytes of it changed, put in or left out.
#pragma once

#include "tests/proto/samples.hpp"

#include <cstddef>

#include <fuzzer/FuzzedDataProvider.h>

namespace antrean::fuzz {

inline proto::Bytes changed_sample(FuzzedDataProvider& input, int most_changes = 8) {
    static const auto all = proto::samples::messages();
    const auto which = input.ConsumeIntegralInRange<std::size_t>(0, all.size() - 1);
    auto body = proto::samples::body(all[which]);
    for (int i = input.ConsumeIntegralInRange(0, most_changes); i > 0 && !body.empty(); --i) {
        const auto at = input.ConsumeIntegralInRange<std::size_t>(0, body.size() - 1);
        const auto where = body.begin() + static_cast<std::ptrdiff_t>(at);
        switch (input.ConsumeIntegralInRange(0, 3)) {
            case 0:
                *where = static_cast<std::byte>(input.ConsumeIntegral<std::uint8_t>());
                break;
            case 1:
                body.insert(where, static_cast<std::byte>(input.ConsumeIntegral<std::uint8_t>()));
                break;
            case 2:
                body.erase(where);
                break;
            default:
                body.resize(at);
        }
    }
    return body;
}

}  // namespace antrean::fuzz
