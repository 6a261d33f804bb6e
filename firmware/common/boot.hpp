// Which boot of this machine it is, as the kernel names it. Steady times of different boots cannot
// be compared.
#pragma once

#include <string>

namespace antrean::common {

// From /proc/sys/kernel/random/boot_id (proc(5)); empty where that cannot be read, which makes
// every stored steady time count as one of an earlier boot.
std::string boot_id();

// What this computer is told apart by, so that a disk in another one is noticed: its serial number,
// or the address of its network card. Empty: it has neither.
std::string hardware_id();

}  // namespace antrean::common
