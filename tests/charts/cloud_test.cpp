// SPDX-License-Identifier: Apache-2.0
// Charts in registries of Google and Azure: `provider: gcp` and `azure`, by the identity of the operator's own pod.
#include <fstream>

#include "charts_fixture.hpp"
#include "plugins_registries/clouds.hpp"

namespace headwind::end_to_end {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CloudCharts : public Charts {
 protected:
  void begin() {
    const auto authority = directory_.path() / "authority.pem";
    std::ofstream(authority) << clouds.certificate_pem();
    OperatorSettings with = settings();
    with.environment = {"HTTPS_PROXY=" + clouds.proxy(), "NO_PROXY=127.0.0.1", "SSL_CERT_FILE=" + authority.string(),
                        "GCE_METADATA_HOST=" + clouds.metadata(),
                        "AZURE_POD_IDENTITY_AUTHORITY_HOST=http://" + clouds.metadata()};
    EndToEnd::start(with);
  }
  void expect_proposed() {
    EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(events_about(space, "web", "TagsNotRead"));
    EXPECT_THAT(events_about(space, "web", "ChartSource"), IsEmpty());
    for (const char* secret : {"ya29", "aad.", "gar.", "acr."}) EXPECT_THAT(headwind->log(), Not(HasSubstr(secret)));
  }

  headwind::test::Clouds clouds;

 private:
  struct Directory {
    std::filesystem::path made = testbed::make_temporary_directory("clouds");
    ~Directory() { std::filesystem::remove_all(made); }
    const std::filesystem::path& path() const { return made; }
  };
  Directory directory_;
};

TEST_F(CloudCharts, provider_gcp_is_the_service_account_of_the_pod) {
  begin();
  add_repository("oci://us-docker.pkg.dev/project/charts", {{"provider", "gcp"}});
  add_release({});
  expect_proposed();
  EXPECT_EQ(clouds.count("127.0.0.1", "/computeMetadata/"), 1);
}

TEST_F(CloudCharts, provider_azure_is_the_managed_identity) {
  begin();
  add_repository("oci://team.azurecr.io/charts", {{"provider", "azure"}});
  add_release({});
  expect_proposed();
  EXPECT_EQ(clouds.count("team.azurecr.io", "/oauth2/exchange"), 1);
}

TEST_F(CloudCharts, a_provider_on_a_host_of_somebody_else_is_told_and_shown_to_nobody) {
  begin();
  add_repository("oci://evil.test/charts", {{"provider", "gcp"}});
  add_release({});
  EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "ChartSource").empty(); }));
  EXPECT_THAT(events_about(space, "web", "ChartSource"), Contains(HasSubstr("evil.test is none of that cloud")));
  EXPECT_TRUE(eventually([&] { return clouds.count("evil.test", "/v2/") > 0; })) << "it is read in nobody's name";
  EXPECT_EQ(clouds.count("127.0.0.1", "/"), 0);
}

TEST_F(CloudCharts, what_the_metadata_server_refuses_is_told_with_its_remedy) {
  clouds.answer([](const headwind::test::Asked& asked) -> std::optional<headwind::test::Answered> {
    if (!asked.path.starts_with("/computeMetadata/")) return std::nullopt;
    return headwind::test::Answered{403, "no ya29.x", {{"Metadata-Flavor", "Google"}}};
  });
  begin();
  add_repository("oci://us-docker.pkg.dev/project/charts", {{"provider", "gcp"}});
  add_release({});
  EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "TagsNotRead").empty(); }));
  EXPECT_THAT(events_about(space, "web", "TagsNotRead"), Contains(HasSubstr("iam.gke.io/gcp-service-account")));
  EXPECT_THAT(headwind->log(), Not(HasSubstr("ya29")));
}

}  // namespace
}  // namespace headwind::end_to_end
