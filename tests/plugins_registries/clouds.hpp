// SPDX-License-Identifier: Apache-2.0
// Google and Azure on loopback, as they are documented: registries, token servers and metadata services, by real HTTPS
// and HTTP. A proxy leads every https name here, so that whoever is shown something he should not see is here, too.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace headwind::test {

struct Asked {
  std::string method, host, path, query, body;
  std::string authorization, flavor;  // flavor: the header by which metadata services know their callers
};

struct Answered {
  unsigned status = 200;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds late{0};
};

class Clouds {
 public:
  Clouds();
  ~Clouds();
  Clouds(const Clouds&) = delete;
  Clouds& operator=(const Clouds&) = delete;

  std::string proxy() const;            // "http://127.0.0.1:40001": for HTTPS_PROXY
  std::string metadata() const;         // "127.0.0.1:40002": of Google's and Azure's metadata services
  std::string certificate_pem() const;  // of the authority that vouches for all of them
  // What answers first; where it has no answer, the documented one is given.
  void answer(std::function<std::optional<Answered>(const Asked&)> first);
  std::vector<Asked> asked() const;
  // How many were at that host with a path that begins so.
  int count(const std::string& host, const std::string& path) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "eyJ...": a JWT with these claims.
std::string jwt(const std::string& claims);

}  // namespace headwind::test
