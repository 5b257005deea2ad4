// SPDX-License-Identifier: Apache-2.0
// Every way to prove who we are, against the server that judges it; and a restart of that server.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"
#include "kube/paths.hpp"
#include "kube/reflector.hpp"
#include "server_under_test.hpp"
#include "testbed/gtest.hpp"

namespace headwind::kube::test {
namespace {

using Json = nlohmann::json;
using std::string;

class RealAccess : public net::test::Loop {
 protected:
  void SetUp() override {
    HEADWIND_NEEDS_CONTROL_PLANE();
    plane = &testbed::shared();
    directory = testbed::make_temporary_directory("kube-access");
  }
  void TearDown() override {
    if (http) http->shut_down();
    if (!directory.empty()) std::filesystem::remove_all(directory);
  }

  std::shared_ptr<Client> client(const Result<Access>& access) {
    if (!access) throw std::runtime_error(access.error().message);
    http = std::make_shared<net::Client>(executor(), net::ClientOptions{.user_agent = "access"});
    return std::make_shared<Client>(*access, http, metrics);
  }
  // A kubeconfig for the control plane with that `user` section.
  Result<Access> configured(const Json& user) {
    Json config = Json::parse(read(plane->kubeconfig()));
    config["users"][0]["user"] = user;
    return access_from_kubeconfig(executor(), config.dump(), directory.string());
  }
  string whoami(const std::shared_ptr<Client>& c) {
    const auto answer = run(c->create("/apis/authentication.k8s.io/v1/selfsubjectreviews",
                                      R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})"));
    return answer ? Json::parse(*answer)["status"]["userInfo"]["username"].get<string>() : answer.error().message;
  }
  static string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  string write(const string& name, const string& text) const {
    std::ofstream(directory / name) << text;
    return (directory / name).string();
  }

  testbed::ControlPlane* plane = nullptr;
  std::filesystem::path directory;
  telemetry::Metrics metrics;
  std::shared_ptr<net::Client> http;
};

TEST_F(RealAccess, AKubeconfigWithAToken) {
  EXPECT_EQ(whoami(client(access_from_kubeconfig(executor(), read(plane->kubeconfig("alice")), "/"))), "alice");
}

TEST_F(RealAccess, AClientCertificate) {
  const auto [certificate, key] = plane->client_certificate("dave", {"team"});
  EXPECT_EQ(whoami(client(configured(
                {{"client-certificate-data", base64_encode(certificate)}, {"client-key", write("dave.key", key)}}))),
            "dave");
}

TEST_F(RealAccess, AnExecPluginWithAToken) {
  const string plugin = write("plugin",
                              "#!/bin/sh\nprintf '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
                              "\"ExecCredential\",\"status\":{\"token\":\"bob-token\"}}'\n");
  std::filesystem::permissions(plugin, std::filesystem::perms::owner_all);
  EXPECT_EQ(whoami(client(
                configured({{"exec", {{"apiVersion", "client.authentication.k8s.io/v1"}, {"command", "./plugin"}}}}))),
            "bob");
}

TEST_F(RealAccess, AnExecPluginWithACertificate) {
  const auto [certificate, key] = plane->client_certificate("erin");
  const Json credential{{"apiVersion", "client.authentication.k8s.io/v1beta1"},
                        {"kind", "ExecCredential"},
                        {"status", {{"clientCertificateData", certificate}, {"clientKeyData", key}}}};
  write("credential.json", credential.dump());
  EXPECT_EQ(whoami(client(configured({{"exec",
                                       {{"apiVersion", "client.authentication.k8s.io/v1beta1"},
                                        {"command", "cat"},
                                        {"args", {(directory / "credential.json").string()}}}}}))),
            "erin");
}

TEST_F(RealAccess, ARotatedTokenFileIsReadAgainWhenTheServerSays401) {
  write("token", "expired-token");
  const auto c = client(configured({{"tokenFile", "token"}}));
  EXPECT_NE(whoami(c).find("HTTP 401"), string::npos);
  write("token", "alice-token");
  EXPECT_EQ(whoami(c), "alice");
  write("token", "bob-token\n");
  EXPECT_EQ(whoami(c), "alice") << "still good, and read less than a minute ago";
}

TEST_F(RealAccess, TheServiceAccountOfAPod) {
  write("token", plane->service_account_token("default", "robot"));
  write("ca.crt", plane->ca_pem());
  write("namespace", "default");
  const string url = plane->url();
  ::setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1", 1);
  ::setenv("KUBERNETES_SERVICE_PORT", url.substr(url.rfind(':') + 1).c_str(), 1);
  const auto access = access_in_cluster(directory.string());
  ::unsetenv("KUBERNETES_SERVICE_HOST");
  ::unsetenv("KUBERNETES_SERVICE_PORT");
  EXPECT_EQ(whoami(client(access)), "system:serviceaccount:default:robot");
}

TEST_F(RealAccess, AnUnknownAuthorityIsRefused) {
  Json config = Json::parse(read(plane->kubeconfig("alice")));
  config["clusters"][0]["cluster"].erase("certificate-authority");
  const auto refused = whoami(client(access_from_kubeconfig(executor(), config.dump(), "/")));
  EXPECT_EQ(refused.find("HTTP"), string::npos) << "nothing was sent: " << refused;
  config["clusters"][0]["cluster"]["insecure-skip-tls-verify"] = true;
  EXPECT_EQ(whoami(client(access_from_kubeconfig(executor(), config.dump(), "/"))), "alice");
}

TEST_F(RealAccess, WhatRbacForbidsIsDeniedInTheServersWords) {
  const auto c = client(access_from_kubeconfig(executor(), read(plane->kubeconfig("bob")), "/"));
  const auto list = run(c->get(collection_path(kSecrets)));
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Code::denied);
  EXPECT_NE(list.error().message.find(R"(User "bob" cannot list resource "secrets")"), string::npos)
      << list.error().message;
}

class LastSeen : public Sink {
 public:
  void list_started() override { ++lists; }
  Task<Result<>> upsert(std::vector<Object> objects) override {
    for (const Object& object : objects) names += " " + object.name;
    co_return Result<>{};
  }
  void removed(const Object&) override {}
  void list_finished() override { complete = true; }
  void lost(const Error&) override { ++losses; }
  int lists = 0, losses = 0;
  bool complete = false;
  string names;
};

TEST_F(RealAccess, ARestartOfTheServerIsSurvived) {
  const auto c = client(access_from_kubeconfig(executor(), read(plane->kubeconfig()), "/"));
  plane->create_namespace("restart");
  LastSeen sink;
  Reflector reflector(c, collection_path(kConfigMaps, "restart"), sink, {});
  bool ended = false;
  const auto reflect = [&]() -> Task<> {
    co_await reflector.run();
    ended = true;
  };
  spawn(executor(), "reflector", reflect());
  const auto until = [this](const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + net::test::patience;
    while (!done() && std::chrono::steady_clock::now() < limit) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds(20));
    }
    return done();
  };
  ASSERT_TRUE(until([&] { return sink.complete; }));
  plane->restart_api_server();
  plane->call("POST", "/api/v1/namespaces/restart/configmaps",
              R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"afterwards"}})");
  EXPECT_TRUE(until([&] { return sink.names.find("afterwards") != string::npos; }));
  EXPECT_GE(sink.losses, 1);
  reflector.stop();
  EXPECT_TRUE(until([&] { return ended; }));
}

}  // namespace
}  // namespace headwind::kube::test
