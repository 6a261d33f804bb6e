// A run as a person tells it: who, when, what, in a page at most.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace antrean::sim {

constexpr std::size_t longest_story = 30;  // sentences

// LINES as a World keeps them. The hall's opening becomes one sentence, what is said over and over
// is said once, and where it is still too long, what says least goes first; at last, the oldest.
std::vector<std::string> tell_story(const std::deque<std::string>& lines);

}  // namespace antrean::sim
