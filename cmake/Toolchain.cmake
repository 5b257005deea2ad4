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

if(HEADWIND_SANITIZE)
  add_compile_options(-fsanitize=${HEADWIND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEADWIND_SANITIZE})
  add_compile_definitions(HEADWIND_SANITIZED=1)
endif()
if(HEADWIND_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
