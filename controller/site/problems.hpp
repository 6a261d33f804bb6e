// How a site file's problems are collected and worded: as those of every configuration file.
// Private to this folder; pure.
#pragma once

#include "drivers/config/problems.hpp"

namespace antrean::site {

using config::in_quotes;
using config::nearest;
using config::Problems;

}  // namespace antrean::site
