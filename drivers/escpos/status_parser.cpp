// The replies of a printer told apart.
#include "drivers/escpos/commands.hpp"
#include "drivers/escpos/status.hpp"

#include <bit>
#include <chrono>
#include <string_view>
#include <utility>

namespace antrean::escpos {
namespace {

// A printer sends a reply of several bytes in one go; a longer pause means that its end is lost.
constexpr std::chrono::seconds longest_reply{1};
constexpr std::size_t longest_block = 100;
constexpr std::size_t most_asked = 32;  // of each kind; more is a printer that does not answer
constexpr std::size_t most_digits = 18;
constexpr std::size_t most_unit_letters = 8;  // of a unit that no manual names

bool matches(std::byte b, unsigned mask, unsigned value) {
    return (static_cast<unsigned>(b) & mask) == value;
}
bool is_digit(std::byte b) {
    return b >= std::byte{'0'} && b <= std::byte{'9'};
}
bool is_letter(std::byte b) {
    const auto lower = b | std::byte{0x20};
    return lower >= std::byte{'a'} && lower <= std::byte{'z'};
}

// Their fixed bits equal those of XON and XOFF, so they are looked for first.
bool begins_block(std::byte b) {
    switch (static_cast<unsigned>(b)) {
        case 0x37:
        case 0x5f:
        case 0x35:
        case 0x3b:
        case 0x3d:
            return true;
        default:
            return false;
    }
}

// The length that a Star header tells, weighted 1, 2, 4 and 8 in bits 1, 2, 3 and 5; 0 if it is no
// header. Statuses are 7 to 15 bytes, so most answers to GS r cannot be taken for one.
std::size_t star_length(std::byte b) {
    if (!matches(b, 0x91, 0x01)) return 0;
    const auto bits = static_cast<unsigned>(b);
    const std::size_t length = (bits >> 1 & 7) | (bits >> 5 & 1) << 3;
    return length >= 7 ? length : 0;
}

std::string_view unit_of(int counter) {
    switch (counter) {
        case custom_paper_left:
        case custom_printed:
            return "cm";
        case custom_cuts:
            return "cuts";
        case custom_retracted:
            return "ret";
        default:
            return "";
    }
}

}  // namespace

void ReplyParser::asked_status(int n) {
    if (status_asked_.size() < most_asked) status_asked_.push_back(n);
}
void ReplyParser::asked_query() {
    if (queue_asked_.size() < most_asked) queue_asked_.push_back({Kind::query, 0});
}
void ReplyParser::asked_id(int n) {
    if (queue_asked_.size() < most_asked) queue_asked_.push_back({Kind::id, n});
}
void ReplyParser::asked_counter(int n) {
    if (queue_asked_.size() < most_asked) queue_asked_.push_back({Kind::counter, n});
}

void ReplyParser::reset() {
    inside_ = Inside::nothing;
    counter_ended_ = false;
    status_asked_.clear();
    queue_asked_.clear();
}

void ReplyParser::enter(Inside inside, SteadyTime now) {
    inside_ = inside;
    begun_at_ = now;
    held_ = 1;
}

void ReplyParser::feed(std::span<const std::byte> bytes, SteadyTime now, std::vector<Reply>& out) {
    if (inside_ != Inside::nothing && now - begun_at_ > longest_reply) {
        // A counter whose unit is not known ends with the pause behind it.
        const bool ends = inside_ == Inside::counter && unit_of(counter_.n).empty();
        if (ends)
            end_counter(out);
        else
            drop_begun();
    }
    for (const std::byte b : bytes) {
        if (inside_ != Inside::nothing) {
            if (go_on(b, out)) continue;
            if (inside_ != Inside::nothing) drop_begun();
        }
        begin(b, now, out);
    }
}

// False: the byte does not belong to the reply that has begun.
bool ReplyParser::go_on(std::byte b, std::vector<Reply>& out) {
    switch (inside_) {
        case Inside::automatic:
            if (!matches(b, 0x90, 0x00)) return false;
            automatic_.bytes[held_++] = b;
            if (held_ < automatic_.bytes.size()) return true;
            out.emplace_back(automatic_);
            break;
        case Inside::block:
            if (b == std::byte{0}) {
                out.emplace_back(block_);
                break;
            }
            if (block_.payload.size() == longest_block || b < std::byte{0x20} ||
                b >= std::byte{0x80})
                return false;
            block_.payload += static_cast<char>(b);
            ++held_;
            return true;
        case Inside::full:
            return go_on_full(b, out);
        case Inside::counter:
            return go_on_counter(b, out);
        case Inside::star:
            if (!matches(b, 0x91, 0x00)) return false;
            star_.bytes[held_++] = b;
            if (held_ < star_size_) return true;
            star_.size = star_size_;
            out.emplace_back(star_);
            break;
        case Inside::nothing:
            return false;
    }
    inside_ = Inside::nothing;
    return true;
}

// 10, which parts follow, and these.
bool ReplyParser::go_on_full(std::byte b, std::vector<Reply>& out) {
    ++held_;
    if (full_.parts == 0) {
        if (b == std::byte{0} || b > std::byte{0x0f}) {
            --held_;
            return false;
        }
        full_.parts = static_cast<std::uint8_t>(b);
        full_part_ = std::countr_zero(full_.parts);
        return true;
    }
    full_.bytes[static_cast<std::size_t>(full_part_)] = b;
    const unsigned rest = static_cast<unsigned>(full_.parts) >> (full_part_ + 1);
    if (rest == 0) {
        out.emplace_back(full_);
        inside_ = Inside::nothing;
    } else {
        full_part_ += 1 + std::countr_zero(rest);
    }
    return true;
}

bool ReplyParser::go_on_counter(std::byte b, std::vector<Reply>& out) {
    const std::string_view unit = unit_of(counter_.n);
    if (unit_size_ == 0 && is_digit(b)) {
        if (held_ == most_digits) return false;
        counter_.count = counter_.count * 10 + (static_cast<std::uint64_t>(b) - '0');
        ++held_;
        return true;
    }
    if (unit.empty()) {
        if (is_letter(b) && unit_size_ < most_unit_letters) {
            ++unit_size_;
            return true;
        }
        end_counter(out);
        return false;
    }
    if (b != static_cast<std::byte>(unit[unit_size_])) return false;
    ++held_;
    if (++unit_size_ == unit.size()) end_counter(out);
    return true;
}

void ReplyParser::end_counter(std::vector<Reply>& out) {
    if (counter_.n == 0)
        dropped_ += held_;
    else
        out.emplace_back(counter_);
    inside_ = Inside::nothing;
    counter_ended_ = true;
}

void ReplyParser::begin(std::byte b, SteadyTime now, std::vector<Reply>& out) {
    // Whether a counter's text has an end is not documented. Such a byte must not be taken for the
    // answer to a later GS r: losing a real one only leaves a paper unconfirmed.
    const bool after_counter =
        std::exchange(counter_ended_, false) && now - begun_at_ <= longest_reply;
    if (after_counter && (b == std::byte{0x00} || b == std::byte{'\r'} || b == std::byte{'\n'})) {
        counter_ended_ = true;
        return;
    }
    const bool id_first = awaits(Kind::id) && b != block_37 && b != block_5f;
    // A counter that nobody waits for any more is read as well, so that its letters are not taken
    // for answers to GS r.
    const bool counts = awaits(Kind::counter) || status_asked_.empty();
    if (dialect_ == Dialect::custom && counts && is_digit(b)) {
        enter(Inside::counter, now);
        counter_ = {0, static_cast<std::uint64_t>(b) - '0'};
        unit_size_ = 0;
        if (awaits(Kind::counter)) {
            counter_.n = queue_asked_.front().n;
            queue_asked_.pop_front();
        }
    } else if (begins_block(b) && !id_first) {
        enter(Inside::block, now);
        block_ = BlockReply{b, {}};
    } else if (matches(b, 0x93, 0x12) && !status_asked_.empty()) {
        out.emplace_back(StatusReply{status_asked_.front(), b});
        status_asked_.pop_front();
    } else if (dialect_ == Dialect::custom && b == std::byte{0x10}) {
        enter(Inside::full, now);
        full_ = {};
    } else if (matches(b, 0x93, 0x10)) {
        enter(Inside::automatic, now);
        automatic_.bytes[0] = b;
    } else if (dialect_ == Dialect::star && star_length(b) > 0) {
        enter(Inside::star, now);
        star_ = {};
        star_.bytes[0] = b;
        star_size_ = star_length(b);
    } else if (id_first) {
        out.emplace_back(IdReply{queue_asked_.front().n, b});
        queue_asked_.pop_front();
    } else if (matches(b, 0x90, 0x00) && awaits(Kind::query)) {
        out.emplace_back(QueryReply{b});
        queue_asked_.pop_front();
    } else if (!matches(b, 0x93, 0x11) && !matches(b, 0x93, 0x13)) {  // XON and XOFF mean nothing
        ++dropped_;
    }
}

void ReplyParser::drop_begun() {
    dropped_ += held_;
    inside_ = Inside::nothing;
}

}  // namespace antrean::escpos
