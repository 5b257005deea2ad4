// SPDX-License-Identifier: Apache-2.0
// Pull credentials from a cluster: of Secrets and of service accounts, as a node would find them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/private_registry.hpp"
#include "cli/serving.hpp"
#include "core/hash.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json secret(const std::string& type, const std::string& key, const std::string& value) {
  return {{"apiVersion", "v1"}, {"kind", "Secret"}, {"type", type}, {"data", {{key, base64_encode(value)}}}};
}

json docker_secret(const std::string& registry, const std::string& user, const std::string& password) {
  const json auths{{"auths", {{registry, {{"auth", base64_encode(user + ":" + password)}}}}}};
  return secret("kubernetes.io/dockerconfigjson", ".dockerconfigjson", auths.dump());
}

class RegistrySecrets : public PrivateRegistry {
 protected:
  void SetUp() override {
    PrivateRegistry::SetUp();
    push("team/app", "latest");
    objects["secrets/good"] = docker_secret(host, "ci", "s3cret");
    objects["secrets/old"] = docker_secret(host + "/team", "ci", "pl4nted");
    objects["secrets/other"] = docker_secret("quay.io", "robot", "pl4nted");
    objects["secrets/opaque"] = secret("Opaque", "password", "pl4nted");
    objects["secrets/broken"] =
        secret("kubernetes.io/dockerconfigjson", ".dockerconfigjson", R"({"auths": "pl4nted"})");
    objects["serviceaccounts/default"] = {{"imagePullSecrets", {{{"name", "good"}}}}};
    objects["serviceaccounts/bare"] = {{"metadata", {{"name", "bare"}}}};
    kubeconfig = directory.write("kubeconfig",
                                 json({{"current-context", "c"},
                                       {"clusters", {{{"name", "c"}, {"cluster", {{"server", api.url()}}}}}},
                                       {"users", {{{"name", "u"}, {"user", json::object()}}}},
                                       {"contexts", {{{"name", "c"}, {"context", {{"cluster", "c"}, {"user", "u"}}}}}}})
                                     .dump());
  }

  // No password of any Secret may be seen, whatever happens.
  Finished run(std::vector<std::string> more) {
    std::vector<std::string> words{"registry", "check", image("team/app"), "--config", config()};
    words.insert(words.end(), more.begin(), more.end());
    Finished done = headwind(words, {}, {"KUBECONFIG=" + kubeconfig});
    EXPECT_THAT(done.out + done.err, Not(HasSubstr("pl4nted")));
    EXPECT_THAT(done.out + done.err, Not(HasSubstr("s3cret")));
    EXPECT_THAT(done.out + done.err, Not(HasSubstr(base64_encode("ci:s3cret"))));
    return done;
  }

  std::map<std::string, json> objects;  // of namespace shop: "secrets/good"; written before the program runs
  bool forbidden = false;
  Serving api{[this](const net::ServerRequest& request) {
    const std::string root = "/api/v1/namespaces/shop/";
    if (forbidden)
      return json_answer(R"({"kind":"Status","code":403,"message":"secrets is forbidden for user dev"})", 403);
    const auto found = request.path.starts_with(root) ? objects.find(request.path.substr(root.size())) : objects.end();
    return found == objects.end() ? json_answer(R"({"kind":"Status","code":404,"message":"not found"})", 404)
                                  : json_answer(found->second.dump());
  }};
  std::string kubeconfig;
};

TEST_F(RegistrySecrets, every_Secret_is_told_in_order_and_the_one_that_fits_is_used) {
  const auto done = run({"--namespace", "shop", "--pull-secret", "gone", "--pull-secret", "opaque", "--pull-secret",
                         "broken", "--pull-secret", "other", "--pull-secret", "good"});
  EXPECT_EQ(done.code, 0) << done.err;
  const std::string looks =
      "looked at   Secret shop/gone: does not exist\n"
      "            Secret shop/opaque: cannot be used: type Opaque holds no registry credentials: it needs type "
      "kubernetes.io/dockerconfigjson and the key .dockerconfigjson\n"
      "            Secret shop/broken: cannot be used: its auths must be an object\n"
      "            Secret shop/other: no key fits " +
      image("team/app") +
      "; it has quay.io\n"
      "            Secret shop/good: key " +
      host +
      " fits, user ci\n"
      "credential  user ci of Secret shop/good (key " +
      host + "), at the registry\n";
  EXPECT_THAT(done.out, HasSubstr(looks));
}

TEST_F(RegistrySecrets, a_refused_one_is_followed_by_the_next) {
  const auto done = run({"--json", "--namespace", "shop", "--pull-secret", "good", "--pull-secret", "old"});
  ASSERT_EQ(done.code, 0) << done.err;
  const json credential = json::parse(done.out)["credential"];
  EXPECT_EQ(credential["source"], "pull");
  EXPECT_EQ(credential["candidates"][0]["source"], "Secret shop/old");  // its key is the more special one
  EXPECT_EQ(credential["used"]["source"], "Secret shop/good");
}

TEST_F(RegistrySecrets, where_all_are_refused_each_is_named) {
  const auto done = run({"--namespace", "shop", "--pull-secret", "old"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("tried: user ci of Secret shop/old (key " + host + "/team)"));
  EXPECT_THAT(done.out, HasSubstr("credential  none was let in; tried: user ci of Secret shop/old"));
}

TEST_F(RegistrySecrets, without_pull_secrets_those_of_the_service_account_count) {
  const auto by_default = run({"--namespace", "shop"});
  EXPECT_EQ(by_default.code, 0) << by_default.err;
  EXPECT_THAT(by_default.out, HasSubstr("looked at   ServiceAccount shop/default: lists good\n"));
  EXPECT_THAT(by_default.out, HasSubstr("credential  user ci of Secret shop/good"));

  const auto bare = run({"--namespace", "shop", "--service-account", "bare"});
  EXPECT_EQ(bare.code, 1);
  EXPECT_THAT(bare.out, HasSubstr("looked at   ServiceAccount shop/bare: lists no imagePullSecrets\n"));
  const auto missing = run({"--namespace", "shop", "--service-account", "gone"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.out, HasSubstr("looked at   ServiceAccount shop/gone: does not exist\n"));
}

TEST_F(RegistrySecrets, a_missing_right_is_told) {
  forbidden = true;
  const auto done = run({"--namespace", "shop", "--pull-secret", "good"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.out, HasSubstr("it takes the right to get secrets in namespace shop\n"));
  EXPECT_THAT(done.err, HasSubstr("Secret shop/good: may not be read (secrets is forbidden"));
  EXPECT_THAT(done.out, HasSubstr("result      nobody knows"));  // a node may read it
}

TEST_F(RegistrySecrets, the_tags_too_tell_of_each_Secret_that_was_of_no_use) {
  for (const bool as_json : {false, true}) {
    std::vector<std::string> words{"registry",    "tags", image("team/app"), "--config", config(),
                                   "--namespace", "shop", "--pull-secret",   "other",    "--pull-secret",
                                   "gone"};
    if (as_json) words.emplace_back("--json");
    const Finished none = headwind(words, {}, {"KUBECONFIG=" + kubeconfig});
    EXPECT_EQ(none.code, 1);
    EXPECT_EQ(none.out, "");
    EXPECT_THAT(none.err, HasSubstr("Secret shop/other: no key fits"));
    EXPECT_THAT(none.err, HasSubstr("Secret shop/gone: does not exist"));
    words.insert(words.end(), {"--pull-secret", "old"});
    const Finished refused = headwind(words, {}, {"KUBECONFIG=" + kubeconfig});
    EXPECT_THAT(refused.err, HasSubstr("looked at Secret shop/gone: does not exist\n"));
    EXPECT_THAT(refused.err, HasSubstr("tried: user ci of Secret shop/old"));
  }
}

TEST_F(RegistrySecrets, without_a_cluster_there_is_a_sentence) {
  kubeconfig = (directory.path() / "none").string();
  const auto done = run({"--namespace", "shop"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("kubeconfig " + kubeconfig));
  EXPECT_THAT(done.err, HasSubstr("check KUBECONFIG"));
  EXPECT_THAT(done.out, HasSubstr("credential  not known: nobody was asked\n"));
  EXPECT_THAT(done.out, HasSubstr("result      nobody knows whether a node could pull it\n"));
  const auto json_form = run({"--namespace", "shop", "--json"});
  EXPECT_EQ(json::parse(json_form.out)["pullable"], nullptr);
  EXPECT_EQ(json::parse(json_form.out)["credential"]["source"], nullptr);
}

}  // namespace
}  // namespace headwind::test
