#include "firmware/common/log.hpp"

#include "drivers/tty/escape.hpp"

#include <memory>

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace antrean::common {
namespace {

const std::shared_ptr<spdlog::sinks::ringbuffer_sink_st>& ring() {
    static const auto sink = std::make_shared<spdlog::sinks::ringbuffer_sink_st>(kept_log_lines);
    return sink;
}

}  // namespace

void start_log(const std::string& name) {
    spdlog::set_default_logger(spdlog::stderr_logger_st(name));
    spdlog::default_logger()->sinks().push_back(ring());
    spdlog::set_pattern("%H:%M:%S.%e %l %v");
}

void log(const std::string& text) {
    spdlog::info("{}", tty::escaped(text));
}

void log_error(const std::string& text) {
    spdlog::error("{}", tty::escaped(text));
}

std::vector<std::string> last_log_lines(std::size_t most) {
    auto lines = ring()->last_formatted(most);
    for (auto& line : lines)
        line.erase(line.find_last_not_of('\n') + 1);
    return lines;
}

std::string_view log_level() {
    const auto name = spdlog::level::to_string_view(spdlog::get_level());
    return {name.data(), name.size()};
}

bool set_log_level(std::string_view level) {
    for (const auto& name : log_levels()) {
        if (name != level) continue;
        spdlog::set_level(spdlog::level::from_str(name));
        return true;
    }
    return false;
}

std::vector<std::string> log_levels() {
    return {"trace", "debug", "info", "warning", "error", "critical"};
}

}  // namespace antrean::common
