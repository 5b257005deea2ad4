// SPDX-License-Identifier: Apache-2.0
// A Kubernetes API server inside this process: for the demo, for tests without a cluster, and for faults on demand.
// Contract tests run against it and against a real one, so that it cannot drift.
//
// It serves the resources of resource.cpp with their real semantics: list in pages, watch, create, update, JSON, merge
// and strategic patches, status subresource, delete with preconditions, dry run, reviews, discovery. It does not
// serve server-side apply, protobuf, field ownership (managedFields), openapi, or subresources other than status.
//
// Everything happens on one executor; call its members there, or while nothing runs on it.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace headwind::fake {

struct User {
  std::string name, uid;
  std::vector<std::string> groups;  // system:authenticated is added by the server
  std::map<std::string, std::vector<std::string>> extra;
};

// One thing that is allowed; "*" means any.
struct AccessRule {
  std::string user, group;  // whom it is for: either
  std::vector<std::string> verbs;
  std::string api_group = "*";
  std::string resource = "*";  // "updaterequests", "updaterequests/status"
  std::string name_space = "*";
};

struct AccessRequest {
  std::string verb, group, resource, name_space, name;
};

struct LoggedRequest {
  std::string verb;  // get list watch create update patch delete, as audit logs have it; empty: not about a resource
  std::string resource;  // "deployments", "updaterequests/status"
  std::string name_space, name;
  std::string method, path, query;
  std::string user, user_agent;
  std::string body;
  unsigned status = 0;
};

struct ApiServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  // Who a request without a token is; an empty name refuses it with 401.
  User anonymous{"system:admin", "admin", {"system:masters"}, {}};
  bool enforce_access = false;  // 403 unless a rule allows it
  bool roll_out = true;         // play the workload controllers: ReplicaSets, revisions, status
  std::chrono::milliseconds bookmark_interval{60'000};
  std::size_t history_limit = 20'000;  // changes that a watch may start from
  const Clock* clock = &system_clock();
};

class ApiServer {
 public:
  static Result<std::unique_ptr<ApiServer>> start(Executor executor, ApiServerOptions options = {});
  ~ApiServer();
  std::string url() const;  // "http://127.0.0.1:41234"

  // Objects, as JSON. `resource` is the plural, with its group where that is ambiguous ("events.events.k8s.io").
  // Creates or replaces, status included; makes the namespace; refuses only what the schema refuses.
  Result<> put(std::string_view object);
  // A merge patch, status included.
  Result<> merge(std::string_view resource, std::string_view name_space, std::string_view name, std::string_view patch);
  std::string get(std::string_view resource, std::string_view name_space, std::string_view name) const;  // or empty
  std::vector<std::string> list(std::string_view resource, std::string_view name_space = {}) const;
  bool remove(std::string_view resource, std::string_view name_space, std::string_view name);
  std::uint64_t resource_version() const;

  // People and rules, for the reviews and, with enforce_access, for every request.
  void add_user(std::string token, User user);
  void remove_user(std::string_view token);
  void allow(AccessRule rule);

  // What was asked.
  const std::vector<LoggedRequest>& requests() const;
  std::size_t count(std::string_view verb, std::string_view resource) const;  // "*" for any
  void clear_requests();
  // Called with each request before it is served: to change something between a read and a write.
  void on_request(std::function<void(const LoggedRequest&)> observer);

  // Faults; "*" for any verb or resource. The next `times` matching requests are answered with `status`, untouched...
  void fail_next(std::string_view verb, std::string_view resource, unsigned status, unsigned times = 1,
                 unsigned retry_after_s = 0);
  // ...or carried out, and then answered with 504, as when the answer is lost on its way.
  void lose_answers(std::string_view verb, std::string_view resource, unsigned times = 1);
  // ...or served after a delay.
  void delay_next(std::string_view verb, std::string_view resource, std::chrono::milliseconds delay,
                  unsigned times = 1);
  void clear_faults();
  void drop_watches();    // every open watch ends
  void compact();         // older resourceVersions and continue tokens are answered with 410
  void send_bookmarks();  // to every open watch that asked for them
  std::size_t open_watches() const;

  // Ends the watches, then drains the server.
  Task<> drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit ApiServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace headwind::fake
