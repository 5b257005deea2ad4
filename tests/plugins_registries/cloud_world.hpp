// SPDX-License-Identifier: Apache-2.0
// A registry client whose requests go to Clouds by real HTTP, with a clock that can be put forward.
#pragma once
#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins_registries/clouds.hpp"
#include "registries/core/client.hpp"

namespace headwind::registries {

class CloudTransport : public Transport {
 public:
  explicit CloudTransport(const headwind::test::Clouds& clouds);
  ~CloudTransport() override;

  Outcome<Response> exchange(const Request& request) override;
  Outcome<Response> exchange_within(const Request& request, std::int64_t ms) override;
  std::optional<Credential> credential() override { return pull; }
  Outcome<std::string> secret(const std::string&) override { return Failure{HW_NOT_FOUND, "no such secret", 0}; }
  std::int64_t unix_ms() override;
  std::int64_t mono_ms() override;
  void pass(std::int64_t seconds) { ahead_ms += seconds * 1000; }

  std::optional<Credential> pull;
  std::int64_t ahead_ms = 0;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class CloudWorld : public testing::Test {
 protected:
  // What no sentence may hold.
  static void expect_no_secret(const Failure& failure) {
    for (const char* secret : {"ya29", "aad.", "eyJ", "gar.", "acr.", "assertion"})
      EXPECT_THAT(failure.message, testing::Not(testing::HasSubstr(secret)));
  }
  Client& use(const std::string& settings) {
    auto parsed = Settings::parse(settings);
    EXPECT_TRUE(parsed) << parsed.failure().message;
    client_ = std::make_unique<Client>(*parsed, environment);
    return *client_;
  }
  Outcome<std::vector<std::string>> tags(Client& client, const std::string& repository) {
    std::vector<std::string> out;
    const auto count = client.list_tags(*parse_repository(repository), transport, [&](const auto& page) {
      out.insert(out.end(), page.begin(), page.end());
      return HW_OK;
    });
    if (!count) return count.failure();
    return out;
  }
  // Requests to anybody who is neither cloud; none of them may hold a token.
  int strangers() const {
    int found = 0;
    for (const auto& one : clouds.asked()) {
      if (!one.host.ends_with("evil.test")) continue;
      ++found;
      EXPECT_EQ(one.authorization, "") << one.path;
      EXPECT_EQ(one.body, "") << one.path;
    }
    return found;
  }

  headwind::test::Clouds clouds;
  CloudTransport transport{clouds};
  CloudEnvironment environment{clouds.metadata(), "", "", "", "", "http://" + clouds.metadata()};

 private:
  std::unique_ptr<Client> client_;
};

}  // namespace headwind::registries
