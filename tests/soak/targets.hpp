// SPDX-License-Identifier: Apache-2.0
// The workloads of a run, and what their policies allow: worked out here a second time, by the simplest means.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "call.hpp"

namespace headwind::soak {

using end_to_end::Json;

struct Version {
  int major = 0, minor = 0, patch = 0;
  auto operator<=>(const Version&) const = default;
  std::string text() const;
};
std::string tag_of(const std::string& image);  // without a digest
// Of a tag such as 1.2.3; nothing else has one.
std::optional<Version> version_of(const std::string& tag);

struct Slot {
  std::string container, repository;
  std::set<std::string> by_hand = {};  // tags that a person set, the first one among them
};

struct Target {
  std::string kind, name_space, name, policy;
  bool approval = false, auto_rollback = false;
  int interval = 0, approvals = 1;
  std::vector<Slot> slots;

  std::int64_t since_ms = 0;             // what was announced before a person's last change is not owed any more
  std::vector<std::int64_t> changes_ms;  // by a person: images, releases
  bool undone = false;                   // a person went back once; after twice updates would rest for an hour
  std::vector<std::pair<std::int64_t, std::int64_t>> suspended;  // from, to; 0: it still is

  std::string key() const { return kind + " " + name_space + "/" + name; }
  std::string path() const;  // of the API server
  void changed_by_hand();
  bool is_suspended() const { return !suspended.empty() && suspended.back().second == 0; }
};

// The policy calls `to` an update of `from`.
bool is_update(const std::string& policy, const Version& from, const Version& to);
// A workload that once ran `from` may have come to `to`.
bool may_reach(const std::string& policy, const Version& from, const Version& to);

std::vector<Target> make_targets(std::size_t count);
std::vector<std::string> name_spaces();
Json object_of(const Target& target, const std::string& registry, const std::string& tag);
std::string collection_of(const Target& target);
// Its containers, and where they stand in the object.
std::string containers_pointer(const std::string& kind);
std::string running(const Target& target, const Json& object, const std::string& container);

}  // namespace headwind::soak
