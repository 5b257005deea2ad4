// SPDX-License-Identifier: Apache-2.0
// Where Flux gets charts from: the objects of source.toolkit.fluxcd.io that a HelmRelease names.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace headwind::workloads {

using Objects = std::vector<std::string_view>;  // JSON texts

struct SourceName {
  std::string kind, name_space, name;
  bool operator==(const SourceName&) const = default;
};

struct Source {
  std::string version;  // of its API: "v1"
  std::string url;      // without a '/' at its end
  bool oci = false;
  // What an OCIRepository follows, and nothing else, and in which field of spec.ref that stands: "tag" or "semver".
  // Empty where it follows a digest, or the newest version of those that a filter leaves.
  std::string followed, field;
};

// The object of that name among `related`. False where it is not there, or has no usable URL.
bool find_source(const Objects& related, const SourceName& wanted, Source& out);

// "6.5.4", "v1.0.0-rc.1+build": what Helm reads as one version. Anything else is a range, and Flux's own business.
bool is_exact_version(std::string_view text);

}  // namespace headwind::workloads
