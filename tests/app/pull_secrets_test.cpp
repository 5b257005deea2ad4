// SPDX-License-Identifier: Apache-2.0
#include "app/pull_secrets.hpp"

#include <gmock/gmock.h>

#include "api_objects.hpp"

namespace headwind::app {
namespace {

using testing::HasSubstr;

class PullSecretsTest : public test::ApiObjects {
 protected:
  PullSecrets::Found found(const std::string& access, const std::string& repository = "r.io/team/app",
                           std::int64_t since = 0) {
    const auto answer = run(secrets().find(repository, access, since));
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? *answer : PullSecrets::Found{};
  }
  PullSecrets& secrets() {
    if (!pull) pull = std::make_unique<PullSecrets>(client, system_clock());
    return *pull;
  }
  std::unique_ptr<PullSecrets> pull;
};

TEST_F(PullSecretsTest, T81_ThePodTemplatesOwnSecretsCountAndTheAccountIsNotEvenRead) {
  put_account("shop", "default", R"([{"name":"account"}])");
  put_secret("shop", "account", login("r.io", "account", "p"));
  put_secret("shop", "pod", login("https://r.io/team", "pod", "p"));
  const auto own = found("shop/default/pod");
  ASSERT_EQ(own.credentials.size(), 1u);
  EXPECT_EQ(own.credentials[0].username, "pod");
  EXPECT_EQ(own.origin, "Secret shop/pod");
  EXPECT_EQ(read.count(path("shop", "serviceaccounts", "default")), 0u);
  const auto account = found("shop/default/");
  ASSERT_EQ(account.credentials.size(), 1u);
  EXPECT_EQ(account.credentials[0].username, "account");
  EXPECT_NE(account.identity, own.identity);
}

TEST_F(PullSecretsTest, T93_AChartIsReadWithTheSecretOfItsSourceAndNoOther) {
  put_account("shop", "default", R"([{"name":"pod"}])");
  put_secret("shop", "pod", login("r.io", "pod", "p"));
  objects[path("flux", "secrets", "charts")] = R"({"type":"Opaque","data":{"username":")" + base64_encode("ci") +
                                               R"(","password":")" + base64_encode("pw") + "\"}}";
  const std::string repository = "https://charts.example.com/stable/app";
  const auto own = found("shop/default//flux/charts/" + repository, repository);
  ASSERT_EQ(own.credentials.size(), 1u) << own.trouble;
  EXPECT_EQ(own.credentials[0].username, "ci");
  EXPECT_EQ(own.credentials[0].password, "pw");
  EXPECT_EQ(own.origin, "Secret flux/charts");
  EXPECT_TRUE(found("shop/default////" + repository, repository).credentials.empty()) << "nobody's name, as Flux does";
  EXPECT_EQ(found("shop/default//flux/charts/" + repository).credentials.at(0).username, "pod") << "another image";
}

TEST_F(PullSecretsTest, T93_ADockerConfigOpensAChartInAnOciRegistry) {
  put_secret("flux", "charts", login("r.io", "oci", "p"));
  EXPECT_EQ(found("shop/default//flux/charts/r.io/charts/app", "r.io/charts/app").credentials.at(0).username, "oci");
  const auto elsewhere = found("shop/default//flux/charts/q.io/charts/app", "q.io/charts/app");
  EXPECT_TRUE(elsewhere.credentials.empty());
  EXPECT_THAT(elsewhere.trouble, HasSubstr("no account for q.io"));
}

TEST_F(PullSecretsTest, AChartOfAProviderIsReadInOurOwnNameInThatCloudAndNobodyElsesImages) {
  put_account("shop", "default", R"([{"name":"pod"}])");
  put_secret("shop", "pod", login("gcr.io", "pod", "p"));
  const auto own = found("shop/default///,,gcp/gcr.io/charts/app", "gcr.io/charts/app");
  ASSERT_EQ(own.credentials.size(), 1u);
  EXPECT_EQ(own.credentials[0].identity, "cloud:gcp");
  EXPECT_EQ(own.credentials[0].username + own.credentials[0].password, "");
  EXPECT_EQ(own.identity, "cloud:gcp") << "its lists are shared with nobody else's";
  EXPECT_EQ(own.origin, "provider gcp of the chart's source");
  EXPECT_EQ(found("shop/default///,,gcp/gcr.io/charts/app", "gcr.io/team/app").credentials.at(0).username, "pod");
}

class ChartCertificates : public PullSecretsTest {
 protected:
  void put_files(const std::string& name, const std::vector<std::pair<std::string, std::string>>& files) {
    std::string data;
    for (const auto& [key, value] : files)
      data += (data.empty() ? "\"" : ",\"") + key + "\":\"" + base64_encode(value) + "\"";
    objects[path("flux", "secrets", name)] = R"({"type":"Opaque","data":{)" + data + "}}";
  }
  Result<PullSecrets::Found> look(const std::string& secrets_of_source, std::int64_t since = 0) {
    const std::string access = "shop/default//flux/" + secrets_of_source + "/" + repository;
    return run(secrets().find(repository, Symbol(access), since));
  }
  std::string refusal(const std::string& secrets_of_source) {
    const auto answer = look(secrets_of_source);
    return answer ? "none" : answer.error().message;
  }
  const std::string repository = "https://charts.example.com/stable/app";
};

TEST_F(ChartCertificates, GoWithTheCallUnderAnIdentityOfTheirOwn) {
  put_files("tls", {{"ca.crt", "CA"}, {"tls.crt", "CERT"}, {"tls.key", "KEY"}});
  put_files("charts", {{"username", "ci"}, {"password", "pw"}});
  const auto alone = look(",tls");
  ASSERT_TRUE(alone) << alone.error().message;
  ASSERT_EQ(alone->credentials.size(), 1u);
  EXPECT_TRUE(alone->credentials[0].username.empty()) << "the configuration's account counts";
  EXPECT_EQ(alone->credentials[0].tls->ca_pem, "CA");
  EXPECT_EQ(alone->credentials[0].tls->certificate_pem, "CERT");
  EXPECT_EQ(alone->credentials[0].tls->key_pem, "KEY");
  EXPECT_TRUE(alone->credentials[0].tls->with_system);
  EXPECT_FALSE(alone->credentials[0].tls->insecure);
  EXPECT_EQ(alone->credentials[0].tls->origin, "Secret flux/tls");
  EXPECT_TRUE(alone->has_certificates);
  const auto both = look("charts,tls");
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(both->credentials.at(0).username, "ci");
  EXPECT_EQ(both->credentials[0].tls, alone->credentials[0].tls) << "one object: connections are pooled by it";
  const auto without = look("charts");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->credentials.at(0).tls, nullptr);
  EXPECT_NE(both->identity, without->identity);
  EXPECT_NE(both->identity, alone->identity);
  EXPECT_NE(both->credentials[0].identity, without->credentials[0].identity);
}

TEST_F(ChartCertificates, MayLieBesideTheAccountUnderTheirFormerNames) {
  put_files("charts", {{"username", "ci"}, {"password", "pw"}, {"caFile", "CA"}});
  put_files("plain", {{"username", "ci"}, {"password", "pw"}});
  const auto found_in = look("charts,charts");
  ASSERT_TRUE(found_in) << found_in.error().message;
  EXPECT_EQ(found_in->credentials.at(0).tls->ca_pem, "CA");
  const auto none = look("plain,plain");
  ASSERT_TRUE(none) << "there they are nobody's duty";
  EXPECT_EQ(none->credentials.at(0).tls, nullptr);
}

TEST_F(ChartCertificates, WithoutThemTheChartIsNotRead) {
  put_files("half", {{"tls.crt", "CERT"}});
  put_files("empty", {{"username", "ci"}});
  EXPECT_THAT(refusal(",missing"), HasSubstr("Secret flux/missing does not exist"));
  EXPECT_THAT(refusal(",half"), HasSubstr("Secret flux/half has tls.crt without tls.key"));
  EXPECT_THAT(refusal(",empty"), HasSubstr("Secret flux/empty has neither ca.crt nor tls.crt and tls.key"));
}

TEST_F(ChartCertificates, ARotatedSecretIsAnotherObjectAndAnUnchangedOneTheSame) {
  put_files("tls", {{"ca.crt", "CA"}});
  const auto first = look(",tls");
  const auto again = look(",tls", system_clock().mono_ms() + 1);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->credentials[0].tls, again->credentials[0].tls);
  put_files("tls", {{"ca.crt", "another"}});
  const auto rotated = look(",tls", system_clock().mono_ms() + 1);
  ASSERT_TRUE(rotated);
  EXPECT_NE(rotated->credentials[0].tls, first->credentials[0].tls);
  EXPECT_NE(rotated->identity, first->identity);
  EXPECT_EQ(first->credentials[0].tls->ca_pem, "CA") << "who still uses the former keeps it";
}

TEST_F(PullSecretsTest, AThousandAskersAreOneRead) {
  put_account("shop", "default", R"([{"name":"a"}])");
  put_secret("shop", "a", login("r.io", "u", "p"));
  std::size_t done = 0;
  for (int i = 0; i < 1000; ++i)
    spawn(executor(), "ask", [](PullSecrets& pull, std::size_t& count) -> Task<> {
      const auto answer = co_await pull.find("r.io/team/app", Symbol("shop/default/"));
      if (answer && answer->credentials.size() == 1) ++count;
    }(secrets(), done));
  while (done < 1000) io.run_one_for(net::test::patience);
  EXPECT_EQ(reads(), 2u) << "the account and the Secret";
}

TEST_F(PullSecretsTest, WhatCannotBeUsedIsSaidAndTheRestCounts) {
  put_secret("shop", "good", login("r.io", "u", "p"));
  objects[path("shop", "secrets", "opaque")] = R"({"type":"Opaque","data":{}})";
  put_secret("shop", "broken", R"({"r.io":{"auth":"dQ=="}})");
  const auto answer = found("shop/default/missing,opaque,broken,good");
  EXPECT_EQ(answer.credentials.size(), 1u);
  EXPECT_THAT(answer.trouble, HasSubstr("Secret shop/missing does not exist"));
  EXPECT_THAT(answer.trouble, HasSubstr("Secret shop/opaque (type Opaque) holds no registry credentials"));
  EXPECT_THAT(answer.trouble, HasSubstr("Secret shop/broken cannot be used: its entry for r.io"));
}

TEST_F(PullSecretsTest, NamespacesWithOneCredentialShareItsIdentityOthersDoNot) {
  put_secret("a", "s", login("r.io", "ci", "one"));
  put_secret("b", "s", login("https://r.io/v2/", "ci", "one"));
  put_secret("c", "s", login("r.io", "ci", "two"));
  EXPECT_EQ(found("a/default/s").identity, found("b/default/s").identity);
  EXPECT_NE(found("a/default/s").identity, found("c/default/s").identity);
  EXPECT_TRUE(found("a/default/s", "other.io/x").identity.empty());
  EXPECT_TRUE(found("").identity.empty()) << "no pod template";
  EXPECT_THAT(found("a/default/s").identity, testing::Not(HasSubstr("one")));
}

TEST_F(PullSecretsTest, ARotatedSecretIsSeenWhenSomebodyAsksAgain) {
  put_secret("shop", "s", login("r.io", "u", "old"));
  EXPECT_EQ(found("shop/default/s").credentials[0].password, "old");
  put_secret("shop", "s", login("r.io", "u", "new"));
  EXPECT_EQ(found("shop/default/s").credentials[0].password, "old") << "remembered for some minutes";
  EXPECT_EQ(found("shop/default/s", "r.io/team/app", system_clock().mono_ms() + 1).credentials[0].password, "new");
}

TEST_F(PullSecretsTest, ARightThatWeLackIsNamedAnApiServerInTroubleIsDoubt) {
  put_account("shop", "default");
  refuse_with = 403;
  const auto forbidden = found("shop/default/s");
  EXPECT_TRUE(forbidden.credentials.empty());
  EXPECT_THAT(forbidden.trouble, HasSubstr("Secret shop/s may not be read by Headwind: apply deploy/20-rbac.yaml"));
  refuse_with = 500;
  const auto broken = run(secrets().find("r.io/x", Symbol("shop/default/t")));
  ASSERT_FALSE(broken) << "nobody may say that there is no Secret";
  EXPECT_THAT(broken.error().message, HasSubstr("Secret shop/t"));
}

}  // namespace
}  // namespace headwind::app
