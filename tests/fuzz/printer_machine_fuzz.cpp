// A printer, a link and people that do anything in any order, against the driver's state machine:
// what it promises in its header holds all the same.
#include "drivers/escpos/commands.hpp"
#include "drivers/printer/machine.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace antrean::printer;
using namespace std::chrono_literals;
namespace escpos = antrean::escpos;

void must(bool holds, int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "what must hold at line %d does not\n", line);
    std::abort();
}

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
    std::vector<std::byte> bytes;
    for (const int value : values)
        bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

escpos::Profile any_profile(FuzzedDataProvider& input) {
    escpos::Profile profile = escpos::generic_80();
    profile.dialect = static_cast<escpos::Dialect>(input.ConsumeIntegralInRange(0, 2));
    profile.clear = static_cast<escpos::ClearCommand>(input.ConsumeIntegralInRange(0, 2));
    profile.answers = input.ConsumeIntegralInRange(0, 7) > 0;
    profile.has_asb = input.ConsumeBool();
    profile.has_barrier = input.ConsumeBool();
    profile.has_process_id = input.ConsumeBool();
    profile.has_counters = input.ConsumeBool();
    profile.has_near_end = input.ConsumeBool();
    if (input.ConsumeBool()) profile.present = bytes_of({0x1c, 0x50, 5, 1, 0x52, 10});
    profile.band_rows = 8;  // the longest command is short, so that inputs go further
    return profile;
}

class World {
public:
    explicit World(FuzzedDataProvider& input)
        : input_{input}, profile_{any_profile(input)}, machine_{profile_, 7} {}

    void step() {
        switch (input_.ConsumeIntegralInRange(0, 9)) {
            case 0:
                if (!open_) open();
                break;
            case 1:
                close(static_cast<Reason>(input_.ConsumeIntegralInRange(0, 7)));
                break;
            case 2:
                print();
                break;
            case 3:
            case 4:
                take(input_.ConsumeIntegralInRange<std::uint64_t>(0, 3000));
                break;
            case 5:
                receive(input_.ConsumeBytes<std::byte>(input_.ConsumeIntegralInRange(0, 16)));
                break;
            case 6:
            case 7:
                take(1'000'000);
                answer();
                break;
            case 8:
                pass(std::chrono::milliseconds{input_.ConsumeIntegralInRange(0, 5000)});
                break;
            default:
                tick();
        }
    }
    // Without any further answer each job has its end.
    void end() {
        for (int i = 0; i < 300 && job_; ++i)
            pass(1s);
        must(!job_ && !machine_.busy());
    }

private:
    void open() {
        open_ = true;
        closing_ = false;
        total_ = written_ = paper_end_ = 0;
        questions_.clear();
        machine_.opened(now_, out_);
        perform();
    }
    void close(Reason why) {
        if (!open_ && !closing_) return;
        // The link's own end can meet the one that the machine has asked for.
        machine_.closed(closing_ ? Reason::none : why, now_, out_);
        open_ = closing_ = false;
        perform();
    }
    void print() {
        if (machine_.busy()) return;
        job_ = JobId{++jobs_};
        // No command of the driver's own looks like it.
        paper_ = std::vector<std::byte>(20 + jobs_ % 30, std::byte{'P'});
        paper_.insert(paper_.end(), profile_.cut.begin(), profile_.cut.end());
        given_ = heard_since_ = false;
        machine_.print({*job_, paper_}, now_, out_);
        perform();
    }
    void take(std::uint64_t count) {
        if (!open_) return;
        total_ = std::min(total_ + count, written_);
        machine_.taken(total_, now_, out_);
        perform();
    }
    void receive(const std::vector<std::byte>& bytes) {
        if (!open_) return;
        heard_since_ = heard_since_ || (given_ && !bytes.empty());
        machine_.received(bytes, now_, out_);
        perform();
    }
    // As a printer would that is well, to what it was asked last; or a little worse.
    void answer() {
        if (!open_ || questions_.empty()) return;
        const std::vector<std::byte> asked = std::exchange(questions_, {});
        std::vector<std::byte> answers;
        const auto add = [&](std::initializer_list<int> values) {
            for (const std::byte b : bytes_of(values))
                answers.push_back(b);
        };
        const auto at = [&](std::size_t i) {
            return i < asked.size() ? static_cast<int>(asked[i]) : -1;
        };
        const int worse = input_.ConsumeIntegralInRange(0, 15) == 0 ? 0x20 : 0;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (at(i) == 0x10 && at(i + 1) == 0x04)
                at(i + 2) == 0x14 ? add({0x10, 0x0f, output_, 0, 0, worse >> 5})
                                  : add({0x12 | worse});
            if (at(i) == 0x10 && at(i + 1) == 0x14 && at(i + 2) == 8) add({0x37, 0x25, 0});
            if (at(i) == 0x1d && at(i + 1) == 'r') add({0x00});
            if (at(i) == 0x1d && at(i + 1) == 'V') cuts_ = (cuts_ + 1) % 10, output_ = 0x20;
            if (at(i) == 0x1d && at(i + 1) == 'g') add({0x5f, '0' + cuts_, 0});
            if (at(i) == 0x1d && at(i + 1) == 0xe4) add({'0', 'r', 'e', 't'});
            if (at(i) == 0x1d && at(i + 1) == 0xe2) add({'0' + cuts_, 'c', 'u', 't', 's'});
            if (at(i) == 0x1d && at(i + 1) == '(' && at(i + 2) == 'H')
                add({0x37, 0x22, at(i + 7), at(i + 8), at(i + 9), at(i + 10), 0});
        }
        if (input_.ConsumeBool()) output_ = 0;
        receive(answers);
    }
    void tick() {
        if (const auto deadline = machine_.deadline()) now_ = std::max(now_, *deadline);
        machine_.tick(now_, out_);
        perform();
    }
    void pass(std::chrono::milliseconds time) {
        const auto end = now_ + time;
        // A machine whose deadline does not move on would spin.
        for (int i = 0;; ++i) {
            must(i < 1000);
            const auto deadline = machine_.deadline();
            if (!deadline || *deadline > end) break;
            tick();
        }
        now_ = std::max(now_, end);
    }

    void perform() {
        must(out_.size() <= 24);
        for (const Action& action : out_) {
            if (const auto* write = std::get_if<Write>(&action)) {
                must(open_ && !write->bytes.empty());
                must(write->bytes.size() <= 2 * max_paper_bytes);
                written_ += write->bytes.size();
                if (write->bytes == paper_) {
                    must(job_ && !given_);  // a paper is given once
                    given_ = true;
                    paper_end_ = written_;
                }
                questions_.insert(questions_.end(), write->bytes.begin(), write->bytes.end());
            } else if (std::holds_alternative<CloseAndReopen>(action)) {
                must(open_);
                open_ = false;
                closing_ = true;
            } else if (const auto* done = std::get_if<Done>(&action)) {
                must(job_ == done->job);
                check(*done);
                if (given_) last_printed_.reset();
                if (done->outcome == Outcome::printed) last_printed_ = job_;
                job_.reset();
                paper_.clear();
            } else if (const auto* presented = std::get_if<Presented>(&action)) {
                must(last_printed_ == presented->job);
            } else {
                const auto state = std::get<StateChanged>(action).state;
                must(state != shown_);
                shown_ = state;
                must(state != PrinterState::paper_low || profile_.has_near_end);
            }
        }
        out_.clear();
        must(machine_.busy() == job_.has_value());
        must(machine_.state() == shown_);
        must(machine_.condition().since <= now_);
        must(machine_.condition().remedy.empty() == (shown_ == PrinterState::ready));
    }
    void check(const Done& done) {
        const bool printed = done.outcome == Outcome::printed;
        must(printed == (done.reason == Reason::none));
        must(printed == (done.evidence != Evidence::none));
        must((done.outcome == Outcome::not_printed) == !given_);
        if (!printed) return;
        must(profile_.answers);
        must(heard_since_);
        must(total_ >= paper_end_);
        const bool by_id = done.evidence >= Evidence::process_id;
        must(by_id == profile_.has_process_id);
        must(!(done.evidence == Evidence::counter && !profile_.has_counters));
        must(done.evidence != Evidence::barrier || profile_.has_barrier);
    }

    FuzzedDataProvider& input_;
    const escpos::Profile profile_;
    Machine machine_;
    antrean::SteadyTime now_{1h};
    Actions out_;
    bool open_ = false;
    bool closing_ = false;
    std::uint64_t total_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t paper_end_ = 0;
    std::uint64_t jobs_ = 0;
    std::optional<JobId> job_;
    std::optional<JobId> last_printed_;
    std::vector<std::byte> paper_;
    bool given_ = false;
    bool heard_since_ = false;
    std::vector<std::byte> questions_;
    int cuts_ = 0;
    int output_ = 0;
    PrinterState shown_ = PrinterState::gone;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    World world{input};
    while (input.remaining_bytes() > 0)
        world.step();
    world.end();
    return 0;
}
