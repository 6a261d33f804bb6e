// Boost.JSON is not a library of its own in Debian 12's Boost 1.81: its sources are compiled here.
// Nothing else may stand in this file, so that a program in which another library does the same
// links one of the two and not both.
#include <boost/json/src.hpp>
