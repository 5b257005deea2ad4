// SPDX-License-Identifier: Apache-2.0
// Registries of Google, read as the service account that the metadata server knows.
#include <atomic>
#include <chrono>
#include <thread>

#include "plugins_registries/cloud_world.hpp"

namespace headwind::registries {
namespace {

using headwind::test::Answered;
using headwind::test::Asked;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* settings = R"({"hosts":{"*-docker.pkg.dev":{"identity":"gcp"},"gcr.io":{"identity":"gcp"}}})";
constexpr const char* image = "us-docker.pkg.dev/project/repository/app";
constexpr const char* metadata_path = "/computeMetadata/v1/instance/service-accounts/default/token";

class GoogleIdentity : public CloudWorld {
 protected:
  void metadata_says(Answered answered) {
    clouds.answer([answered](const Asked& asked) {
      return asked.path == metadata_path ? std::optional(answered) : std::nullopt;
    });
  }
  int asked_for_it() const { return clouds.count("127.0.0.1", metadata_path); }
};

TEST_F(GoogleIdentity, opens_its_registries_with_one_question_for_all_of_them) {
  Client& client = use(settings);
  const auto found = tags(client, image);
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_THAT(*found, ElementsAre("1.2.3", "1.2.4"));
  EXPECT_TRUE(client.resolve(*parse_repository("gcr.io/project/app"), "1.2.4", transport));
  EXPECT_EQ(asked_for_it(), 1);
  std::vector<std::string> shown;
  for (const auto& one : clouds.asked())
    if (one.path == "/v2/token") shown.push_back(one.authorization);
  EXPECT_THAT(shown, ElementsAre(basic_authorization("oauth2accesstoken", "ya29.2"),
                                 basic_authorization("oauth2accesstoken", "ya29.2")));
}

TEST_F(GoogleIdentity, is_renewed_shortly_before_its_end) {
  Client& client = use(settings);
  ASSERT_TRUE(tags(client, image));
  transport.pass(3599 - 225 - 20);  // the registry's own token has ended
  ASSERT_TRUE(tags(client, image));
  EXPECT_EQ(asked_for_it(), 1);
  transport.pass(2 * 3600);
  ASSERT_TRUE(tags(client, image));
  EXPECT_EQ(asked_for_it(), 2);
}

TEST_F(GoogleIdentity, many_callers_ask_once) {
  clouds.answer([](const Asked& asked) {
    if (asked.path != metadata_path) return std::optional<Answered>();
    return std::optional<Answered>({200,
                                    R"({"access_token":"ya29.slow","expires_in":3599})",
                                    {{"Metadata-Flavor", "Google"}},
                                    std::chrono::milliseconds(300)});
  });
  Client& client = use(settings);
  std::atomic<int> read = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&, i] { read += tags(client, image + std::to_string(i)) ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(read.load(), 8);
  EXPECT_EQ(asked_for_it(), 1);
}

TEST_F(GoogleIdentity, what_the_metadata_server_refuses_is_told_with_its_remedy) {
  struct Row {
    Answered answered;
    hw_status code;
    const char* part;
  };
  const std::vector<std::pair<std::string, std::string>> flavor{{"Metadata-Flavor", "Google"}};
  const std::vector<std::pair<std::string, std::string>> elsewhere{{"Metadata-Flavor", "Google"},
                                                                   {"Location", "https://evil.test/token"}};
  for (const auto& [answered, code, part] :
       {Row{{403, "Unable to generate access token ya29.x", flavor}, HW_DENIED, "iam.gke.io/gcp-service-account"},
        Row{{404, "", flavor}, HW_DENIED, "no service account"}, Row{{500, "", flavor}, HW_UNAVAILABLE, "answered 500"},
        Row{{429, "", flavor}, HW_THROTTLED, "slow down"}, Row{{302, "", elsewhere}, HW_DENIED, "answered 302"},
        Row{{200, "<html>ya29.x</html>", flavor}, HW_UNAVAILABLE, "without a usable token"},
        Row{{200, R"({"access_token":"ya29 with blanks"})", flavor}, HW_UNAVAILABLE, "without a usable token"},
        Row{{200, R"({"access_token":"ya29.x"})"}, HW_DENIED, "is not Google's metadata server"}}) {
    metadata_says(answered);
    const auto found = tags(use(settings), image);
    ASSERT_FALSE(found) << answered.status;
    EXPECT_EQ(found.failure().code, code) << found.failure().message;
    EXPECT_THAT(found.failure().message, AllOf(HasSubstr("registry us-docker.pkg.dev"), HasSubstr("at Google"),
                                               HasSubstr(clouds.metadata()), HasSubstr(part)));
    expect_no_secret(found.failure());
  }
  EXPECT_EQ(strangers(), 0);
}

TEST_F(GoogleIdentity, without_a_metadata_server_it_fails_at_once_and_is_not_asked_for_at_every_call) {
  environment.gce_metadata_host = "127.0.0.1:1";
  Client& client = use(settings);
  const auto since = std::chrono::steady_clock::now();
  const auto found = tags(client, image);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().code, HW_UNAVAILABLE);
  EXPECT_THAT(found.failure().message, AllOf(HasSubstr("http://127.0.0.1:1 gave no answer"), HasSubstr("NO_PROXY")));
  EXPECT_FALSE(tags(client, image));
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(2));
}

TEST_F(GoogleIdentity, a_metadata_server_that_is_slow_is_not_waited_for_until_the_calls_end) {
  metadata_says({200, "{}", {{"Metadata-Flavor", "Google"}}, std::chrono::seconds(30)});
  const auto since = std::chrono::steady_clock::now();
  const auto found = tags(use(settings), image);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().code, HW_UNAVAILABLE);
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(8));
}

TEST_F(GoogleIdentity, a_variable_that_names_no_host_is_refused) {
  for (const char* host : {"http://127.0.0.1", "127.0.0.1/path", "a b", "user@host"}) {
    environment.gce_metadata_host = host;
    const auto found = tags(use(settings), image);
    ASSERT_FALSE(found) << host;
    EXPECT_EQ(found.failure().code, HW_INVALID) << host;
    EXPECT_THAT(found.failure().message, HasSubstr("GCE_METADATA_HOST must be a host")) << host;
  }
}

TEST_F(GoogleIdentity, one_that_does_not_suffice_is_told_by_its_name) {
  clouds.answer([](const Asked& asked) {
    return asked.path == "/v2/token" ? std::optional<Answered>({403, "{}"}) : std::nullopt;
  });
  const auto found = tags(use(settings), image);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().code, HW_DENIED);
  EXPECT_THAT(found.failure().message,
              AllOf(HasSubstr("Headwind's own identity at Google"), HasSubstr("roles/artifactregistry.reader"),
                    testing::Not(HasSubstr("_json_key"))));
  expect_no_secret(found.failure());
}

}  // namespace
}  // namespace headwind::registries
