// Dates, times and sentences for citizens, in Indonesian. Pure.
#pragma once

#include "firmware/kiosk/choice.hpp"
#include "firmware/kiosk/core.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace antrean::kiosk {

// "Senin, 1 Desember 2025".
std::string date_text(ServiceDay day);
// "08.05 WIB".
std::string time_text(WallTime time, std::chrono::minutes utc_offset, const std::string& zone);

// "4 orang menunggu di depan Anda".
std::string queue_text(std::uint32_t ahead);

// That the kiosk gave the number by itself, and what that means.
std::string offline_text();

// "± 25 menit", "± 1 jam 5 menit": to five minutes, for more would be a promise. Below that
// "kurang dari 5 menit"; empty where it is not known.
std::string estimate_text(std::chrono::seconds estimate);

// Why there is no number, as one or two sentences. TEXT: what the operator said of a pause.
std::string refusal_text(proto::RefusalReason reason, const std::string& text);

// What a terminal shows beside the buttons, a line for each: its key, or, where it is chosen by
// digits, its number; what it gives tickets for, and whether there are any now.
std::vector<std::string> button_lines(const proto::Menu& menu,
                                      const std::vector<proto::Offer>& offers,
                                      ChoiceMode choice = ChoiceMode::direct);

// What a terminal shows of a choice: a sentence, and a line for each key that does something. None
// where nothing has begun.
std::vector<std::string> choice_lines(const ChoiceView& view,
                                      const std::vector<proto::Offer>& offers);

// What a screen says, where a service is chosen so; one or two sentences.
std::string sentence(const Screen& screen, ChoiceMode choice = ChoiceMode::direct);

}  // namespace antrean::kiosk
