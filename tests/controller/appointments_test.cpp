// The codes of appointments: their form, their seals, and what schemas/appointments says of both.
#include "controller/appointments/code.hpp"
#include "tests/catch.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace antrean::appointments {
namespace {

using namespace std::chrono_literals;

const ServiceDay day{std::chrono::local_days{std::chrono::year{2026} / 11 / 23}};
const auto ktp = *ServiceId::parse("ktp-el");
const std::string characters(32, 'k');

Key key(const std::string& text = characters) {
    return Key::parse(text).value();
}

// The block of four blanks behind the line that ends in BEFORE, without them.
std::string indented_after(const std::string& text, const std::string& before) {
    const auto at = text.find(before + "\n\n    ");
    REQUIRE(at != std::string::npos);
    const auto from = at + before.size() + 6;
    return text.substr(from, text.find('\n', from) - from);
}

TEST_CASE("the example of the document is genuine, and is what is made of its parts",
          "[appointments]") {
    std::ifstream file{ANTREAN_SCHEMAS "/appointments/README.md"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto example = indented_after(text, "## The form");
    const auto documented = key(indented_after(text, "With the key"));
    const auto code = parse(example);
    REQUIRE(code);
    CHECK(code->appointment == "AJ1.KTP-EL.20261123.0900.7QX2");
    CHECK(code->service == ktp);
    CHECK(code->day == day);
    CHECK(code->time == 9h);
    CHECK(is_genuine(*code, documented));
    CHECK_FALSE(is_genuine(*code, key()));
    CHECK(make(ktp, day, 9h, "7QX2", documented) == example);
}

// Of RFC 4648's own alphabet, worked out with another program: openssl and base32.
TEST_CASE("a seal is the first 80 bits of the HMAC in base32", "[appointments]") {
    CHECK(seal_of("AJ1.KTP-EL.20261123.0900.7QX2", key()) == "F4JK2ZHYREFU4IQC");
}

TEST_CASE("small letters are read as capitals, and are as genuine", "[appointments]") {
    const auto made = make(ktp, day, 23h + 59min, "ABC0", key()).value();
    auto small = made;
    for (auto& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    REQUIRE(small != made);
    const auto code = parse(small);
    REQUIRE(code);
    CHECK(code->appointment + "." + code->seal == made);
    CHECK(is_genuine(*code, key()));
}

TEST_CASE("a service whose id has dots and the longest parts are read back", "[appointments]") {
    const auto service = ServiceId::parse("0.9-abcdefghijklmnopqrstuv.2026").value();
    const auto made = make(service, day, 0min, "0123456789ABCDEF", key());
    REQUIRE(made);
    CHECK(made->size() == 83);
    const auto code = parse(*made);
    REQUIRE(code);
    CHECK(code->service == service);
    CHECK(code->time == 0min);
    CHECK(is_genuine(*code, key()));
}

TEST_CASE("no character of a code can be another and the code be genuine", "[appointments]") {
    const auto made = make(ktp, day, 9h, "7QX2", key()).value();
    for (std::size_t i = 0; i < made.size(); ++i) {
        auto forged = made;
        forged[i] = made[i] == '2' ? '3' : '2';
        INFO(forged);
        const auto code = parse(forged);
        CHECK_FALSE((code && is_genuine(*code, key())));
    }
}

TEST_CASE("what has not the form of a code is none", "[appointments]") {
    const std::string seal(16, 'A');
    REQUIRE(parse("AJ1.KTP-EL.20261123.0900.7QX2." + seal));
    for (const auto& wrong : {std::string{},
                              std::string{"."},
                              std::string{"....."},
                              seal,
                              std::string(96, '.'),
                              "AJ2.KTP-EL.20261123.0900.7QX2." + seal,
                              "AJ1KTP-EL.20261123.0900.7QX2." + seal,
                              "AJ1..20261123.0900.7QX2." + seal,
                              "AJ1.-KTP.20261123.0900.7QX2." + seal,
                              "AJ1." + std::string(32, 'A') + ".20261123.0900.7QX2." + seal,
                              "AJ1.KTP EL.20261123.0900.7QX2." + seal,
                              "AJ1.KTP-EL.20260230.0900.7QX2." + seal,
                              "AJ1.KTP-EL.2026112.0900.7QX2." + seal,
                              "AJ1.KTP-EL.2026-11-.0900.7QX2." + seal,
                              "AJ1.KTP-EL.20261123.2400.7QX2." + seal,
                              "AJ1.KTP-EL.20261123.0960.7QX2." + seal,
                              "AJ1.KTP-EL.20261123.900.7QX2." + seal,
                              "AJ1.KTP-EL.20261123.+900.7QX2." + seal,
                              "AJ1.KTP-EL.20261123.0900.." + seal,
                              "AJ1.KTP-EL.20261123.0900.7-2." + seal,
                              "AJ1.KTP-EL.20261123.0900.0123456789ABCDEFG." + seal,
                              std::string{"AJ1.KTP-EL.20261123.0900.7QX2"},
                              "AJ1.KTP-EL.20261123.0900.7QX2.A" + seal,
                              "AJ1.KTP-EL.20261123.0900.7QX2." + seal + " ",
                              " AJ1.KTP-EL.20261123.0900.7QX2." + seal}) {
        INFO(wrong);
        CHECK_FALSE(parse(wrong));
    }
}

TEST_CASE("a code is made of what can be read back, or not at all", "[appointments]") {
    CHECK_FALSE(make(ktp, day, 24h, "A", key()));
    CHECK_FALSE(make(ktp, day, -1min, "A", key()));
    CHECK_FALSE(make(ktp, day, 9h, "", key()));
    CHECK_FALSE(make(ktp, day, 9h, "a", key()));
    CHECK_FALSE(make(ktp, day, 9h, "0123456789ABCDEFG", key()));
    CHECK_FALSE(make({}, day, 9h, "A", key()));
    CHECK_FALSE(make(ktp, ServiceDay{std::chrono::days{2932897}}, 9h, "A", key()));
}

TEST_CASE("a key is one line of 32 to 512 characters of ASCII", "[appointments]") {
    CHECK(seal_of("A", key(characters + "\n")) == seal_of("A", key()));
    CHECK(seal_of("A", key(characters + "\r\n")) == seal_of("A", key()));
    CHECK(seal_of("A", key(characters + "x")) != seal_of("A", key()));
    CHECK(Key::parse(std::string(512, '~')));
    for (const auto& wrong :
         {std::string{}, std::string(31, 'k'), std::string(31, 'k') + "\n", std::string(513, 'k'),
          characters + " x", characters + "\n" + characters, " " + characters,
          characters + "\xc3\xa9", characters + std::string(1, '\0')}) {
        INFO(wrong.size());
        CHECK_FALSE(Key::parse(wrong));
    }
}

}  // namespace
}  // namespace antrean::appointments
