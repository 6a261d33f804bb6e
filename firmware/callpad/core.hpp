// The callpad without its buttons, display, disk and network. Events in, actions out, in the order
// in which they are to be carried out. The controller decides; the callpad asks, shows what it is
// told, and after a restart shows what it showed.
//
// Most keys are one request. Some need more to be typed first: a number of a list on the display,
// a label, a code. That is an Entry; nothing is asked before Enter. What an entry speaks of is what
// the clerk saw when it was opened, whatever changes meanwhile.
//
// A code is in memory while it is typed and until it is answered, in the store until it is
// answered, and nowhere on the screen.
//
// Pure: no clock, no I/O. One thread.
#pragma once

#include "firmware/callpad/keys.hpp"
#include "proto/messages.hpp"
#include "proto/requester.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace antrean::callpad {

inline constexpr std::size_t max_label_typed = 20;
inline constexpr std::chrono::seconds entry_time{30};  // without a key, then it is closed
// Enter ends an entry and calls the next as well: one that follows at once was meant for the entry.
inline constexpr std::chrono::milliseconds enter_guard{1000};

// What the store held at the start.
struct Stored {
    RequestId last_request;
    std::optional<proto::Request> in_flight;
    std::optional<proto::CounterView> view;
    std::uint64_t journal_seq = 0;  // the highest that was told; 0: none
};

// What is being typed.
struct Entry {
    enum class Kind {
        held,    // who is called again
        target,  // where the person is sent on to
        reason,  // of a pause
        label,   // who is called
        code,    // who signs in
    };
    Kind kind{};
    std::string text;                  // so far; of a code a '*' for each digit
    std::vector<std::string> choices;  // of the first three: the first is number 1
    bool operator==(const Entry&) const = default;
};

// What the display shows: the view, and a word beside it. The texts are the shell's.
struct Screen {
    enum class Note {
        none,
        disconnected,   // the view may be old; keys do nothing
        working,        // a key was taken, its answer is awaited
        nobody_called,  // recall, done and others need somebody
        nobody_held,
        no_targets,  // the counter sends nobody on
        no_choice,   // the number that was typed is none of the list
        refused,     // REFUSAL says why
    };
    std::optional<proto::CounterView> view;  // none: never connected
    Note note = Note::disconnected;
    std::optional<proto::RefusalReason> refusal{};  // of a note that says so
    std::optional<Entry> entry{};
    bool operator==(const Screen&) const = default;
};

struct SaveRequest {
    proto::Request request;  // replaces the one before; durable before what follows
    std::uint64_t journal_seq = 0;
};
// The last request is answered, and held a code: its id stays used, the rest is wiped.
struct ForgetRequest {};
struct SaveView {
    proto::CounterView view;
    std::uint64_t journal_seq = 0;
};
struct Send {
    proto::Request request;
};
struct Show {
    Screen screen;
};
using Action = std::variant<SaveRequest, ForgetRequest, SaveView, Send, Show>;
using Actions = std::vector<Action>;

class Core {
public:
    // PAUSE_REASONS: what a pause may be told with. With several the clerk chooses one.
    explicit Core(Stored stored, std::vector<std::string> pause_reasons = {});

    // Once, first: shows what was shown.
    void started(Actions& out);
    // One key, one request, or the entry that it needs; while a request is on its way further keys
    // do nothing.
    void pressed(Key key, SteadyTime now, Actions& out);
    // A character of the entry; nothing if none is open.
    void typed(char character, SteadyTime now, Actions& out);
    // What a key of the key map was for: its character if an entry is open, otherwise its key.
    void pushed(const Push& push, SteadyTime now, Actions& out);
    void linked(const proto::Welcome& welcome, Actions& out);
    void unlinked(Actions& out);
    void viewed(const proto::CounterView& view, Actions& out);
    void menu(const proto::CounterMenu& menu) { menu_ = menu; }
    void answered(const proto::Answer& answer, SteadyTime now, Actions& out);
    void tick(SteadyTime now, Actions& out);
    // When tick() is wanted, if at all.
    std::optional<SteadyTime> deadline() const;

    const Screen& screen() const { return screen_; }
    // A request whose answer is awaited.
    bool is_asking() const { return requester_.busy(); }
    // What the store knows, for the controller.
    proto::Hello hello(DeviceId device, std::string software) const;

private:
    // What stands behind an entry: nothing of it changes while it is open.
    struct Typing {
        TicketId ticket;                 // of a transfer
        std::vector<TicketId> held;      // by its choices
        std::vector<ServiceId> targets;  // by its choices
        std::string code;
        SteadyTime until;
    };

    void open_entry(Entry entry, Typing typing, SteadyTime now, Actions& out);
    void close_entry();
    void type_into_entry(char character, SteadyTime now, Actions& out);
    void step_in_list(bool forth);
    void confirm_entry(SteadyTime now, Actions& out);
    void choose_held(SteadyTime now, Actions& out);
    void choose_target(SteadyTime now, Actions& out);
    void pause_or_open(SteadyTime now, Actions& out);
    void ask(proto::Request request, Actions& out);
    void send_due(Actions& out);
    void set_note(Screen::Note note, std::optional<SteadyTime> until = std::nullopt,
                  std::optional<proto::RefusalReason> refusal = std::nullopt);
    void show(Actions& out);
    Screen::Note resting_note() const;

    proto::Requester requester_;
    std::vector<std::string> pause_reasons_;
    proto::CounterMenu menu_;
    std::uint64_t journal_seq_ = 0;
    Screen screen_;
    std::optional<Screen> shown_;
    std::optional<Typing> typing_;  // while the screen has an entry
    std::optional<SteadyTime> note_until_;
    std::optional<SteadyTime> entry_ended_;
};

}  // namespace antrean::callpad
