// SPDX-License-Identifier: Apache-2.0
#include "kube/pull_references.hpp"

#include <gtest/gtest.h>

#include "kube/facts.hpp"

namespace headwind::kube {
namespace {

using Names = std::vector<std::string>;

PullReferences referred_to(std::string_view json) { return read_facts(json, Metadata::none).pulls; }

TEST(PullReferences, AreReadWherePodTemplatesLie) {
  const std::string pod =
      R"({"serviceAccountName":"builder","imagePullSecrets":[{"name":"a"},{"name":"b"},{}],"containers":[]})";
  const PullReferences plain = referred_to(R"({"spec":{"template":{"spec":)" + pod + "}}}");
  EXPECT_EQ(plain.service_account, "builder");
  EXPECT_EQ(plain.names, (Names{"a", "b"}));
  const PullReferences cron = referred_to(R"({"spec":{"jobTemplate":{"spec":{"template":{"spec":)" + pod + "}}}}}");
  EXPECT_EQ(cron.names, (Names{"a", "b"}));
  for (const char* none : {"{}", "", "[]", R"({"spec":{"template":{"spec":{"imagePullSecrets":7}}}})"}) {
    EXPECT_TRUE(referred_to(none).names.empty()) << none;
    EXPECT_TRUE(referred_to(none).service_account.empty()) << none;
  }
}

TEST(PullReferences, SecretsCountWhereTypeAndKeyAgree) {
  const PullSecret good =
      pull_secret(R"({"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"e30="}})");
  EXPECT_EQ(good.value, "{}");
  const PullSecret old = pull_secret(R"({"type":"kubernetes.io/dockercfg","data":{".dockercfg":"e30="}})");
  EXPECT_EQ(old.value, "{}");
  for (const char* bad : {R"({"type":"Opaque","data":{".dockerconfigjson":"e30="}})",
                          R"({"type":"kubernetes.io/dockercfg","data":{".dockerconfigjson":"e30="}})",
                          R"({"type":"kubernetes.io/dockerconfigjson"})", "no"})
    EXPECT_TRUE(pull_secret(bad).value.empty()) << bad;
}

TEST(PullReferences, OfAServiceAccount) {
  EXPECT_EQ(pull_secrets_of_account(R"({"imagePullSecrets":[{"name":"x"}],"secrets":[{"name":"y"}]})"), (Names{"x"}));
}

}  // namespace
}  // namespace headwind::kube
