// SPDX-License-Identifier: Apache-2.0
// HelmReleases and their sources, as the API server hands them out.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "workloads/helmrelease/slots.hpp"

namespace headwind::workloads {

using Json = nlohmann::json;

inline Json helm_release(const Json& chart = {{"chart", "podinfo"},
                                              {"version", "6.5.4"},
                                              {"sourceRef", {{"kind", "HelmRepository"}, {"name", "charts"}}}}) {
  return {{"apiVersion", "helm.toolkit.fluxcd.io/v2"},
          {"kind", "HelmRelease"},
          {"metadata", {{"name", "web"}, {"namespace", "shop"}, {"generation", 3}}},
          {"spec", {{"interval", "5m"}, {"chart", {{"spec", chart}}}}}};
}

inline Json referring_release(const Json& reference = {{"kind", "OCIRepository"}, {"name", "podinfo"}}) {
  Json release = helm_release();
  release["spec"].erase("chart");
  release["spec"]["chartRef"] = reference;
  return release;
}

inline std::string helm_repository(const std::string& url, const std::string& name_space = "shop") {
  return Json{{"apiVersion", "source.toolkit.fluxcd.io/v1"},
              {"kind", "HelmRepository"},
              {"metadata", {{"name", "charts"}, {"namespace", name_space}}},
              {"spec", {{"url", url}}}}
      .dump();
}

inline std::string oci_repository(const Json& ref) {
  return Json{{"apiVersion", "source.toolkit.fluxcd.io/v1"},
              {"kind", "OCIRepository"},
              {"metadata", {{"name", "podinfo"}, {"namespace", "shop"}}},
              {"spec", {{"url", "oci://ghcr.io/charts/podinfo"}, {"ref", ref}}}}
      .dump();
}

// "slot reference pointer [object]" of each slot.
inline std::vector<std::string> slots_of(const Json& release, const std::vector<std::string>& related) {
  const std::string text = release.dump();
  Value root;
  std::string error;
  if (!parse_object(text, root, error)) return {error};
  std::vector<hw::image> values, found;
  read_values(root, values);
  read_chart(read_release(root), Objects(related.begin(), related.end()), found);
  found.insert(found.end(), values.begin(), values.end());
  std::vector<std::string> out;
  for (const hw::image& image : found) {
    if (!image.version_only) return {"not a bare version: " + image.slot};
    out.push_back(image.slot + " " + image.reference + " " + image.pointer +
                  (image.object.empty() ? "" : " " + image.object));
  }
  return out;
}

}  // namespace headwind::workloads
