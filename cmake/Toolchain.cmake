# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers, linker and compiler cache, for every target of the tree.
add_compile_options(-Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # False positives of GCC 12 in std::string and coroutine frames at -O2.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict> -Wno-maybe-uninitialized -Wno-stringop-overflow
                      $<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete> $<$<COMPILE_LANGUAGE:CXX>:-Wno-dangling-pointer>)
endif()

find_program(HEADWIND_CCACHE ccache)
if(HEADWIND_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT DEFINED ENV{HEADWIND_NO_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${HEADWIND_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HEADWIND_CCACHE})
endif()
find_program(HEADWIND_MOLD mold)
if(HEADWIND_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(CMAKE_BUILD_TYPE STREQUAL Release)
  # What is shipped is the same from whatever directory it is compiled: paths count from the root of the tree, those too
  # that ccache makes relative before the compiler sees them. Where several match, the last one counts.
  file(RELATIVE_PATH up ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  foreach(directory ${PROJECT_SOURCE_DIR} ${up} ${PROJECT_BINARY_DIR})
    string(REGEX REPLACE "/$" "" directory ${directory})
    add_compile_options(-ffile-prefix-map=${directory}/=)
  endforeach()
  set(CMAKE_SKIP_BUILD_RPATH ON)
  # And it holds only what is used.
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections)
endif()

if(HEADWIND_SANITIZE)
  add_compile_options(-fsanitize=${HEADWIND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEADWIND_SANITIZE})
  add_compile_definitions(HEADWIND_SANITIZED=1)
endif()
if(HEADWIND_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
