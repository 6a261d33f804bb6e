#include "controller/journal/row.hpp"

#include "proto/day.hpp"

#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include <openssl/evp.h>

namespace antrean::journal {
namespace {

using namespace engine;

template <class Enum>
using Word = std::pair<Enum, std::string_view>;

// The words of the journal's columns. A word once written is never renamed.
constexpr Word<Asked::Kind> asked_words[]{
    {Asked::Kind::issue, "issue"},         {Asked::Kind::print_report, "print_report"},
    {Asked::Kind::call_next, "call_next"}, {Asked::Kind::recall, "recall"},
    {Asked::Kind::finish, "finish"},       {Asked::Kind::no_show, "no_show"}};
constexpr Word<Refusal> refusal_words[]{
    {Refusal::request_reused, "request_reused"},   {Refusal::stale_request, "stale_request"},
    {Refusal::unknown_service, "unknown_service"}, {Refusal::nobody_waits, "nobody_waits"},
    {Refusal::not_called, "not_called"},           {Refusal::unknown_ticket, "unknown_ticket"},
    {Refusal::series_full, "series_full"}};
constexpr Word<Outcome> outcome_words[]{{Outcome::printed, "printed"},
                                        {Outcome::unconfirmed, "unconfirmed"},
                                        {Outcome::not_printed, "not_printed"}};

// A row that no engine wrote.
struct NotARow {};

template <class Enum, std::size_t N>
std::string word(const Word<Enum> (&words)[N], Enum value) {
    for (const auto& [known, text] : words) {
        if (known == value) return std::string{text};
    }
    throw std::logic_error{"an enumerator without a word in the journal"};
}

template <class Enum, std::size_t N>
Enum value(const Word<Enum> (&words)[N], const std::optional<std::string>& text) {
    for (const auto& [known, word] : words) {
        if (text && *text == word) return known;
    }
    throw NotARow{};
}

std::int64_t signed_value(auto id) {
    return static_cast<std::int64_t>(id.value());
}
std::string text(auto id) {
    return std::string{id.view()};
}

struct ToRow {
    Row& row;

    void put(const Origin& origin) {
        row.device = text(origin.device);
        row.request = signed_value(origin.request);
    }
    void put(const TicketRef& ticket) {
        row.ticket = signed_value(ticket.id);
        row.series = text(ticket.series);
        row.number = signed_value(ticket.number);
        row.label = ticket.label;
        row.service = text(ticket.service);
    }
    void put(const Asked& asked) {
        row.asked = word(asked_words, asked.kind);
        if (asked.service) row.service = text(asked.service);
        if (asked.ticket) row.ticket = signed_value(asked.ticket);
    }
    void at_counter(const char* kind, const TicketRef& ticket, CounterId counter) {
        row.kind = kind;
        put(ticket);
        row.counter = text(counter);
    }

    void operator()(const DayOpened&) { row.kind = "day_opened"; }
    void operator()(const Carried& f) {
        row.kind = "carried";
        put(f.origin);
        if (const auto* ticket = std::get_if<TicketAnswer>(&f.answer)) {
            row.answer = "ticket";
            row.ahead = ticket->ahead;
            row.issued_day = to_iso(ticket->issued.day);
            put(ticket->ticket);
        } else if (const auto* called = std::get_if<CalledAnswer>(&f.answer)) {
            row.answer = "called";
            put(called->ticket);
        } else if (const auto* refusal = std::get_if<Refusal>(&f.answer)) {
            row.answer = "refused";
            row.reason = word(refusal_words, *refusal);
        } else {
            row.answer = "done";
        }
        // A call_next asked for no ticket, though its answer names one.
        put(f.asked);
    }
    void operator()(const CarriedPaper& f) {
        row.kind = "carried_paper";
        row.device = text(f.kiosk);
        put(f.ticket);
    }
    void operator()(const Issued& f) {
        row.kind = "issued";
        put(f.origin);
        put(f.ticket);
        row.ahead = f.ahead;
    }
    void operator()(const PaperReported& f) {
        row.kind = "paper_reported";
        put(f.origin);
        put(f.ticket);
        row.outcome = word(outcome_words, f.outcome);
        row.reason = f.reason;
        row.copy = f.copy;
        row.voids = f.voids;
    }
    void operator()(const PaperDoubted& f) {
        row.kind = "paper_doubted";
        put(f.ticket);
    }
    void operator()(const Called& f) {
        at_counter("called", f.ticket, f.counter);
        put(f.origin);
        row.outcome = word(outcome_words, f.unconfirmed ? Outcome::unconfirmed : Outcome::printed);
    }
    void operator()(const Recalled& f) {
        at_counter("recalled", f.ticket, f.counter);
        put(f.origin);
    }
    void operator()(const Finished& f) {
        at_counter("finished", f.ticket, f.counter);
        if (f.origin) put(*f.origin);
    }
    void operator()(const NotShown& f) {
        at_counter("no_show", f.ticket, f.counter);
        put(f.origin);
    }
    void operator()(const Expired& f) {
        row.kind = "expired";
        put(f.ticket);
    }
    void operator()(const Refused& f) {
        row.kind = "refused";
        put(f.origin);
        put(f.asked);
        row.reason = word(refusal_words, f.reason);
    }
};

struct FromRow {
    const Row& row;

    template <class Id>
    Id name(const std::optional<std::string>& text) const {
        const auto id = Id::parse(text.value_or(""));
        if (!id) throw NotARow{};
        return *id;
    }
    // Ids of 64 bits go through SQLite's signed integers and back as they are, for a device may
    // send any: the upper half is negative in the file.
    template <class Id>
    Id number(const std::optional<std::int64_t>& number) const {
        using Rep = decltype(Id{}.value());
        if (!number || *number == 0) throw NotARow{};
        if constexpr (sizeof(Rep) < sizeof *number) return Id{narrowed<Rep>(*number)};
        return Id{static_cast<Rep>(*number)};
    }
    template <class To>
    To narrowed(std::int64_t number) const {
        if (!std::in_range<To>(number)) throw NotARow{};
        return static_cast<To>(number);
    }
    bool flag(const std::optional<std::int64_t>& column) const {
        if (given(column) != 0 && *column != 1) throw NotARow{};
        return *column == 1;
    }
    template <class T>
    const T& given(const std::optional<T>& column) const {
        if (!column) throw NotARow{};
        return *column;
    }
    Origin origin() const { return {name<DeviceId>(row.device), number<RequestId>(row.request)}; }
    TicketRef ticket() const {
        return {number<TicketId>(row.ticket), name<SeriesId>(row.series),
                number<TicketNumber>(row.number), given(row.label), name<ServiceId>(row.service)};
    }
    CounterId counter() const { return name<CounterId>(row.counter); }
    ServiceDay day(const std::string& text) const {
        const auto day = parse_day(text);
        if (!day) throw NotARow{};
        return *day;
    }
    std::uint32_t ahead() const { return narrowed<std::uint32_t>(given(row.ahead)); }
    Asked asked() const {
        Asked asked{value(asked_words, row.asked), {}, {}};
        if (asked.kind == Asked::Kind::issue) {
            asked.service = name<ServiceId>(row.service);
        } else if (asked.kind != Asked::Kind::call_next) {
            asked.ticket = number<TicketId>(row.ticket);
        }
        return asked;
    }
    Answer answer(const Now& stamp) const {
        const auto& kind = given(row.answer);
        if (kind == "ticket") {
            const Now issued{stamp.wall, stamp.utc_offset, day(given(row.issued_day))};
            return TicketAnswer{ticket(), issued, ahead()};
        }
        if (kind == "called") return CalledAnswer{ticket()};
        if (kind == "done") return DoneAnswer{};
        if (kind == "refused") return value(refusal_words, row.reason);
        throw NotARow{};
    }
    Fact fact(const Now& stamp) const {
        const std::string_view kind = row.kind;
        if (kind == "issued") return Issued{origin(), ticket(), ahead()};
        if (kind == "paper_reported") {
            return PaperReported{
                origin(),          ticket(),       value(outcome_words, row.outcome),
                given(row.reason), flag(row.copy), flag(row.voids)};
        }
        if (kind == "called") {
            const auto paper = value(outcome_words, row.outcome);
            if (paper == Outcome::not_printed) throw NotARow{};
            return Called{origin(), ticket(), counter(), paper == Outcome::unconfirmed};
        }
        if (kind == "recalled") return Recalled{origin(), ticket(), counter()};
        if (kind == "finished") {
            std::optional<Origin> by;
            if (row.device) by = origin();
            return Finished{by, ticket(), counter()};
        }
        if (kind == "no_show") return NotShown{origin(), ticket(), counter()};
        if (kind == "refused") return Refused{origin(), asked(), value(refusal_words, row.reason)};
        if (kind == "paper_doubted") return PaperDoubted{ticket()};
        if (kind == "expired") return Expired{ticket()};
        if (kind == "day_opened") return DayOpened{};
        if (kind == "carried") return Carried{origin(), asked(), answer(stamp)};
        if (kind == "carried_paper") return CarriedPaper{name<DeviceId>(row.device), ticket()};
        throw NotARow{};
    }
};

class Hasher {
public:
    Hasher() : context_{EVP_MD_CTX_new()} { check(EVP_DigestInit_ex(context_, sha256(), nullptr)); }
    ~Hasher() { EVP_MD_CTX_free(context_); }
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;

    void reset() { check(EVP_DigestInit_ex(context_, nullptr, nullptr)); }
    void add(const void* data, std::size_t size) { check(EVP_DigestUpdate(context_, data, size)); }
    Hash finish() {
        Hash hash;
        check(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(hash.data()), nullptr));
        return hash;
    }

private:
    static const EVP_MD* sha256() {
        static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        return md;
    }
    static void check(int ok) {
        if (ok != 1) throw std::runtime_error{"SHA-256 failed"};
    }
    EVP_MD_CTX* context_;
};

// The bytes that are hashed: per column 'n' (null), 'i' and 8 bytes big-endian, or 't', a length of
// 8 bytes big-endian and the text; gathered first, for one call of the digest is dear.
class Canonical {
public:
    void add(std::int64_t number) {
        bytes_.push_back('i');
        put(static_cast<std::uint64_t>(number));
    }
    void add(const std::string& text) {
        bytes_.push_back('t');
        put(text.size());
        bytes_.append(text);
    }
    template <class T>
    void add(const std::optional<T>& column) {
        if (column) {
            add(*column);
        } else {
            bytes_.push_back('n');
        }
    }
    const std::string& bytes() const { return bytes_; }

private:
    void put(std::uint64_t number) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes_.push_back(static_cast<char>(number >> shift));
        }
    }
    std::string bytes_;
};

}  // namespace

Row to_row(const Event& event) {
    Row row;
    row.day = to_iso(event.stamp.day);
    row.at_ms = event.stamp.wall.time_since_epoch().count();
    row.utc_offset_min = event.stamp.utc_offset.count();
    std::visit(ToRow{row}, event.fact);
    return row;
}

std::optional<Event> from_row(const Row& row) {
    const auto day = parse_day(row.day);
    if (!day) return std::nullopt;
    const Now stamp{WallTime{std::chrono::milliseconds{row.at_ms}},
                    std::chrono::minutes{row.utc_offset_min}, *day};
    try {
        return Event{stamp, FromRow{row}.fact(stamp)};
    } catch (const NotARow&) {
        return std::nullopt;
    }
}

Hash chain(const Hash& before, std::uint64_t seq, const Row& row) {
    thread_local Hasher hasher;
    Canonical canonical;
    canonical.add(static_cast<std::int64_t>(seq));
    Row::for_each(row, [&](const auto& column) { canonical.add(column); });
    hasher.reset();
    hasher.add(before.data(), before.size());
    hasher.add(canonical.bytes().data(), canonical.bytes().size());
    return hasher.finish();
}

}  // namespace antrean::journal
