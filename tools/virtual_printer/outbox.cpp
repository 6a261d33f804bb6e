#include "tools/virtual_printer/outbox.hpp"

#include <algorithm>

namespace antrean::virtual_printer {

bool Outbox::send(std::span<const std::uint8_t> answer) {
    if (muted_) return false;
    if (!fits(answer.size())) {
        ++lost_;
        return false;
    }
    std::vector<std::uint8_t> sent{answer.begin(), answer.end()};
    const int one_in = faults_.garbled_one_in;
    if (one_in > 0 && random() % static_cast<unsigned>(one_in) == 0) garble(sent);
    SteadyTime time = now_ + faults_.late;
    for (const std::uint8_t byte : sent) {
        // Nothing overtakes: what is behind a late byte is at least as late.
        if (!bytes_.empty()) time = std::max(time, bytes_.back().time + faults_.split);
        bytes_.push_back({time, std::byte{byte}});
    }
    return true;
}

bool Outbox::send(std::initializer_list<std::uint8_t> answer) {
    return send(std::span{answer.begin(), answer.size()});
}

bool Outbox::send_text(std::string_view text) {
    const std::vector<std::uint8_t> answer{text.begin(), text.end()};
    return send(answer);
}

bool Outbox::send_block(std::string_view text) {
    std::vector<std::uint8_t> block{0x5f};
    block.insert(block.end(), text.begin(), text.end());
    block.push_back(0);
    return send(block);
}

void Outbox::clear() {
    bytes_.clear();
}

std::vector<std::byte> Outbox::take() {
    std::vector<std::byte> taken;
    while (!bytes_.empty() && bytes_.front().time <= now_) {
        taken.push_back(bytes_.front().byte);
        bytes_.pop_front();
    }
    return taken;
}

std::optional<SteadyTime> Outbox::next_event() const {
    const auto later = std::find_if(bytes_.begin(), bytes_.end(),
                                    [this](const Due& due) { return due.time > now_; });
    if (later == bytes_.end()) return std::nullopt;
    return later->time;
}

// xorshift64; never 0 from an odd seed.
std::uint64_t Outbox::random() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
}

void Outbox::garble(std::vector<std::uint8_t>& answer) {
    if (answer.empty()) return;
    ++garbled_;
    const auto at = static_cast<std::ptrdiff_t>(random() % answer.size());
    const auto noise = static_cast<std::uint8_t>(0x80 | (random() & 0x7f));
    switch (random() % 3) {
        case 0:
            answer.erase(answer.begin() + at);
            break;
        case 1:
            answer[static_cast<std::size_t>(at)] = noise;
            break;
        default:
            answer.insert(answer.begin() + at, noise);
    }
}

}  // namespace antrean::virtual_printer
