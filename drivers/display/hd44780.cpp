#include "drivers/display/hd44780.hpp"

#include "drivers/display/rom_a00.hpp"

#include <array>
#include <utility>

namespace antrean::display {

using namespace std::chrono_literals;

namespace {

constexpr unsigned rs_line = 0x01, e_line = 0x04, backlight = 0x08;
constexpr unsigned set_address = 0x80;

// Where rows begin in the chip's memory. Of a display with four, it takes the third and fourth for
// the ends of the first and second.
constexpr std::array<std::uint8_t, 4> row_starts{0x00, 0x40, 0x14, 0x54};

// Behind the last of a line of the memory comes the first of the other (datasheet p. 25, N = 1).
std::uint8_t behind(std::uint8_t address) {
    if (address == 0x27) return 0x40;
    if (address == 0x67) return 0x00;
    return static_cast<std::uint8_t>(address + 1);
}

constexpr std::size_t bytes_of_a_byte = 4;  // two nibbles, each with E up and down

}  // namespace

// A step of the start: a nibble alone, as of an interface of 8 bits, or a whole byte.
struct Hd44780::Start {
    enum class What { wait, nibble, byte } what;
    unsigned value;
    std::chrono::microseconds pause;
};

namespace {

// Whatever mode it was in, three times "8 bits" end in that mode, also where half a byte was waited
// for; then 4 bits. From here on 0x28: 4 bits, two lines, 5x8 dots; 0x06: forth, no shift.
template <class Start>
std::vector<Start> to_four_bits() {
    using What = typename Start::What;
    return {{What::nibble, 0x3, 6ms},
            {What::nibble, 0x3, 200us},
            {What::nibble, 0x3, 100us},
            {What::nibble, 0x2, 100us},
            {What::byte, 0x28, 100us}};
}

}  // namespace

Hd44780::Hd44780(Glass glass)
    : glass_{glass}, wanted_(columns_of(glass) * rows_of(glass), ' '), shown_(wanted_.size()) {
    lost();
}

void Hd44780::show(const std::vector<std::string>& rows) {
    const auto columns = columns_of(glass_);
    Cells cells;
    for (std::size_t row = 0; row < rows_of(glass_); ++row) {
        const auto text = rom_a00(row < rows.size() ? rows[row] : std::string{}, columns);
        cells.insert(cells.end(), text.begin(), text.end());
    }
    wanted_ = std::move(cells);
}

void Hd44780::lost() {
    static const auto steps = [] {
        using What = Start::What;
        auto all = to_four_bits<Start>();
        all.insert(all.begin(), {What::wait, 0, 60ms});
        all.insert(all.end(), {{What::byte, 0x08, 100us},  // dark
                               {What::byte, 0x01, 3ms},    // clear
                               {What::byte, 0x06, 100us},
                               {What::byte, 0x0c, 100us}});  // lit, without a cursor
        return all;
    }();
    start_ = &steps;
    started_ = 0;
    rs_.reset();
    cursor_.reset();
    shown_.assign(wanted_.size(), std::nullopt);
}

void Hd44780::refresh() {
    static const auto steps = [] {
        using What = Start::What;
        auto all = to_four_bits<Start>();
        all.insert(all.end(), {{What::byte, 0x0c, 100us},
                               {What::byte, 0x06, 100us},
                               {What::byte, 0x02, 3ms}});  // home, which undoes a shift
        return all;
    }();
    lost();
    start_ = &steps;
}

std::optional<Transfer> Hd44780::next() {
    if (start_) return start_step();
    return changed_cells();
}

Transfer Hd44780::start_step() {
    const auto& step = (*start_)[started_++];
    Transfer transfer{{}, step.pause};
    switch (step.what) {
        case Start::What::wait:
            transfer.bytes.push_back(std::byte{backlight});
            rs_ = false;
            break;
        case Start::What::nibble:
            add_nibble(transfer.bytes, step.value, false);
            break;
        case Start::What::byte:
            add_byte(transfer.bytes, step.value, false);
            break;
    }
    if (started_ == start_->size()) start_ = nullptr;
    return transfer;
}

std::optional<Transfer> Hd44780::changed_cells() {
    Transfer transfer;
    for (std::size_t cell = 0; cell < wanted_.size(); ++cell) {
        if (shown_[cell] == wanted_[cell]) continue;
        const auto address = address_of(cell);
        // Both with a byte for RS.
        const auto room = bytes_of_a_byte + 1 + (cursor_ == address ? 0 : bytes_of_a_byte + 1);
        if (transfer.bytes.size() + room > max_transfer_bytes) break;
        if (cursor_ != address) add_byte(transfer.bytes, set_address | address, false);
        add_byte(transfer.bytes, static_cast<unsigned char>(wanted_[cell]), true);
        shown_[cell] = wanted_[cell];
        cursor_ = behind(address);
    }
    if (transfer.bytes.empty()) return std::nullopt;
    return transfer;
}

std::uint8_t Hd44780::address_of(std::size_t cell) const {
    const auto columns = columns_of(glass_);
    return static_cast<std::uint8_t>(row_starts[cell / columns] + cell % columns);
}

void Hd44780::add_nibble(std::vector<std::byte>& bytes, unsigned nibble, bool is_data) {
    const unsigned lines = nibble << 4 | backlight | (is_data ? rs_line : 0u);
    if (rs_ != is_data) bytes.push_back(static_cast<std::byte>(lines));
    rs_ = is_data;
    bytes.push_back(static_cast<std::byte>(lines | e_line));
    bytes.push_back(static_cast<std::byte>(lines));
}

void Hd44780::add_byte(std::vector<std::byte>& bytes, unsigned value, bool is_data) {
    add_nibble(bytes, value >> 4, is_data);
    add_nibble(bytes, value & 0x0fu, is_data);
}

}  // namespace antrean::display
