#include "tests/sim/story.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace antrean::sim {
namespace {

struct Sentence {
    std::string time, who, text;
    std::size_t times = 1;
};

// "08:04:11.125 kiosk-2 loses power".
Sentence to_sentence(const std::string& line) {
    constexpr std::size_t to_seconds = 8;
    const auto who = line.find(' ') + 1;
    const auto text = line.find(' ', who) + 1;
    return {line.substr(0, to_seconds), line.substr(who, text - who - 1), line.substr(text)};
}

bool says_nothing(const Sentence& sentence) {
    const std::string_view text = sentence.text;
    const bool of_controller = sentence.who == "controller";
    return text == "its printer: ready" || (of_controller && text.ends_with("connected")) ||
           (of_controller && text.starts_with("site file")) ||
           (of_controller && text.starts_with("connection ")) ||
           (of_controller && text.starts_with("service day"));
}

// "kiosk-2" is one of the kiosks.
std::string kind_of(const std::string& who) {
    const auto dash = who.find('-');
    return dash == std::string::npos ? who : who.substr(0, dash);
}

// Of each the first start.
std::string opening(const std::map<std::string, std::size_t>& kinds) {
    std::string text;
    for (const auto& [kind, count] : kinds) {
        text += text.empty() ? "" : ", ";
        text += count == 1 ? kind : fmt::format("{} {}s", count, kind);
    }
    return text;
}

template <class Is>
void leave_out(std::vector<Sentence>& sentences, Is is) {
    // From the oldest on, and no more of them than must be.
    auto excess = sentences.size() - std::min(sentences.size(), longest_story);
    std::erase_if(sentences, [&](const Sentence& sentence) {
        if (excess == 0 || !is(sentence)) return false;
        --excess;
        return true;
    });
}

}  // namespace

std::vector<std::string> tell_story(const std::deque<std::string>& lines) {
    std::vector<Sentence> sentences;
    std::set<std::string> started;
    std::map<std::string, std::size_t> kinds;
    std::string opened_at;
    for (const auto& line : lines) {
        auto sentence = to_sentence(line);
        if (says_nothing(sentence)) continue;
        if (sentence.text.starts_with("starts") && started.insert(sentence.who).second) {
            if (opened_at.empty()) opened_at = sentence.time;
            ++kinds[kind_of(sentence.who)];
            continue;
        }
        const bool again = !sentences.empty() && sentences.back().who == sentence.who &&
                           sentences.back().text == sentence.text;
        if (again) {
            ++sentences.back().times;
        } else {
            sentences.push_back(std::move(sentence));
        }
    }
    if (!kinds.empty()) {
        sentences.insert(sentences.begin(), {opened_at, opening(kinds), "start"});
    }
    for (const auto* least :
         {"is disconnected", "shows", "its printer says", "has called", "asks", "its "}) {
        leave_out(sentences, [&](const Sentence& one) { return one.text.starts_with(least); });
    }
    leave_out(sentences, [&](const Sentence& one) { return one.text != "start"; });
    std::vector<std::string> story;
    for (const auto& [time, who, text, times] : sentences) {
        story.push_back(fmt::format("{}  {} {}{}", time, who, text,
                                    times == 1 ? "" : fmt::format(" ({} times)", times)));
    }
    return story;
}

}  // namespace antrean::sim
