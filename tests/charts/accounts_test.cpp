// SPDX-License-Identifier: Apache-2.0
// Charts in an OCI registry that asks who reads them: the Secret of their source opens it, as it does for Flux.
#include "charts_fixture.hpp"
#include "token_server.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;
using testing::Not;

class ChartAccounts : public Charts {
 protected:
  void SetUp() override {
    Charts::SetUp();
    if (IsSkipped()) return;
    tokens_.allow("robot", "planted-password", {chart()});
    registry_ = std::make_unique<Registry>(
        RegistryOptions{.configuration = tokens_.configuration(), .authorization = tokens_.pusher()});
    // Of the registry, a chart is told from an image by nothing that a list shows.
    for (const char* version : {"1.2.3", "1.2.4"}) registry_->push(chart(), version);
    OperatorSettings with = settings();
    with.registry = registry_->host();
    EndToEnd::start(with);
  }
  std::string chart() const { return space + "/charts/app"; }
  std::string url() const { return "oci://" + registry_->host() + "/" + space + "/charts"; }
  std::size_t known_questions(const std::string& user) const {
    const auto all = tokens_.questions_about(chart());
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.known && one.user == user; }));
  }
  const Registry& guarded() const { return *registry_; }
  const TokenServer& tokens() const { return tokens_; }

 private:
  TokenServer tokens_;
  std::unique_ptr<Registry> registry_;
};

TEST_F(ChartAccounts, T93_a_dockerconfigjson_of_the_source_opens_it) {
  put_pull_secret(space, "charts", guarded().host(), "robot", "planted-password");
  add_repository(url(), {{"secretRef", {{"name", "charts"}}}});
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
  EXPECT_GT(known_questions("robot"), 0u);
  EXPECT_THAT(headwind->log(), Not(HasSubstr("planted-password")));
}

TEST_F(ChartAccounts, one_for_an_OCIRepository_opens_it_too) {
  put_pull_secret(space, "charts", guarded().host(), "robot", "planted-password");
  put(sources("ocirepositories"), {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
                                   {"kind", "OCIRepository"},
                                   {"metadata", {{"name", "app"}}},
                                   {"spec",
                                    {{"url", url() + "/app"},
                                     {"interval", "5m"},
                                     {"ref", {{"tag", "1.2.3"}}},
                                     {"secretRef", {{"name", "charts"}}}}}});
  HelmRelease wanted;
  wanted.source = "OCIRepository/app";
  add_release(wanted);
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object()) << Json(requests(space));
  EXPECT_GT(known_questions("robot"), 0u);
}

TEST_F(ChartAccounts, without_a_Secret_of_the_source_no_account_of_the_pods_is_used) {
  put_pull_secret(space, "charts", guarded().host(), "robot", "planted-password");
  put_service_account(space, "default", "charts");
  add_repository(url());
  add_release({});
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  EXPECT_TRUE(eventually([&] { return !tokens().questions_about(chart()).empty(); })) << "as nobody in particular";
  EXPECT_TRUE(eventually([&] { return headwind->metric("headwind_polling_errors_total") > 0; }));
  EXPECT_TRUE(requests(space).empty());
  EXPECT_EQ(known_questions("robot"), 0u);
}

}  // namespace
}  // namespace headwind::end_to_end
