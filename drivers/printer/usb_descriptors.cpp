#include "drivers/printer/usb_descriptors.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace antrean::printer {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t device_size = 18;
constexpr std::size_t configuration_size = 9;
constexpr std::size_t interface_size = 9;
constexpr std::size_t endpoint_size = 7;
constexpr int device_type = 1;
constexpr int configuration_type = 2;
constexpr int interface_type = 4;
constexpr int endpoint_type = 5;
constexpr int printer_class = 7;
constexpr int printer_subclass = 1;
constexpr int vendor_specific = 0xff;

std::uint8_t byte_at(Bytes bytes, std::size_t at) {
    return std::to_integer<std::uint8_t>(bytes[at]);
}
std::uint16_t word_at(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(bytes, at) | byte_at(bytes, at + 1) << 8);
}

// The next descriptor, and `bytes` becomes what follows it; empty at the end, and where the lengths
// stop making sense.
Bytes take_descriptor(Bytes& bytes) {
    if (bytes.size() < 2) return {};
    const std::size_t size = byte_at(bytes, 0);
    if (size < 2 || size > bytes.size()) return {};
    const Bytes descriptor = bytes.first(size);
    bytes = bytes.subspan(size);
    return descriptor;
}
bool is(Bytes descriptor, int type, std::size_t least_size) {
    return descriptor.size() >= least_size && byte_at(descriptor, 1) == type;
}

struct Candidate {
    UsbInterface interface;
    bool suits = false;
    int rank = 0;  // the lower the better
};

// The ranks of Linux's own printer driver: bidirectional, unidirectional, IEEE 1284.4.
Candidate candidate(Bytes d, bool vendor_class) {
    Candidate result;
    UsbInterface& interface = result.interface;
    interface.number = byte_at(d, 2);
    interface.alternate = byte_at(d, 3);
    interface.protocol = byte_at(d, 7);
    if (byte_at(d, 5) == vendor_specific) {
        interface.vendor_class = true;
        result.suits = vendor_class;
        result.rank = 3;
    } else if (byte_at(d, 5) == printer_class && byte_at(d, 6) == printer_subclass) {
        result.suits = interface.protocol >= 1 && interface.protocol <= 3;
        result.rank = interface.protocol == 2 ? 0 : interface.protocol == 1 ? 1 : 2;
    }
    return result;
}

void add_endpoint(UsbInterface& interface, Bytes d) {
    constexpr int transfer_type = 0x03;
    constexpr int bulk = 2;
    constexpr int packet_bits = 0x07ff;
    if ((byte_at(d, 3) & transfer_type) != bulk) return;
    const std::uint8_t address = byte_at(d, 2);
    const bool input = (address & 0x80) != 0;
    std::uint8_t& endpoint = input ? interface.in : interface.out;
    if (endpoint != 0 || (address & 0x0f) == 0) return;
    endpoint = address;
    const auto packet = static_cast<std::uint16_t>(word_at(d, 4) & packet_bits);
    if (packet != 0) (input ? interface.in_packet : interface.out_packet) = packet;
}

std::vector<Candidate> candidates_in(Bytes configuration, std::uint8_t index, bool vendor_class) {
    std::vector<Candidate> found;
    const std::uint8_t value = byte_at(configuration, 5);
    while (true) {
        const Bytes descriptor = take_descriptor(configuration);
        if (descriptor.empty()) break;
        if (is(descriptor, interface_type, interface_size)) {
            Candidate next = candidate(descriptor, vendor_class);
            next.interface.configuration = value;
            next.interface.configuration_index = index;
            for (Candidate& other : found) {
                if (other.interface.number != next.interface.number) continue;
                other.interface.has_alternates = true;
                next.interface.has_alternates = true;
            }
            found.push_back(next);
        } else if (is(descriptor, endpoint_type, endpoint_size) && !found.empty()) {
            add_endpoint(found.back().interface, descriptor);
        }
    }
    return found;
}

}  // namespace

std::optional<UsbModel> usb_model(Bytes descriptors) {
    const Bytes device = take_descriptor(descriptors);
    if (!is(device, device_type, device_size)) return std::nullopt;
    return UsbModel{word_at(device, 8), word_at(device, 10)};
}

std::optional<UsbInterface> choose_usb_interface(Bytes descriptors, std::uint8_t active,
                                                 bool vendor_class) {
    if (!usb_model(descriptors)) return std::nullopt;
    take_descriptor(descriptors);
    std::optional<Candidate> best;
    const auto order = [active](const Candidate& c) {
        return std::tuple{c.interface.configuration != active, c.rank};
    };
    for (int index = 0; index <= 0xff && descriptors.size() >= configuration_size; ++index) {
        if (!is(descriptors, configuration_type, configuration_size)) break;
        // A configuration whose inside is broken does not hide the ones behind it.
        const std::size_t size = std::min<std::size_t>(word_at(descriptors, 2), descriptors.size());
        if (size < configuration_size) break;
        for (const Candidate& c : candidates_in(descriptors.first(size),
                                                static_cast<std::uint8_t>(index), vendor_class)) {
            if (!c.suits || c.interface.out == 0) continue;
            if (!best || order(c) < order(*best)) best = c;
        }
        descriptors = descriptors.subspan(size);
    }
    if (!best) return std::nullopt;
    return best->interface;
}

}  // namespace antrean::printer
