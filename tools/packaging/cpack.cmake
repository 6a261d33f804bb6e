# Read by cpack before it makes a package; what install.cmake set is known here.

# The time stamps of all that is packed.
if(CPACK_ANTREAN_EPOCH)
  set(ENV{SOURCE_DATE_EPOCH} ${CPACK_ANTREAN_EPOCH})
endif()

# Each package begins its description with a line of its own, not with the project's.
unset(CPACK_PACKAGE_DESCRIPTION_SUMMARY)

# The libraries of another architecture are in no package of this machine: what their packages say of
# themselves lies beside them.
if(CPACK_ANTREAN_SYSROOT)
  set(SHLIBDEPS_EXECUTABLE dpkg-shlibdeps -L${CPACK_ANTREAN_SYSROOT}/shlibs.local)
endif()
