// SPDX-License-Identifier: Apache-2.0
#include "core/clock.hpp"
#include "scripted.hpp"

namespace headwind::kube::test {
namespace {

using std::string;

class ExecPluginTest : public Scripted {
 protected:
  Directory directory;

  // A plugin that counts its runs in `runs` and then does `body` (shell).
  Result<Access> plugin(const string& body, const string& more = {}) {
    directory.write("plugin", "#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho run >>runs\n" + body, true);
    return access_from_kubeconfig(
        executor(),
        R"({"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k","user":"u"}}],
           "clusters":[{"name":"k","cluster":{"server":"https://h","tls-server-name":"name"}}],
           "users":[{"name":"u","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"./plugin",
           "args":["get-token"],"env":[{"name":"WHO","value":"me"}],"interactiveMode":"IfAvailable")" +
            more + "}}}]}",
        directory.path());
  }
  static string credential(const string& status) {
    return R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":)" + status + "}";
  }
  static string print(const string& text) { return "cat <<'END'\n" + text + "\nEND\n"; }
  string read(const string& name) const {
    std::ifstream file(directory.path() + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t runs() const { return read("runs").size() / 4; }
};

TEST_F(ExecPluginTest, GivesItsTokenAndIsNotRunAgain) {
  const auto access = plugin(print(credential(R"({"token":"secret"})")));
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(*run(access->authorization()), "Bearer secret");
  EXPECT_EQ(*run(access->authorization()), "Bearer secret");
  EXPECT_EQ(runs(), 1U);
  access->unauthorized();
  EXPECT_EQ(*run(access->authorization()), "Bearer secret");
  EXPECT_EQ(runs(), 2U) << "a 401 makes it run again";
}

TEST_F(ExecPluginTest, IsRunAgainWhenItsCredentialExpires) {
  const auto soon = plugin(print(credential(R"({"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"})")));
  ASSERT_TRUE(run(soon->authorization()));
  ASSERT_TRUE(run(soon->authorization()));
  EXPECT_EQ(runs(), 2U);
  const string later = format_rfc3339(system_clock().unix_ms() + 3'600'000);
  const auto long_lived = plugin(print(credential(R"({"token":"t","expirationTimestamp":")" + later + "\"}")));
  ASSERT_TRUE(run(long_lived->authorization()));
  ASSERT_TRUE(run(long_lived->authorization()));
  EXPECT_EQ(runs(), 3U);
}

TEST_F(ExecPluginTest, IsToldArgumentsEnvironmentAndCluster) {
  const auto access = plugin(
      "echo \"$1 $WHO\" >seen; printf %s \"$KUBERNETES_EXEC_INFO\" >info\n" + print(credential(R"({"token":"t"})")),
      R"(,"provideClusterInfo":true)");
  ASSERT_TRUE(run(access->authorization()));
  EXPECT_EQ(read("seen"), "get-token me\n");
  EXPECT_EQ(read("info"),
            R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"cluster":)"
            R"({"server":"https://h","tls-server-name":"name"},"interactive":false}})");
}

TEST_F(ExecPluginTest, DoesNotHoldUpTheLoop) {
  // The plugin waits for a file that only the loop makes.
  const auto access = plugin("while [ ! -e go ]; do sleep 0.01; done\n" + print(credential(R"({"token":"t"})")));
  bool answered = false;
  const auto ask = [&]() -> Task<> {
    const auto header = co_await access->authorization();
    answered = header.has_value();
  };
  const auto make = [&]() -> Task<> {
    while (runs() == 0) co_await sleep_for(std::chrono::milliseconds(5));
    directory.write("go", "");
  };
  spawn(executor(), "ask", ask());
  spawn(executor(), "ask", ask());
  spawn(executor(), "make", make());
  EXPECT_TRUE(until([&] { return answered; }));
  expect_loop_ends();
  EXPECT_EQ(runs(), 1U) << "who asks meanwhile waits for the same run";
}

TEST_F(ExecPluginTest, MayGiveAClientCertificate) {
  const auto access = plugin(print(credential(R"({"clientCertificateData":"CERT","clientKeyData":"KEY"})")));
  EXPECT_EQ(*run(access->authorization()), "");
  const auto tls = access->current_tls();
  EXPECT_EQ(tls->certificate_pem, "CERT");
  EXPECT_EQ(tls->key_pem, "KEY");
  EXPECT_EQ(tls->server_name, "name");
  access->unauthorized();
  ASSERT_TRUE(run(access->authorization()));
  EXPECT_EQ(access->current_tls(), tls) << "the same certificate keeps its connections";
}

TEST_F(ExecPluginTest, SaysWhatFailedWithoutItsOutput) {
  const struct {
    string body, said;
  } cases[] = {
      {"echo 'please log in' >&2; exit 3\n", "status 3; it said: please log in"},
      {print("token-in-plain-text"), "printed no ExecCredential"},
      {print(
           R"({"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"s3cret"}})"),
       "another apiVersion"},
      {print(credential(R"({"clientKeyData":"s3cret"})")), "only one of"},
      {print(credential(R"({})")), "neither"},
      {print(credential(R"({"token":"s3cret","expirationTimestamp":"tomorrow"})")), "expirationTimestamp"}};
  for (const auto& [body, said] : cases) {
    const auto access = plugin(body, R"(,"installHint":"Install it.")");
    const auto header = run(access->authorization());
    ASSERT_FALSE(header) << body;
    EXPECT_NE(header.error().message.find(said), string::npos) << header.error().message;
    EXPECT_EQ(header.error().message.find("s3cret"), string::npos) << header.error().message;
    EXPECT_EQ(header.error().message.find("plain-text"), string::npos) << header.error().message;
  }
}

TEST_F(ExecPluginTest, SaysThatItIsMissingAndHowToGetIt) {
  const auto access = plugin("", R"(,"installHint":"Install it.")");
  std::filesystem::remove(directory.path() + "/plugin");
  const auto header = run(access->authorization());
  EXPECT_NE(header.error().message.find("No such file"), string::npos) << header.error().message;
  EXPECT_NE(header.error().message.find("Install it."), string::npos);
}

}  // namespace
}  // namespace headwind::kube::test
