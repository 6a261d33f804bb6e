// toml++, as parse.cpp uses it: without exceptions, compiled in. Private to this folder.
//
// Version 3.3.0 states about its input, in TOML_ASSERT_ASSUME, what malformed input breaks: a
// header that begins "[[[" is enough. With NDEBUG the compiler may take that for granted and do
// anything, without it the program aborts. As nothing, the parser meets its own error message a few
// lines on.
#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(expression) static_cast<void>(0)
#pragma push_macro("NDEBUG")
#undef NDEBUG

#include <toml++/toml.h>

#pragma pop_macro("NDEBUG")
