// SPDX-License-Identifier: Apache-2.0
// A repository of charts as a web server serves it: files with ETags, and an account where one is wanted. One function
// of requests, for a plugin's host in memory and a server of a port.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "registries/core/transport.hpp"

namespace headwind::registries::helm {

class FakeCharts {
 public:
  void put(const std::string& path, std::string body);  // a file, new or changed
  // From several threads.
  Response answer(const Request& request);
  std::vector<std::string> log() const;  // "GET /stable/index.yaml -> 200"

  std::string authorization;  // wanted for every file; empty: none is
  int status = 0;             // of every answer; 0: as it should be

 private:
  struct File {
    std::string body, etag;
  };
  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  std::vector<std::string> log_;
  int versions_ = 0;
};

}  // namespace headwind::registries::helm
