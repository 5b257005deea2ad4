// SPDX-License-Identifier: Apache-2.0
// Harbor as far as an updater meets it: projects and artifacts of its API v2.0, the token service, tags and manifests
// of its distribution API. One function of requests, for a scripted transport, for a plugin's host, and behind a
// server.
//
// Written after Harbor's swagger.yaml, against which description/run.py holds it, and where that is silent after its
// sources: how links are written (src/lib/link.go), who gets 401 and who 403 (src/server/v2.0/handler/base.go), that
// the list of an unknown repository is empty (artifact.go), that proxies add the tags of afar (middleware/repoproxy).
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "registries/core/transport.hpp"

namespace headwind::registries {

class FakeHarbor {
 public:
  struct Tag {
    std::string name;
    std::string push_time = "2026-01-02T03:04:05.678Z";
  };
  struct Artifact {
    std::string digest;
    std::vector<Tag> tags;
    std::string push_time = "2026-01-01T00:00:00.000Z";
  };
  struct Project {
    bool is_public = false;
    std::int64_t registry_id = 0;                                    // not 0: a proxy cache
    std::map<std::string, std::vector<Artifact>> repositories = {};  // without the project's name
    std::map<std::string, std::vector<std::string>> afar = {};       // the tags of what a proxy stands for
  };
  struct User {
    std::string password;
    std::set<std::string> projects;  // that it may pull from
    bool reads_projects = true, lists_artifacts = true;
  };

  explicit FakeHarbor(std::string base = "https://harbor.test") : base_(std::move(base)) {}

  Response answer(const Request& request);

  std::map<std::string, Project> projects;
  std::map<std::string, User> users;
  bool null_tags = false;  // an untagged artifact's tags as Go writes what is not there
  std::vector<std::string> log;

  static std::string digest(int number);  // "sha256:000...7"

 private:
  struct Call;
  Response project(const Call& call, const std::string& name);
  Response artifacts(const Call& call, const std::string& project, const std::string& repository);
  Response token(const Call& call);
  Response distribution(const Call& call);
  Response tag_list(const std::string& project, const std::string& repository, const Call& call);
  Response manifest(const std::string& project, const std::string& repository, const std::string& reference);
  bool may_pull(const std::string& user, const std::string& project) const;
  // 401 or 403; a status of 0 where the call may go on.
  Response guard(const Call& call, const std::string& project, bool User::* permission) const;
  Response error(int status, const std::string& code, const std::string& message) const;

  std::string base_;
};

}  // namespace headwind::registries
