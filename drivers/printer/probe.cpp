#include "drivers/printer/probe.hpp"

#include "drivers/escpos/commands.hpp"
#include "drivers/printer/patience.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace antrean::printer {
namespace {

using escpos::byte_array;
using escpos::Heard;
using namespace std::chrono_literals;

constexpr auto answer_time =
    1s;  // a status answer takes milliseconds, but a clone's USB may be busy
constexpr auto longest_listening = 2s;
constexpr std::size_t max_text = 80;
// More than the longest command of a paper, one band of a picture. NULs alone print nothing.
constexpr std::size_t filling_bytes = 10'240;

constexpr auto ask_id(int n) {
    return byte_array(0x1d, 0x49, n);
}
constexpr auto probe_mark = byte_array('P', 'r', 'b', '1');
constexpr auto auto_status_off = byte_array(0x1d, 0x61, 0x00);

// A block's text as it may be shown: printable ASCII, bounded.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, max_text)) {
        if (c >= 0x20 && c < 0x7f) out += c;
    }
    return out;
}

}  // namespace

Probe::Probe(escpos::Identity known, Depth depth) : identity_{std::move(known)}, depth_{depth} {}

void Probe::opened(SteadyTime now, Bytes&) {
    question_ = listening;
    until_ = now + patience::quiet_time;
    listen_until_ = now + longest_listening;
}

void Probe::received(std::span<const std::byte> bytes, SteadyTime now, Bytes& out) {
    if (question_ == not_begun || done()) return;
    if (question_ == listening) {
        // What an earlier program had asked for; but some printers report without end.
        until_ = std::min(now + patience::quiet_time, listen_until_);
        return;
    }
    std::vector<escpos::Reply> replies;
    parser_.feed(bytes, now, replies);
    for (const auto& reply : replies) {
        if (!done()) answer(reply, now, out);
    }
}

void Probe::tick(SteadyTime now, Bytes& out) {
    if (!until_ || now < *until_) return;
    if (question_ == listening) {
        go_on(now, out);
    } else {
        settle(question_ == asking_status && status_answers_ > 0 ? Heard::answered : Heard::silent,
               now, out);
    }
}

void Probe::go_on(SteadyTime now, Bytes& out) {
    do {
        ++question_;
    } while (!done() && !applies(static_cast<Question>(question_)));
    until_.reset();
    if (!done()) ask(now, out);
}

bool Probe::applies(Question question) const {
    if (question == asking_status) return true;
    // Who says nothing of its state, or is not ready, is not asked what only a ready one answers.
    if (identity_.status == Heard::answered && !status_.clean()) return false;
    if (question < asking_process_id) return true;
    return depth_ == Depth::thorough;
}

void Probe::ask(SteadyTime now, Bytes& out) {
    const auto write = [&](const auto& bytes) {
        out.insert(out.end(), bytes.begin(), bytes.end());
    };
    until_ = now + answer_time;
    switch (question_) {
        case asking_status:
            for (int n = 1; n <= 4; ++n) {
                write(escpos::ask_status(n));
                parser_.asked_status(n);
            }
            break;
        case asking_asb:
            // What an earlier program left half way would swallow the questions as its rest.
            out.insert(out.end(), filling_bytes, std::byte{0});
            write(escpos::reset);
            write(escpos::kanji_off);
            write(escpos::auto_status_on);
            break;
        case asking_barrier:
            write(escpos::barrier);
            parser_.asked_query();
            break;
        case asking_maker:
            write(ask_id(66));
            break;
        case asking_model:
            write(ask_id(67));
            break;
        case asking_serial:
            write(ask_id(68));
            break;
        case asking_process_id:
            write(escpos::process_id);
            write(probe_mark);
            break;
        case asking_counters:
            write(escpos::ask_cuts);
            break;
        case asking_clear:
            write(escpos::clear_buffer);
            break;
        default:
            break;
    }
}

void Probe::answer(const escpos::Reply& reply, SteadyTime now, Bytes& out) {
    if (const auto* status = std::get_if<escpos::StatusReply>(&reply)) {
        status_.apply(*status);
        if (question_ == asking_status && ++status_answers_ == 4) settle(Heard::answered, now, out);
    } else if (std::holds_alternative<escpos::AutoStatus>(reply)) {
        if (question_ == asking_asb) settle(Heard::answered, now, out);
    } else if (std::holds_alternative<escpos::QueryReply>(reply)) {
        if (question_ == asking_barrier) settle(Heard::answered, now, out);
    } else if (const auto* block = std::get_if<escpos::BlockReply>(&reply)) {
        const bool is_37 = block->header == escpos::block_37 && !block->payload.empty();
        const char kind = is_37 ? block->payload.front() : '\0';
        const bool asked_id = question_ >= asking_maker && question_ <= asking_serial;
        if (asked_id && block->header == escpos::block_5f) {
            auto& text = question_ == asking_maker   ? identity_.said_maker
                         : question_ == asking_model ? identity_.said_model
                                                     : serial_;
            text = plain(block->payload);
            settle(Heard::answered, now, out);
        } else if ((question_ == asking_process_id && kind == escpos::process_id_kind) ||
                   (question_ == asking_clear && kind == escpos::cleared_kind) ||
                   (question_ == asking_counters && block->header == escpos::block_5f)) {
            settle(Heard::answered, now, out);
        }
    }
}

void Probe::settle(Heard heard, SteadyTime now, Bytes& out) {
    const auto note = [&](const char* what, Heard* kept, const std::string& said = {}) {
        if (kept) *kept = heard;
        findings_.push_back(std::string{what} + ": " +
                            (heard == Heard::silent ? "no answer"
                             : said.empty()         ? "answered"
                                                    : "'" + said + "'"));
    };
    switch (question_) {
        case asking_status:
            note("DLE EOT (status)", &identity_.status);
            if (heard == Heard::answered && !status_.clean()) {
                findings_.back() += ", and the printer is not ready: nothing more was asked";
            }
            break;
        case asking_asb: {
            note("GS a (unasked status)", &identity_.asb);
            const auto& off = auto_status_off;
            out.insert(out.end(), off.begin(), off.end());
            break;
        }
        case asking_barrier:
            note("GS r (answer in order)", &identity_.barrier);
            break;
        case asking_maker:
            note("GS I 66 (maker)", nullptr, identity_.said_maker);
            break;
        case asking_model:
            note("GS I 67 (model)", nullptr, identity_.said_model);
            break;
        case asking_serial:
            note("GS I 68 (serial number)", nullptr, serial_);
            break;
        case asking_process_id:
            note("GS ( H (print confirmation)", &identity_.process_id);
            break;
        case asking_counters:
            note("GS g (counters)", &identity_.counters);
            break;
        case asking_clear:
            note("DLE DC4 (clear)", &identity_.clear);
            break;
        default:
            break;
    }
    go_on(now, out);
}

}  // namespace antrean::printer
