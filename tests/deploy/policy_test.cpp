// SPDX-License-Identifier: Apache-2.0
// The approval policy as a file. What it does shows on the real server: tests/deploy/cluster.
#include <gtest/gtest.h>

#include "app/approval_policy_names.hpp"
#include "core/hash.hpp"
#include "deploy/manifests.hpp"

namespace headwind::deploy {
namespace {

TEST(ApprovalPolicy, IsTheOneThatHeadwindCountsOn) {
  const auto all = manifests();
  const Manifest& policy = one(all, "ValidatingAdmissionPolicy", std::string(app::kApprovalPolicy));
  EXPECT_EQ(sha256_hex(policy.object["spec"].dump()), app::kApprovalPolicyHash)
      << "it was changed: give it a new name, so that requests made under the old one are told apart, and put both "
         "into "
         "app/approval_policy_names.hpp";
  const Manifest& binding = one(all, "ValidatingAdmissionPolicyBinding", std::string(app::kApprovalPolicy));
  EXPECT_EQ(binding.object["spec"],
            nlohmann::json({{"policyName", app::kApprovalPolicy}, {"validationActions", {"Deny"}}}));
}

TEST(ApprovalPolicy, TheRoleForKubectlComesWithThePolicyThatBoundsIt) {
  const auto all = manifests();
  EXPECT_EQ(one(all, "ClusterRole", "headwind-kubectl-approver").file,
            one(all, "ValidatingAdmissionPolicy", std::string(app::kApprovalPolicy)).file);
  for (const Manifest& manifest : all) {
    if (manifest.kind() != "ClusterRole" || manifest.name() == "headwind") continue;
    for (const auto& rule : manifest.object["rules"]) {
      if (rule["resources"] == nlohmann::json({"loglevels"})) continue;  // no object: nothing can be written
      for (const auto& verb : rule["verbs"])
        EXPECT_TRUE(verb != "update" && verb != "create" && verb != "delete") << manifest.name() << ": " << verb;
    }
  }
}

}  // namespace
}  // namespace headwind::deploy
