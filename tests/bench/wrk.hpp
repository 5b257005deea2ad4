// SPDX-License-Identifier: Apache-2.0
// Webhooks posted by wrk: 64 kept connections, 2 threads.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>

namespace headwind::bench {

struct Rate {
  double per_second = 0, slowest_ms = 0;  // the second: 99 of 100 were faster
  std::size_t refused = 0, broken = 0;
};

// Posts the file's content to `url` again and again. Throws where nothing is answered with 200.
Rate ask(const std::string& url, const std::filesystem::path& body, std::size_t seconds);

}  // namespace headwind::bench
