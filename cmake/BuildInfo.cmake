# SPDX-License-Identifier: Apache-2.0
# cmake -D SOURCE=DIR -D VERSION=... -D COMPILER=... -D OUT=FILE -P BuildInfo.cmake: writes cli/build_info.hpp's data as
# C++, and only where it has changed. Two builds of one commit get the same: the clock counts for nothing.
# A tree without .git, such as the one in a container's build, says what it is by HEADWIND_COMMIT and SOURCE_DATE_EPOCH.
set(commit "$ENV{HEADWIND_COMMIT}")
set(epoch "$ENV{SOURCE_DATE_EPOCH}")
if(commit STREQUAL "" AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND git -C ${SOURCE} diff-index --quiet HEAD -- RESULT_VARIABLE changed ERROR_QUIET)
  if(commit AND changed EQUAL 1)
    string(APPEND commit "-dirty")
  endif()
  if(epoch STREQUAL "")
    execute_process(COMMAND git -C ${SOURCE} show -s --format=%ct HEAD OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE
                    ERROR_QUIET)
  endif()
endif()
if(NOT commit MATCHES "^[0-9a-f]+(-dirty)?$")
  set(commit unknown)
endif()
set(date unknown)
if(epoch MATCHES "^[0-9]+$")
  set(ENV{SOURCE_DATE_EPOCH} ${epoch})
  string(TIMESTAMP date "%Y-%m-%dT%H:%M:%SZ" UTC)
endif()
file(CONFIGURE OUTPUT ${OUT} @ONLY NEWLINE_STYLE UNIX CONTENT [[// Made by cmake/BuildInfo.cmake.
#include "cli/build_info.hpp"

namespace headwind::cli {

const BuildInfo& build_info() {
  static constexpr BuildInfo info{"@VERSION@", "@commit@", "@date@", "@COMPILER@"};
  return info;
}

}  // namespace headwind::cli
]])
