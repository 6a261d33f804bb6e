// Runs a fuzzer without libFuzzer, so that any compiler builds it among the other tests: every
// input of its corpus, and each again a few times with some bytes changed, the same on every
// machine.
#include "tests/files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int variants = 20;

// splitmix64
std::uint64_t next(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15U;
    auto z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{argv[1]})
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::uint64_t state = 1;
    for (const auto& file : files) {
        // Said before it is run: of one that ends the program the name is the last line.
        std::printf("%s\n", file.filename().c_str());
        std::fflush(stdout);
        const auto input = antrean::tests::content(file);
        run(input);
        for (int i = 0; i < variants && !input.empty(); ++i) {
            auto changed = input;
            for (auto n = next(state) % 4; n > 0; --n)
                changed[next(state) % changed.size()] = static_cast<char>(next(state));
            if (next(state) % 4 == 0) changed.resize(next(state) % changed.size() + 1);
            run(changed);
        }
    }
    return files.empty() ? 1 : 0;
}
