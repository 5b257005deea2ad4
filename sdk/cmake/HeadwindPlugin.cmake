# SPDX-License-Identifier: Apache-2.0
# headwind_add_plugin(NAME SOURCES file... [LIBRARIES lib...] [OUTPUT_DIRECTORY dir] [NO_INSTALL])
#
# Builds NAME.so, a shared object that Headwind can load, from C or C++ sources:
#   - it exports hw_entry_v1 and nothing else, so that two plugins with the same library inside do not meet;
#   - a symbol that is missing is an error when it is linked, not when it is called (not with sanitizers: their symbols
#     come with the executable);
#   - GCC makes no "unique" symbols, which would be shared across plugins in spite of hidden visibility.
# It is installed into ${CMAKE_INSTALL_LIBDIR}/headwind/plugins unless NO_INSTALL is given.
set(HEADWIND_PLUGIN_EXPORTS ${CMAKE_CURRENT_LIST_DIR}/headwind-plugin.map CACHE INTERNAL "What a plugin exports")

function(headwind_add_plugin name)
  cmake_parse_arguments(ARG "NO_INSTALL" "OUTPUT_DIRECTORY" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "headwind_add_plugin(${name}): SOURCES is missing")
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "headwind_add_plugin(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()

  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE Headwind::sdk ${ARG_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON LINK_DEPENDS ${HEADWIND_PLUGIN_EXPORTS})
  if(ARG_SOURCES MATCHES "\\.(cpp|cc|cxx)(;|$)")
    target_compile_features(${name} PRIVATE cxx_std_20)
    if(TARGET nlohmann_json::nlohmann_json)
      target_link_libraries(${name} PRIVATE nlohmann_json::nlohmann_json)
    endif()
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  endif()

  target_link_options(${name} PRIVATE -Wl,--version-script=${HEADWIND_PLUGIN_EXPORTS} -Wl,-z,now)
  if(NOT HEADWIND_SANITIZE AND NOT HEADWIND_FUZZ AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize=")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()

  if(ARG_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY})
  elseif(TARGET headwind_sdk) # Headwind's own tree keeps its bundle together
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  endif()
  if(NOT ARG_NO_INSTALL)
    include(GNUInstallDirs)
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/headwind/plugins COMPONENT plugins)
  endif()
endfunction()

# headwind_add_plugin_test(NAME SOURCES file... [LIBRARIES lib...])
#
# After headwind_add_plugin(NAME ...): builds NAME-test from the test's sources and from the plugin's own objects, so that
# what is tested is what is shipped, and adds it to ctest as NAME. The fakes are in <headwind/sdk/testing.hpp> for C++ and
# <headwind/testing/host.h> for C. Where the program headwind is found, NAME-check is `headwind plugin check` on NAME.so.
function(headwind_add_plugin_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "headwind_add_plugin_test(${name}): SOURCES is missing")
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "headwind_add_plugin_test(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name}-test ${ARG_SOURCES} $<TARGET_OBJECTS:${name}>)
  get_target_property(libraries ${name} LINK_LIBRARIES)
  target_link_libraries(${name}-test PRIVATE ${libraries} ${ARG_LIBRARIES} ${CMAKE_DL_LIBS})
  if(ARG_SOURCES MATCHES "\\.(cpp|cc|cxx)(;|$)")
    target_compile_features(${name}-test PRIVATE cxx_std_20)
  endif()
  add_test(NAME ${name} COMMAND ${name}-test)
  find_program(HEADWIND_PROGRAM headwind)
  if(HEADWIND_PROGRAM)
    add_test(NAME ${name}-check COMMAND ${HEADWIND_PROGRAM} plugin check $<TARGET_FILE:${name}>)
  endif()
endfunction()
