# SPDX-License-Identifier: Apache-2.0
# headwind_room(NAME [ROOMS other...] [LIBRARIES lib...]): one static library per room of host/.
# ROOMS is exactly the room's line in docs/architecture.md; a test compares the includes with it.
function(headwind_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp)
  endif()
  add_library(headwind_${name} STATIC ${sources})
  target_include_directories(headwind_${name} PUBLIC ${PROJECT_SOURCE_DIR}/host)
  list(TRANSFORM ARG_ROOMS PREPEND headwind_)
  target_link_libraries(headwind_${name} PUBLIC ${ARG_ROOMS} headwind_boost ${ARG_LIBRARIES})
endfunction()

# headwind_test(NAME [ROOMS room...] [LIBRARIES lib...] [LABELS label...]): every .cpp of tests/NAME in one program,
# but for fuzz_*.cpp, which are programs of their own.
function(headwind_test name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBRARIES;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/fuzz_[^/]*$")
  if(NOT sources)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp)
  endif()
  add_executable(test_${name} ${sources})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  list(TRANSFORM ARG_ROOMS PREPEND headwind_)
  target_link_libraries(test_${name} PRIVATE ${ARG_ROOMS} ${ARG_LIBRARIES} headwind_boost GTest::gmock GTest::gtest_main)
  # One ctest entry per program: a test runner start costs more than most of these tests.
  add_test(NAME ${name} COMMAND test_${name})
  # A machine that does ten other things takes ten times as long.
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 600
                       ENVIRONMENT "HEADWIND_BUILD=${PROJECT_BINARY_DIR};HEADWIND_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()

# headwind_cluster_test(NAME TIMEOUT seconds [SOURCES file...] [SKIPS regex...]): a headwind_test of the program itself on the
# real control plane, with what tests/end_to_end has for that. Skipped where the control plane is not built.
function(headwind_cluster_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;SKIPS" ${ARGN})
  headwind_test(${name} ROOMS net testbed LIBRARIES headwind_registry_core nlohmann_json::nlohmann_json LABELS real)
  set(shared ${PROJECT_SOURCE_DIR}/tests/end_to_end)
  if(NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL shared)
    foreach(source call cluster operator_process receiver registry)
      target_sources(test_${name} PRIVATE ${shared}/${source}.cpp)
    endforeach()
    target_include_directories(test_${name} PRIVATE ${shared})
  endif()
  target_sources(test_${name} PRIVATE ${ARG_SOURCES})
  add_dependencies(test_${name} headwind_bundle)
  set(skips "The real control plane is not built" ${ARG_SKIPS})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "${skips}")
endfunction()

# headwind_fuzz(NAME [ROOMS room...] [LIBRARIES lib...]): fuzz_NAME from fuzz_NAME.cpp, beside the directory corpus/NAME
# with its seeds. `make fuzz` runs what it finds in the build's fuzz/ directory.
function(headwind_fuzz name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBRARIES" ${ARGN})
  add_executable(fuzz_${name} fuzz_${name}.cpp)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers fuzz_${name})
  list(TRANSFORM ARG_ROOMS PREPEND headwind_)
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(fuzz_${name} PRIVATE ${ARG_ROOMS} ${ARG_LIBRARIES} headwind_boost)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
endfunction()
