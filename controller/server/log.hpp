// How the log is written: for people, or for programs that gather logs.
#pragma once

namespace antrean::server {

enum class LogFormat {
    people,  // 2026-11-22 08:03:12.417 info devices at 127.0.0.1:7411
    json,    // {"time":"2026-11-22T08:03:12.417+07:00","level":"info","message":"devices at ..."}
};

// Makes standard error the log, in that format, before anything is logged. Times are local,
// as the process's TZ says when they are written.
void set_log_format(LogFormat format);

}  // namespace antrean::server
