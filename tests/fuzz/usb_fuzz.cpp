// Any descriptors and any device id that a thing on USB may send, and any address that a person may
// write: what is made of them lies within them, and does not depend on what comes behind.
#include "drivers/printer/address.hpp"
#include "drivers/printer/usb_descriptors.hpp"
#include "drivers/printer/usb_identity.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean::printer;
using Bytes = std::vector<std::byte>;

void must(bool holds) {
    if (!holds) std::abort();
}

void check_descriptors(FuzzedDataProvider& input) {
    const auto active = input.ConsumeIntegral<std::uint8_t>();
    const Bytes bytes = input.ConsumeRemainingBytes<std::byte>();
    const auto model = usb_model(bytes);
    const auto strict = choose_usb_interface(bytes, active, false);
    const auto lax = choose_usb_interface(bytes, active, true);
    must(model || !lax);
    must(lax || !strict);
    for (const auto& found : {strict, lax}) {
        if (!found) continue;
        must((found->out & 0x80) == 0 && (found->out & 0x0f) != 0);
        must(found->in == 0 || ((found->in & 0x80) != 0 && (found->in & 0x0f) != 0));
        must(found->out_packet >= 1 && found->out_packet <= 0x7ff);
        must(found->in_packet >= 1 && found->in_packet <= 0x7ff);
        const auto endpoint = std::byte{found->out};
        must(std::find(bytes.begin(), bytes.end(), endpoint) != bytes.end());
    }
    must(!strict || !strict->vendor_class);
    // A class that is not allowed changes nothing for the others.
    must(!lax || lax->vendor_class || strict);
}

void check_device_id(FuzzedDataProvider& input) {
    const Bytes answer = input.ConsumeRemainingBytes<std::byte>();
    const std::string text = device_id_text(answer);
    must(text.empty() || (text.size() + 2 <= answer.size() && text.find(':') != std::string::npos));
    must(text.find('\0') == std::string::npos);
}

void check_address(FuzzedDataProvider& input) {
    const std::string text = input.ConsumeRemainingBytesAsString();
    const auto address = parse_address(text);
    if (address.has_error()) {
        const std::string error = address.error();
        must(!error.empty());
        must(std::all_of(error.begin(), error.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
    } else if (const auto* tcp = std::get_if<TcpAddress>(&*address)) {
        must(!tcp->host.empty() && tcp->port != 0);
    } else {
        const auto& usb = std::get<UsbAddress>(*address);
        must(usb.port.empty() || (!usb.model && usb.serial.empty() && usb.port.size() <= 32));
        must(usb.serial.empty() || (usb.model && usb.serial.size() <= 126));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    switch (input.ConsumeIntegralInRange(0, 2)) {
        case 0:
            check_descriptors(input);
            break;
        case 1:
            check_device_id(input);
            break;
        default:
            check_address(input);
    }
    return 0;
}
