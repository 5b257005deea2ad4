# SPDX-License-Identifier: Apache-2.0
# headwind_test_modules(NAME SOURCE_DIRECTORY [OPTION...]): each .c and .cpp there becomes NAME/<file>.so in the build directory, all
# of them the target test_modules_NAME. A module is named for its flaw, where it has one.
set(HEADWIND_TEST_MODULES ${CMAKE_CURRENT_LIST_DIR}/modules CACHE INTERNAL "")
function(headwind_test_modules name directory)
  add_custom_target(test_modules_${name})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/*.c ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/*.cpp)
  foreach(source ${sources})
    get_filename_component(file ${source} NAME_WE)
    set(target test_module_${name}_${file})
    add_library(${target} MODULE ${source})
    target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${HEADWIND_TEST_MODULES})
    target_link_libraries(${target} PRIVATE headwind_sdk Threads::Threads)
    target_compile_options(${target} PRIVATE ${ARGN})
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${file}
                          LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name})
    add_dependencies(test_modules_${name} ${target})
  endforeach()
endfunction()
