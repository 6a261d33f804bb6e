// Dates, times and sentences for citizens, in Indonesian. Pure.
#pragma once

#include "firmware/kiosk/core.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace antrean::kiosk {

// "Senin, 1 Desember 2025".
std::string date_text(ServiceDay day);
// "08.05 WIB".
std::string time_text(WallTime time, std::chrono::minutes utc_offset, const std::string& zone);

// "4 orang menunggu di depan Anda".
std::string queue_text(std::uint32_t ahead);

// What a screen says; one or two sentences.
std::string sentence(const Screen& screen);

}  // namespace antrean::kiosk
