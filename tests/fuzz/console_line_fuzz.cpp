// Whatever is typed at a technicians' console: nothing of it comes back but plain characters among
// the few controls that the console itself uses, nobody gets in without the code, nothing of a code
// is shown, and it does not matter how the bytes were split.
#include "firmware/console/session.hpp"
#include "tests/fuzz/must.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean;
using namespace antrean::device_console;
using fuzz::must;

constexpr std::string_view code = "kode-rahasia";

Commands make_commands() {
    Commands made;
    const auto add = [&](Command command) {
        command.summary = "Does " + command.name;
        command.run = [](const std::shared_ptr<Call>&) {};
        made.add(std::move(command));
    };
    add({.name = "status"});
    add({.name = "printer state", .arguments = "[PRINTER]", .most = 1});
    add({.name = "printer test", .arguments = "[PRINTER]", .most = 1});
    add({.name = "config set", .arguments = "KEY TEXT...", .least = 2, .most = 9, .choices = [] {
             return std::vector<std::string>{"controller", "printer"};
         }});
    add({.name = "wipe", .confirm = "device-1", .warning = "This wipes all"});
    made.add_help();
    return made;
}

// Every control among the bytes that go to a terminal is one that the console uses on purpose.
void check_shown(std::string_view shown) {
    std::string plain;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const char byte = shown[i];
        if (byte == '\a' || byte == '\r' || byte == '\n') continue;
        if (byte != '\x1b') {
            plain += byte;
            continue;
        }
        must(++i < shown.size() && shown[i] == '[');
        while (++i < shown.size() && shown[i] >= '0' && shown[i] <= '9') {
        }
        must(i < shown.size() && std::string_view{"DHJK"}.find(shown[i]) != std::string_view::npos);
    }
    fuzz::must_be_plain(plain);
}

// Before the right code there is the prompt and why there is none, and nothing of what was typed.
void check_silent(std::string_view shown) {
    constexpr std::string_view words[]{"antrean-test device-1",
                                       " code: ",
                                       "Wrong code.",
                                       "Wait ",
                                       " s.",
                                       "\r",
                                       "\n",
                                       "\a",
                                       "\x1b[K",
                                       "^C"};
    while (!shown.empty()) {
        std::size_t known = shown[0] >= '0' && shown[0] <= '9' ? 1 : 0;
        for (const auto word : words) {
            if (shown.starts_with(word)) known = word.size();
        }
        must(known > 0);
        shown.remove_prefix(known);
    }
}

class Desk {
public:
    Desk(const Commands& commands, const Secret& secret)
        : session_{{"antrean-test device-1", secret, 0}, commands, now_} {
        step([&](Actions& out) { session_.connected(now_, out); });
    }

    void type(std::string_view bytes) {
        step([&](Actions& out) { session_.received(bytes, now_, out); });
    }
    void answer(const std::string& text) {
        if (!running_) return;
        const auto call = *std::exchange(running_, std::nullopt);
        const Answer made{.error = text.size() % 2 ? "no" : "",
                          .text = text,
                          .fields = {{"name", text}, {"count", std::int64_t{3}}}};
        step([&](Actions& out) {
            session_.row(call, {{"name", text}}, out);
            session_.finished(call, made, now_, out);
        });
    }
    void wait(std::chrono::milliseconds time) {
        now_ += time;
        step([&](Actions& out) { session_.tick(now_, out); });
    }
    void hang_up() {
        step([&](Actions& out) { session_.hung_up(now_, out); });
        must(!session_.is_logged_in());
        step([&](Actions& out) { session_.connected(now_, out); });
    }

    bool is_logged_in() const { return session_.is_logged_in(); }
    const std::string& shown() const { return shown_; }
    const std::vector<std::string>& done() const { return done_; }

private:
    template <class Event>
    void step(const Event& event) {
        Actions out;
        event(out);
        for (const auto& action : out) {
            if (const auto* write = std::get_if<Write>(&action)) shown_ += write->bytes;
            if (const auto* log = std::get_if<Log>(&action)) {
                fuzz::must_be_plain(log->text);
                done_.push_back(log->text);
            }
            if (const auto* run = std::get_if<Run>(&action)) {
                must(run->arguments.size() >= run->command->least);
                must(run->arguments.size() <= run->command->most);
                running_ = run->call;
                done_.push_back("run " + run->command->name);
            }
            if (std::holds_alternative<Cancel>(action)) {
                running_.reset();
                done_.push_back("cancel");
            }
            if (const auto* keep = std::get_if<KeepFailures>(&action))
                done_.push_back("keep " + std::to_string(keep->wrong_codes));
        }
    }

    SteadyTime now_{std::chrono::hours{1}};
    Session session_;
    std::string shown_;
    std::vector<std::string> done_;
    std::optional<CallId> running_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Commands commands = make_commands();
    static const Secret secret = make_secret(code, {std::byte{7}}, 1);
    FuzzedDataProvider input{data, size};
    Desk whole{commands, secret}, pieces{commands, secret};
    const bool knows_code = input.ConsumeBool();
    std::string typed;
    bool was_logged_in = false;
    if (knows_code) {
        for (Desk* desk : {&whole, &pieces}) {
            desk->type(std::string{code} + '\r');
            must(desk->is_logged_in());
        }
    }
    while (input.remaining_bytes() > 0) {
        const int what = input.ConsumeIntegralInRange(0, 7);
        if (what <= 4) {
            const auto bytes = input.ConsumeRandomLengthString(1200);
            typed += bytes;
            whole.type(bytes);
            for (const char byte : bytes)
                pieces.type({&byte, 1});
        } else if (what == 5) {
            const auto text = input.ConsumeRandomLengthString(100);
            whole.answer(text);
            pieces.answer(text);
        } else if (what == 6) {
            const std::chrono::milliseconds time{input.ConsumeIntegralInRange(0, 20 * 60 * 1000)};
            whole.wait(time);
            pieces.wait(time);
        } else {
            whole.hang_up();
            pieces.hang_up();
        }
        must(whole.is_logged_in() == pieces.is_logged_in());
        was_logged_in = was_logged_in || whole.is_logged_in();
    }
    check_shown(whole.shown());
    must(whole.shown() == pieces.shown());
    must(whole.done() == pieces.done());
    if (!knows_code && typed.find(code) == std::string::npos) {
        must(!whole.is_logged_in());
        for (const auto& done : whole.done())
            must(!done.starts_with("run"));
    }
    if (!knows_code && !was_logged_in) check_silent(whole.shown());
    return 0;
}
