#include "tools/virtual_printer/interpreter.hpp"

#include <algorithm>
#include <utility>

namespace antrean::virtual_printer {
namespace {

constexpr std::uint8_t esc = 0x1b;
constexpr std::uint8_t fs = 0x1c;
constexpr std::uint8_t gs = 0x1d;
constexpr std::uint8_t dle = 0x10;

constexpr std::size_t most_noted = 64;
constexpr std::size_t most_payload = 1u << 20;
constexpr int rows_per_step = 8;
constexpr std::size_t tab_stops = 32;

int word(const ReceiveBuffer& buffer, std::size_t at) {
    return buffer[at] | buffer[at + 1] << 8;
}

}  // namespace

Interpreter::Interpreter(Board& board)
    : board_{board}, mechanism_{board.mechanism}, buffer_{board.buffer} {
    reset();
}

void Interpreter::reset() {
    clear();
    modes_to_default();
    deselected_ = false;
    x_unit_ = y_unit_ = 0;
}

void Interpreter::clear() {
    line_.clear();
    strip_.reset();
    graphics_.reset();
    payload_.clear();
    payload_left_ = 0;
    payload_ready_ = false;
}

void Interpreter::skip_unknown(std::size_t length, std::string why) {
    length = std::min(length, buffer_.size());
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < std::min<std::size_t>(length, 16); ++i)
        bytes.push_back(buffer_[i]);
    buffer_.pop(length);
    note(std::move(bytes), std::move(why));
}

void Interpreter::note(std::vector<std::uint8_t> bytes, std::string why) {
    ++unknown_count_;
    if (unknown_.size() < most_noted) unknown_.push_back({std::move(bytes), std::move(why)});
}

Interpreter::Step Interpreter::step(SteadyTime now) {
    if (payload_left_ > 0 || payload_ready_) return payload_step();
    if (strip_) return strip_step(now);
    if (buffer_.empty()) return Step::starved;
    const std::uint8_t first = buffer_[0];
    if (deselected_ && first != esc) {
        buffer_.pop(1);
        return Step::done;
    }
    Step result = Step::done;
    switch (first) {
        case esc:
        case fs:
        case gs:
            result = prefixed(now);
            break;
        case dle:
            result = real_time_in_queue();
            break;
        case '\n':
            if (!mechanism_.idle(now)) return Step::waits_for_head;
            buffer_.pop(1);
            print_line();
            break;
        case '\t': {
            buffer_.pop(1);
            const int cell =
                style_.font == Font::a ? board_.profile.font_a.width : board_.profile.font_b.width;
            int target = (line_.cursor() / (8 * cell) + 1) * 8 * cell;
            for (const int column : tab_columns_) {
                target = column * cell;
                if (target > line_.cursor()) break;
            }
            if (target > line_.cursor() && target < area_width()) line_.move_to(target);
            break;
        }
        case '\r':
        case 0x00:
            buffer_.pop(1);
            break;
        default:
            if (first < 0x20) {
                result = control_character(now);
            } else {
                result = text(now);
            }
    }
    // A command that can never become whole in a full buffer would stop the printer for ever.
    if (result == Step::starved && buffer_.space() == 0 && payload_left_ == 0) {
        skip_unknown(1, "command longer than the receive buffer");
        return Step::done;
    }
    return result;
}

// As many characters as there are and fit the line.
Interpreter::Step Interpreter::text(SteadyTime now) {
    const Profile& profile = board_.profile;
    const bool font_a = style_.font == Font::a;
    const Cell cell = font_a ? profile.font_a : profile.font_b;
    const int columns = font_a ? profile.columns_a : profile.columns_b;
    const int line_width = columns > 0 ? columns * cell.width - left_margin_ : area_width();
    while (!buffer_.empty() && buffer_[0] >= 0x20) {
        const bool pair = kanji_ && buffer_[0] >= 0x80;
        if (pair && buffer_.size() < 2) return Step::starved;
        const int cells = pair ? 2 : 1;
        const int width = (cell.width * cells + style_.spacing) * style_.width;
        const bool too_many = !line_.empty() && line_.cursor() + width > line_width;
        if (too_many || !fits(width)) {
            if (!mechanism_.idle(now)) return Step::waits_for_head;
            print_line();
            return Step::done;
        }
        // Which ideogram a pair stands for does not matter here: it is not what the host meant.
        const char32_t character = pair ? U'〓' : decode(page_, national_, buffer_[0]);
        buffer_.pop(pair ? 2 : 1);
        line_.add(character, style_, cell.width * cells, cell.height);
    }
    return Step::done;
}

// Real-time commands were carried out when they arrived; in the queue they are only skipped.
Interpreter::Step Interpreter::real_time_in_queue() {
    if (buffer_.size() < 3) return Step::starved;
    const std::uint8_t function = buffer_[2];
    std::size_t length = 0;
    if (buffer_[1] == 0x04) {
        length = function == 7 || function == 8 || function == 0x12 ? 4 : 3;
    } else if (buffer_[1] == 0x05) {
        length = 3;
    } else if (buffer_[1] == 0x14) {
        length = function == 1 || function == 2 ? 5 : function == 3 ? 8 : 0;
        if (function == 7) length = 4;
        if (function == 8) length = 10;
    }
    if (length == 0) {
        skip_unknown(1, "DLE without a known function");
        return Step::done;
    }
    if (buffer_.size() < length) return Step::starved;
    buffer_.pop(length);
    return Step::done;
}

Interpreter::Step Interpreter::prefixed(SteadyTime now) {
    if (buffer_.size() < 2) return Step::starved;
    const std::uint8_t prefix = buffer_[0];
    const std::uint8_t code = buffer_[1];
    if (deselected_ && !(prefix == esc && code == '=')) {
        buffer_.pop(1);
        return Step::done;
    }
    if (prefix == esc && code == 'D') return tabs();
    if (prefix == esc && code == '*') return columns_header();
    if (code == '(') return block_header(2);
    if (prefix == gs && code == '8') return block_header(4);
    if (prefix == gs && code == 'V') return cut_command(now);
    if (prefix == gs && code == 'k') return barcode(now);
    if (prefix == gs && code == 'v' && board_.profile.has_raster) return raster_header();
    if (prefix == gs && code == 'e' && board_.profile.presenter == PresenterKind::gs_e) {
        return presenter_command(now);
    }

    const Command* command = find(prefix, code);
    if (command == nullptr) {
        skip_unknown(2, "unknown command");
        return Step::done;
    }
    if (buffer_.size() < 2u + command->operands) return Step::starved;
    if (command->moves && !mechanism_.idle(now)) return Step::waits_for_head;
    std::array<std::uint8_t, 8> operands{};
    for (std::size_t i = 0; i < command->operands; ++i)
        operands[i] = buffer_[2 + i];
    buffer_.pop(2u + command->operands);
    (this->*command->run)(Bytes{operands}.first(command->operands));
    return Step::done;
}

Interpreter::Step Interpreter::tabs() {
    std::vector<int> columns;
    for (std::size_t i = 2; i < buffer_.size() && i <= 2 + tab_stops; ++i) {
        if (buffer_[i] == 0) {
            tab_columns_ = std::move(columns);
            buffer_.pop(i + 1);
            return Step::done;
        }
        columns.push_back(buffer_[i]);
    }
    if (buffer_.size() <= 2 + tab_stops) return Step::starved;
    skip_unknown(2, "tab stops without an end");
    return Step::done;
}

Interpreter::Step Interpreter::barcode(SteadyTime now) {
    if (buffer_.size() < 4) return Step::starved;
    const std::uint8_t kind = buffer_[2];
    if (kind >= 65) {
        const std::size_t length = 4u + buffer_[3];
        if (buffer_.size() < length) return Step::starved;
        if (kind != 73 || !board_.profile.has_barcode || !line_.empty()) {
            skip_unknown(length, line_.empty() ? "a barcode that is not drawn"
                                               : "a barcode in the middle of a line");
            return Step::done;
        }
        if (!mechanism_.idle(now)) return Step::waits_for_head;
        std::vector<std::uint8_t> data;
        for (std::size_t i = 4; i < length; ++i)
            data.push_back(buffer_[i]);
        buffer_.pop(length);
        print_barcode(data);
        return Step::done;
    }
    for (std::size_t i = 3; i < buffer_.size() && i < 260; ++i) {
        if (buffer_[i] != 0) continue;
        skip_unknown(i + 1, "a barcode that is not drawn");
        return Step::done;
    }
    if (buffer_.size() < 260) return Step::starved;
    skip_unknown(3, "barcode without an end");
    return Step::done;
}

Interpreter::Step Interpreter::cut_command(SteadyTime now) {
    if (buffer_.size() < 3) return Step::starved;
    const std::uint8_t form = buffer_[2];
    const bool short_form = form == 0 || form == 1 || form == '0' || form == '1';
    const bool reserve = form == 97 || form == 98;
    const bool feeds = form == 65 || form == 66 || form == 103 || form == 104;
    if (!short_form && !reserve && !feeds) {
        skip_unknown(3, "unknown form of cut");
        return Step::done;
    }
    const std::size_t length = short_form ? 3 : 4;
    if (buffer_.size() < length) return Step::starved;
    if (!line_.empty()) {
        skip_unknown(length, "a cut is ignored in the middle of a line");
        return Step::done;
    }
    if (!reserve && !mechanism_.idle(now)) return Step::waits_for_head;
    const int units = short_form ? 0 : buffer_[3];
    buffer_.pop(length);
    cut_form(form, units);
    return Step::done;
}

Interpreter::Step Interpreter::raster_header() {
    if (buffer_.size() < 8) return Step::starved;
    const std::uint8_t mode = buffer_[3] & 0x0f;
    const bool known = buffer_[2] == '0' && mode <= 3 && (buffer_[3] & 0xf0) % 0x30 == 0;
    if (!known) {
        skip_unknown(3, "unknown raster mode");
        return Step::done;
    }
    const int bytes = word(buffer_, 4);
    const int rows = word(buffer_, 6);
    if (rows > board_.profile.max_raster_rows) {
        skip_unknown(8, "more rows than the model takes: the picture is taken for text");
        return Step::done;
    }
    if (bytes == 0 || rows == 0 || !line_.empty()) {
        skip_unknown(8, line_.empty() ? "empty raster" : "raster in the middle of a line");
        payload_kind_ = Payload::skip;
        payload_left_ = static_cast<std::size_t>(bytes) * static_cast<std::size_t>(rows);
        return Step::done;
    }
    buffer_.pop(8);
    Strip strip;
    strip.declared_bytes = bytes;
    strip.rows_to_come = rows;
    strip.x_scale = mode & 1 ? 2 : 1;
    strip.y_scale = mode & 2 ? 2 : 1;
    strip.raster.width = std::min(bytes * 8 * strip.x_scale, area_width());
    strip_ = std::move(strip);
    return Step::done;
}

Interpreter::Step Interpreter::strip_step(SteadyTime now) {
    Strip& strip = *strip_;
    Raster& raster = strip.raster;
    const auto stride = static_cast<std::size_t>(raster.stride());
    while (strip.rows_to_come > 0 && !buffer_.empty() &&
           raster.height - strip.printed < rows_per_step) {
        if (strip.row_fill == 0) raster.bits.resize(raster.bits.size() + stride);
        std::uint8_t* const row = raster.bits.data() + raster.bits.size() - stride;
        const std::uint8_t byte = buffer_[0];
        buffer_.pop(1);
        for (int i = 0; i < 8 * strip.x_scale; ++i) {
            const int column = strip.row_fill * 8 * strip.x_scale + i;
            if (column >= raster.width) break;
            if (byte >> (7 - i / strip.x_scale) & 1) {
                row[column / 8] = static_cast<std::uint8_t>(row[column / 8] | 0x80 >> column % 8);
            }
        }
        if (++strip.row_fill < strip.declared_bytes) continue;
        strip.row_fill = 0;
        --strip.rows_to_come;
        ++raster.height;
        if (strip.y_scale == 2) {
            const std::vector<std::uint8_t> again(row, row + stride);
            raster.bits.insert(raster.bits.end(), again.begin(), again.end());
            ++raster.height;
        }
    }
    const int ready = raster.height - strip.printed;
    if (ready == 0) {
        if (strip.rows_to_come > 0) return Step::starved;
        strip_.reset();
        return Step::done;
    }
    if (!mechanism_.idle(now)) return Step::waits_for_head;
    const int count = std::min(ready, rows_per_step);
    mechanism_.put_rows(left_margin_ + shift_for(raster.width), raster, strip.printed, count);
    mechanism_.move(count);
    strip.printed += count;
    if (strip.printed == raster.height && strip.row_fill == 0) {
        raster.bits.clear();
        raster.height = strip.printed = 0;
    }
    return Step::done;
}

Interpreter::Step Interpreter::block_header(std::size_t length_bytes) {
    const std::size_t header = 3 + length_bytes;
    if (buffer_.size() < header) return Step::starved;
    if (length_bytes == 4 && buffer_[2] != 'L') {
        skip_unknown(2, "unknown command");
        return Step::done;
    }
    block_name_ = {buffer_[0], buffer_[1], buffer_[2]};
    payload_left_ = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
        payload_left_ |= static_cast<std::size_t>(buffer_[3 + i]) << (8 * i);
    }
    buffer_.pop(header);
    payload_.clear();
    payload_kind_ = Payload::block;
    payload_ready_ = true;
    return Step::done;
}

Interpreter::Step Interpreter::columns_header() {
    if (buffer_.size() < 5) return Step::starved;
    const std::uint8_t mode = buffer_[2];
    if (mode != 0 && mode != 1 && mode != 32 && mode != 33) {
        skip_unknown(2, "unknown mode of column graphics");
        return Step::done;
    }
    column_mode_ = mode;
    payload_left_ = static_cast<std::size_t>(word(buffer_, 3)) * (mode < 32 ? 1 : 3);
    buffer_.pop(5);
    payload_.clear();
    payload_kind_ = Payload::columns;
    payload_ready_ = true;
    return Step::done;
}

Interpreter::Step Interpreter::payload_step() {
    while (payload_left_ > 0 && !buffer_.empty()) {
        const bool keep = payload_kind_ != Payload::skip && payload_.size() < most_payload;
        if (keep) payload_.push_back(buffer_[0]);
        buffer_.pop(1);
        --payload_left_;
    }
    if (payload_left_ > 0) return Step::starved;
    payload_ready_ = false;
    switch (payload_kind_) {
        case Payload::skip:
            break;
        case Payload::block:
            run_block();
            break;
        case Payload::columns:
            columns();
            break;
    }
    payload_.clear();
    return Step::done;
}

}  // namespace antrean::virtual_printer
