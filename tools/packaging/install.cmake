# What each package puts where, and CPack's packages of Debian. A package is a component of the same
# name: `cmake --install build --component kiosk`, or `cpack` for all of them as .deb.
#
# The escpos component, headers and libraries for other programs, is no package.
include(GNUInstallDirs)

# A fixed prefix would be wrong for /usr/local, so units and scripts name the one that they go to.
set(here ${CMAKE_CURRENT_LIST_DIR})
set(made ${CMAKE_BINARY_DIR}/packaging)
set(lib ${CMAKE_INSTALL_PREFIX}/lib)
set(maintainer "Antrean developers <developers@antrean.example>")

# Packages of the same sources are the same bytes, whenever they are made: the date is that of the last
# commit, or what SOURCE_DATE_EPOCH says.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND git -C ${CMAKE_SOURCE_DIR} log -1 --format=%ct
    OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(epoch)
    set(ENV{SOURCE_DATE_EPOCH} ${epoch})
  endif()
endif()
set(CPACK_ANTREAN_EPOCH $ENV{SOURCE_DATE_EPOCH})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

# What every package has: its licence and what is new.
function(antrean_package_papers package)
  set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/antrean-${package})
  configure_file(${here}/debian/changelog.in ${made}/changelog @ONLY)
  execute_process(COMMAND gzip -9nkf ${made}/changelog)
  install(FILES ${made}/changelog.gz ${here}/debian/copyright ${CMAKE_SOURCE_DIR}/CHANGELOG.md
    ${CMAKE_SOURCE_DIR}/README.md ${ARGN} DESTINATION ${doc} COMPONENT ${package})
endfunction()

# antrean_service_package(NAME UNITS): a program that the service manager runs. UNITS: as systemctl takes
# them, a pattern for those of a template.
function(antrean_service_package name units)
  set(package antrean-${name})
  set(unit ${units})
  if(units MATCHES "@")
    set(unit ${package}@.service)
  else()
    file(READ ${here}/debian/enable.in postinst_enable)
    file(READ ${here}/debian/forget.in postrm_forget)
  endif()
  if(name STREQUAL "kiosk")
    file(READ ${here}/debian/devices.in postinst_devices)
  endif()
  foreach(part postinst_enable postrm_forget)
    string(CONFIGURE "${${part}}" ${part} @ONLY)
  endforeach()

  set(control ${made}/${package})
  foreach(script postinst prerm postrm)
    configure_file(${here}/debian/${script}.in ${control}/${script} @ONLY
      FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                       WORLD_EXECUTE)
  endforeach()
  file(WRITE ${control}/conffiles "/etc/antrean/${name}.conf\n")
  configure_file(${here}/systemd/${unit}.in ${control}/${unit} @ONLY)

  install(TARGETS ${package} COMPONENT ${name})
  install(PROGRAMS ${here}/restart-pause DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/${package}
    COMPONENT ${name})
  install(FILES ${control}/${unit} DESTINATION ${lib}/systemd/system COMPONENT ${name})
  install(FILES ${here}/systemd/sysusers.conf DESTINATION ${lib}/sysusers.d RENAME ${package}.conf
    COMPONENT ${name})
  install(FILES ${here}/systemd/tmpfiles.conf DESTINATION ${lib}/tmpfiles.d RENAME ${package}.conf
    COMPONENT ${name})
  install(FILES ${here}/systemd/watchdog.conf DESTINATION ${lib}/systemd/system.conf.d
    RENAME 50-${package}.conf COMPONENT ${name})
  install(FILES ${here}/config/${name}.conf DESTINATION /etc/antrean COMPONENT ${name})
  antrean_package_papers(${name})

  string(TOUPPER ${name} NAME)
  set(CPACK_DEBIAN_${NAME}_PACKAGE_CONTROL_EXTRA
    "${control}/postinst;${control}/prerm;${control}/postrm;${control}/conffiles" PARENT_SCOPE)
endfunction()

antrean_service_package(controller antrean-controller.service)
antrean_service_package(kiosk antrean-kiosk@*.service)
antrean_service_package(callpad antrean-callpad@*.service)
antrean_package_papers(tools)

# A device's log must not fill its flash; a server's log is its own affair.
foreach(name kiosk callpad)
  install(FILES ${here}/systemd/journald.conf DESTINATION ${lib}/systemd/journald.conf.d
    RENAME 50-antrean-${name}.conf COMPONENT ${name})
endforeach()
foreach(name kiosk callpad)
  install(FILES ${here}/60-antrean-${name}.rules DESTINATION ${lib}/udev/rules.d COMPONENT ${name})
endforeach()
install(FILES ${here}/examples/lamps.conf DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/antrean-kiosk/examples
  COMPONENT kiosk)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schemas/sites DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/antrean-controller
  COMPONENT controller)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schemas/keys DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/antrean-callpad
  COMPONENT callpad)
foreach(folder printers papers)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/schemas/${folder}
    DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/antrean-tools COMPONENT tools)
endforeach()
install(TARGETS antrean-ctl antrean-paper antrean-virtual-printer COMPONENT tools)

set(CPACK_GENERATOR DEB)
set(CPACK_PROJECT_CONFIG_FILE ${here}/cpack.cmake)
set(CPACK_PACKAGE_NAME antrean)
set(CPACK_PACKAGE_CONTACT ${maintainer})
set(CPACK_COMPONENTS_ALL controller kiosk callpad tools)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
if(ANTREAN_ARCHITECTURE)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${ANTREAN_ARCHITECTURE})
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    ${CMAKE_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
  set(CPACK_ANTREAN_SYSROOT ${CMAKE_SYSROOT})
endif()
foreach(component controller kiosk callpad tools)
  string(TOUPPER ${component} NAME)
  set(CPACK_DEBIAN_${NAME}_PACKAGE_NAME antrean-${component})
endforeach()

# systemd-sysusers and -tmpfiles are of use without systemd being what runs, in an image that is made.
set(CPACK_DEBIAN_CONTROLLER_PACKAGE_DEPENDS "systemd, tzdata")
set(CPACK_DEBIAN_CONTROLLER_PACKAGE_RECOMMENDS antrean-tools)
set(CPACK_DEBIAN_KIOSK_PACKAGE_DEPENDS systemd)
set(CPACK_DEBIAN_KIOSK_PACKAGE_RECOMMENDS "fonts-dejavu-core, udev")
set(CPACK_DEBIAN_KIOSK_PACKAGE_SUGGESTS antrean-tools)
set(CPACK_DEBIAN_CALLPAD_PACKAGE_DEPENDS systemd)
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS "fonts-dejavu-core, sqlite3")
set(CPACK_COMPONENT_CONTROLLER_DESCRIPTION "queue system for service halls: controller
Gives every ticket its number, keeps the journal of the hall and serves the
public board. Kiosks and callpads connect to it.")
set(CPACK_COMPONENT_KIOSK_DESCRIPTION "queue system for service halls: ticket kiosk
Takes presses of buttons, asks the controller for numbers and prints them on
ESC/POS printers over USB or the network.")
set(CPACK_COMPONENT_CALLPAD_DESCRIPTION "queue system for service halls: clerk's keys
Calls numbers to a counter, and shows who is called and how many wait.")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "queue system for service halls: tools
antrean-ctl asks and tells a running controller, and verifies, restores and
exports its files. antrean-paper previews and prints papers and probes
printers. antrean-virtual-printer is a printer without any hardware.")
include(CPack)
