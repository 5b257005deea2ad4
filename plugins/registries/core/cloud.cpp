// SPDX-License-Identifier: Apache-2.0
#include "registries/core/cloud.hpp"

#include <algorithm>
#include <array>

namespace headwind::registries {
namespace {

struct Row {
  Cloud cloud;
  std::string_view name, owner;
};
constexpr std::array clouds{Row{Cloud::gcp, "gcp", "Google"}, Row{Cloud::azure, "azure", "Azure"}};

constexpr std::string_view prefix = "cloud:";
constexpr std::array<std::string_view, 3> azure_ends{".azurecr.io", ".azurecr.cn", ".azurecr.us"};

const Row* row_of(Cloud cloud) {
  const auto* row = std::find_if(clouds.begin(), clouds.end(), [&](const Row& r) { return r.cloud == cloud; });
  return row == clouds.end() ? nullptr : row;
}

bool is_below(std::string_view host, std::string_view end) { return host.size() > end.size() && host.ends_with(end); }

}  // namespace

Cloud cloud_named(std::string_view name) {
  const auto* row = std::find_if(clouds.begin(), clouds.end(), [&](const Row& r) { return r.name == name; });
  return row == clouds.end() ? Cloud::none : row->cloud;
}

std::string_view name_of(Cloud cloud) {
  const Row* row = row_of(cloud);
  return row == nullptr ? std::string_view() : row->name;
}

std::string_view owner_of(Cloud cloud) {
  const Row* row = row_of(cloud);
  return row == nullptr ? std::string_view() : row->owner;
}

Cloud cloud_of_identity(std::string_view identity) {
  return identity.starts_with(prefix) ? cloud_named(identity.substr(prefix.size())) : Cloud::none;
}

bool is_host_of(Cloud cloud, std::string_view host) {
  if (cloud == Cloud::gcp) return host == "gcr.io" || is_below(host, ".gcr.io") || is_below(host, "-docker.pkg.dev");
  return cloud == Cloud::azure &&
         std::any_of(azure_ends.begin(), azure_ends.end(), [&](std::string_view end) { return is_below(host, end); });
}

bool may_see(Cloud cloud, const Origin& origin) {
  return origin.scheme == "https" && origin.port == "443" && is_host_of(cloud, origin.host);
}

bool may_see(Cloud cloud, std::string_view url) {
  const auto origin = origin_of(url);
  return origin && may_see(cloud, *origin);
}

}  // namespace headwind::registries
