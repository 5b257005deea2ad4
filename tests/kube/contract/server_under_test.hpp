// SPDX-License-Identifier: Apache-2.0
// What a contract test needs of an API server, whichever it is.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "net/loop.hpp"

namespace headwind::kube::test {

struct Person {
  std::string token, name;
  std::vector<std::string> groups;
};

class ServerUnderTest {
 public:
  virtual ~ServerUnderTest() = default;
  virtual std::string url() const = 0;
  virtual std::shared_ptr<const net::TlsSettings> tls() const { return nullptr; }
  virtual std::string admin_token() const = 0;
  // "carol" is in the group "team" and may do nothing yet.
  virtual Person carol() const = 0;
  // Lets a group have `verb` on updaterequests everywhere.
  virtual void allow_group(const std::string& group, const std::string& verb) = 0;
  // ConfigMaps <prefix>-0 ... in a namespace that exists.
  virtual void create_config_maps(const std::string& name_space, const std::string& prefix, std::size_t count) = 0;
  // How often clients with that user agent asked for `verb` on `resource`.
  virtual std::size_t asked(const std::string& verb, const std::string& resource, const std::string& agent) const = 0;
};

// "fake" on that loop, or "real", one for the whole program.
std::unique_ptr<ServerUnderTest> make_fake(Executor executor);
std::unique_ptr<ServerUnderTest> make_real();

class ContractTest : public net::test::Loop, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override;
  void TearDown() override;

  bool real() const { return std::string(GetParam()) == "real"; }
  // A client whose user agent is `agent`; an empty token: the administrator's.
  std::shared_ptr<Client> client(const std::string& token = {}, const std::string& agent = "contract");
  Access access(const std::string& token = {}) const;
  // A namespace of this test's own.
  const std::string& name_space() const { return name_space_; }
  bool until(const std::function<bool()>& done);
  // The loop runs on until `task` is done; the value of a success, or a failed test.
  std::string expect(Task<Result<std::string>> task);

  std::unique_ptr<ServerUnderTest> server;
  telemetry::Metrics metrics;

 private:
  std::string name_space_;
  std::vector<std::shared_ptr<net::Client>> https_;
};

#define HEADWIND_CONTRACT(suite)                                  \
  INSTANTIATE_TEST_SUITE_P(Fake, suite, testing::Values("fake")); \
  INSTANTIATE_TEST_SUITE_P(Real, suite, testing::Values("real"))

}  // namespace headwind::kube::test
