#include "tests/usb/fake_printer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>
#include <utility>

namespace antrean::usb_test {
namespace {

std::uint8_t low(std::size_t value) {
    return value & 0xff;
}
std::uint8_t high(std::size_t value) {
    return value >> 8 & 0xff;
}

FakePrinter::Bytes string_descriptor(const std::string& text) {
    FakePrinter::Bytes descriptor{low(2 + 2 * text.size()), 3};
    for (const char c : text) {
        descriptor.push_back(static_cast<std::uint8_t>(c));
        descriptor.push_back(0);
    }
    return descriptor;
}

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

FakePrinter::FakePrinter(Identity identity, virtual_printer::Profile profile)
    : identity_{std::move(identity)}, machine_{std::move(profile)} {
    machine_.power_off(now());
}

void FakePrinter::use(const std::function<void(virtual_printer::Machine&, SteadyTime)>& hands) {
    const std::lock_guard lock{mutex_};
    hands(machine_, now());
    pump();
}

std::vector<std::string> FakePrinter::take_papers() {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> texts;
    for (const auto& paper : machine_.take_papers())
        texts.push_back(paper.text());
    return texts;
}

void FakePrinter::hold_out(bool on) {
    const std::lock_guard lock{mutex_};
    hold_out_ = on;
    pump();
}

void FakePrinter::stall_out_after(std::size_t size) {
    const std::lock_guard lock{mutex_};
    stall_after_ = size;
}

void FakePrinter::short_out_once(std::size_t size) {
    const std::lock_guard lock{mutex_};
    short_once_ = size;
}

void FakePrinter::stall_in() {
    const std::lock_guard lock{mutex_};
    halted_.insert(identity_.in);
    pump();
}

void FakePrinter::empty_in_once() {
    const std::lock_guard lock{mutex_};
    empty_in_once_ = true;
    pump();
}

void FakePrinter::empty_in(bool on) {
    const std::lock_guard lock{mutex_};
    empty_in_ = on;
    pump();
}

void FakePrinter::silent_control(bool on) {
    const std::lock_guard lock{mutex_};
    silent_control_ = on;
}

void FakePrinter::fail_out_once(int status) {
    const std::lock_guard lock{mutex_};
    fail_out_ = status;
}

std::size_t FakePrinter::reads() const {
    const std::lock_guard lock{mutex_};
    return reads_;
}

std::size_t FakePrinter::read_size() const {
    const std::lock_guard lock{mutex_};
    return read_size_;
}

std::vector<FakePrinter::Setup> FakePrinter::class_requests() const {
    const std::lock_guard lock{mutex_};
    return class_requests_;
}

void FakePrinter::change(const std::function<void(Identity&)>& change) {
    const std::lock_guard lock{mutex_};
    change(identity_);
}

std::size_t FakePrinter::bytes_received() const {
    const std::lock_guard lock{mutex_};
    return received_;
}

void FakePrinter::hold_out_at(std::size_t size) {
    const std::lock_guard lock{mutex_};
    hold_at_ = size;
}

void FakePrinter::short_out_at(std::size_t size) {
    const std::lock_guard lock{mutex_};
    short_at_ = size;
}

bool FakePrinter::holds_out() const {
    const std::lock_guard lock{mutex_};
    return hold_out_;
}

void FakePrinter::submit(const Urb& urb) {
    if (urb.endpoint == identity_.in) {
        ++reads_;
        read_size_ = urb.size;
    }
    pending_[urb.endpoint].push_back(urb);
    pump();
}

bool FakePrinter::cancel(std::uint64_t key, Urb* cancelled) {
    for (auto& [endpoint, urbs] : pending_) {
        const auto at = std::find_if(urbs.begin(), urbs.end(),
                                     [key](const Urb& urb) { return urb.key == key; });
        if (at == urbs.end()) continue;
        if (cancelled != nullptr) *cancelled = *at;
        urbs.erase(at);
        return true;
    }
    return false;
}

std::vector<FakePrinter::Urb> FakePrinter::take_pending() {
    std::vector<Urb> all;
    for (auto& [endpoint, urbs] : pending_)
        all.insert(all.end(), urbs.begin(), urbs.end());
    pending_.clear();
    return all;
}

void FakePrinter::reset_pipes() {
    halted_.clear();
    in_.clear();
    stall_after_.reset();
    short_once_.reset();
    empty_in_once_ = false;
    fail_out_ = 0;
}

void FakePrinter::power_on() {
    reset_pipes();
    hold_out_ = false;
    machine_.power_on(now());
}

void FakePrinter::power_off() {
    machine_.power_off(now());
}

void FakePrinter::pump() {
    pump_out();
    for (const std::byte b : machine_.take_replies())
        in_.push_back(std::to_integer<std::uint8_t>(b));
    pump_in();
}

void FakePrinter::pump_out() {
    auto& urbs = pending_[identity_.out];
    while (!urbs.empty() && (!hold_out_ || halted_.count(identity_.out) != 0)) {
        Urb& urb = urbs.front();
        int status = 0;
        std::size_t want = urb.size - urb.done;
        bool ends = false;
        if (halted_.count(identity_.out) != 0) {
            want = 0;
            status = -EPIPE;
        } else if (fail_out_ != 0) {
            want = 0;
            status = std::exchange(fail_out_, 0);
        } else if (short_once_) {
            want = std::min(want, *std::exchange(short_once_, std::nullopt));
            ends = true;
        } else if (short_at_ && *short_at_ > received_ && *short_at_ - received_ < want) {
            want = *std::exchange(short_at_, std::nullopt) - received_;
            ends = true;
        } else if (stall_after_ && *stall_after_ < want) {
            want = *std::exchange(stall_after_, std::nullopt);
            halted_.insert(identity_.out);
            status = -EPIPE;
        } else if (stall_after_) {
            *stall_after_ -= want;
        }
        const std::size_t taken = consume(urb.buffer + urb.done, want);
        urb.done += taken;
        // A printer that takes no more just lets the host wait.
        if (status == 0 && !ends && urb.done < urb.size) return;
        const Urb finished = urb;
        urbs.pop_front();
        complete(finished, status);
    }
}

void FakePrinter::pump_in() {
    auto& urbs = pending_[identity_.in];
    while (!urbs.empty()) {
        const bool halted = halted_.count(identity_.in) != 0;
        const bool empty = empty_in_ && in_.empty();
        if (!halted && in_.empty() && !empty_in_once_ && !empty) return;
        Urb urb = urbs.front();
        urbs.pop_front();
        if (!halted && !std::exchange(empty_in_once_, false)) {
            urb.done = std::min(in_.size(), urb.size);
            std::copy_n(in_.begin(), urb.done, urb.buffer);
            in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(urb.done));
        }
        complete(urb, halted ? -EPIPE : 0);
    }
}

std::size_t FakePrinter::consume(const std::uint8_t* bytes, std::size_t size) {
    std::size_t taken = 0;
    while (taken < size && !hold_out_) {
        const std::byte b{bytes[taken]};
        if (machine_.receive(std::span{&b, 1}, now()) == 0) break;
        ++taken;
        ++received_;
        if (hold_at_ && received_ >= *hold_at_) {
            hold_at_.reset();
            hold_out_ = true;
        }
    }
    changed_.notify_all();
    return taken;
}

FakePrinter::Bytes FakePrinter::device_descriptor() const {
    return {18,
            1,
            0x00,
            0x02,
            identity_.device_class,
            0,
            0,
            64,
            low(identity_.vendor),
            high(identity_.vendor),
            low(identity_.product),
            high(identity_.product),
            0x00,
            0x01,
            1,
            2,
            3,
            1};
}

FakePrinter::Bytes FakePrinter::config_descriptor() const {
    if (!identity_.configuration_bytes.empty()) return identity_.configuration_bytes;
    Bytes bytes{9, 2, 32, 0, 1, identity_.configuration, 0, 0xc0, 1};             // self-powered
    const Bytes interface { 9, 4, 0, 0, 2, identity_.interface_class, 1, 2, 0 };  // bidirectional
    bytes.insert(bytes.end(), interface.begin(), interface.end());
    for (const std::uint8_t endpoint : {identity_.out, identity_.in}) {
        const Bytes bulk{7, 5, endpoint, 2, 64, 0, 0};
        bytes.insert(bytes.end(), bulk.begin(), bulk.end());
    }
    return bytes;
}

int FakePrinter::control(const std::uint8_t* setup, std::uint8_t* data, std::size_t* done) {
    const unsigned value = setup[2] | setup[3] << 8;
    const unsigned index = setup[4] | setup[5] << 8;
    const unsigned length = setup[6] | setup[7] << 8;
    Bytes reply;
    *done = 0;
    if ((setup[0] & 0x60) == 0x20) {
        class_requests_.push_back({setup[0], setup[1], static_cast<std::uint16_t>(value),
                                   static_cast<std::uint16_t>(index)});
    }
    switch (setup[0] << 8 | setup[1]) {
        case 0x8006:  // GET_DESCRIPTOR
            switch (value) {
                case 0x0100:
                    reply = device_descriptor();
                    break;
                case 0x0200:
                    reply = config_descriptor();
                    break;
                case 0x0300:
                    reply = {4, 3, 9, 4};
                    break;
                case 0x0303:
                    reply = string_descriptor(identity_.serial);
                    break;
                default:
                    return -EPIPE;
            }
            break;
        case 0xa100:  // GET_DEVICE_ID
            if (identity_.device_id.empty()) return -EPIPE;
            reply = identity_.device_id;
            break;
        case 0xa101:  // GET_PORT_STATUS
            reply = {identity_.port_status};
            break;
        case 0x8008:  // GET_CONFIGURATION
            reply = {identity_.configuration};
            break;
        case 0x0009:  // SET_CONFIGURATION
        case 0x010b:  // SET_INTERFACE
            return 0;
        case 0x0201:  // CLEAR_FEATURE(ENDPOINT_HALT)
            clear_halt(low(index));
            return 0;
        default:
            return -EPIPE;
    }
    *done = std::min<std::size_t>(reply.size(), length);
    std::copy_n(reply.begin(), *done, data);
    return 0;
}

}  // namespace antrean::usb_test
