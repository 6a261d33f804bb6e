// Any bytes, after any questions, in any dialect: what the parser makes of them was asked for, fits
// its bounds, and does not depend on how the stream was split.
#include "drivers/escpos/commands.hpp"
#include "drivers/escpos/status.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean::escpos;

void must(bool holds, int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "what must hold at line %d does not\n", line);
    std::abort();
}

struct Counts {
    std::size_t status = 0;
    std::size_t queued = 0;
};

void check(const Reply& reply, Dialect dialect, const Counts& asked, Counts& answered) {
    if (const auto* status = std::get_if<StatusReply>(&reply)) {
        must(status->n >= 1 && status->n <= 4);
        must((static_cast<unsigned>(status->bits) & 0x93) == 0x12);
        must(++answered.status <= asked.status);
    } else if (const auto* automatic = std::get_if<AutoStatus>(&reply)) {
        must((static_cast<unsigned>(automatic->bytes[0]) & 0x93) == 0x10);
    } else if (const auto* block = std::get_if<BlockReply>(&reply)) {
        must(block->payload.size() <= 100);
    } else if (const auto* full = std::get_if<FullStatus>(&reply)) {
        must(dialect == Dialect::custom && full->parts >= 1 && full->parts <= 15);
    } else if (const auto* star = std::get_if<StarStatus>(&reply)) {
        must(dialect == Dialect::star && star->size >= 7 && star->size <= star->bytes.size());
        must(star->etb_count() >= -1 && star->etb_count() <= 31);
    } else {
        must(!std::holds_alternative<CounterReply>(reply) || dialect == Dialect::custom);
        must(++answered.queued <= asked.queued);
    }
    PrinterStatus all;
    std::visit(
        [&](const auto& told) {
            if constexpr (requires { all.apply(told); }) all.apply(told);
        },
        reply);
    must(!all.judged(false).paper_low);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto dialect = static_cast<Dialect>(input.ConsumeIntegralInRange(0, 2));
    ReplyParser whole{dialect};
    ReplyParser pieces{dialect};
    antrean::SteadyTime now{std::chrono::hours{1}};
    Counts asked;
    Counts answered;
    std::uint64_t fed = 0;
    while (input.remaining_bytes() > 0) {
        const int n = input.ConsumeIntegralInRange(0, 15);
        for (ReplyParser* parser : {&whole, &pieces}) {
            if (n <= 3) parser->asked_status(n + 1);
            if (n == 4) parser->asked_query();
            if (n == 5) parser->asked_id(1);
            if (n >= 6 && n <= 10) parser->asked_counter(custom_paper_left + n - 6);
            if (n == 11) parser->forget_status();
            if (n == 12) parser->forget_queries();
        }
        if (n <= 3) ++asked.status;
        if (n >= 4 && n <= 10) ++asked.queued;
        if (n == 13) now += std::chrono::milliseconds{input.ConsumeIntegralInRange(0, 1500)};
        if (n < 13) continue;
        const auto bytes = input.ConsumeBytes<std::byte>(input.ConsumeIntegralInRange(0, 24));
        fed += bytes.size();
        std::vector<Reply> at_once;
        whole.feed(bytes, now, at_once);
        std::vector<Reply> one_by_one;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            pieces.feed(std::span{bytes}.subspan(i, 1), now, one_by_one);
        if (bytes.empty()) pieces.feed({}, now, one_by_one);
        must(at_once == one_by_one);
        must(whole.dropped() == pieces.dropped() && whole.dropped() <= fed);
        must(whole.queries_outstanding() <= 32);
        for (const Reply& reply : at_once)
            check(reply, dialect, asked, answered);
    }
    return 0;
}
