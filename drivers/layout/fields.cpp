#include "drivers/layout/fields.hpp"

#include <algorithm>

namespace antrean::layout {
namespace {

constexpr std::array<std::string_view, field_count> names{
    "site",  "place", "agency",   "service", "label", "class",     "date",          "time",
    "ahead", "queue", "estimate", "bring",   "url",   "wifi_name", "wifi_password", "offline"};

}  // namespace

std::string_view name_of(Field field) {
    return names[static_cast<std::size_t>(field)];
}

std::optional<Field> field_of(std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<Field>(at - names.begin());
}

std::span<const std::string_view> field_names() {
    return names;
}

Fields example() {
    Fields fields;
    fields[Field::site] = "Mal Pelayanan Publik Kabupaten Jombang";
    fields[Field::place] = "Jombang";
    fields[Field::agency] = "Dinas Kependudukan dan Pencatatan Sipil";
    fields[Field::service] = "Perekaman dan pencetakan KTP-el";
    fields[Field::label] = "A-025";
    fields[Field::ticket_class] = "Prioritas";
    fields[Field::date] = "Senin, 5 Januari 2026";
    fields[Field::time] = "08.04 WIB";
    fields[Field::ahead] = "4";
    fields[Field::queue] = "4 orang menunggu di depan Anda";
    fields[Field::estimate] = "sekitar 20 menit";
    fields[Field::bring] = "KTP lama dan Kartu Keluarga asli";
    fields[Field::url] = "https://antrean.example.id/t/7Q2M";
    fields[Field::wifi_name] = "MPP Jombang";
    fields[Field::wifi_password] = "selamatdatang";
    fields[Field::offline] = "Diberikan saat jaringan terputus. Nomor ini tetap berlaku.";
    return fields;
}

}  // namespace antrean::layout
