#include "firmware/kiosk/reader_device.hpp"

#include "firmware/common/program.hpp"

#include <utility>

#include <fmt/format.h>

namespace antrean::kiosk {
namespace {

// No contact bounces in a reader, and it types one character twice faster than a button could be
// pressed twice.
buttons::EvdevConfig config(const std::string& path) {
    buttons::EvdevConfig config;
    config.device = path;
    config.times.debounce = std::chrono::milliseconds{0};
    return config;
}

}  // namespace

ReaderDevice::ReaderDevice(boost::asio::io_context& io, const std::string& path,
                           std::function<void(const std::string& code)> on_code)
    : keys_{io,
            config(path),
            {.press =
                 [this, on_code = std::move(on_code)](buttons::KeyCode key, SteadyTime at) {
                     if (const auto line = reader_.pressed(key, at)) on_code(*line);
                 },
             .release = [this](buttons::KeyCode key, SteadyTime) { reader_.released(key); },
             .stuck = [](buttons::KeyCode, bool) {},
             .device =
                 [path](bool there, const std::string& text) {
                     const auto line = fmt::format("reader {}: {}", path, text);
                     there ? common::log(line) : common::log_error(line);
                 }}} {}

}  // namespace antrean::kiosk
