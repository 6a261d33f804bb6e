// What the console answers: values become lines of JSON, each with its line break. README.md
// describes them. Pure; any thread.
#pragma once

#include "controller/console/vitals.hpp"
#include "controller/engine/event.hpp"
#include "controller/sessions/hub.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace antrean::console {

// The last line of an answer.
std::string done_line(std::string_view text = {});
// WORD is for programs, TEXT for people.
std::string refused_line(std::string_view word, std::string_view text);
std::string answer_line(const engine::Answer& answer);
// Of a request for several services; it is done if none of them is refused.
std::string answers_line(const std::vector<std::pair<ServiceId, engine::Answer>>& answers);

// Lines before the last one.
std::string progress_line(std::uint64_t done, std::uint64_t of);
std::string tail_begins_line(std::uint64_t next_seq);
// The event as a row of the journal, without the columns that are null.
std::string event_line(std::uint64_t seq, const engine::Event& event);

std::string status_line(const sessions::Hub& hub, const sessions::Moment& moment,
                        const Vitals& vitals);
std::string queue_line(const sessions::Hub& hub, const sessions::Moment& moment);
std::string devices_line(const sessions::Hub& hub);
std::string alarms_line(const sessions::Hub& hub, const sessions::Moment& moment);

// For people who ask at the controller; one sentence without its stop.
std::string_view to_text(engine::Refusal refusal);

}  // namespace antrean::console
