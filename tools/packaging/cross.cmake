# Builds for another Debian architecture: -DANTREAN_ARCHITECTURE=arm64 or armhf, and -DCMAKE_SYSROOT= the
# folder that tools/packaging/sysroot.py made. tools/package gives both.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ANTREAN_ARCHITECTURE)
set(CMAKE_SYSTEM_NAME Linux)
if(ANTREAN_ARCHITECTURE STREQUAL "arm64")
  set(CMAKE_SYSTEM_PROCESSOR aarch64)
  set(triplet aarch64-linux-gnu)
elseif(ANTREAN_ARCHITECTURE STREQUAL "armhf")
  set(CMAKE_SYSTEM_PROCESSOR armv7l)
  set(triplet arm-linux-gnueabihf)
else()
  message(FATAL_ERROR "ANTREAN_ARCHITECTURE is arm64 or armhf, not '${ANTREAN_ARCHITECTURE}'")
endif()

set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})
# Libraries are the other machine's, programs this one's: protoc above all.
set(CMAKE_FIND_ROOT_PATH ${CMAKE_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
  ${CMAKE_SYSROOT}/usr/lib/${triplet}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
