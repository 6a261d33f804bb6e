# The printer drivers as a library of their own: `cmake --install build --component escpos`, then
# find_package(antrean-escpos) and antrean::printer, antrean::layout and what they build on.
include(CMakePackageConfigHelpers)

set(names types tty escpos text_raster picture profiles config layout printer_machine printer_usb printer)
set(targets ${names})
list(TRANSFORM targets PREPEND antrean_)
foreach(name ${names})
  set_target_properties(antrean_${name} PROPERTIES EXPORT_NAME ${name})
endforeach()
install(TARGETS ${targets} EXPORT antrean-escpos COMPONENT escpos
  ARCHIVE DESTINATION lib/antrean-escpos INCLUDES DESTINATION include/antrean-escpos)
install(FILES ${CMAKE_SOURCE_DIR}/proto/types.hpp ${CMAKE_SOURCE_DIR}/proto/day.hpp
  DESTINATION include/antrean-escpos/proto COMPONENT escpos)
foreach(folder config escpos layout printer tty)
  install(DIRECTORY ${folder} DESTINATION include/antrean-escpos/drivers COMPONENT escpos
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schemas/printers ${CMAKE_SOURCE_DIR}/schemas/papers
  DESTINATION share/antrean-escpos COMPONENT escpos)

install(EXPORT antrean-escpos NAMESPACE antrean:: DESTINATION lib/cmake/antrean-escpos
  COMPONENT escpos)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/antrean-escpos-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/antrean-escpos-config.cmake
  INSTALL_DESTINATION lib/cmake/antrean-escpos)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/antrean-escpos-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/antrean-escpos-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/antrean-escpos-config-version.cmake
  DESTINATION lib/cmake/antrean-escpos COMPONENT escpos)
