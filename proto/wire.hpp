// Between the messages of messages.hpp and the classes that protobuf made of antrean.proto. Of the
// codec alone: those classes are seen nowhere else. Pure.
#pragma once

#include "antrean.pb.h"
#include "proto/messages.hpp"

#include <optional>

namespace antrean::proto {

// FRAME is empty before. The message must keep its bounds (asserted).
void write(const Message& message, v1::Frame& frame);

struct ReadFrame {
    std::optional<Message> message;      // none: the frame holds none that this version knows
    const char* failed_field = nullptr;  // the first that is out of its range; a literal
};
ReadFrame read(const v1::Frame& frame);

}  // namespace antrean::proto
