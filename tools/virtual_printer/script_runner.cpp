#include "tools/virtual_printer/script_runner.hpp"

#include <algorithm>

namespace antrean::virtual_printer {
namespace {

constexpr std::size_t most_to_come = 2 * most_statements;

}  // namespace

std::size_t ScriptRunner::to_come() const {
    std::size_t count = timed_.size();
    for (const Group& group : groups_)
        count += 1 + group.followers.size();
    return count;
}

bool ScriptRunner::begin(const Script& script, const Progress& progress, SteadyTime now) {
    if (to_come() + script.size() > most_to_come) return false;
    std::chrono::milliseconds delay{0};
    Group* last = nullptr;
    for (const Statement& statement : script) {
        if (statement.when.kind == Trigger::Kind::after) {
            delay += statement.when.delay;
            if (last == nullptr) {
                schedule(now + delay, statement.what);
            } else {
                last->followers.emplace_back(delay, statement.what);
            }
            continue;
        }
        delay = {};
        Group group{statement.when, statement.what, {}};
        switch (group.when.kind) {
            case Trigger::Kind::line:
                group.when.count += progress.lines;
                break;
            case Trigger::Kind::byte:
                group.when.count += progress.bytes;
                break;
            case Trigger::Kind::cut:
                group.when.count += progress.cuts;
                break;
            default:
                break;
        }
        groups_.push_back(std::move(group));
        last = &groups_.back();
    }
    return true;
}

bool ScriptRunner::schedule(SteadyTime time, const Act& act) {
    if (timed_.size() >= most_to_come) return false;
    const auto after = std::find_if(timed_.begin(), timed_.end(),
                                    [time](const Timed& timed) { return timed.time > time; });
    timed_.insert(after, {time, act});
    return true;
}

std::optional<Act> ScriptRunner::take_due(const Progress& progress, bool cut_begins,
                                          SteadyTime moment) {
    const auto is_due = [&](const Group& group) {
        switch (group.when.kind) {
            case Trigger::Kind::at_once:
                return true;
            case Trigger::Kind::line:
                return group.when.count <= progress.lines;
            case Trigger::Kind::byte:
                return group.when.count <= progress.bytes;
            case Trigger::Kind::cut:
                return group.when.count <= progress.cuts + (cut_begins ? 1 : 0);
            case Trigger::Kind::after:
                break;
        }
        return false;
    };
    const auto due = std::find_if(groups_.begin(), groups_.end(), is_due);
    if (due == groups_.end()) return std::nullopt;
    const Group group = std::move(*due);
    groups_.erase(due);
    for (const auto& [delay, act] : group.followers)
        schedule(moment + delay, act);
    return group.what;
}

bool ScriptRunner::waits_for_cut(std::uint64_t cut) const {
    return std::any_of(groups_.begin(), groups_.end(), [cut](const Group& group) {
        return group.when.kind == Trigger::Kind::cut && group.when.count <= cut;
    });
}

bool ScriptRunner::waits_for_byte(std::uint64_t byte) const {
    return std::any_of(groups_.begin(), groups_.end(), [byte](const Group& group) {
        return group.when.kind == Trigger::Kind::byte && group.when.count <= byte;
    });
}

std::optional<SteadyTime> ScriptRunner::next_time() const {
    if (timed_.empty()) return std::nullopt;
    return timed_.front().time;
}

Act ScriptRunner::take_timed() {
    const Act act = timed_.front().act;
    timed_.erase(timed_.begin());
    return act;
}

}  // namespace antrean::virtual_printer
