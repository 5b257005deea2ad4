// SPDX-License-Identifier: Apache-2.0
#include "workloads/helmrelease/slots.hpp"

namespace headwind::workloads {
namespace {

constexpr std::size_t max_text = 512;
constexpr const char* source_group = "source.toolkit.fluxcd.io";

std::string bounded(Value value) {
  const std::string_view text = text_of(value);
  return text.size() > max_text ? std::string() : std::string(text);
}

SourceName name_of(Value reference, const std::string& own_name_space) {
  SourceName name{bounded(reference["kind"]), bounded(reference["namespace"]), bounded(reference["name"])};
  if (name.name_space.empty()) name.name_space = own_name_space;
  return name;
}

void read_named(const Release& release, const Objects& related, std::vector<hw::image>& out) {
  Source source;
  if (release.chart.empty() || release.version.empty() || release.source.kind != "HelmRepository") return;
  if (!find_source(related, release.source, source)) return;
  hw::image image;
  image.slot = "chart";
  image.reference = source.url + "/" + release.chart + ":" + release.version;
  image.pointer = "/spec/chart/spec/version";
  image.guard_pointer = "/spec/chart/spec/chart";
  image.guard_value = release.chart;
  image.version_only = true;
  out.push_back(std::move(image));
}

void read_referred(const Release& release, const Objects& related, std::vector<hw::image>& out) {
  Source source;
  if (release.source.kind != "OCIRepository" || !find_source(related, release.source, source)) return;
  // A range has a slot so that hosts can tell that they leave it to Flux; a tag that is no version says so itself. Flux
  // does not match build metadata, which tags write in their own way.
  const bool moves = is_exact_version(source.followed);
  if (!source.oci || source.followed.empty() || (!moves && source.field == "tag")) return;
  if (source.field == "semver" && source.followed.find('+') != std::string::npos) return;
  hw::image image;
  image.slot = "chart";
  image.reference = source.url + ":" + source.followed;
  image.pointer = "/spec/ref/" + source.field;
  image.guard_pointer = "/spec/url";
  image.guard_value = source.url;
  image.object = std::string(source_group) + "/" + source.version + "/ocirepositories/" + release.source.name_space +
                 "/" + release.source.name;
  image.version_only = true;
  out.push_back(std::move(image));
}

}  // namespace

Release read_release(Value root) {
  Release release;
  release.name_space = kept(root["metadata"]["namespace"]);
  const Value spec = root["spec"], chart = spec["chart"]["spec"];
  if (!chart.error()) {
    release.source = name_of(chart["sourceRef"], release.name_space);
    release.chart = bounded(chart["chart"]);
    release.version = bounded(chart["version"]);
  } else if (!spec["chartRef"].error()) {
    release.by_reference = true;
    release.source = name_of(spec["chartRef"], release.name_space);
  }
  return release;
}

void read_chart(const Release& release, const Objects& related, std::vector<hw::image>& out) {
  if (release.by_reference)
    read_referred(release, related, out);
  else
    read_named(release, related, out);
}

}  // namespace headwind::workloads
