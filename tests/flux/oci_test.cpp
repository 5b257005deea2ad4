// SPDX-License-Identifier: Apache-2.0
// A chart that a HelmRelease refers to in an OCIRepository: Headwind writes into one object, Flux tells in another.
#include "core/hash.hpp"
#include "flux_fixture.hpp"

namespace headwind::end_to_end {
namespace {

constexpr const char* chart_layer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

class FluxOci : public Flux {
 protected:
  std::string blobs() const { return "http://" + silent_registry().host() + "/v2/" + space + "/app"; }
  // Its descriptor.
  Json upload(const std::string& bytes, const std::string& type) const {
    const std::string digest = "sha256:" + sha256_hex(bytes);
    const net::Headers headers{{"Content-Type", "application/octet-stream"}};
    const Reply begun = call("POST", blobs() + "/blobs/uploads/", {}, headers);
    const std::string location(net::find_header(begun.headers, "Location"));
    const Reply done = call("PUT", location + "&digest=" + digest, bytes, headers);
    EXPECT_EQ(done.status, 201u) << done.body;
    return {{"mediaType", type}, {"digest", digest}, {"size", bytes.size()}};
  }
  // As `helm push` leaves it; nobody is told.
  void push(const std::string& version, Flaw flaw = Flaw::none) const {
    const Json about{{"apiVersion", "v2"}, {"name", "app"}, {"version", version}};
    const std::string type = "application/vnd.oci.image.manifest.v1+json";
    const Json manifest{{"schemaVersion", 2},
                        {"mediaType", type},
                        {"config", upload(about.dump(), "application/vnd.cncf.helm.config.v1+json")},
                        {"layers", Json::array({upload(package_chart(version, flaw), chart_layer)})}};
    const Reply reply = call("PUT", blobs() + "/manifests/" + version, manifest.dump(), {{"Content-Type", type}});
    ASSERT_EQ(reply.status, 201u) << reply.body;
  }
  void install_referring() {
    push("1.2.3");
    OperatorSettings with = settings();
    with.registry = silent_registry().host();
    EndToEnd::start(with);
    put(sources("ocirepositories"), {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                                     {"kind", "OCIRepository"},
                                     {"metadata", {{"name", "app"}}},
                                     {"spec",
                                      {{"url", "oci://" + silent_registry().host() + "/" + space + "/app"},
                                       {"interval", "1h"},
                                       {"insecure", true},
                                       {"layerSelector", {{"mediaType", chart_layer}, {"operation", "copy"}}},
                                       {"ref", {{"tag", "1.2.3"}}}}}});
    HelmRelease wanted;
    wanted.source = "OCIRepository/app";
    wanted.annotations = automatic();
    wanted.annotations.emplace_back("auto-rollback", "true");
    add_release(wanted);
    ASSERT_TRUE(is_under_way());
  }
  bool has_tag(const std::string& tag) const {
    return eventually(
        [&] { return get(sources("ocirepositories") + "/app").value("/spec/ref/tag"_json_pointer, "") == tag; },
        patience);
  }
};

TEST_F(FluxOci, installs_what_its_repository_now_names_and_a_failure_is_undone_there) {
  install_referring();
  push("1.2.4");
  ASSERT_TRUE(has_tag("1.2.4"));
  EXPECT_TRUE(flux_runs("1.2.4"));
  EXPECT_TRUE(is_told("RolledOut"));
  push("1.2.5", Flaw::refused);
  ASSERT_TRUE(has_tag("1.2.5"));
  ASSERT_TRUE(has_tag("1.2.4"));
  EXPECT_TRUE(request_for("web-1-2-5", "RolledBack").is_object()) << Json(requests(space));
  EXPECT_TRUE(flux_runs("1.2.4"));
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "rollback_completed") == 1; }, patience));
}

}  // namespace
}  // namespace headwind::end_to_end
