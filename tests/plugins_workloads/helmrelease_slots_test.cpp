// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "plugins_workloads/helmrelease_world.hpp"

namespace headwind::workloads {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HelmReleaseSlots, a_chart_of_a_repository_over_HTTP_is_named_by_its_URL) {
  EXPECT_THAT(slots_of(helm_release(), {helm_repository("https://charts.example.com/stable/")}),
              ElementsAre("chart https://charts.example.com/stable/podinfo:6.5.4 /spec/chart/spec/version"));
}

TEST(HelmReleaseSlots, a_chart_of_an_OCI_registry_keeps_its_scheme) {
  EXPECT_THAT(slots_of(helm_release(), {helm_repository("oci://ghcr.io/charts")}),
              ElementsAre("chart oci://ghcr.io/charts/podinfo:6.5.4 /spec/chart/spec/version"));
}

TEST(HelmReleaseSlots, the_source_of_another_namespace_is_another_source) {
  EXPECT_THAT(slots_of(helm_release(), {helm_repository("https://charts.example.com", "flux-system")}), IsEmpty());
  Json release = helm_release();
  release["spec"]["chart"]["spec"]["sourceRef"]["namespace"] = "flux-system";
  EXPECT_THAT(slots_of(release, {"junk", helm_repository("https://a.example.com"),
                                 helm_repository("https://b.example.com", "flux-system")}),
              ElementsAre("chart https://b.example.com/podinfo:6.5.4 /spec/chart/spec/version"));
}

TEST(HelmReleaseSlots, what_has_no_version_or_no_HelmRepository_has_no_slot) {
  const std::vector<std::string> known{helm_repository("https://charts.example.com")};
  Json release = helm_release();
  release["spec"]["chart"]["spec"].erase("version");
  EXPECT_THAT(slots_of(release, known), IsEmpty()) << "there is nothing to replace";
  for (const char* kind : {"GitRepository", "Bucket"}) {
    release = helm_release();
    release["spec"]["chart"]["spec"]["sourceRef"]["kind"] = kind;
    EXPECT_THAT(slots_of(release, known), IsEmpty()) << kind;
  }
  EXPECT_THAT(slots_of(helm_release(), {helm_repository("ftp://charts.example.com")}), IsEmpty());
  EXPECT_THAT(slots_of(helm_release(), {}), IsEmpty());
}

TEST(HelmReleaseSlots, a_range_is_shown_so_that_somebody_can_be_told) {
  Json release = helm_release();
  release["spec"]["chart"]["spec"]["version"] = "6.5.*";
  EXPECT_THAT(slots_of(release, {helm_repository("https://charts.example.com")}),
              ElementsAre("chart https://charts.example.com/podinfo:6.5.* /spec/chart/spec/version"));
}

TEST(HelmReleaseSlots, a_reference_to_an_OCIRepository_leads_to_its_tag) {
  EXPECT_THAT(slots_of(referring_release(), {oci_repository({{"tag", "6.5.4"}})}),
              ElementsAre("chart oci://ghcr.io/charts/podinfo:6.5.4 /spec/ref/tag "
                          "source.toolkit.fluxcd.io/v1/ocirepositories/shop/podinfo"));
}

TEST(HelmReleaseSlots, one_version_as_semver_is_moved_like_a_tag) {
  for (const Json& ref : {Json{{"semver", "6.5.4"}}, Json{{"semver", "6.5.4"}, {"tag", "6.0.0"}}})
    EXPECT_THAT(slots_of(referring_release(), {oci_repository(ref)}),
                ElementsAre("chart oci://ghcr.io/charts/podinfo:6.5.4 /spec/ref/semver "
                            "source.toolkit.fluxcd.io/v1/ocirepositories/shop/podinfo"))
        << ref;
}

TEST(HelmReleaseSlots, a_range_of_an_OCIRepository_is_shown_so_that_somebody_can_be_told) {
  EXPECT_THAT(slots_of(referring_release(), {oci_repository({{"semver", ">=6 <7"}, {"tag", "6.5.4"}})}),
              ElementsAre("chart oci://ghcr.io/charts/podinfo:>=6 <7 /spec/ref/semver "
                          "source.toolkit.fluxcd.io/v1/ocirepositories/shop/podinfo"));
}

TEST(HelmReleaseSlots, what_an_OCIRepository_follows_by_itself_is_left_to_Flux) {
  for (const Json& ref : {Json{{"semver", "6.5.4"}, {"semverFilter", "^6"}}, Json{{"semver", "6.5.4+build"}},
                          Json{{"tag", "latest"}}, Json{{"semver", "6.5.4"}, {"digest", "sha256:0"}},
                          Json{{"tag", "6.5.4"}, {"digest", "sha256:0"}}, Json::object()})
    EXPECT_THAT(slots_of(referring_release(), {oci_repository(ref)}), IsEmpty()) << ref;
  EXPECT_THAT(slots_of(referring_release({{"kind", "HelmChart"}, {"name", "podinfo"}}), {}), IsEmpty());
}

TEST(HelmReleaseSlots, tags_in_values_are_slots_where_the_annotation_lists_them) {
  Json release = helm_release();
  release["spec"]["values"] = {
      {"image", {{"repository", "ghcr.io/acme/web"}, {"tag", "1.2.3"}}},
      {"sidecars", Json::array({{{"registry", "quay.io"}, {"repository", "acme/proxy"}, {"tag", "2.0.0"}}})},
      {"number", {{"repository", "acme/x"}, {"tag", 7}}},
      {"tag", "9"}};
  EXPECT_THAT(slots_of(release, {}), IsEmpty()) << "nobody asked for it";
  release["metadata"]["annotations"]["headwind.sh/values-images"] =
      " $.image.tag, sidecars.0.tag,image.tag,number.tag, tag, absent.tag, .x, a..b,";
  EXPECT_THAT(slots_of(release, {}),
              ElementsAre("values/image.tag ghcr.io/acme/web:1.2.3 /spec/values/image/tag",
                          "values/sidecars.0.tag quay.io/acme/proxy:2.0.0 /spec/values/sidecars/0/tag"));
}

TEST(HelmReleaseSlots, paths_in_values_may_be_JSONPath) {
  Json release = helm_release();
  const Json web{{"repository", "acme/web"}, {"tag", "1.2.3"}}, proxy{{"repository", "acme/proxy"}, {"tag", "2.0.0"}};
  release["spec"]["values"] = {{"image", web},
                               {"my.app", web},
                               {"a,b", proxy},
                               {"sidecars", Json::array({{{"image", web}}, {{"image", proxy}}, {{"name", "none"}}})},
                               {"jobs", {{"x", proxy}, {"y", "none"}}}};
  const auto found = [&](const std::string& paths) {
    release["metadata"]["annotations"]["headwind.sh/values-images"] = paths;
    return slots_of(release, {});
  };
  EXPECT_THAT(found("$.sidecars[0].image.tag, $['image'].tag, ['my.app'].tag, $['a,b'].tag"),
              ElementsAre("values/sidecars[0].image.tag acme/web:1.2.3 /spec/values/sidecars/0/image/tag",
                          "values/['image'].tag acme/web:1.2.3 /spec/values/image/tag",
                          "values/['my.app'].tag acme/web:1.2.3 /spec/values/my.app/tag",
                          "values/['a,b'].tag acme/proxy:2.0.0 /spec/values/a,b/tag"));
  EXPECT_THAT(found("sidecars[*].image.tag, jobs.*.tag"),
              ElementsAre("values/sidecars[0].image.tag acme/web:1.2.3 /spec/values/sidecars/0/image/tag",
                          "values/sidecars[1].image.tag acme/proxy:2.0.0 /spec/values/sidecars/1/image/tag",
                          "values/jobs.x.tag acme/proxy:2.0.0 /spec/values/jobs/x/tag"));
  EXPECT_THAT(found("image.tag, $['image'].tag"), ElementsAre("values/image.tag acme/web:1.2.3 /spec/values/image/tag"))
      << "one place is one slot";
  EXPECT_THAT(found("sidecars[9].image.tag, sidecars[, $[?(@.x)].tag, $..tag, jobs[*], image[0]"), IsEmpty());
}

TEST(ExactVersion, is_what_SemVer_2_calls_one) {
  for (const char* text : {"6.5.4", "v1.0.0", "1.0.0-rc.1", "1.0.0+build.5", "1.0.0-a-b.2+x"})
    EXPECT_TRUE(is_exact_version(text)) << text;
  for (const char* text : {"", "*", "6", "6.5", "6.5.*", "6.5.x", "^1.2.3", "=1.2.3", ">=1.0.0", "1.2.3 - 2.0.0",
                           "01.2.3", "1.2.3-", "1.2.3-a..b", "1.2.3+", "1.2.3.4", "latest"})
    EXPECT_FALSE(is_exact_version(text)) << text;
}

}  // namespace
}  // namespace headwind::workloads
