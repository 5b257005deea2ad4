// SPDX-License-Identifier: Apache-2.0
// Image references as container runtimes read them: the grammar of github.com/distribution/reference.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind {

struct ImageReference {
  std::string host;    // canonical: "docker.io" for every name of Docker Hub; with its port
  std::string path;    // canonical: "library/nginx"; `library/` is only ever added on docker.io
  std::string tag;     // empty where the text has none
  std::string digest;  // "sha256:<64 hex>", or empty
  std::string name;    // as the user spelled it, without tag and digest: "index.docker.io/library/nginx"

  // "docker.io/library/nginx": what two references share when they mean the same repository.
  std::string repository() const { return host + "/" + path; }
};

// Refuses what a kubelet would refuse: schemes, upper-case paths, bad tags, short digests.
Result<ImageReference> parse_image_reference(std::string_view text);

// "docker.io" of "docker.io/library/nginx", "charts.example.com" of "https://charts.example.com/stable/podinfo".
inline std::string_view host_of(std::string_view repository) {
  if (const auto scheme = repository.find("://"); scheme != std::string_view::npos)
    repository.remove_prefix(scheme + 3);
  return repository.substr(0, repository.find_first_of("/?"));
}

// `reference` with another tag, in the user's own spelling. A reference that was pinned to a digest stays
// pinned: to `digest`, which must then not be empty.
std::string with_tag(const ImageReference& reference, std::string_view tag, std::string_view digest);

// [A-Za-z0-9_][A-Za-z0-9._-]{0,127}
bool is_valid_tag(std::string_view tag);
// sha256 or sha512, with all its hex digits in lower case.
bool is_valid_digest(std::string_view digest);

}  // namespace headwind
