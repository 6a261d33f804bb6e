// The choice of a service where a kiosk has fewer keys than its mall has services: by typing the
// number that stands beside the service (digits), or by pages on the display, of agencies and then
// of one agency's services, eight at a time (pages). It ends in the number of a button, which is
// then as if that button had been pressed; nothing before it asks anybody for anything. Where each
// button has a key of its own (direct), nothing of this is used.
//
// A menu may have any number of buttons, with numbers up to 999. Pure: no clock. One thread.
#pragma once

#include "proto/messages.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace antrean::kiosk {

enum class ChoiceMode { direct, digits, pages };

struct ChoiceKey {
    enum class Kind {
        digit,
        enter,
        erase,   // the last digit; of pages, as 0
        cancel,  // back to the beginning
    };
    Kind kind = Kind::digit;
    int digit = 0;  // 0 to 9
    bool operator==(const ChoiceKey&) const = default;
};

// What the display shows of the choice; the texts are the shell's.
struct ChoiceView {
    enum class Kind {
        closed,    // of digits: nothing was typed
        typing,    // DIGITS so far, and the button of that number if there is one
        no_such,   // no button has the number DIGITS
        agencies,  // ROWS to choose from
        services,  // ROWS of AGENCY
    };
    struct Row {
        int key = 0;               // 1 to 8
        std::string agency;        // its name; the row's own, or that of its service
        std::size_t services = 0;  // of the agency
        std::optional<proto::MenuButton> service{};
        bool operator==(const Row&) const = default;
    };
    Kind kind = Kind::closed;
    std::string digits{};
    std::optional<proto::MenuButton> button{};
    std::string agency{};
    std::vector<Row> rows{};
    std::size_t page = 1;  // of PAGES; key 9 leads to the next one, if there are two
    std::size_t pages = 1;
    bool can_go_back = false;  // by key 0
    bool operator==(const ChoiceView&) const = default;
};

class Choice {
public:
    static constexpr std::size_t most_digits = 3;
    static constexpr std::size_t rows_of_page = 8;
    // Who typed has gone; what is left must not become part of the next person's number.
    static constexpr std::chrono::seconds typing_patience{10};
    // Eight lines are to be read in it, by the old as well.
    static constexpr std::chrono::seconds reading_patience{20};
    // A page that has just come has been read by nobody: a key that is pressed twice must not
    // choose on it.
    static constexpr std::chrono::milliseconds glance{400};

    explicit Choice(ChoiceMode mode) : mode_{mode} {}

    // A menu that differs from the one before begins anew.
    void menu(const proto::Menu& menu);
    // Gives the number of a button of the menu, once it is chosen; then it begins anew. The keys 1
    // to 8 of pages choose a row, 9 leads to the next page, behind the last one to the first, and 0
    // to the page before, then to the agencies.
    [[nodiscard]] std::optional<ButtonNumber> key(ChoiceKey key, SteadyTime now);
    // Whoever began and does not go on is forgotten.
    void tick(SteadyTime now);
    // When tick() is wanted, if at all.
    std::optional<SteadyTime> deadline() const;

    ChoiceView view() const;

private:
    struct Agency {
        std::string name;
        std::vector<std::size_t> buttons;  // by their places in buttons_
    };

    std::optional<ButtonNumber> typed(ChoiceKey key);
    std::optional<ButtonNumber> paged(ChoiceKey key, SteadyTime now);
    std::optional<ButtonNumber> choose_row(std::size_t row);
    void go_back();
    void begin_anew();
    bool has_begun() const;
    std::size_t row_count() const;  // on all pages of what is shown
    std::size_t page_count() const;
    ChoiceView page_view() const;
    const proto::MenuButton* find(const std::string& digits) const;

    ChoiceMode mode_;
    std::vector<proto::MenuButton> buttons_;
    std::vector<Agency> agencies_;    // in the order of their first buttons
    std::optional<SteadyTime> last_;  // key that did something
    std::string digits_;
    bool is_no_such_ = false;            // the digits were entered
    std::optional<std::size_t> agency_;  // whose services are shown; none: the agencies are
    std::size_t page_ = 0;
    std::size_t agencies_page_ = 0;  // to go back to
};

}  // namespace antrean::kiosk
