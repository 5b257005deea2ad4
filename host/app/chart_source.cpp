// SPDX-License-Identifier: Apache-2.0
#include "app/chart_source.hpp"

#include <nlohmann/json.hpp>

#include "app/belongings.hpp"

namespace headwind::app {
namespace {

using nlohmann::json;

// The reference of the chart to its source: of spec.chart.spec, or spec.chartRef.
json reference_of(const json& release) {
  const json named = release.value("/spec/chart/spec/sourceRef"_json_pointer, json());
  return named.is_object() ? named : release.value("/spec/chartRef"_json_pointer, json());
}

}  // namespace

ChartSource chart_source(const std::string& object, const RelatedObjects& related) {
  ChartSource source;
  const json release = json::parse(object, nullptr, false);
  if (!release.is_object()) return source;
  const json reference = reference_of(release);
  if (!reference.is_object()) return source;
  const std::string kind = text_at(reference, "/kind"), name = text_at(reference, "/name");
  std::string name_space = text_at(reference, "/namespace");
  if (name_space.empty()) name_space = text_at(release, "/metadata/namespace");
  const RelatedObjects::Kept* found = related.find(kind, name_space, name);
  if (found == nullptr) return source;
  const json spec = json::parse(found->json, nullptr, false).value("spec", json::object());
  const std::string what = kind + " " + name_space + "/" + name, provider = text_at(spec, "/provider");
  if (kind == "OCIRepository") source.owner = found->owner;
  if (const std::string secret = text_at(spec, "/secretRef/name"); !secret.empty())
    source.secret = name_space + "/" + secret;
  if (!text_at(spec, "/certSecretRef/name").empty())
    source.unread = what +
                    " has certSecretRef, which Headwind does not read; give it the certificates with "
                    "registries.HOST.caFile, certificateFile and keyFile";
  else if (provider == "azure" || provider == "gcp")
    source.unread = what + " has provider " + provider +
                    ", whose identity Headwind does not have; give it an account with registries.HOST.username";
  return source;
}

}  // namespace headwind::app
