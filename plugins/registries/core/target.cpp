// SPDX-License-Identifier: Apache-2.0
#include "registries/core/target.hpp"

#include <algorithm>
#include <array>

#include "registries/core/host_pattern.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

// Its own account, where the settings have one for just this place; never the registry's.
Account account_of_mirror(const Settings& settings, const std::string& url, const std::string& host) {
  const auto own = settings.of(host);
  return origin_of(own.endpoint) == origin_of(url) ? account_of(host, own) : Account();
}

struct Row {
  std::string_view host;  // may hold '*'
  Family family;
};

constexpr Family unknown{"", "<token>", ""};
// Packages: docs.github.com "Working with the Container registry". The user of Azure's refresh tokens: Azure/acr
// docs/AAD-OAuth.md. Google's user names: cloud.google.com/artifact-registry/docs/docker/authentication.
constexpr Family github{"GitHub", "<token>", "its token needs the scope read:packages"};
constexpr Family google{"Google", "<token>", "its user name is oauth2accesstoken or _json_key"};
constexpr Family azure{"Azure", "00000000-0000-0000-0000-000000000000",
                       "it needs the permissions content/read and metadata/read"};
constexpr Family gitlab{"GitLab", "<token>", "its token needs the scope read_registry"};
constexpr std::array rows{Row{"ghcr.io", github},
                          Row{"gcr.io", google},
                          Row{"*.gcr.io", google},
                          Row{"*-docker.pkg.dev", google},
                          Row{"*.azurecr.io", azure},
                          Row{"*.azurecr.cn", azure},
                          Row{"*.azurecr.de", azure},
                          Row{"*.azurecr.us", azure},
                          Row{"registry.gitlab.com", gitlab},
                          Row{"docker.s3nsregistry.fr", google}};

}  // namespace

std::vector<Target> targets_of(const Settings& settings, const Repository& repository, Transport& transport) {
  const auto own = settings.of(repository.host);
  const std::string name = "registry " + repository.host;
  std::vector<Target> out;
  for (const auto& mirror : own.mirrors) {
    const std::string host = origin_of(mirror.url)->authority();
    out.push_back({host, mirror.url, mirror.prefix + repository.path, "mirror " + host + " of " + name, true,
                   account_of_mirror(settings, mirror.url, host), settings.of(host).token_hosts});
  }
  out.push_back({repository.host, own.endpoint, own.prefix + repository.path, name, false,
                 account_of(repository.host, own, transport), own.token_hosts});
  return out;
}

const Family& family_of(std::string_view host) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return host_matches(r.host, host); });
  return row == rows.end() ? unknown : row->family;
}

}  // namespace headwind::registries
