# SPDX-License-Identifier: Apache-2.0
# Every library of the tree, found once. The README says why each is there.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(simdjson REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET GLOBAL libzstd)

# Boost from Debian as a system include: its headers are not ours to warn about.
add_library(headwind_boost INTERFACE)
target_link_libraries(headwind_boost INTERFACE Boost::headers Boost::url Threads::Threads)
target_compile_definitions(headwind_boost INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE
                                                    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                    BOOST_DLL_USE_STD_FS)
