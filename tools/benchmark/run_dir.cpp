#include "tools/benchmark/run_dir.hpp"

#include "tools/benchmark/process_tree.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace antrean::benchmark {
namespace {

class RunDir {
public:
    explicit RunDir(const std::filesystem::path& parent) {
        std::filesystem::create_directories(parent);
        auto name = (parent / "run-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error{"cannot make " + name};
        path_ = name;
    }
    ~RunDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    RunDir(const RunDir&) = delete;
    RunDir& operator=(const RunDir&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Until WORKER has ended; hands the interrupts of WATCHED on to it. Orphans are reaped meanwhile.
int status_of(pid_t worker, const sigset_t& watched) {
    for (;;) {
        int status = 0;
        for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
            if (ended == worker) return status;
        }
        const int signal = sigwaitinfo(&watched, nullptr);
        if (signal > 0 && signal != SIGCHLD) kill(worker, signal);
    }
}

// What the worker has left behind is ours now, as children. They were told to end when it did;
// after a while they are made to.
void end_orphans() {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    for (;;) {
        const auto ended = waitpid(-1, nullptr, WNOHANG);
        if (ended < 0 && errno == ECHILD) return;
        if (ended != 0) continue;
        if (std::chrono::steady_clock::now() > patience) {
            for (const auto pid : descendants_of(getpid()))
                kill(pid, SIGKILL);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

}  // namespace

int in_run_dir(const std::filesystem::path& parent,
               const std::function<int(const std::filesystem::path&)>& work) {
    sigset_t watched;
    sigset_t before;
    sigemptyset(&watched);
    for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP})
        sigaddset(&watched, signal);
    sigprocmask(SIG_BLOCK, &watched, &before);
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    const RunDir dir{parent};
    const pid_t worker = fork();
    if (worker < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (worker == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigprocmask(SIG_SETMASK, &before, nullptr);
        const int code = work(dir.path());
        std::fflush(nullptr);
        _exit(code);  // the directory is the other process's to remove
    }
    const int status = status_of(worker, watched);
    end_orphans();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace antrean::benchmark
