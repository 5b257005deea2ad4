// SPDX-License-Identifier: Apache-2.0
#include "registries/core/repository.hpp"

#include <algorithm>

namespace headwind::registries {
namespace {

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  if (host.front() == '[')
    return host.find(']') != std::string_view::npos &&
           host.find_first_not_of("[]:0123456789abcdefABCDEF") == std::string_view::npos;
  const auto colon = host.find(':');
  const std::string_view name = host.substr(0, colon);
  if (colon != std::string_view::npos) {
    const auto port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  }
  return !name.empty() && is_alnum(name.front()) && is_alnum(name.back()) &&
         name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
}

// Between two runs of letters and digits: one dot, one or two underscores, or any number of dashes.
bool is_component(std::string_view part) {
  if (part.empty() || !is_lower_alnum(part.front()) || !is_lower_alnum(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    if (is_lower_alnum(part[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (!is_lower_alnum(part[end])) ++end;  // stops at the last character at the latest
    const auto separator = part.substr(i, end - i);
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (separator != "." && separator != "_" && separator != "__" && !dashes) return false;
    i = end;
  }
  return true;
}

}  // namespace

bool is_valid_path(std::string_view path) {
  if (path.empty() || path.size() > 255) return false;
  for (;;) {
    const auto slash = path.find('/');
    if (!is_component(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool looks_like_host(std::string_view part) {
  return part == "localhost" || part.find_first_of(".:") != std::string_view::npos;
}

std::string canonical_host(std::string_view host) {
  std::string lower(host);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (lower == "index.docker.io" || lower == "registry-1.docker.io") return "docker.io";
  return lower;
}

std::optional<Repository> make_repository(std::string_view host, std::string_view path) {
  // An image reference cannot name a host of one bare word: "registry/org/app" means Docker Hub.
  if (!is_host(host) || !looks_like_host(host) || !is_valid_path(path)) return std::nullopt;
  Repository repository{canonical_host(host), std::string(path)};
  if (repository.host == "docker.io" && path.find('/') == std::string_view::npos) repository.path.insert(0, "library/");
  if (!is_valid_path(repository.path)) return std::nullopt;  // too long with `library/`
  return repository;
}

std::optional<Repository> parse_repository(std::string_view name) {
  const auto slash = name.find('/');
  if (slash != std::string_view::npos && looks_like_host(name.substr(0, slash)))
    return make_repository(name.substr(0, slash), name.substr(slash + 1));
  return make_repository("docker.io", name);
}

bool is_valid_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= 128 && (is_alnum(tag.front()) || tag.front() == '_') &&
         std::all_of(tag.begin(), tag.end(), [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_valid_digest(std::string_view digest) {
  const std::size_t digits = digest.starts_with("sha256:") ? 64 : digest.starts_with("sha512:") ? 128 : 0;
  return digits != 0 && digest.size() == 7 + digits &&
         digest.find_first_not_of("0123456789abcdef", 7) == std::string_view::npos;
}

}  // namespace headwind::registries
