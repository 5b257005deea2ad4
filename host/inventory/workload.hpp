// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/symbol.hpp"

namespace headwind::inventory {

struct WorkloadKey {
  Symbol kind;  // "Deployment"
  Symbol name_space;
  std::string name;
  auto operator<=>(const WorkloadKey&) const = default;
  std::string text() const { return kind.str() + " " + name_space.str() + "/" + name; }
};

// One updatable place of a workload: what its plugin named, with the reference read.
struct Slot {
  Symbol slot;           // "containers/web"
  Symbol repository;     // canonical, with host; empty where the reference could not be read
  std::string image;     // the user's own spelling
  Symbol pointer;        // RFC 6901
  Symbol guard_pointer;  // and the value beside it that shows it is still the same slot
  Symbol guard_value;
  bool version_only = false;  // at `pointer` stands a bare tag or version
  bool chart = false;         // a Helm chart; `image` is its name and version, "podinfo:6.5.4"
  Symbol object = {};         // holds the value: "group/version/plural/namespace/name"; empty: the workload
  bool operator==(const Slot&) const = default;

  // The last part of `slot`: the container's name.
  std::string_view container() const {
    const std::string_view text = slot.str();
    return text.substr(text.rfind('/') + 1);
  }
};

struct Workload {
  WorkloadKey key;
  Symbol api_version;  // "apps/v1"
  Symbol plural;       // "deployments"
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  std::vector<std::pair<Symbol, std::string>> annotations;  // headwind.sh/* without the history
  std::string history;                                      // headwind.sh/update-history, packed: see packed.hpp
  bool has_history = false;
  bool not_read = false;  // its plugin cannot read its images: it has no slots, and `unread` says why
  std::vector<Slot> slots;
  // Where the credentials of its pulls come from: the text of an Access. Empty where it has no pod template.
  Symbol access;
  // One sentence about its chart's source that Headwind cannot follow, or why it is `not_read`; or empty.
  std::string unread;
  // Labels and foreign annotations, as JSON {"labels": {}, "annotations": {}}: only where a policy that is not built
  // in may look at them, so that ten thousand others pay a pointer.
  std::shared_ptr<const std::string> metadata;
  Symbol owner;  // who else writes it, as people name it: "Flux Kustomization apps"; empty: nobody that is known

  // "/apis/apps/v1/namespaces/shop/deployments/web"
  std::string path() const;
  // The annotation's text, or null where it is absent. `key` with its prefix: "headwind.sh/policy".
  const std::string* annotation(std::string_view key) const;
  const Slot* find_slot(std::string_view slot) const;
  // The old text of headwind.sh/update-history, or nothing.
  std::string history_text() const;
  void set_history(std::string_view text);
};

}  // namespace headwind::inventory
