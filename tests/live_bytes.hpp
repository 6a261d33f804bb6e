// How much memory a program holds, counted below operator new, which linking this replaces. For
// tests that show that something is bounded, or leaves nothing behind.
#pragma once

#include <cstddef>

namespace antrean::live_bytes {

std::size_t now();   // of all threads
std::size_t most();  // since the start or forget_most()
void forget_most();

}  // namespace antrean::live_bytes
