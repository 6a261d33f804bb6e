#include "tests/live_bytes.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};

void* allocate(std::size_t size) noexcept {
    void* const memory = std::malloc(size);
    if (memory == nullptr) return nullptr;
    const std::size_t held = live += malloc_usable_size(memory);
    std::size_t known = peak;
    while (known < held && !peak.compare_exchange_weak(known, held)) {
    }
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) live -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    void* const memory = allocate(size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}

namespace antrean::live_bytes {

std::size_t now() {
    return live;
}
std::size_t most() {
    return peak;
}
void forget_most() {
    peak = live.load();
}

}  // namespace antrean::live_bytes
