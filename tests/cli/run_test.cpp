// SPDX-License-Identifier: Apache-2.0
// What ends a start of `headwind run` at once, while nobody answers where the API server should be.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "cli/serving.hpp"
#include "net/certificates.hpp"

namespace headwind::test {
namespace {

using net::test::Authority;
using net::test::Identity;
using testing::AllOf;
using testing::HasSubstr;

class RunWithoutACluster : public testing::Test {
 protected:
  // A program that waits for the API server is killed after a minute: no exit code of its own.
  Finished run_with(const std::string& text) {
    const std::string kubeconfig =
        directory.write("kubeconfig",
                        "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                        "clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n"
                        "contexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\n");
    const std::string file = directory.write("c.yaml", "kubernetes: {kubeconfig: " + kubeconfig + "}\n" + text);
    return headwind({"run", "--config", file}, {}, {"HEADWIND_PORTS_METRICS_PORT=0", "HOME=/nowhere"});
  }
  // TLS files of one host, as `field: path` in braces.
  std::string pair_of(const Identity& certificate, const Identity& key) {
    return "certificateFile: " + directory.write("tls.crt", certificate.certificate_pem) +
           ", keyFile: " + directory.write("tls.key", key.key_pem);
  }

  const TemporaryDirectory directory;
  const std::string free = "ports: {webhooks: {port: 0}, api: {port: 0}}\n";
};

TEST_F(RunWithoutACluster, a_webhook_secret_that_is_not_there) {
  const Finished by_file = run_with(free + "webhooks: {gitlab: {secret: {file: /no/such/secret}}}\n");
  EXPECT_EQ(by_file.code, 1) << by_file.err;
  EXPECT_THAT(by_file.err,
              AllOf(HasSubstr("start failed"),
                    HasSubstr("webhooks.gitlab.secret: the secret file /no/such/secret cannot be opened")));
  const Finished by_variable =
      run_with(free + "webhooks: {gitlab: {secret: {file: " + directory.write("secret", "s3cr3ts3cr3t") +
               "}, previousSecret: {environment: NO_SUCH_VARIABLE}}}\n");
  EXPECT_EQ(by_variable.code, 1) << by_variable.err;
  EXPECT_THAT(by_variable.err, HasSubstr("webhooks.gitlab.previousSecret: the variable NO_SUCH_VARIABLE"));
}

TEST_F(RunWithoutACluster, a_registrys_password_that_is_empty) {
  const Finished done = run_with(
      free + "registries: {r.example.com: {username: ci, password: {file: " + directory.write("empty", "\n") + "}}}\n");
  EXPECT_EQ(done.code, 1) << done.err;
  EXPECT_THAT(done.err, HasSubstr("registries.r.example.com.password: the secret file "));
}

TEST_F(RunWithoutACluster, certificates_that_cannot_be_used) {
  const Authority authority("a");
  const Identity mine = authority.issue("mine", "DNS:mine"), other = authority.issue("other", "DNS:other");
  const Finished port = run_with("ports: {webhooks: {port: 0}, api: {port: 0, " + pair_of(mine, other) + "}}\n");
  EXPECT_EQ(port.code, 1) << port.err;
  EXPECT_THAT(port.err, AllOf(HasSubstr("ports.api: "), HasSubstr("tls.key"), HasSubstr("does not belong to")));
  const Finished absent =
      run_with("ports: {api: {port: 0}, webhooks: {port: 0, certificateFile: /no/such.crt, keyFile: /no/such.key}}\n");
  EXPECT_EQ(absent.code, 1) << absent.err;
  EXPECT_THAT(absent.err, HasSubstr("ports.webhooks: the TLS file '/no/such.crt' cannot be used"));
  const Finished registry = run_with(free + "registries: {r.example.com: {" + pair_of(mine, other) + "}}\n");
  EXPECT_EQ(registry.code, 1) << registry.err;
  EXPECT_THAT(registry.err, HasSubstr("registries.r.example.com: the client key of the TLS settings does not belong to "
                                      "their client certificate; give the pair"));
}

TEST_F(RunWithoutACluster, a_port_that_is_taken) {
  const Serving other([](const auto&) { return json_answer("{}"); });
  const std::string port = other.host().substr(other.host().find(':') + 1);
  const Finished done = run_with("ports: {webhooks: {port: 0}, api: {address: 127.0.0.1, port: " + port + "}}\n");
  EXPECT_EQ(done.code, 1) << done.err;
  EXPECT_THAT(done.err,
              HasSubstr("ports.api: cannot listen on " + other.host() + ": the port is taken by another program"));
}

}  // namespace
}  // namespace headwind::test
