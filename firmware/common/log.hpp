// The log of a device's program: lines on standard error, and the last of them in memory. One
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace antrean::common {

inline constexpr std::size_t kept_log_lines = 200;

// Before the first line. NAME: of the program's part, as lines do not say it.
void start_log(const std::string& name);
void log(const std::string& text);  // as information; escaped for a terminal

void log_error(const std::string& text);

// The newest last.
std::vector<std::string> last_log_lines(std::size_t most);
// "trace", "debug", "info", "warning", "error" or "critical"; holds until the program ends.
std::string_view log_level();
bool set_log_level(std::string_view level);  // false: there is none of that name
std::vector<std::string> log_levels();

}  // namespace antrean::common
