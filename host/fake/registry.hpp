// SPDX-License-Identifier: Apache-2.0
// An OCI distribution registry inside this process, with images that are nothing but manifests.
// Reading only over HTTP; pushing is a call. One executor, as with ApiServer.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace headwind::fake {

enum class RegistryAuth : std::uint8_t { open, basic, token };

struct RegistryOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  RegistryAuth auth = RegistryAuth::open;
  std::map<std::string, std::string> users;  // name to password, for basic and token
  std::set<std::string> closed;              // repositories that anonymous tokens do not open
  std::string service = "registry.fake";
  std::chrono::seconds token_lifetime{300};
  // True: sorted tags in pages with Link, as distribution 3. False: all tags in order of their push, n and last
  // ignored, as distribution 2.8.
  bool pages = true;
  std::size_t max_page = 1000;
  // 404 for a manifest whose media type the request does not accept, as distribution 2.8.
  bool strict_accept = true;
  const Clock* clock = &system_clock();
};

struct RegistryRequest {
  std::string kind;  // "ping", "tags", "manifest", "blob", "token"; empty: not found
  std::string method, path, query, user_agent;
  std::string repository, reference;
  bool authorized = false;  // carried an Authorization header
  unsigned status = 0;
};

class Registry {
 public:
  static Result<std::unique_ptr<Registry>> start(Executor executor, RegistryOptions options = {});
  ~Registry();
  std::string url() const;   // "http://127.0.0.1:41234"
  std::string host() const;  // "127.0.0.1:41234"

  // Puts `tag` on the image made from `content` (empty: from repository and tag) and returns its digest.
  // The same content always has the same digest.
  std::string push(std::string_view repository, std::string_view tag, std::string_view content = {});
  std::string digest(std::string_view repository, std::string_view tag) const;  // or empty
  bool remove_tag(std::string_view repository, std::string_view tag);

  const std::vector<RegistryRequest>& requests() const;
  std::size_t count(std::string_view kind) const;
  void clear_requests();

  // The next `times` requests other than for tokens are answered with `status` (429 and 503 with Retry-After).
  void fail_next(unsigned status, unsigned times = 1, unsigned retry_after_s = 0);
  void set_hanging(bool hanging);  // requests wait until it is false again
  void revoke_tokens();

  Task<> drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit Registry(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What a registry would send to our webhook port: the envelope of distribution's notifications...
std::string notification_body(std::string_view repository, std::string_view tag, std::string_view digest,
                              std::string_view host, std::string_view action = "push");
// ...whose Content-Type is this; and Docker Hub's body.
inline constexpr std::string_view kNotificationType = "application/vnd.docker.distribution.events.v1+json";
std::string docker_hub_body(std::string_view repository, std::string_view tag);

}  // namespace headwind::fake
