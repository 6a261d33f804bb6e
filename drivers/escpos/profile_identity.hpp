// What a printer says of itself, before anybody knows which model it is.
//
// Pure; any thread. All of it is text and flags from outside: nothing here is believed yet.
#pragma once

#include "drivers/escpos/profile.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace antrean::escpos {

// An IEEE 1284 device id, as GET_DEVICE_ID of the USB printer class (1.1, section 4.2.1) gives it.
// Each text is empty where the id does not say it, and otherwise printable ASCII without spaces
// around it, of at most 255 bytes.
struct DeviceId {
    std::string maker;        // MFG or MANUFACTURER
    std::string model;        // MDL or MODEL
    std::string commands;     // CMD or COMMAND SET
    std::string kind;         // CLS or CLASS
    std::string description;  // DES or DESCRIPTION
    std::string serial;       // SN, SERN or SERIALNUMBER
    bool operator==(const DeviceId&) const = default;
};

// Reads the "KEY:value;" PAIRS of an id, without the length in front of them, which is the
// transport's matter. A pair with other than printable ASCII is ignored, and of keys given twice
// the first counts. None where there is neither maker nor model: clones answer with anything.
std::optional<DeviceId> parse_device_id(std::string_view pairs);

// What became of a question, asked while the printer was ready: a printer that is offline is silent
// for other reasons.
enum class Heard { not_asked, silent, answered };

struct Identity {
    std::optional<UsbId> usb;
    std::string maker, model;             // of the IEEE 1284 id
    std::string said_maker, said_model;   // by GS I 66 and 67, in the stream that is printed
    std::optional<double> paper_mm;       // width of the roll, where somebody said it
    Heard status = Heard::not_asked;      // DLE EOT
    Heard asb = Heard::not_asked;         // GS a
    Heard barrier = Heard::not_asked;     // GS r
    Heard process_id = Heard::not_asked;  // GS ( H
    Heard counters = Heard::not_asked;    // GS g 2
    Heard clear = Heard::not_asked;       // DLE DC4 fn 8
};

}  // namespace antrean::escpos
