// SPDX-License-Identifier: Apache-2.0
// The resources that the fake API server serves, and how it announces them.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fake/json.hpp"

namespace headwind::fake {

// What moves metadata.generation.
enum class Generation : std::uint8_t { none, spec, spec_and_annotations };

struct ResourceType {
  std::string_view group, version, plural, singular, kind;
  std::string_view short_names;  // separated by commas
  bool namespaced = true;
  bool status = false;  // has the status subresource
  bool stored = true;   // false: a review, answered and forgotten
  bool custom = false;  // defined by a CustomResourceDefinition
  Generation generation = Generation::none;

  std::string api_version() const;     // "apps/v1", "v1"
  std::string qualified_name() const;  // "deployments.apps", "pods"
  std::string qualified_kind() const;  // "Deployment.apps", "Pod"
};

std::span<const ResourceType> resource_types();
const ResourceType* find_resource(std::string_view group, std::string_view version, std::string_view plural);
const ResourceType* find_kind(std::string_view api_version, std::string_view kind);
// "deployments" or, where that is ambiguous, "events.events.k8s.io".
const ResourceType* find_resource_by_name(std::string_view name);

// The discovery document of a path ("/api", "/apis", "/apis/apps", "/apis/apps/v1"), or null.
Json discovery_document(std::string_view path);

}  // namespace headwind::fake
