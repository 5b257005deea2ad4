// SPDX-License-Identifier: Apache-2.0
// A real Prometheus that scrapes one target every second, with our alert rules.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "call.hpp"
#include "testbed/process.hpp"

namespace headwind::monitoring {

class Prometheus {
 public:
  // `target`: host:port. Ends with the object. Throws where it does not start.
  Prometheus(const std::string& target, const std::filesystem::path& rules);
  ~Prometheus();
  Prometheus(const Prometheus&) = delete;
  Prometheus& operator=(const Prometheus&) = delete;

  // "data" of GET /api/v1/PATH; null where it fails: then error() says why.
  end_to_end::Json get(const std::string& path);
  // "result" of an instant query now.
  end_to_end::Json query(const std::string& expression);
  const std::string& error() const { return error_; }

 private:
  std::filesystem::path directory_;
  std::uint16_t port_;
  testbed::Process process_;
  std::string error_;
};

// Percent-encoded, as a part of a query string.
std::string encoded(const std::string& text);

}  // namespace headwind::monitoring
