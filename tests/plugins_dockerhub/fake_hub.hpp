// SPDX-License-Identifier: Apache-2.0
// Docker Hub as far as an updater meets it: the Hub API's logins and lists of tags, the registry's token service, tags
// and manifests. Hosts do not matter, paths do. One function of requests, for a scripted transport and a plugin's host.
//
// Written after the Hub API's published OpenAPI document (docs.docker.com/reference/api/hub) and, for what that leaves
// out, after docker/hub-tool; answers.schema.json holds it to both.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "registries/core/transport.hpp"

namespace headwind::registries {

class FakeHub {
 public:
  struct Tag {
    std::string name, digest;                            // digest empty: null, as of tags of long ago
    std::string pushed = "2026-01-02T03:04:05.678901Z";  // empty: null
  };
  struct Repository {
    bool is_private = false;
    std::vector<Tag> tags = {};
  };
  struct User {
    std::string secret;
    bool reads_private = true;
  };

  Response answer(const Request& request);

  std::map<std::string, Repository> repositories;  // "library/nginx"
  std::map<std::string, User> users;
  std::int64_t now_ms = 1'700'000'000'000;
  int limit = 0;           // API requests a minute; 0: no headers, no limit
  bool old_login = false;  // /v2/auth/token is not there
  int logins = 0, pulls = 0;
  std::vector<std::string> log;

  static std::string digest(int number);

 private:
  struct Call;
  Response api(const Call& call);
  Response login(const Call& call, const Request& request);
  Response tag_page(const Call& call, const std::string& name);
  Response token(const Call& call);
  Response distribution(const Call& call, const std::string& method);
  void tell_allowance(Response& response) const;

  std::int64_t minute_ends_ms_ = 0;
  int used_ = 0;
  std::map<std::string, std::int64_t> sessions_;  // tokens and when they end
};

}  // namespace headwind::registries
