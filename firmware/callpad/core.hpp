// The callpad without its buttons, display, disk and network. Events in, actions out, in the order
// in which they are to be carried out. The controller decides; the callpad asks, shows what it is
// told, and after a restart shows what it showed.
//
// Pure: no clock, no I/O. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

#include "proto/messages.hpp"
#include "proto/requester.hpp"

namespace antrean::callpad {

enum class Key { next, recall, done, no_show };

// What the store held at the start.
struct Stored {
    RequestId last_request;
    std::optional<proto::Request> in_flight;
    std::optional<proto::CounterView> view;
};

// What the display shows: the view, and a word beside it. The texts are the shell's.
struct Screen {
    enum class Note {
        none,
        disconnected,  // the view may be old; keys do nothing
        working,       // a key was taken, its answer is awaited
        nobody_waits,
        nobody_called,  // recall, done and no-show need somebody
        refused,
    };
    std::optional<proto::CounterView> view;  // none: never connected
    Note note = Note::disconnected;
    bool operator==(const Screen&) const = default;
};

struct SaveRequest {
    proto::Request request;  // replaces the one before; durable before what follows
};
struct SaveView {
    proto::CounterView view;
};
struct Send {
    proto::Request request;
};
struct Show {
    Screen screen;
};
using Action = std::variant<SaveRequest, SaveView, Send, Show>;
using Actions = std::vector<Action>;

class Core {
public:
    explicit Core(Stored stored);

    // Once, first: shows what was shown.
    void started(Actions& out);
    // One key, one request; while one is on its way further keys do nothing.
    void pressed(Key key, SteadyTime now, Actions& out);
    void linked(RequestId controllers_last, Actions& out);
    void unlinked(Actions& out);
    void viewed(const proto::CounterView& view, Actions& out);
    void answered(const proto::Answer& answer, SteadyTime now, Actions& out);
    void tick(SteadyTime now, Actions& out);
    std::optional<SteadyTime> deadline() const { return note_until_; }

    RequestId last_request() const { return requester_.last(); }

private:
    void send_due(Actions& out);
    void note(Screen::Note note, std::optional<SteadyTime> until, Actions& out);
    Screen::Note resting_note() const;

    proto::Requester requester_;
    Screen screen_;
    std::optional<SteadyTime> note_until_;
};

}  // namespace antrean::callpad
