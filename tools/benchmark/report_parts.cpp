#include "tools/benchmark/report_parts.hpp"

#include <fmt/format.h>

namespace antrean::benchmark {

double us(Nanoseconds time) {
    return std::chrono::duration<double, std::micro>{time}.count();
}
double ms(Nanoseconds time) {
    return us(time) / 1000;
}
double mib(std::uint64_t bytes) {
    return static_cast<double>(bytes) / (1 << 20);
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string json(const Summary& summary) {
    return fmt::format(R"({{"count":{},"p50_us":{:.1f},"p99_us":{:.1f},"max_us":{:.1f}}})",
                       summary.count, us(summary.p50), us(summary.p99), us(summary.max));
}

std::string json(const Memory& memory) {
    return fmt::format(R"("resident_bytes":{},"peak_bytes":{})", memory.resident_bytes,
                       memory.peak_bytes);
}

}  // namespace antrean::benchmark
