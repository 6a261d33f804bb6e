// Files of the disk with bytes that were changed, cut off or added: a journal gives what was
// written to it, up to some event, or is refused; a store of a device is refused as damaged, or
// holds what a device can begin with. Nothing that a file says ends the program.
#include "controller/journal/journal.hpp"
#include "controller/journal/restore.hpp"
#include "controller/journal/verify.hpp"
#include "firmware/callpad/store.hpp"
#include "firmware/common/quarantine.hpp"
#include "firmware/console/store.hpp"
#include "firmware/kiosk/store.hpp"
#include "proto/codec.hpp"
#include "tests/controller/journal_bench.hpp"
#include "tests/fuzz/must.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean;
using fuzz::must;
namespace fs = std::filesystem;

constexpr int days = 2;

struct Template {
    std::string bytes;
    std::string log;  // beside it, as a power cut leaves it; empty: none
};

fs::path log_of(const fs::path& file) {
    return file.string() + "-wal";
}

void write(const fs::path& file, const std::string& bytes) {
    std::ofstream{file, std::ios::binary} << bytes;
}

kiosk::Save a_kiosks_memory() {
    const SteadyTime pressed{std::chrono::hours{1}};
    const auto ktp = ServiceId::parse("ktp-el").value();
    kiosk::Job job{};
    job.paper.ticket = TicketId{7};
    job.paper.label = "A-025";
    job.paper.service_name = "KTP-el";
    job.pressed = pressed;
    proto::Menu menu{"Mal Contoh", "Contoh", "WIB", {}};
    menu.buttons.push_back(
        {ButtonNumber{1}, ktp, "KTP-el", "Dinas", TicketClass::regular, "", *SeriesId::parse("a")});
    const proto::Lease terms{LeaseId{12}, *SeriesId::parse("a"), "A-QK", 200};
    return {
        {kiosk::PutMenu{menu}, kiosk::PutJob{job},
         kiosk::PutRequest{{proto::Issue{RequestId{4}, ktp}, pressed}},
         kiosk::PutSeen{{ServiceDay{std::chrono::days{20'779}}, "A-025", TicketId{7}}},
         kiosk::PutJournalSeq{99}, kiosk::PutLease{{terms, 2}},
         kiosk::PutOffline{{terms.lease, 2, ktp, TicketClass::regular, RequestId{3}, pressed}}}};
}

const kiosk::Computer here{"boot-1", "computer-1", "kiosk-1"};

enum Kind { journal_file, journal_with_log, kiosk_file, callpad_file, console_file, kinds };

// The files as they are before anything is done to them, made once.
const std::array<Template, kinds>& templates() {
    static const auto made = [] {
        const tests::Folder folder;
        std::array<Template, kinds> all;
        const auto path = [&](const char* name) { return folder / name; };
        {
            auto journal = journal::bench::open(path("j"));
            must(journal.ok());
            for (int day = 0; day < days; ++day)
                must((*journal.journal)->append(journal::bench::samples(day)).has_value());
            all[journal_with_log] = {tests::content(path("j")), tests::content(log_of(path("j")))};
        }
        all[journal_file].bytes = tests::content(path("j"));
        {
            kiosk::Stored loaded;
            auto store = kiosk::Store::open(path("k"), here, loaded);
            must(store && store->save(a_kiosks_memory()));
        }
        all[kiosk_file].bytes = tests::content(path("k"));
        {
            callpad::Stored loaded;
            auto store = callpad::Store::open(path("c"), loaded);
            proto::CounterView view;
            view.counter = *CounterId::parse("loket-1");
            view.counter_name = "Loket 1";
            view.ticket = TicketId{7};
            view.label = "A-025";
            must(store && store->save(callpad::SaveView{view, 9}));
            must(store->save(callpad::SaveRequest{proto::CallNext{RequestId{5}}, 9}).has_value());
        }
        all[callpad_file].bytes = tests::content(path("c"));
        {
            auto store = device_console::Store::open(path("t"));
            must(store && store->set_secret(device_console::make_secret("kode-rahasia", {}, 1)));
            must(store->keep_wrong_codes(2).has_value());
            must(store
                     ->add_paper({0,
                                  WallTime{},
                                  "ticket",
                                  TicketId{7},
                                  "A-025",
                                  1,
                                  "printed",
                                  "none",
                                  "answered",
                                  {{"label", "A-025"}, {"site", "Mal"}}},
                                 {{"papers", 3}})
                     .has_value());
        }
        all[console_file].bytes = tests::content(path("t"));
        return all;
    }();
    return made;
}

std::string damaged(std::string bytes, FuzzedDataProvider& input) {
    for (int i = input.ConsumeIntegralInRange(0, 6); i > 0 && !bytes.empty(); --i) {
        const auto at = input.ConsumeIntegralInRange<std::size_t>(0, bytes.size() - 1);
        const auto with = input.ConsumeRandomLengthString(40);
        switch (input.ConsumeIntegralInRange(0, 7)) {
            case 0:
                bytes.resize(at);
                break;
            case 1: {  // a page that was never written, or written elsewhere
                const std::size_t page = at / 512 * 512;
                const auto size = std::min<std::size_t>(512, bytes.size() - page);
                bytes.replace(page, size, std::string(size, with.empty() ? '\0' : with[0]));
                break;
            }
            case 2:
                bytes.insert(at, with);
                break;
            default:
                bytes.replace(at, std::min(with.size(), bytes.size() - at), with);
        }
    }
    return bytes;
}

// What was written to the journal, in its order.
const std::vector<engine::Event>& written() {
    static const auto all = [] {
        std::vector<engine::Event> events;
        for (int day = 0; day < days; ++day) {
            auto more = journal::bench::samples(day);
            std::move(more.begin(), more.end(), std::back_inserter(events));
        }
        return events;
    }();
    return all;
}

void must_be_told(const database::DatabaseError& error) {
    must(!error.text.empty());
    fuzz::must_be_plain(error.text);
}

// RESTORES: it takes several times as long.
void check_journal(const fs::path& file, const fs::path& elsewhere, bool restores) {
    const auto verified = journal::verify({file});
    if (!verified) must_be_told(verified.error());
    if (restores) {
        const auto restored = journal::restore(file, elsewhere, std::chrono::sys_seconds{});
        if (!restored) must_be_told(restored.error());
        must(restored.has_value() == verified.has_value());
    }
    const auto read = journal::bench::open(file);
    if (!read.ok()) return must_be_told(read.journal.error());
    for (const auto& [seq, event] : read.folded)
        must(seq >= 1 && seq <= written().size() &&
             journal::bench::same(event, written()[seq - 1]));
    must(!verified || verified->events <= written().size());
}

void check_kiosk(const fs::path& file) {
    kiosk::Stored loaded;
    auto store = common::open_or_begin_anew(file, [&] {
        loaded = {};
        return kiosk::Store::open(file, here, loaded);
    });
    if (!store) return must_be_told(store.error());
    const SteadyTime now{std::chrono::hours{2}};
    kiosk::Core core{loaded};
    kiosk::Actions actions;
    core.started(now, actions);
    core.printer(kiosk::PrinterReady::yes, now, actions);
    core.pressed(ButtonNumber{1}, now, actions);
    core.tick(now + std::chrono::seconds{40}, actions);
    (void)proto::encode(core.hello(*DeviceId::parse("kiosk-1"), "fuzz"));
    for (const auto& action : actions) {
        if (const auto* save = std::get_if<kiosk::Save>(&action)) (void)store->save(*save);
        if (const auto* send = std::get_if<kiosk::Send>(&action))
            (void)proto::encode(proto::to_message(send->request));
    }
}

void check_callpad(const fs::path& file) {
    callpad::Stored loaded;
    auto store = common::open_or_begin_anew(file, [&] {
        loaded = {};
        return callpad::Store::open(file, loaded);
    });
    if (!store) return must_be_told(store.error());
    callpad::Core core{loaded};
    callpad::Actions actions;
    core.started(actions);
    core.linked({}, actions);
    core.pressed(callpad::Key::next, SteadyTime{std::chrono::hours{2}}, actions);
    (void)proto::encode(core.hello(*DeviceId::parse("pad-1"), "fuzz"));
    for (const auto& action : actions) {
        if (const auto* save = std::get_if<callpad::SaveRequest>(&action)) (void)store->save(*save);
        if (const auto* send = std::get_if<callpad::Send>(&action))
            (void)proto::encode(proto::to_message(send->request));
    }
}

void check_console(const fs::path& file) {
    auto store = device_console::Store::open(file);
    if (!store) return must_be_told(store.error());
    (void)device_console::lockout_after(store->wrong_codes());
    (void)store->papers(device_console::max_papers);
    (void)store->find("A-025");
    (void)store->counters();
    (void)store->keep_wrong_codes(3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto kind = static_cast<Kind>(input.ConsumeIntegralInRange(0, kinds - 1));
    const auto& whole = templates()[kind];
    const tests::Folder folder;
    const auto file = folder / "file";
    const bool restores = input.ConsumeIntegralInRange(0, 7) == 0;
    const bool hits_log = !whole.log.empty() && input.ConsumeBool();
    write(file, hits_log ? whole.bytes : damaged(whole.bytes, input));
    if (!whole.log.empty()) {
        write(log_of(file), hits_log ? damaged(whole.log, input) : whole.log);
    }
    if (kind == journal_file || kind == journal_with_log) {
        check_journal(file, folder / "restored", restores);
    }
    if (kind == kiosk_file) check_kiosk(file);
    if (kind == callpad_file) check_callpad(file);
    if (kind == console_file) check_console(file);
    return 0;
}
