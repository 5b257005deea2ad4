// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headwind::kube {

// What is known of an object whose rollout is followed, beside what its plugin says of it: by one reading of its text,
// which comes with each of its changes.
struct RolloutFacts {
  std::string resource_version;
  // Stands for the version that is to run: equal texts within one process are the same version. What changes when or
  // how it is brought is left out: replicas, a pause, labels and annotations of the pod template (`kubectl rollout
  // restart` writes one); of a HelmRelease all but what Flux brings a new version for. Empty where nothing is to run.
  std::string revision;
  std::string selector;  // as selector_of() says
  // Its controller has not looked at this spec yet: its status speaks of an older generation, or there is none. Argo
  // writes the generation as a text; where none is written, the status is believed.
  bool stale = false;
};

// `kind` as the object would name itself: "Deployment". Nothing where `json` is no JSON object.
std::optional<RolloutFacts> read_rollout_facts(std::string_view json, std::string_view kind);

// The LabelSelector at spec.selector, as the query parameter labelSelector writes it. Empty where there is none.
std::string selector_of(std::string_view json);

}  // namespace headwind::kube
