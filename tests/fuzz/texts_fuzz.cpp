// The short texts from outside: codes of appointments and what reads them, the operator's requests,
// options of devices, days and labels. What is taken keeps its bounds and reads the same again, and
// what is said of the rest is plain.
#include "controller/appointments/code.hpp"
#include "controller/console/answers.hpp"
#include "controller/console/request.hpp"
#include "controller/journal/restore.hpp"
#include "controller/web/routes.hpp"
#include "drivers/display/address.hpp"
#include "drivers/display/hd44780.hpp"
#include "drivers/tty/terminal_keys.hpp"
#include "firmware/callpad/pad_option.hpp"
#include "firmware/kiosk/core.hpp"
#include "firmware/kiosk/options.hpp"
#include "firmware/kiosk/reader.hpp"
#include "proto/day.hpp"
#include "proto/lease.hpp"
#include "tests/files.hpp"
#include "tests/fuzz/must.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean;
using fuzz::must;
using fuzz::must_be_plain;

void check_appointment(FuzzedDataProvider& input) {
    static const auto key = appointments::Key::parse(std::string(32, 'k')).value();
    const auto text = input.ConsumeRandomLengthString(200);
    if (const auto code = appointments::parse(text)) {
        must(text.size() <= proto::max_appointment_code);
        must(code->service && code->time >= std::chrono::minutes{0});
        must(code->time < std::chrono::hours{24});
        must_be_plain(code->appointment);
        // Nobody makes a seal without the key.
        must(!appointments::is_genuine(*code, key) ||
             code->seal == appointments::seal_of(code->appointment, key));
        const auto again = appointments::parse(code->appointment + '.' + code->seal);
        must(again && again->appointment == code->appointment);
    }
    const auto nonce = input.ConsumeRandomLengthString(20);
    const auto service = ServiceId::parse(input.ConsumeRandomLengthString(40));
    const ServiceDay day{std::chrono::days{input.ConsumeIntegralInRange(-800'000, 3'000'000)}};
    const std::chrono::minutes time{input.ConsumeIntegralInRange(0, 1439)};
    const auto made = service ? appointments::make(*service, day, time, nonce, key) : std::nullopt;
    if (made) {
        const auto read = appointments::parse(*made);
        must(read && read->service == *service && read->day == day && read->time == time);
        must(appointments::is_genuine(*read, key));
    }
    (void)appointments::Key::parse(text);
}

// A sealed code with one character changed is never genuine, unless only its case was.
void check_seal(FuzzedDataProvider& input) {
    static const auto key = appointments::Key::parse(std::string(32, 'k')).value();
    static const auto code = appointments::make(ServiceId::parse("ktp-el").value(),
                                                ServiceDay{std::chrono::days{20'779}},
                                                std::chrono::minutes{545}, "A7", key)
                                 .value();
    auto changed = code;
    const auto at = input.ConsumeIntegralInRange<std::size_t>(0, code.size() - 1);
    changed[at] = input.ConsumeIntegral<char>();
    const bool is_same = std::equal(code.begin(), code.end(), changed.begin(), [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : +c; };
        return lower(a) == lower(b);
    });
    const auto read = appointments::parse(changed);
    must((read && appointments::is_genuine(*read, key)) == is_same);
}

void check_reader(FuzzedDataProvider& input) {
    kiosk::CodeReader reader;
    SteadyTime now{std::chrono::hours{1}};
    while (input.remaining_bytes() > 0) {
        const buttons::KeyCode key{input.ConsumeIntegralInRange<std::uint16_t>(0, 127)};
        now += std::chrono::milliseconds{input.ConsumeIntegralInRange(0, 100) * 25};
        if (input.ConsumeBool()) {
            reader.released(key);
        } else if (const auto line = reader.pressed(key, now)) {
            must(!line->empty() && line->size() <= kiosk::CodeReader::max_size);
            must(std::all_of(line->begin(), line->end(),
                             [](char c) { return c >= ' ' && c <= '~'; }));
        }
    }
}

void check_operator(const std::string& line) {
    const auto request = console::parse(line);
    const auto said = request ? console::describe(*request) : request.error().text;
    must(request || !said.empty());
    must_be_plain(said);
    // Programs read what is answered: one line of JSON, whatever it tells.
    const auto answer = console::refused_line("malformed", said);
    must(std::count(answer.begin(), answer.end(), '\n') == 1 && answer.back() == '\n');
    boost::system::error_code error;
    (void)boost::json::parse(answer, error);
    must(!error);
}

void check_options(const std::string& text) {
    const auto says = [](const auto& parsed) {
        if (parsed) return;
        must(!parsed.error().empty());
        must_be_plain(parsed.error());
    };
    says(kiosk::parse_press_limit(text));
    says(kiosk::parse_lamps({text, "3=lamp-3"}));
    says(kiosk::parse_choice(text));
    std::string problem;
    const auto pad = callpad::parse_pad(text, problem);
    must(!problem.empty() || pad.device);
    must_be_plain(problem);
    if (problem.empty()) must_be_plain(callpad::problem_of({pad, pad}));
    problem.clear();
    (void)display::parse_address(text, problem);
    must_be_plain(problem);
}

void check_display(FuzzedDataProvider& input) {
    display::Hd44780 glass{input.ConsumeBool() ? display::Glass::columns_16_rows_2
                                               : display::Glass::columns_20_rows_4};
    while (input.remaining_bytes() > 0) {
        std::vector<std::string> rows;
        for (int i = input.ConsumeIntegralInRange(0, 6); i > 0; --i)
            rows.push_back(input.ConsumeRandomLengthString(60));
        glass.show(rows);
        if (input.ConsumeBool()) glass.lost();
        if (input.ConsumeBool()) glass.refresh();
        int steps = 0;
        while (const auto transfer = glass.next()) {
            must(!transfer->bytes.empty() || transfer->pause.count() > 0);
            must(transfer->bytes.size() <= display::max_transfer_bytes);
            must(++steps < 1000);
        }
    }
}

void check_small(const std::string& text) {
    if (const auto day = parse_day(text)) must(to_iso(*day) == text);
    if (const auto id = ServiceId::parse(text)) must(id->view() == text);
    must(text.find(kiosk::series_of(text)) == 0);
    const auto escaped = tty::escaped(text);
    must_be_plain(escaped);
    must(escaped.size() <= 4 * text.size());
    must(!tty::is_plain(text) || escaped == text);
    must(tty::single_keys(text).size() <= text.size());
    const auto answer = web::answer_for(web::Method::get, text);
    must(answer.status == 200 || answer.status == 301 || answer.status == 302 ||
         answer.status == 404 || answer.status == 400 || answer.status == 308 ||
         answer.status == 307);
}

// The sign that a restore leaves, whatever became of it.
void check_sign(const std::string& text) {
    static const tests::Folder folder;
    const auto journal = folder / "queue.journal";
    std::ofstream{folder / "queue.journal.restored", std::ios::binary} << text;
    const auto sign = journal::restored_sign(journal);
    must(sign.has_value());
    must(sign->find('\n') == std::string::npos);
    (void)journal::restored_epoch(journal);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const int kind = input.ConsumeIntegralInRange(0, 7);
    if (kind == 0) check_appointment(input);
    if (kind == 1) check_seal(input);
    if (kind == 2) check_reader(input);
    if (kind == 3) check_operator(input.ConsumeRemainingBytesAsString());
    if (kind == 4) check_options(input.ConsumeRemainingBytesAsString());
    if (kind == 5) check_display(input);
    if (kind == 6) check_small(input.ConsumeRemainingBytesAsString());
    if (kind == 7) check_sign(input.ConsumeRemainingBytesAsString());
    return 0;
}
