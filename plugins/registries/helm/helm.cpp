// SPDX-License-Identifier: Apache-2.0
// headwind.registry.helm: the charts of Helm's HTTP repositories, each as a repository whose tags are its versions.
#include "registries/core/registry_plugin.hpp"
#include "registries/helm/call_index_transport.hpp"
#include "registries/helm/charts.hpp"

namespace {

namespace registries = headwind::registries;
namespace helm = headwind::registries::helm;
using registries::value_or_throw;

class Helm : public hw::registry {
 public:
  Helm(const hw::call& call, const hw::config& config)
      : Helm(call, value_or_throw(registries::Settings::parse(config.json().dump())),
             value_or_throw(helm::HelmSettings::parse(config.json().dump()))) {}

  void list_tags(const hw::call& call, std::string_view repository, const hw::tag_pages& out) {
    helm::CallIndexTransport transport(call, http_, pull_, secrets_);
    hw::tag_page page;
    for (auto& one : value_or_throw(charts_.list(repository, transport))) {
      page.names.push_back(std::move(one.version));
      page.digests.push_back(one.digest_derived ? std::string() : std::move(one.digest));
      page.created_ms.push_back(one.created_ms);
    }
    call.check();
    out.put(page);
  }

  // A chart is the same for every platform.
  hw::artifact resolve(const hw::call& call, std::string_view repository, std::string_view version, std::string_view) {
    helm::CallIndexTransport transport(call, http_, pull_, secrets_);
    auto found = value_or_throw(charts_.find(repository, version, transport));
    return {std::move(found.digest), "application/vnd.cncf.helm.chart.content.v1.tar+gzip", found.created_ms};
  }

 private:
  Helm(const hw::call& call, registries::Settings settings, const helm::HelmSettings& own)
      : http_(call), pull_(call), charts_(settings, own) {
    if (settings.has_accounts()) secrets_.emplace(call);
  }

  hw::http http_;
  hw::pull pull_;
  std::optional<hw::secrets> secrets_;  // only where an account is configured
  helm::Charts charts_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Helm>{.id = "headwind.registry.helm",
                                 .version = "1.0.0",
                                 .summary = "Helm's HTTP chart repositories: versions, digests, times",
                                 .schema = helm::helm_settings_schema,
                                 .needs = {HW_SERVICE_HTTP, HW_SERVICE_PULL, HW_SERVICE_SECRETS}});
