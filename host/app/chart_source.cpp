// SPDX-License-Identifier: Apache-2.0
#include "app/chart_source.hpp"

#include <nlohmann/json.hpp>

#include "app/belongings.hpp"
#include "core/cloud_registry.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

struct Reference {
  std::string kind, name_space, name;
  bool holds_version = false;  // spec.chartRef: the version stands there, not in the release
  std::string text() const { return kind + " " + name_space + "/" + name; }
};

Reference reference_of(const json& release) {
  const json::json_pointer named("/spec/chart/spec/sourceRef"), referred("/spec/chartRef");
  const bool by_reference = !release.contains(named);
  const json found = release.value(by_reference ? referred : named, json());
  Reference reference{text_at(found, "/kind"), text_at(found, "/namespace"), text_at(found, "/name"), false};
  reference.holds_version = by_reference && reference.kind == "OCIRepository";
  if (reference.name_space.empty()) reference.name_space = text_at(release, "/metadata/namespace");
  return reference;
}

// Whoever may write a HelmRelease must not move what belongs to others by it.
std::string why_held(const json& release, const Reference& reference, const RelatedObjects& related) {
  if (!reference.holds_version) return {};
  const std::string own = text_at(release, "/metadata/namespace");
  if (!related.may_change(reference.name_space, own))
    return "its chart is not updated: spec.chartRef names " + reference.text() +
           " of another namespace, which is changed only where helm.sourceNamespaces lists " + reference.name_space;
  const std::string other = related.other_user(own + "/" + text_at(release, "/metadata/name"), reference.text());
  if (other.empty()) return {};
  return "its chart is not updated: " + reference.text() + " is the chart of HelmRelease " + other +
         ", too, which would move with it; give each a source of its own";
}

// Our identity in a cloud is shown to the registries of that cloud, which prove by an authority of our own choice that
// they are: whoever may write a source must not lead it elsewhere.
void follow_provider(ChartSource& source, const std::string& provider, std::string_view url, const std::string& what) {
  url.remove_prefix(std::string_view("oci://").size());
  const std::string host(url.substr(0, url.find('/')));
  if (cloud_of_registry(host) != provider)
    source.unread = what + " has provider " + provider + ", and its host " + host +
                    " is none of that cloud, to which alone that identity is shown; give it an account with secretRef";
  else if (!source.certificates.empty())
    source.unread = what + " has both provider " + provider +
                    " and certSecretRef, and that identity is shown to no host for which only a source vouches; "
                    "remove certSecretRef, or give it an account with secretRef";
  else
    source.identity = provider;
}

}  // namespace

std::string version_holder(const std::string& object) {
  const json release = json::parse(object, nullptr, false);
  if (!release.is_object()) return {};
  const Reference reference = reference_of(release);
  return reference.holds_version ? reference.text() : std::string();
}

ChartSource chart_source(const std::string& object, const RelatedObjects& related) {
  ChartSource source;
  const json release = json::parse(object, nullptr, false);
  if (!release.is_object()) return source;
  const Reference reference = reference_of(release);
  source.held = why_held(release, reference, related);
  const RelatedObjects::Kept* found = related.find(reference.kind, reference.name_space, reference.name);
  if (found == nullptr) return source;
  const json spec = json::parse(found->json, nullptr, false).value("spec", json::object());
  const std::string what = reference.text(), provider = text_at(spec, "/provider");
  if (reference.kind == "OCIRepository") source.owner = found->owner;
  if (const std::string secret = text_at(spec, "/secretRef/name"); !secret.empty())
    source.secret = reference.name_space + "/" + secret;
  if (const std::string secret = text_at(spec, "/certSecretRef/name"); !secret.empty())
    source.certificates = reference.name_space + "/" + secret;
  else if (reference.kind == "HelmRepository")
    source.certificates = source.secret;
  // As with Flux, a Secret goes before the provider, and a repository over HTTP has none.
  const bool by_provider = source.secret.empty() && text_at(spec, "/url").starts_with("oci://");
  if (by_provider && (provider == "azure" || provider == "gcp"))
    follow_provider(source, provider, text_at(spec, "/url"), what);
  return source;
}

}  // namespace headwind::app
