// SPDX-License-Identifier: Apache-2.0
#include "bench/wrk.hpp"

#include <sstream>
#include <stdexcept>

#include "testbed/process.hpp"

namespace headwind::bench {

Rate ask(const std::string& url, const std::filesystem::path& body, std::size_t seconds) {
  auto printed = testbed::run({"wrk", "-t2", "-c64", "-d" + std::to_string(seconds) + "s", "-s",
                               HEADWIND_BENCH_SOURCE "/post.lua", url, "--", body.string()});
  if (!printed) throw std::runtime_error(printed.error().message);
  const std::size_t at = printed->find("RESULT ");
  if (at == std::string::npos) throw std::runtime_error("wrk printed no result: " + *printed);
  std::istringstream fields(printed->substr(at + 7));
  double good = 0, microseconds = 0, slowest = 0;
  Rate rate;
  fields >> good >> microseconds >> rate.refused >> rate.broken >> slowest;
  if (!fields || good == 0) throw std::runtime_error("nothing was answered with 200: " + *printed);
  rate.per_second = good * 1e6 / microseconds;
  rate.slowest_ms = slowest / 1000;
  return rate;
}

}  // namespace headwind::bench
