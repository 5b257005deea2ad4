// SPDX-License-Identifier: Apache-2.0
// What clients really asked of the API server, from its audit log.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace headwind::testbed {

// One call. A watch appears when its answer starts, every other call when it has been answered.
struct AuditEntry {
  std::string verb;      // get list watch create update patch delete deletecollection
  std::string resource;  // "deployments", "updaterequests/status"
  std::string name_space, name;
  std::string user, user_agent;
  std::string uri;
  std::string body;  // of a write, where Options::audited_user asks for it
  int code = 0;
  std::int64_t received_ms = 0;
  bool ended = false;  // a watch: its answer has ended
};

// An empty field matches everything; `user_agent` matches as a prefix.
struct AuditFilter {
  std::string verb = {}, resource = {}, name_space = {}, user = {}, user_agent = {};
};

// The API server writes an entry before it ends its answer, so a call that has been answered is in here.
class AuditLog {
 public:
  explicit AuditLog(std::filesystem::path file) : file_(std::move(file)) {}
  // A point in time: pass it to the calls below to see only what came after it.
  std::uint64_t mark() const;
  std::vector<AuditEntry> entries(const AuditFilter& filter = {}, std::uint64_t since = 0) const;
  std::size_t count(const AuditFilter& filter, std::uint64_t since = 0) const;

 private:
  std::filesystem::path file_;
};

}  // namespace headwind::testbed
