#include "drivers/escpos/profile_match.hpp"

#include "drivers/config/problems.hpp"
#include "drivers/escpos/profile_load.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace antrean::escpos {
namespace {

// What is left of a name when spelling is left out: letters, small, and digits. What stands in
// round brackets at its end is no name: "TSP143 (STR_T-001)".
std::string bare(std::string_view text) {
    if (text.ends_with(')')) text = text.substr(0, text.find('('));
    std::string out;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

// Whether a printer that calls itself MAKER MODEL is the PROFILE's. A maker may be longer than
// the profile has it ("Custom Engineering"), and a model may repeat the maker ("EPSON TM-T88V");
// otherwise a model is the same or another: "TM-T88V" is not "TM-T88VI".
bool names(std::string_view maker, std::string_view model, const Profile& profile) {
    const std::string wanted_maker = bare(profile.maker);
    const std::string wanted_model = bare(profile.model);
    const std::string said_maker = bare(maker);
    std::string said_model = bare(model);
    if (wanted_maker.empty() || wanted_model.empty()) return false;
    if (!said_maker.starts_with(wanted_maker)) return false;
    if (said_model.starts_with(wanted_maker)) said_model.erase(0, wanted_maker.size());
    return said_model == wanted_model;
}

const Profile* named(std::string_view maker, std::string_view model,
                     std::span<const Profile> profiles) {
    const auto found = std::ranges::find_if(
        profiles, [&](const Profile& profile) { return names(maker, model, profile); });
    return found == profiles.end() ? nullptr : &*found;
}

std::string called(std::string_view maker, std::string_view model) {
    return config::in_quotes(maker) + " " + config::in_quotes(model);
}

// 58 or 80 where a run of digits in MODEL begins so, as in "POS-5890" and "XP-80C"; else 0.
double width_in_name(std::string_view model) {
    bool in_number = false;
    for (std::size_t i = 0; i < model.size(); ++i) {
        const bool digit = model[i] >= '0' && model[i] <= '9';
        if (digit && !in_number && model.substr(i, 2) == "58") return 58;
        if (digit && !in_number && model.substr(i, 2) == "80") return 80;
        in_number = digit;
    }
    return 0;
}

// Nothing is relied on that was asked for in vain. Adds what was switched off to OFF.
void switch_off_silent(Profile& profile, const Identity& identity, std::vector<std::string>& off) {
    const auto drop = [&](bool& claimed, Heard reply, const char* what) {
        if (!claimed || reply != Heard::silent) return;
        claimed = false;
        off.emplace_back(what);
    };
    drop(profile.answers, identity.status, "DLE EOT");
    drop(profile.has_asb, identity.asb, "GS a");
    drop(profile.has_barrier, identity.barrier, "GS r");
    drop(profile.has_process_id, identity.process_id, "GS ( H");
    drop(profile.has_counters, identity.counters, "GS g");
    if (profile.clear == ClearCommand::dle_dc4_8 && identity.clear == Heard::silent) {
        profile.clear = ClearCommand::none;
        off.emplace_back("DLE DC4");
    }
    if (profile.answers) return;
    // Without status, an answer to anything else says nothing of paper and cover.
    profile.has_asb = profile.has_barrier = profile.has_process_id = false;
    profile.has_counters = profile.has_ids = profile.has_near_end = false;
    if (profile.clear == ClearCommand::dle_dc4_8) profile.clear = ClearCommand::none;
}

// A generic profile claims little; what has answered may be relied on, though. Not GS a: clones
// let its reports run into other answers.
void switch_on_answered(Profile& profile, const Identity& identity) {
    if (identity.status == Heard::answered) profile.answers = true;
    if (!profile.answers) return;
    if (identity.barrier == Heard::answered) profile.has_barrier = true;
    if (identity.process_id == Heard::answered) profile.has_process_id = true;
    if (identity.counters == Heard::answered) profile.has_counters = true;
    if (!identity.said_model.empty()) profile.has_ids = true;
}

std::string silent_part(const std::vector<std::string>& off) {
    if (off.empty()) return {};
    const std::vector<std::string_view> words{off.begin(), off.end()};
    return "; not relied on, for it did not answer: " + config::joined(words);
}

Match generic(const Identity& identity, std::string why) {
    double width = identity.paper_mm.value_or(0);
    std::string from = "for paper of this width";
    if (width <= 0) {
        width = std::max(width_in_name(identity.said_model), width_in_name(identity.model));
        from = "for the width in its name";
    }
    if (width <= 0) from = "for it fits paper of any width";
    Match match;
    match.profile = width > 69 ? generic_80() : generic_58();
    std::vector<std::string> off;
    switch_off_silent(match.profile, identity, off);
    switch_on_answered(match.profile, identity);
    match.why =
        std::move(why) + ", so " + match.profile.name + " is taken, " + from + silent_part(off);
    return match;
}

}  // namespace

Match match_profile(const Identity& identity, std::span<const Profile> profiles) {
    const Profile* by_word = named(identity.said_maker, identity.said_model, profiles);
    const Profile* by_id = named(identity.maker, identity.model, profiles);
    const std::string word =
        "it calls itself " + called(identity.said_maker, identity.said_model) + " by GS I";
    const std::string id = "its IEEE 1284 id is " + called(identity.maker, identity.model);
    if (by_word != nullptr && by_id != nullptr && by_word != by_id) {
        return generic(identity, word + ", but " + id + ": one of them is copied");
    }
    const Profile* found = by_word != nullptr ? by_word : by_id;
    if (found == nullptr) {
        std::string why = "it does not say what it is";
        if (!identity.said_model.empty()) {
            why = word + ", which no profile is of";
        } else if (!identity.model.empty()) {
            why = id + ", which no profile is of";
        } else if (identity.usb) {
            for (const Profile& profile : profiles) {
                if (std::ranges::find(profile.usb, *identity.usb) == profile.usb.end()) continue;
                why += ", and a USB id as of " + profile.name + " alone does not decide";
                break;
            }
        }
        return generic(identity, std::move(why));
    }
    const std::string why = by_word != nullptr ? word : id;
    if (identity.usb && !found->usb.empty() &&
        std::ranges::none_of(
            found->usb, [&](const UsbId& one) { return one.vendor == identity.usb->vendor; })) {
        return generic(identity, why + ", but its USB vendor is another: a copy");
    }
    constexpr double guide_mm = 8;  // rolls of 79.5, 80 and 82.5 mm are one kind, 58 is another
    if (identity.paper_mm && std::abs(*identity.paper_mm - found->paper_mm) > guide_mm) {
        return generic(identity, why + ", but its paper has another width than " + found->name +
                                     " is written for");
    }
    Match match{*found, true, {}};
    std::vector<std::string> off;
    switch_off_silent(match.profile, identity, off);
    match.why = why + ", and that is " + found->name + silent_part(off);
    return match;
}

Match match_profile(const Identity& identity) {
    std::vector<Profile> all;
    for (const std::string_view name : known_profiles())
        all.push_back(find_profile(std::string{name}).value());
    return match_profile(identity, all);
}

}  // namespace antrean::escpos
