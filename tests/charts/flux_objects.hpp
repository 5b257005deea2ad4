// SPDX-License-Identifier: Apache-2.0
// Flux's definitions, its objects in one namespace, and the part of its controllers: what they write into a status.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "fixture.hpp"

namespace headwind::end_to_end {

using Annotations = std::vector<std::pair<std::string, std::string>>;

inline void install_flux(const std::vector<std::string>& controllers = {"source-controller", "helm-controller"}) {
  for (const std::string& controller : controllers) install_definitions(testbed::binaries() / (controller + ".yaml"));
}
// Once for all tests of the program.
inline void need_flux() {
  static const bool installed = (install_flux(), true);
  (void)installed;
}

struct HelmRelease {
  std::string name = "web", chart = "app", version = "1.2.3";
  Annotations annotations = on_approval();
  std::string source = "HelmRepository/charts", source_namespace = {};
  Json values = {};
  Json more = Json::object();  // of the specification
};

struct FluxObjects {
  std::string flux_space = {};  // the namespace
  std::string release_api = "helm.toolkit.fluxcd.io/v2";

  std::string releases() const { return "/apis/" + release_api + "/namespaces/" + flux_space + "/helmreleases"; }
  std::string sources(const std::string& plural, const std::string& name_space = {}) const {
    return "/apis/source.toolkit.fluxcd.io/v1/namespaces/" + (name_space.empty() ? flux_space : name_space) + "/" +
           plural;
  }
  void put(const std::string& collection, const Json& object) const {
    const auto made = plane().call("POST", collection, object.dump());
    ASSERT_TRUE(made.ok()) << made.body;
  }
  void add_repository(const std::string& url, const Json& more = Json::object(),
                      const std::string& name_space = {}) const {
    Json spec{{"url", url}, {"interval", "5m"}};
    if (url.starts_with("oci://")) spec["type"] = "oci";
    spec.update(more);
    put(sources("helmrepositories", name_space), {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                                                  {"kind", "HelmRepository"},
                                                  {"metadata", {{"name", "charts"}}},
                                                  {"spec", spec}});
  }
  void add_release(const HelmRelease& wanted) const {
    const auto slash = wanted.source.find('/');
    Json source{{"kind", wanted.source.substr(0, slash)}, {"name", wanted.source.substr(slash + 1)}};
    if (!wanted.source_namespace.empty()) source["namespace"] = wanted.source_namespace;
    Json spec{{"interval", "5m"}};
    if (source["kind"] == "OCIRepository")
      spec["chartRef"] = source;
    else
      spec["chart"]["spec"] = {{"chart", wanted.chart}, {"version", wanted.version}, {"sourceRef", source}};
    if (!wanted.values.is_null()) spec["values"] = wanted.values;
    spec.update(wanted.more);
    Json metadata{{"name", wanted.name}};
    for (const auto& [key, value] : wanted.annotations) metadata["annotations"]["headwind.sh/" + key] = value;
    put(releases(), {{"apiVersion", release_api}, {"kind", "HelmRelease"}, {"metadata", metadata}, {"spec", spec}});
  }
  Json release(const std::string& name = "web") const { return get(releases() + "/" + name); }
  static std::string version_of(const Json& release) {
    return release.value("/spec/chart/spec/version"_json_pointer, "");
  }
  bool has_version(const std::string& version, const std::string& name = "web") const {
    return eventually([&] { return version_of(release(name)) == version; });
  }
  // helm-controller's word about the present generation.
  void report(const std::string& status, const std::string& reason, const std::string& revision,
              const std::string& message = "said by the test") const {
    const Json now = release();
    const std::int64_t generation = now.at("/metadata/generation"_json_pointer);
    const Json ready{{"type", "Ready"},
                     {"status", status},
                     {"reason", reason},
                     {"message", message},
                     {"observedGeneration", generation},
                     {"lastTransitionTime", "2026-01-02T03:04:05Z"}};
    const Json patch{{"status",
                      {{"observedGeneration", generation},
                       {"lastAttemptedRevision", revision},
                       {"conditions", Json::array({ready})}}}};
    const auto written = plane().call("PATCH", releases() + "/web/status", patch.dump());
    ASSERT_TRUE(written.ok()) << written.body;
  }
};

// A chart in the OCI registry, as `helm push` leaves it; nobody is told.
inline void push_chart(const std::string& repository, const std::string& tag) {
  silent_registry().push(repository, "seed");  // brings the configuration "{}"
  const std::string type = "application/vnd.oci.image.manifest.v1+json";
  const Json config{
      {"mediaType", "application/vnd.cncf.helm.config.v1+json"},
      {"digest", "sha256:" + std::string("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")},
      {"size", 2}};
  const Json manifest{{"schemaVersion", 2},
                      {"mediaType", type},
                      {"config", config},
                      {"layers", Json::array()},
                      {"annotations", {{"org.opencontainers.image.version", tag}}}};
  const Reply reply = call("PUT", "http://" + silent_registry().host() + "/v2/" + repository + "/manifests/" + tag,
                           manifest.dump(), {{"Content-Type", type}});
  ASSERT_EQ(reply.status, 201u) << reply.body;
}

}  // namespace headwind::end_to_end
