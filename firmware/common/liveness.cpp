#include "firmware/common/liveness.hpp"

#include <utility>

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace antrean::common {

Liveness::Liveness(boost::asio::io_context& io, notify::Notifier notifier,
                   std::filesystem::path store)
    : notifier_{std::move(notifier)}, store_{std::move(store)}, timer_{io} {
    if (!notifier_.is_heard()) return;
    timer_.expires_at(boost::asio::steady_timer::time_point::min());
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        notifier_.ready();
        if (notifier_.watchdog_interval()) feed();
    });
}

void Liveness::feed() {
    // Not by opening it: closing any descriptor of a file takes away the locks that SQLite has on
    // it.
    const bool can_write = access(store_.c_str(), W_OK) == 0;
    if (can_write) {
        notifier_.watchdog();
    } else if (could_write_) {
        spdlog::critical("{} cannot be written any more. The watchdog will end this program",
                         store_.string());
    }
    could_write_ = can_write;
    // Twice as often as it must be, so that one late turn is not taken for a death.
    timer_.expires_after(*notifier_.watchdog_interval() / 2);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) feed();
    });
}

}  // namespace antrean::common
