// SPDX-License-Identifier: Apache-2.0
// Amazon made of one function, which notes every request, and how patient the caller was.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries::ecr {

class ScriptedAmazon : public Transport {
 public:
  using Handler = std::function<Outcome<Response>(const Request&)>;
  explicit ScriptedAmazon(Handler handler) : handler_(std::move(handler)) {}

  Outcome<Response> exchange(const Request& request) override {
    requests.push_back(request);
    return handler_(request);
  }
  Outcome<Response> exchange_within(const Request& request, std::int64_t ms) override {
    patience.push_back(ms);
    return exchange(request);
  }
  std::optional<Credential> credential() override { return pull; }
  Outcome<std::string> secret(const std::string& name) override {
    const auto it = secrets.find(name);
    if (it == secrets.end()) return Failure{HW_NOT_FOUND, "no such secret: " + name, 0};
    return it->second;
  }
  std::int64_t unix_ms() override { return unix_now; }
  std::int64_t mono_ms() override { return mono_now; }
  void pass(std::int64_t seconds) {
    unix_now += seconds * 1000;
    mono_now += seconds * 1000;
  }

  std::vector<Request> requests;
  std::vector<std::int64_t> patience;
  std::map<std::string, std::string> secrets;
  std::optional<Credential> pull;
  std::int64_t unix_now = 1'440'938'160'000;  // 2015-08-30T12:36:00Z
  std::int64_t mono_now = 1'000'000;

 private:
  Handler handler_;
};

inline Response answer(int status, std::string body) { return {status, {}, std::move(body)}; }

}  // namespace headwind::registries::ecr
