# Sourced by the other tools: installs the Debian packages that are missing. Nothing is asked, and
# nothing is done where all are there.

packages_to_build=(
  g++ cmake ninja-build ccache pkg-config protobuf-compiler libprotobuf-dev libboost1.81-dev
  libusb-1.0-0-dev libsqlite3-dev libfmt-dev libssl-dev libevdev-dev libtomlplusplus-dev libcli11-dev
  libspdlog-dev libpng-dev libfreetype-dev libharfbuzz-dev libfribidi-dev libqrencode-dev
  fonts-dejavu-core python3 ca-certificates
)
packages_to_test=(catch2 systemd lintian clang clang-format umockdev libumockdev-dev sqlite3 strace faketime chromium
  zbar-tools fonts-lohit-deva)
packages_to_emulate=(qemu-system-x86 e2fsprogs)  # the tests in a kernel of their own do without it, skipped
packages_to_package=(dpkg-dev file)
packages_to_cross=(qemu-user)  # runs programs of another architecture, for tools/test --cross
# Servers that tools/bench --peers compares with. It starts its own; Debian starts others, as services
# of the system, which stand idle on their usual ports and may be stopped.
packages_to_compare=(redis-server postgresql beanstalkd)

install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || {
    echo "These Debian packages are needed: ${missing[*]}" >&2
    return 1
  }
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "Run this as root once, or install: ${missing[*]}" >&2
      return 1
    }
    as_root=(sudo)
  fi
  echo "Installing ${missing[*]} ..."
  local log
  log=$(mktemp)
  { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "apt-get failed; see above" >&2
    return 1
  }
  rm -f "$log"
}

# The browser tests need Node.js; a machine may have its own, newer than Debian's.
install_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return 0
  install_missing nodejs npm
}

# build PRESET TESTS [TARGET ...]: TESTS is ON, or OFF to do without what only tests need; a tree
# that has them keeps them. All output goes to standard error.
build() {
  local preset=$1 tests=$2
  shift 2
  local tree=build log
  [ "$preset" = default ] || tree=build-$preset
  if [ "$tests" = ON ] || [ ! -f "$tree/build.ninja" ]; then
    log=$(mktemp)
    cmake --preset "$preset" -DANTREAN_TESTS="$tests" >"$log" 2>&1 || {
      cat "$log" >&2
      return 1
    }
    rm -f "$log"
  fi
  ninja -C "$tree" "$@" >&2
}
