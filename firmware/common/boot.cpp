#include "firmware/common/boot.hpp"

#include <fstream>

namespace antrean::common {

std::string boot_id() {
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string id;
    std::getline(file, id);
    return id;
}

}  // namespace antrean::common
