// antrean-fake-reader PROGRAM ARGUMENT...: runs the program beside a reader of barcodes that
// umockdev plays at /dev/input/event7, and has it read each line of standard input. Run under
// umockdev-wrapper; when this ends, so does the program.
#include "tests/drivers/fake_buttons.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include <linux/input.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// The key of a character of a code, and whether with Shift.
std::pair<std::uint16_t, bool> key_of(char c) {
    constexpr std::string_view keys = "qwertyuiop\n\n\n\nasdfghjkl\n\n\n\n\nzxcvbnm";
    const bool is_capital = c >= 'A' && c <= 'Z';
    const char letter = is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    if (const auto at = keys.find(letter); at != keys.npos && letter != '\n') {
        return {static_cast<std::uint16_t>(KEY_Q + at), is_capital};
    }
    if (c == '0') return {KEY_0, false};
    if (c >= '1' && c <= '9') return {static_cast<std::uint16_t>(KEY_1 + (c - '1')), false};
    return {c == '-' ? KEY_MINUS : KEY_DOT, false};
}

// As readers type: each key goes down and up within a few milliseconds.
void read(antrean::buttons::FakeDevice& device, const std::string& code) {
    using namespace std::chrono_literals;
    for (const char c : code) {
        const auto [key, with_shift] = key_of(c);
        if (with_shift) device.key(KEY_LEFTSHIFT, 1, 1ms);
        device.key(key, 1, 1ms).key(key, 0, 1ms);
        if (with_shift) device.key(KEY_LEFTSHIFT, 0, 1ms);
    }
    device.key(KEY_ENTER, 1, 1ms).key(KEY_ENTER, 0, 1ms).send();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: antrean-fake-reader PROGRAM ARGUMENT...\n", stderr);
        return EXIT_FAILURE;
    }
    antrean::buttons::FakeDevice device;
    device.be_keyboard();
    device.plug();
    const pid_t program = fork();
    if (program == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!std::freopen("/dev/null", "r", stdin)) _exit(EXIT_FAILURE);
        execv(argv[1], argv + 1);
        _exit(EXIT_FAILURE);
    }
    for (std::string code; std::getline(std::cin, code);)
        read(device, code);
    kill(program, SIGTERM);
    int status = 0;
    waitpid(program, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
