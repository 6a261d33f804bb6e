// The site files of a seed, by their versions: a journal says which one holds from when on.
#pragma once

#include "controller/site/site.hpp"

#include <map>
#include <memory>
#include <string>

namespace antrean::sim {

using SharedSite = std::shared_ptr<const site::Site>;
using Sites = std::map<std::string, SharedSite>;

}  // namespace antrean::sim
