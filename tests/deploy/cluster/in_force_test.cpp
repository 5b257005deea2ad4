// SPDX-License-Identifier: Apache-2.0
// How Headwind knows that the policy vouches for what is written on a request.
#include <gmock/gmock.h>

#include "app/approval_policy.hpp"
#include "approval_policy_cluster.hpp"

namespace headwind::deploy {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kSettled{2};

class InForce : public PolicyCluster {
 protected:
  void TearDown() override {
    if (http_) http_->shut_down();
  }
  // What it says about a request that the server has.
  std::string doubt(const std::string& name, const std::string& who = "admin") {
    const auto read = update::request_from_json(plane().call("GET", std::string(kRequests) + "/" + name).body);
    if (!read) return read.error().message;
    kube::Access access;
    access.server = plane().url();
    auto tls = std::make_shared<net::TlsSettings>();
    tls->ca_pem = plane().ca_pem();
    access.tls = tls;
    const std::string header = "Bearer " + testbed::ControlPlane::token(who);
    access.authorization = [header] {
      return [](std::string text) -> Task<Result<std::string>> { co_return text; }(header);
    };
    if (!http_) http_ = std::make_shared<net::Client>(executor(), net::ClientOptions{});
    app::ClusterApprovalPolicy policy(std::make_shared<kube::Client>(access, http_, metrics_), kSettled);
    const Result<> vouched = run(policy.vouches_for(*read));
    EXPECT_TRUE(vouched || !vouched.error().retryable);
    return vouched ? std::string() : vouched.error().message;
  }
  // A request that is younger than the policy.
  void request(const std::string& name) {
    std::this_thread::sleep_for(kSettled + std::chrono::seconds(1));
    ASSERT_TRUE(create(name).ok());
  }
  telemetry::Metrics metrics_;
  std::shared_ptr<net::Client> http_;
};

TEST_F(InForce, what_was_made_under_the_shipped_policy_is_vouched_for) {
  make_policy();
  request("young");
  EXPECT_EQ(doubt("young"), "");
  EXPECT_EQ(doubt("young"), "") << "and still is";
  EXPECT_EQ(annotation("young", "approve"), "") << "the probe is a dry run";
  EXPECT_THAT(doubt("probe"), HasSubstr("was made before ValidatingAdmissionPolicy")) << "made with the policy itself";
}

TEST_F(InForce, whoever_may_not_read_the_policy_vouches_for_nothing) {
  make_policy();
  request("young");
  EXPECT_THAT(doubt("young", "operator"), HasSubstr("may not read"));
}

TEST_F(InForce, without_the_policy_or_its_binding_nothing_is_vouched_for) {
  make_policy();
  request("young");
  plane().call("DELETE", std::string(kBindings) + kName);
  EXPECT_THAT(doubt("young"), HasSubstr("has no ValidatingAdmissionPolicyBinding"));
  remove_policy();
  EXPECT_THAT(doubt("young"), HasSubstr("has no ValidatingAdmissionPolicy "));
}

TEST_F(InForce, a_policy_that_was_away_for_a_moment_does_not_vouch_for_what_is_older) {
  make_policy();
  request("young");
  ASSERT_EQ(doubt("young"), "");
  make_policy();
  EXPECT_THAT(doubt("young"), HasSubstr("was made before"));
}

TEST_F(InForce, a_policy_that_was_changed_vouches_for_nothing_even_when_it_was_changed_back) {
  make_policy();
  request("young");
  const auto fail = [&](const char* policy) {
    ASSERT_TRUE(plane()
                    .call("PATCH", std::string(kPolicies) + kName, Json({{"spec", {{"failurePolicy", policy}}}}).dump())
                    .ok());
  };
  fail("Ignore");
  EXPECT_THAT(doubt("young"), HasSubstr("is not the one that this Headwind ships"));
  fail("Fail");
  EXPECT_THAT(doubt("young"), HasSubstr("was changed after it was made"));
}

TEST_F(InForce, a_binding_that_only_warns_vouches_for_nothing) {
  make_policy();
  request("young");
  ASSERT_TRUE(
      plane()
          .call("PATCH", std::string(kBindings) + kName, Json({{"spec", {{"validationActions", {"Warn"}}}}}).dump())
          .ok());
  EXPECT_THAT(doubt("young"), HasSubstr("ValidatingAdmissionPolicyBinding approvals-v1.headwind.sh is not the one"));
}

TEST_F(InForce, a_binding_for_some_namespaces_only_vouches_for_nothing) {
  make_policy();
  request("young");
  ASSERT_TRUE(
      plane()
          .call("PATCH", std::string(kBindings) + kName,
                Json({{"spec", {{"matchResources", {{"namespaceSelector", {{"matchLabels", {{"a", "b"}}}}}}}}}}).dump())
          .ok());
  EXPECT_THAT(doubt("young"), HasSubstr("is not the one"));
}

}  // namespace
}  // namespace headwind::deploy
