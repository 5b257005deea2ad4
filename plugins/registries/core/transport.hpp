// SPDX-License-Identifier: Apache-2.0
// What the registry client needs from outside: HTTP exchanges, credentials and time. The plugin gives it the host's
// services, a test its script.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registries/core/outcome.hpp"

namespace headwind::registries {

struct Request {
  std::string method, url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::uint64_t max_body = 0;
  std::string body = {};
};

struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in any case
  std::string body;

  // The first header of that (lower-case) name, or empty.
  std::string_view header(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;
};

// With which the repository of this call is to be read: what the operator found for the workloads behind it.
struct Credential {
  std::string identity;  // for keys of caches: equal where the credential is the same; no secret
  std::string username, password, identity_token, registry_token;

  // Something to log in with. Else only what is remembered has to be kept apart: see hw_credential.
  bool is_account() const {
    return !username.empty() || !password.empty() || !identity_token.empty() || !registry_token.empty();
  }
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Any HTTP status is a success. Does not follow redirects.
  virtual Outcome<Response> exchange(const Request& request) = 0;
  // The same, and HW_UNAVAILABLE where no answer comes within `ms`: metadata services are near or not there at all, and
  // a call must not spend its whole time on finding out.
  virtual Outcome<Response> exchange_within(const Request& request, std::int64_t ms) = 0;
  // Nothing: the settings' account applies, or nobody's name.
  virtual std::optional<Credential> credential() { return std::nullopt; }
  virtual Outcome<std::string> secret(const std::string& name) = 0;
  virtual std::int64_t unix_ms() = 0;
  virtual std::int64_t mono_ms() = 0;
};

}  // namespace headwind::registries
