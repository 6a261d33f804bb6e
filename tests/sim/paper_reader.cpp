#include "tests/sim/paper_reader.hpp"

#include "tools/virtual_printer/machine.hpp"

#include <algorithm>
#include <cctype>

namespace antrean::sim {
namespace {

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_label(const std::string& line) {
    const auto dash = line.find('-');
    if (dash == std::string::npos || dash == 0 || dash > 3) return false;
    auto number = line.substr(dash + 1);
    // One that the kiosk gave by itself has two letters before its two or three digits.
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    const bool offline = number.size() >= 4 && is_letter(number[0]) && is_letter(number[1]);
    if (offline) number.erase(0, 2);
    return number.size() >= (offline ? 2U : 3U) && number.size() <= 6 &&
           std::all_of(number.begin(), number.end(), is_digit);
}

// The "A-025" of "SALINAN A-025"; a line without the mark as it is.
std::string without_mark(const std::string& line) {
    static const std::string mark = "SALINAN ";
    return line.rfind(mark, 0) == 0 ? line.substr(mark.size()) : line;
}

// The "5 Januari 2026" of "Senin, 5 Januari 2026 · 23.58 WIB"; else empty.
std::string date_in(const std::string& line) {
    const auto comma = line.find(", ");
    if (comma == std::string::npos) return {};
    const auto end = line.find(" \u00b7 ");
    return line.substr(comma + 2, end == std::string::npos ? end : end - comma - 2);
}

// The "23.58" of "23.58 WIB", which narrow paper has on a line of its own; else empty.
std::string time_in(const std::string& line) {
    const auto dot = line.rfind('.');
    if (dot == std::string::npos || dot < 2 || dot + 3 > line.size()) return {};
    const auto time = line.substr(dot - 2, 5);
    const bool good =
        is_digit(time[0]) && is_digit(time[1]) && is_digit(time[3]) && is_digit(time[4]);
    return good ? time : std::string{};
}

}  // namespace

std::vector<PrintedTicket> read_paper(const virtual_printer::Paper& paper,
                                      const std::string& site_name) {
    std::vector<std::string> lines;
    for (const auto& mark : paper.lines)
        lines.push_back(trimmed(mark.text));
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (is_label(without_mark(lines[i]))) labels.push_back(i);
    }
    std::vector<PrintedTicket> tickets;
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const auto begin = lines.begin() + static_cast<long>(n == 0 ? 0 : labels[n - 1] + 1);
        const auto label = lines.begin() + static_cast<long>(labels[n]);
        const auto end =
            n + 1 < labels.size() ? lines.begin() + static_cast<long>(labels[n + 1]) : lines.end();
        PrintedTicket ticket;
        ticket.label = without_mark(*label);
        ticket.copy = ticket.label != *label;
        ticket.whole = std::find(begin, label, site_name) != label &&
                       std::find(label, end, "Mohon menunggu nomor Anda dipanggil.") != end;
        for (auto line = label + 1; line != end && ticket.time.empty(); ++line) {
            if (ticket.date.empty()) ticket.date = date_in(*line);
            if (!ticket.date.empty()) ticket.time = time_in(*line);
        }
        tickets.push_back(std::move(ticket));
    }
    return tickets;
}

std::vector<PrintedTicket> read_bytes(std::span<const std::byte> bytes,
                                      const std::string& site_name) {
    auto profile = virtual_printer::generic_80();
    profile.speed_mm_per_s = 0;
    profile.receive_buffer = 65536;
    profile.roll_mm = virtual_printer::Profile::endless_roll;
    virtual_printer::Machine printer{profile};
    printer.receive(bytes, SteadyTime{});
    auto papers = printer.take_papers();
    papers.push_back(printer.hanging());
    std::vector<PrintedTicket> tickets;
    for (const auto& paper : papers) {
        for (auto& ticket : read_paper(paper, site_name))
            tickets.push_back(std::move(ticket));
    }
    return tickets;
}

}  // namespace antrean::sim
