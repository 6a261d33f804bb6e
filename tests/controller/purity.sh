#!/bin/sh
# purity.sh LIBRARY [OBJECT...]: fails if a pure library, or the named objects of it, refer to
# anything that reads a clock, draws random numbers, opens a file or a socket, logs, or starts or
# joins threads. What they may refer to is not listed: only what they must not.
set -eu

library=$1
shift

# Names are matched whole, after C++ names were decoded. operator<< and the stream objects stand for
# logging; std::chrono's clocks for the time of day; the rest are the C library's and the kernel's.
forbidden='^(clock|clock_gettime|clock_nanosleep|gettimeofday|time|times|ftime|timespec_get'
forbidden="$forbidden|localtime(_r)?|gmtime(_r)?|mktime|tzset|nanosleep|usleep|sleep|timer_.*|alarm"
forbidden="$forbidden|timerfd_.*|rand|rand_r|srand|random|srandom|[dejlmn]rand48|arc4random.*"
forbidden="$forbidden|getrandom|getentropy|RAND_.*|open(at|64)?|creat|fopen(64)?|fdopen|freopen"
forbidden="$forbidden|read|write|pread(64)?|pwrite(64)?|readv|writev|lseek(64)?|fsync|fdatasync"
forbidden="$forbidden|unlink(at)?|rename(at)?|stat(64)?|fstat(64)?|mmap(64)?|mkstemp(64)?|ioctl|fcntl(64)?"
forbidden="$forbidden|socket|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|poll|ppoll"
forbidden="$forbidden|select|epoll_.*|eventfd|pipe2?|getaddrinfo|syslog|vsyslog|printf|fprintf|puts"
forbidden="$forbidden|putchar|fputs|fputc|fwrite|perror|__f?printf_chk|std(in|out|err)|getenv"
forbidden="$forbidden|secure_getenv|setenv|getpid|fork|vfork|exec.*|system|popen|signal|sigaction"
forbidden="$forbidden|pthread_.*|thrd_.*|sem_.*|std::thread.*|std::this_thread.*"
forbidden="$forbidden|std::condition_variable.*|std::random_device.*|std::chrono::.*_clock::now.*"
forbidden="$forbidden|std::c(out|err|in|log)|std::basic_[a-z]*stream.*|std::basic_filebuf.*"
forbidden="$forbidden|std::ios_base::Init.*|std::filesystem::.*|std::ostream.*|std::istream.*"
forbidden="$forbidden|boost::asio.*|sqlite3_.*|SSL_.*|libusb_.*)(@.*)?\$"

if [ $# -gt 0 ]; then
    symbols=$(ar p "$library" "$@" >/dev/null && for object in "$@"; do
        dir=$(mktemp -d)
        (cd "$dir" && ar x "$library" "$object" && nm -u -C "$object")
        rm -r "$dir"
    done)
else
    symbols=$(nm -u -C "$library")
fi
symbols=$(printf '%s\n' "$symbols" | sed -n 's/^ *[Uw] //p' | sort -u)
if [ -z "$symbols" ]; then
    echo "$library: no symbols; the check looked at nothing" >&2
    exit 2
fi
if found=$(printf '%s\n' "$symbols" | grep -E "$forbidden"); then
    echo "$library is to be pure, yet refers to:" >&2
    printf '%s\n' "$found" >&2
    exit 1
fi
