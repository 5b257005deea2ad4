// SPDX-License-Identifier: Apache-2.0
#include "app/related.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "app/chart_source.hpp"

namespace headwind::app {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

const std::string repositories = "source.toolkit.fluxcd.io/helmrepositories";

kube::Object repository(const std::string& name, const Json& spec, const Json& status = {}) {
  kube::Object object;
  object.name_space = "flux", object.name = name;
  object.json = Json{
      {"apiVersion", "source.toolkit.fluxcd.io/v1"},
      {"kind", "HelmRepository"},
      {"metadata", {{"name", name}, {"namespace", "flux"}, {"managedFields", Json::array({1})}}},
      {"spec", spec},
      {"status",
       status}}.dump();
  return object;
}

std::string release(const std::string& name) {
  return Json{
      {"metadata", {{"namespace", "shop"}, {"name", "web"}}},
      {"spec",
       {{"chart", {{"spec", {{"sourceRef", {{"kind", "HelmRepository"}, {"name", name}, {"namespace", "flux"}}}}}}}}}}
      .dump();
}

TEST(RelatedObjects, keep_what_a_plugin_needs_and_take_no_notice_of_a_status) {
  RelatedObjects objects;
  EXPECT_TRUE(objects.put(repositories, repository("charts", {{"url", "https://charts.test"}}), 1));
  EXPECT_FALSE(objects.put(repositories, repository("charts", {{"url", "https://charts.test"}}, {{"ready", 1}}), 1));
  EXPECT_EQ(objects.generation(), 1U);
  EXPECT_TRUE(objects.put(repositories, repository("charts", {{"url", "https://elsewhere.test"}}), 1));
  ASSERT_EQ(objects.texts().size(), 1U);
  const Json kept = Json::parse(objects.texts().front());
  EXPECT_EQ(kept.at("/spec/url"_json_pointer), "https://elsewhere.test");
  EXPECT_FALSE(kept.contains("status"));
  EXPECT_FALSE(kept["metadata"].contains("managedFields"));
}

TEST(RelatedObjects, what_a_new_list_does_not_bring_is_gone) {
  RelatedObjects objects;
  objects.put(repositories, repository("old", {{"url", "https://a.test"}}), 1);
  objects.put(repositories, repository("kept", {{"url", "https://b.test"}}), 1);
  objects.put("other/kinds", repository("other", {{"url", "https://c.test"}}), 1);
  objects.put(repositories, repository("kept", {{"url", "https://b.test"}}), 2);
  objects.drop_others(repositories, 2);
  EXPECT_EQ(objects.find("HelmRepository", "flux", "old"), nullptr);
  EXPECT_NE(objects.find("HelmRepository", "flux", "kept"), nullptr);
  EXPECT_NE(objects.find("HelmRepository", "flux", "other"), nullptr) << "a list of another kind";
}

TEST(RelatedObjects, what_we_patched_ourselves_stays_in_its_list) {
  RelatedObjects objects;
  objects.put(repositories, repository("charts", {{"url", "https://a.test"}}), 7);
  objects.put(repositories, repository("charts", {{"url", "https://b.test"}}));
  objects.drop_others(repositories, 7);
  EXPECT_NE(objects.find("HelmRepository", "flux", "charts"), nullptr);
}

TEST(RelatedObjects, what_is_no_object_is_left_out) {
  RelatedObjects objects;
  kube::Object broken;
  broken.json = "[1,";
  EXPECT_FALSE(objects.put(repositories, broken, 1));
  EXPECT_TRUE(objects.texts().empty());
}

TEST(ChartSource, T93_names_the_Secret_in_the_namespace_of_the_source) {
  RelatedObjects objects;
  objects.put(repositories, repository("charts", {{"url", "https://a.test"}, {"secretRef", {{"name", "login"}}}}), 1);
  EXPECT_EQ(chart_source(release("charts"), objects).secret, "flux/login");
  EXPECT_EQ(chart_source(release("missing"), objects).secret, "");
  EXPECT_EQ(chart_source("[]", objects).secret, "");
}

TEST(ChartSource, an_OCIRepository_that_somebody_else_applies_makes_the_release_somebody_elses) {
  RelatedObjects objects;
  kube::Object managed;
  managed.name_space = "flux", managed.name = "app";
  managed.json = Json{{"kind", "OCIRepository"},
                      {"metadata", {{"labels", {{"kustomize.toolkit.fluxcd.io/name", "apps"}}}}},
                      {"spec", {{"url", "oci://a.test/app"}, {"ref", {{"tag", "1.0.0"}}}}}}
                     .dump();
  objects.put("source.toolkit.fluxcd.io/ocirepositories", managed, 1);
  const Json reference{{"kind", "OCIRepository"}, {"name", "app"}, {"namespace", "flux"}};
  EXPECT_EQ(chart_source(Json{{"spec", {{"chartRef", reference}}}}.dump(), objects).owner, "Flux Kustomization apps");
}

TEST(ChartSource, certificates_are_those_of_certSecretRef_or_may_lie_beside_the_account) {
  RelatedObjects objects;
  const Json account{{"name", "account"}}, tls{{"name", "tls"}};
  objects.put(repositories,
              repository("both", {{"url", "https://a.test"}, {"secretRef", account}, {"certSecretRef", tls}}), 1);
  objects.put(repositories, repository("one", {{"url", "https://a.test"}, {"secretRef", account}}), 1);
  objects.put(repositories, repository("none", {{"url", "https://a.test"}}), 1);
  EXPECT_EQ(chart_source(release("both"), objects).secret, "flux/account");
  EXPECT_EQ(chart_source(release("both"), objects).certificates, "flux/tls");
  EXPECT_EQ(chart_source(release("both"), objects).unread, "");
  EXPECT_EQ(chart_source(release("one"), objects).certificates, "flux/account");
  EXPECT_EQ(chart_source(release("none"), objects).certificates, "");
}

TEST(ChartSource, a_provider_is_our_own_identity_at_the_registries_of_its_cloud) {
  RelatedObjects objects;
  const Json tls{{"name", "tls"}};
  const auto source = [&](const Json& spec) {
    objects.put(repositories, repository("charts", spec), 1);
    return chart_source(release("charts"), objects);
  };
  EXPECT_EQ(source({{"url", "oci://us-docker.pkg.dev/p/charts"}, {"provider", "gcp"}}).identity, "gcp");
  EXPECT_EQ(source({{"url", "oci://team.azurecr.io/charts"}, {"provider", "azure"}}).identity, "azure");
  EXPECT_EQ(source({{"url", "oci://team.azurecr.io"}, {"provider", "azure"}}).unread, "");
  EXPECT_EQ(source({{"url", "oci://team.azurecr.io/charts"}, {"provider", "generic"}}).identity, "");
  const Json secret{{"name", "login"}};
  EXPECT_EQ(source({{"url", "oci://gcr.io/charts"}, {"provider", "gcp"}, {"secretRef", secret}}).identity, "");
  for (const char* host : {"team.azurecr.io", "gcr.io:444", "gcr.io.evil.test", "evilgcr.io", "user@gcr.io", ""}) {
    const auto elsewhere = source({{"url", "oci://" + std::string(host) + "/charts"}, {"provider", "gcp"}});
    EXPECT_EQ(elsewhere.identity, "") << host;
    EXPECT_THAT(elsewhere.unread, HasSubstr("its host " + std::string(host) + " is none of that cloud")) << host;
  }
  const auto vouched = source({{"url", "oci://gcr.io/charts"}, {"provider", "gcp"}, {"certSecretRef", tls}});
  EXPECT_EQ(vouched.identity, "");
  EXPECT_THAT(vouched.unread, HasSubstr("both provider gcp and certSecretRef"));
}

TEST(ChartSource, what_Headwind_cannot_follow_is_said_with_its_remedy) {
  RelatedObjects objects;
  objects.put(repositories, repository("cloud", {{"url", "oci://a.test"}, {"provider", "azure"}}), 1);
  objects.put(repositories, repository("amazon", {{"url", "oci://a.test"}, {"provider", "aws"}}), 1);
  EXPECT_THAT(chart_source(release("cloud"), objects).unread,
              HasSubstr("HelmRepository flux/cloud has provider azure"));
  EXPECT_THAT(chart_source(release("cloud"), objects).unread, HasSubstr("with secretRef"));
  objects.put(repositories,
              repository("static", {{"url", "oci://a.test"}, {"provider", "gcp"}, {"secretRef", {{"name", "s"}}}}), 1);
  objects.put(repositories, repository("http", {{"url", "https://a.test"}, {"provider", "gcp"}}), 1);
  EXPECT_EQ(chart_source(release("static"), objects).unread, "") << "as with Flux, the Secret goes first";
  EXPECT_EQ(chart_source(release("http"), objects).unread, "") << "Flux looks at it for OCI only";
  EXPECT_EQ(chart_source(release("amazon"), objects).unread, "") << "the ECR plugin has that identity itself";
}

}  // namespace
}  // namespace headwind::app
