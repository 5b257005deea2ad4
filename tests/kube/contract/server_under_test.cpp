// SPDX-License-Identifier: Apache-2.0
#include "server_under_test.hpp"

#include <nlohmann/json.hpp>

#include "fake/api_server.hpp"
#include "testbed/control_plane.hpp"
#include "testbed/gtest.hpp"

namespace headwind::kube::test {
namespace {

using Json = nlohmann::json;

Json config_map(const std::string& name_space, const std::string& name) {
  return {{"apiVersion", "v1"},
          {"kind", "ConfigMap"},
          {"metadata", {{"name", name}, {"namespace", name_space}}},
          {"data", {{"k", "v"}}}};
}

class Fake : public ServerUnderTest {
 public:
  explicit Fake(const Executor& executor) {
    auto started = fake::ApiServer::start(
        executor, {.anonymous = {}, .roll_out = false});  // no controllers, as beside the real one
    if (!started) throw std::runtime_error(started.error().message);
    server_ = std::move(*started);
    server_->add_user("admin-token", {"admin", "uid-admin", {"system:masters"}, {}});
    server_->add_user("carol-token", {"carol", "uid-carol", {"team"}, {}});
  }
  std::string url() const override { return server_->url(); }
  std::string admin_token() const override { return "admin-token"; }
  Person carol() const override { return {"carol-token", "carol", {"team"}}; }
  void allow_group(const std::string& group, const std::string& verb) override {
    server_->allow(
        {.user = {}, .group = group, .verbs = {verb}, .api_group = "headwind.sh", .resource = "updaterequests"});
  }
  void create_config_maps(const std::string& name_space, const std::string& prefix, std::size_t count) override {
    for (std::size_t i = 0; i < count; ++i)
      if (auto put = server_->put(config_map(name_space, prefix + "-" + std::to_string(i)).dump()); !put)
        throw std::runtime_error(put.error().message);
  }
  std::size_t asked(const std::string& verb, const std::string& resource, const std::string& agent) const override {
    std::size_t count = 0;
    for (const fake::LoggedRequest& request : server_->requests())
      count += request.verb == verb && request.resource == resource && request.user_agent == agent ? 1 : 0;
    return count;
  }

 private:
  std::unique_ptr<fake::ApiServer> server_;
};

class Real : public ServerUnderTest {
 public:
  Real() : plane_(testbed::shared()) {
    auto settings = std::make_shared<net::TlsSettings>();
    settings->ca_pem = plane_.ca_pem();
    tls_ = std::move(settings);
    static const bool applied = (testbed::shared().apply_crd(), true);
    static_cast<void>(applied);
  }
  std::string url() const override { return plane_.url(); }
  std::shared_ptr<const net::TlsSettings> tls() const override { return tls_; }
  std::string admin_token() const override { return testbed::ControlPlane::token("admin"); }
  Person carol() const override { return {testbed::ControlPlane::token("carol"), "carol", {"team"}}; }
  void allow_group(const std::string& group, const std::string& verb) override {
    plane_.grant(
        group,
        Json::array({{{"apiGroups", {"headwind.sh"}}, {"resources", {"updaterequests"}}, {"verbs", {verb}}}}).dump(),
        testbed::SubjectKind::group);
  }
  void create_config_maps(const std::string& name_space, const std::string& prefix, std::size_t count) override {
    std::vector<testbed::ControlPlane::Call> calls;
    for (std::size_t i = 0; i < count; ++i)
      calls.push_back({"POST", "/api/v1/namespaces/" + name_space + "/configmaps",
                       config_map(name_space, prefix + "-" + std::to_string(i)).dump()});
    plane_.call_all(std::move(calls));
  }
  std::size_t asked(const std::string& verb, const std::string& resource, const std::string& agent) const override {
    return plane_.audit().count({.verb = verb, .resource = resource, .user_agent = agent});
  }

 private:
  testbed::ControlPlane& plane_;
  std::shared_ptr<const net::TlsSettings> tls_;
};

}  // namespace

std::unique_ptr<ServerUnderTest> make_fake(Executor executor) { return std::make_unique<Fake>(executor); }
std::unique_ptr<ServerUnderTest> make_real() { return std::make_unique<Real>(); }

void ContractTest::SetUp() {
  if (real()) HEADWIND_NEEDS_CONTROL_PLANE();
  server = real() ? make_real() : make_fake(executor());
  static int number = 0;
  name_space_ = "contract-" + std::to_string(++number);
  const Json body{{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name_space_}}}};
  expect(client({}, "setup")->create("/api/v1/namespaces", body.dump()));
}

void ContractTest::TearDown() {
  for (const auto& http : https_) http->shut_down();
}

Access ContractTest::access(const std::string& token) const {
  Access result;
  result.server = server->url();
  result.tls = server->tls();
  const std::string header = "Bearer " + (token.empty() ? server->admin_token() : token);
  result.authorization = [header] {
    return [](std::string text) -> Task<Result<std::string>> { co_return text; }(header);
  };
  return result;
}

std::shared_ptr<Client> ContractTest::client(const std::string& token, const std::string& agent) {
  https_.push_back(std::make_shared<net::Client>(executor(), net::ClientOptions{.user_agent = agent}));
  return std::make_shared<Client>(access(token), https_.back(), metrics);
}

bool ContractTest::until(const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + net::test::patience;
  io.restart();
  while (!done() && std::chrono::steady_clock::now() < limit) {
    io.run_one_for(std::chrono::milliseconds(20));
    io.restart();
  }
  return done();
}

std::string ContractTest::expect(Task<Result<std::string>> task) {
  auto result = run(std::move(task));
  EXPECT_TRUE(result) << result.error().message;
  return result ? std::move(*result) : std::string();
}

}  // namespace headwind::kube::test
