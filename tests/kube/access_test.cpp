// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "core/hash.hpp"
#include "scripted.hpp"

namespace headwind::kube::test {
namespace {

using std::string;

string config_with(const string& cluster, const string& user, const string& context_more = {}) {
  return R"({"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k","user":"u")" + context_more +
         R"(}}],"clusters":[{"name":"k","cluster":)" + cluster + R"(}],"users":[{"name":"u","user":)" + user + "}]}";
}

class AccessTest : public Scripted {
 protected:
  Directory directory;
  const string cluster = R"({"server":"https://10.0.0.1:6443/"})";

  Result<Access> read(const string& json, std::string_view context = {}) {
    return access_from_kubeconfig(executor(), json, directory.path(), context);
  }
  string header(const Access& access) { return access.authorization ? *run(access.authorization()) : ""; }
  string refusal(const string& json) {
    const auto access = read(json);
    return access ? "accepted" : access.error().message;
  }
};

TEST_F(AccessTest, ReadsServerNamespaceAndToken) {
  const auto access = read(config_with(cluster, R"({"token":"abc"})", R"(,"namespace":"shop")"));
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://10.0.0.1:6443");
  EXPECT_EQ(access->default_namespace, "shop");
  EXPECT_FALSE(access->in_cluster);
  EXPECT_EQ(header(*access), "Bearer abc");
}

TEST_F(AccessTest, TakesTheContextThatIsAskedFor) {
  const auto access = read(R"({"current-context":"c","contexts":[{"name":"d","context":{"cluster":"k"}}],
    "clusters":[{"name":"k","cluster":{"server":"http://h:1"}}]})",
                           "d");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "http://h:1");
  EXPECT_FALSE(access->authorization);
}

TEST_F(AccessTest, ReadsCertificatesFromDataAndFromFilesBesideTheConfig) {
  directory.write("ca.pem", "CA");
  directory.write("key.pem", "KEY");
  const auto access = read(config_with(
      R"({"server":"https://h","certificate-authority":"ca.pem","tls-server-name":"other","insecure-skip-tls-verify":true})",
      R"({"client-certificate-data":")" + base64_encode("CERT") + R"(","client-key":"key.pem"})"));
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->tls->ca_pem, "CA");
  EXPECT_EQ(access->tls->certificate_pem, "CERT");
  EXPECT_EQ(access->tls->key_pem, "KEY");
  EXPECT_EQ(access->tls->server_name, "other");
  EXPECT_TRUE(access->tls->insecure);
}

TEST_F(AccessTest, UsesBasicAuthentication) {
  const auto access = read(config_with(cluster, R"({"username":"u","password":"p"})"));
  EXPECT_EQ(header(*access), "Basic " + base64_encode("u:p"));
}

TEST_F(AccessTest, ReadsATokenFileAgainAfter401) {
  directory.write("token", "one\n");
  const auto access = read(config_with(cluster, R"({"tokenFile":"token"})"));
  ASSERT_TRUE(access);
  EXPECT_EQ(header(*access), "Bearer one");
  directory.write("token", "two\n");
  EXPECT_EQ(header(*access), "Bearer one") << "read about once a minute, not for each request";
  access->unauthorized();
  EXPECT_EQ(header(*access), "Bearer two");
}

TEST_F(AccessTest, NamesWhatIsWrong) {
  EXPECT_NE(refusal("[]").find("not a mapping"), string::npos);
  EXPECT_NE(refusal("{}").find("current-context is empty"), string::npos);
  EXPECT_NE(refusal(R"({"current-context":"x","contexts":[]})").find("contexts has no entry \"x\""), string::npos);
  EXPECT_NE(refusal(config_with(R"({"server":"10.0.0.1"})", "{}")).find("must begin with https://"), string::npos);
  EXPECT_NE(refusal(config_with(R"({"server":"https://h","proxy-url":"http://p"})", "{}")).find("proxy-url"),
            string::npos);
  EXPECT_NE(refusal(config_with(R"({"server":"https://h","certificate-authority":"gone.pem"})", "{}")).find("gone.pem"),
            string::npos);
  EXPECT_NE(refusal(config_with(R"({"server":"https://h","certificate-authority-data":"%"})", "{}")).find("not base64"),
            string::npos);
  EXPECT_NE(refusal(config_with(cluster, R"({"client-certificate-data":"QQ=="})")).find("need each other"),
            string::npos);
  EXPECT_NE(refusal(config_with(cluster, R"({"auth-provider":{"name":"gcp"}})")).find("auth-provider"), string::npos);
  EXPECT_NE(refusal(config_with(cluster, R"({"exec":{"apiVersion":"v9","command":"x"}})")).find("exec.apiVersion"),
            string::npos);
}

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Environment() { ::unsetenv(name_); }

 private:
  const char* name_;
};

TEST_F(AccessTest, FindsTheServiceAccountOfAPod) {
  const Environment host("KUBERNETES_SERVICE_HOST", "fd00::1");
  const Environment port("KUBERNETES_SERVICE_PORT", "443");
  directory.write("token", "pod-token");
  directory.write("ca.crt", "CA");
  directory.write("namespace", "headwind-system\n");
  const auto access = access_in_cluster(directory.path());
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://[fd00::1]:443");
  EXPECT_EQ(access->default_namespace, "headwind-system");
  EXPECT_EQ(access->tls->ca_pem, "CA");
  EXPECT_TRUE(access->in_cluster);
  EXPECT_EQ(header(*access), "Bearer pod-token");
}

TEST_F(AccessTest, SaysThatThisIsNoPod) {
  const auto access = access_in_cluster(directory.path());
  EXPECT_NE(access.error().message.find("this is no pod"), string::npos);
}

}  // namespace
}  // namespace headwind::kube::test
