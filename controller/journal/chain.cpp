// The hash that ties each row of the journal to the one before; schemas/journal/README.md defines
// it.
#include "controller/journal/row.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>

#include <openssl/evp.h>

namespace antrean::journal {
namespace {

class Hasher {
public:
    Hasher() : context_{EVP_MD_CTX_new()} { check(EVP_DigestInit_ex(context_, sha256(), nullptr)); }
    ~Hasher() { EVP_MD_CTX_free(context_); }
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;

    // Kept from one event to the next, so that hashing allocates nothing.
    std::string& bytes() { return bytes_; }
    Hash hash() {
        Hash hash;
        check(EVP_DigestInit_ex(context_, nullptr, nullptr));
        check(EVP_DigestUpdate(context_, bytes_.data(), bytes_.size()));
        check(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(hash.data()), nullptr));
        return hash;
    }

private:
    static const EVP_MD* sha256() {
        static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        return md;
    }
    static void check(int ok) {
        if (ok != 1) throw std::runtime_error{"SHA-256 failed"};
    }
    EVP_MD_CTX* context_;
    std::string bytes_;
};

// The bytes that are hashed: per column that is not null its place in the table, the length of its
// text, and that; gathered first, for one call of the digest is dear.
class Canonical {
public:
    explicit Canonical(std::string& bytes) : bytes_{bytes} {}

    void add(std::string_view text) {
        constexpr unsigned char longer = 0xff;
        const bool is_short = text.size() < longer;
        const unsigned char head[]{++column_,
                                   is_short ? static_cast<unsigned char>(text.size()) : longer};
        bytes_.append(reinterpret_cast<const char*>(head), sizeof head);
        if (!is_short) {
            const std::uint64_t size = text.size();
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes_.push_back(static_cast<char>(size >> shift));
            }
        }
        bytes_.append(text);
    }
    void add(std::int64_t number) {
        char digits[24];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
        add(std::string_view{digits, static_cast<std::size_t>(end - digits)});
    }
    template <class T>
    void add(const std::optional<T>& column) {
        column ? add(*column) : void(++column_);
    }

private:
    std::string& bytes_;
    unsigned char column_ = 0;
};

}  // namespace

Hash chain(const Hash& before, std::uint64_t seq, const Row& row) {
    thread_local Hasher hasher;
    auto& bytes = hasher.bytes();
    bytes.assign(reinterpret_cast<const char*>(before.data()), before.size());
    Canonical canonical{bytes};
    canonical.add(static_cast<std::int64_t>(seq));
    Row::for_each(row, [&](const auto& column) { canonical.add(column); });
    return hasher.hash();
}

}  // namespace antrean::journal
