// SPDX-License-Identifier: Apache-2.0
#include "credentials/keyring.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "core/text.hpp"

namespace headwind::credentials {
namespace {

constexpr std::string_view hub_key = "index.docker.io";

struct Place {
  std::string_view host, port, path;  // the path with its slash, or empty
};

// As Go's net/url and net.SplitHostPort take "https://" + text apart.
bool take_apart(std::string_view text, Place& out) {
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  out.path = text.substr(end, text.find_first_of("?#", end) - end);
  if (const std::size_t user = authority.rfind('@'); user != std::string_view::npos) authority.remove_prefix(user + 1);
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  if (authority.starts_with('[') && bracket == std::string_view::npos) return false;
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.host = authority.substr(0, colon);
  out.port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon + 1);
  if (out.port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  // Without a port the brackets stay, with one they go.
  if (bracket != std::string_view::npos && colon != std::string_view::npos) out.host = out.host.substr(1, bracket - 1);
  return !out.host.empty();
}

bool label_fits(std::string_view pattern, std::string_view label) {
  return fnmatch(std::string(pattern).c_str(), std::string(label).c_str(), 0) == 0;
}

}  // namespace

std::string normalised_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) {
      key.remove_prefix(scheme.size());
      break;
    }
  Place place;
  if (key.size() > 4096 || !take_apart(key, place)) return {};
  std::string_view path = place.path;
  if (path.starts_with("/v1/") || path.starts_with("/v2/")) path.remove_prefix(3);
  const std::string_view authority = key.substr(0, std::min(key.find_first_of("/?#"), key.size()));
  std::string out(authority.substr(authority.rfind('@') + 1));
  if (path != "/") out += path;
  return out;
}

bool key_fits(std::string_view key, std::string_view repository) {
  Place pattern, image;
  if (!take_apart(key, pattern) || !take_apart(repository, image)) return false;
  if (pattern.port != image.port || !image.path.starts_with(pattern.path)) return false;
  const auto globs = split(pattern.host, '.'), labels = split(image.host, '.');
  return globs.size() == labels.size() && std::equal(globs.begin(), globs.end(), labels.begin(), label_fits);
}

bool is_of_docker_hub(std::string_view image) {
  if (image.empty()) return false;
  const std::size_t slash = image.find('/');
  if (slash == std::string_view::npos) return true;
  const std::string_view first = image.substr(0, slash);
  return first == "docker.io" || first == hub_key || first.find_first_of(".:") == std::string_view::npos;
}

void Keyring::add(const DockerConfig& config) {
  for (const DockerConfig::Entry& entry : config.entries)
    if (std::string key = normalised_key(entry.key); !key.empty() && !entry.account.empty())
      by_key_[std::move(key)].push_back(entry.account);
}

std::vector<Account> Keyring::find(std::string_view repository) const {
  std::vector<Account> found;
  const auto take = [&](const std::vector<Account>& accounts) {
    for (const Account& account : accounts)
      if (std::find(found.begin(), found.end(), account) == found.end()) found.push_back(account);
  };
  for (const auto& [key, accounts] : by_key_)
    if (key_fits(key, repository)) take(accounts);
  if (!found.empty() || !is_of_docker_hub(repository)) return found;
  if (const auto hub = by_key_.find(std::string(hub_key)); hub != by_key_.end()) take(hub->second);
  return found;
}

}  // namespace headwind::credentials
