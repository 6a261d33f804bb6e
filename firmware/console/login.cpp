#include "firmware/console/login.hpp"

#include <algorithm>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace antrean::device_console {
namespace {

using Hash = std::array<std::byte, 32>;

Hash hash_of(std::string_view code, const std::array<std::byte, 16>& salt, std::uint32_t rounds) {
    Hash hash{};
    const int done = PKCS5_PBKDF2_HMAC(code.data(), static_cast<int>(code.size()),
                                       reinterpret_cast<const unsigned char*>(salt.data()),
                                       static_cast<int>(salt.size()), static_cast<int>(rounds),
                                       EVP_sha256(), static_cast<int>(hash.size()),
                                       reinterpret_cast<unsigned char*>(hash.data()));
    if (done != 1) throw std::runtime_error{"OpenSSL makes no hash"};
    return hash;
}

}  // namespace

Secret make_secret(std::string_view code, const std::array<std::byte, 16>& salt,
                   std::uint32_t rounds) {
    return {salt, hash_of(code, salt, rounds), rounds};
}

bool is_code(const Secret& secret, std::string_view code) {
    if (code.size() > max_code_bytes) return false;
    const auto hash = hash_of(code, secret.salt, secret.rounds);
    return CRYPTO_memcmp(hash.data(), secret.hash.data(), hash.size()) == 0;
}

std::chrono::seconds lockout_after(std::uint32_t wrong_codes) {
    constexpr std::chrono::seconds longest{15 * 60};
    if (wrong_codes == 0) return std::chrono::seconds{0};
    return std::min(longest, std::chrono::seconds{1L << std::min(wrong_codes - 1, 20u)});
}

}  // namespace antrean::device_console
