// SPDX-License-Identifier: Apache-2.0
// A registry made of one function, which notes every request.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "registries/core/transport.hpp"

namespace headwind::registries {

class ScriptedTransport : public Transport {
 public:
  using Handler = std::function<Outcome<Response>(const Request&)>;
  explicit ScriptedTransport(Handler handler) : handler_(std::move(handler)) {}

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
    if (it == secrets.end()) return Failure{HW_NOT_FOUND, "no such secret", 0};
    return it->second;
  }
  std::int64_t unix_ms() override { return now; }
  std::int64_t mono_ms() override { return now; }
  void pass(std::int64_t seconds) { now += seconds * 1000; }

  std::vector<Request> requests;
  std::vector<std::int64_t> patience;
  std::map<std::string, std::string> secrets;
  std::optional<Credential> pull;  // of the call
  std::int64_t now = 1000;

 private:
  Handler handler_;
};

// The value of a header of a request, or "-".
inline std::string sent(const Request& request, const std::string& name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return "-";
}

inline Response tags(const std::string& list, const std::string& link = "") {
  Response response{200, {{"Content-Type", "application/json"}}, R"({"name":"x","tags":)" + list + "}"};
  if (!link.empty()) response.headers.emplace_back("Link", link);
  return response;
}

}  // namespace headwind::registries
