// SPDX-License-Identifier: Apache-2.0
// Names of repositories, tags and digests, as registries and container runtimes spell them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries {

struct Repository {
  std::string host;  // canonical: "docker.io" for every name of Docker Hub; lower case, with its port
  std::string path;  // "library/nginx"; `library/` is only ever added on docker.io
  std::string text() const { return host + "/" + path; }
};

// The first part of a name is a host where it holds '.' or ':', or is "localhost".
bool looks_like_host(std::string_view part);
std::string canonical_host(std::string_view host);

// `path` on `host`; empty where either is malformed.
std::optional<Repository> make_repository(std::string_view host, std::string_view path);
// A name that may hold its host: "ghcr.io/org/app", "nginx", "index.docker.io/nginx".
std::optional<Repository> parse_repository(std::string_view name);

bool is_valid_path(std::string_view path);      // of a repository, without its host
bool is_valid_tag(std::string_view tag);        // [A-Za-z0-9_][A-Za-z0-9._-]{0,127}
bool is_valid_digest(std::string_view digest);  // sha256 or sha512 with all its lower-case hex digits

}  // namespace headwind::registries
