#include "tools/paper/profile_file.hpp"

#include <map>

#include <fmt/format.h>

namespace antrean::paper {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c >= 0x20 && c < 0x7f) out += c;
    }
    return out + '"';
}

// By "section.key": the values that this very printer has shown.
std::map<std::string, std::string> seen(const escpos::Match& match,
                                        const escpos::Identity& identity) {
    std::map<std::string, std::string> values;
    const auto text = [&](const char* key, const std::string& said, const std::string& id) {
        if (!said.empty()) {
            values[key] = quoted(said);
        } else if (!id.empty()) {
            values[key] = quoted(id);
        }
    };
    text("printer.maker", identity.said_maker, identity.maker);
    text("printer.model", identity.said_model, identity.model);
    if (identity.usb) {
        values["usb.ids"] =
            fmt::format("[\"{:04x}:{:04x}\"]", identity.usb->vendor, identity.usb->product);
    }
    const auto flag = [&](const char* key, escpos::Heard heard, bool value) {
        if (heard != escpos::Heard::not_asked) values[key] = value ? "true" : "false";
    };
    flag("status.answers", identity.status, match.profile.answers);
    flag("status.asb", identity.asb, match.profile.has_asb);
    flag("status.barrier", identity.barrier, match.profile.has_barrier);
    flag("status.process_id", identity.process_id, match.profile.has_process_id);
    flag("status.counters", identity.counters, match.profile.has_counters);
    if (identity.status == escpos::Heard::answered) {
        values["status.ids"] = match.profile.has_ids ? "true" : "false";
    }
    return values;
}

}  // namespace

std::string profile_text(std::string_view base, const escpos::Match& match,
                         const escpos::Identity& identity, const std::string& when) {
    const auto values = seen(match, identity);
    std::string out =
        fmt::format("# Written by antrean-paper probe, {}. What was not seen is that of {}.\n",
                    when, match.profile.name);
    std::string section;
    while (!base.empty()) {
        const auto end = base.find('\n');
        const auto line = base.substr(0, end);
        base.remove_prefix(end == std::string_view::npos ? base.size() : end + 1);
        if (line.starts_with('#')) continue;
        if (line.starts_with('[')) section = line.substr(1, line.find(']') - 1);
        const auto equals = line.find(" = ");
        const auto key = section + '.' + std::string{line.substr(0, std::min(equals, line.size()))};
        const auto known = equals == std::string_view::npos ? values.end() : values.find(key);
        if (known == values.end()) {
            out += std::string{line} + '\n';
        } else {
            out += fmt::format("{} = [{}, \"probed\"]\n", line.substr(0, equals), known->second);
        }
        if (line == "[sources]")
            out += "probed = " + quoted("seen by antrean-paper probe, " + when) + '\n';
    }
    return out;
}

}  // namespace antrean::paper
