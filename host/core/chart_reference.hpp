// SPDX-License-Identifier: Apache-2.0
// Helm charts as workloads name them: by the URL of their repository, their name, and a version or a range.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind {

struct ChartReference {
  // What is asked of a registry plugin: "ghcr.io/charts/podinfo" of an OCI registry, as images are named there, or
  // "https://charts.example.com/stable/podinfo" of a repository over HTTP.
  std::string repository;
  std::string chart;    // "podinfo"
  std::string version;  // "6.5.4", or a range: "^6.5"
};

// Whether a plugin's reference is one of a chart: it has a scheme, which no image has.
inline bool is_chart_reference(std::string_view text) { return text.find("://") != std::string_view::npos; }
// Whether that repository is one of charts over HTTP.
inline bool is_chart_url(std::string_view repository) {
  return repository.starts_with("https://") || repository.starts_with("http://");
}

// "oci://ghcr.io/charts/podinfo:6.5.4", "https://charts.example.com/stable/podinfo:6.5.4". Refuses user information in
// the URL: it would be a secret in a name.
Result<ChartReference> parse_chart_reference(std::string_view text);

// "6.5.4", "v1.0.0-rc.1+build": one version as SemVer 2 writes it, with or without a v. All else is a range to Helm.
bool is_exact_version(std::string_view text);

// A tag cannot hold '+', so OCI registries hold chart versions with '_' in its place.
std::string tag_of_version(std::string_view version);
std::string version_of_tag(std::string_view tag);

}  // namespace headwind
