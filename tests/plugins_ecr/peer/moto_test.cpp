// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "plugin/world.hpp"
#include "testbed/moto.hpp"
#include "testbed/process.hpp"

namespace headwind::plugin {
namespace {

using testbed::Moto;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class Amazon : public World {
 protected:
  Amazon() : directory_(testbed::make_temporary_directory("ecr")) {
    // Who runs the tests may have an account of his own.
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
          "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT"})
      ::unsetenv(name);
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
  }
  ~Amazon() override { std::filesystem::remove_all(directory_); }
  void SetUp() override {
    auto started = Moto::start();
    ASSERT_TRUE(started) << started.error().message;
    moto = std::move(*started);
    moto->create_repository("team/app");
    start();
  }

  // The plugin with `members` of its settings, pointed to moto.
  Registry with(const std::string& members, std::map<std::string, std::string> secrets = {}) {
    const std::string name = "ecr" + std::to_string(++instances_);
    const auto made = create(name, "headwind.registry.ecr",
                             R"({"api_endpoint":")" + moto->url() + "\"," + members + "}", std::move(secrets));
    EXPECT_TRUE(made) << made.error().message;
    for (const Registry& registry : host->registries())
      if (registry.name() == name) return registry;
    throw std::runtime_error("the instance was not created");
  }
  Registry with_keys(const testbed::AwsKeys& keys) {
    return with(R"("access_key_id":")" + keys.id + R"(","secret_access_key_secret":"key")", {{"key", keys.secret}});
  }
  std::string file(const std::string& content) const {
    std::ofstream(directory_ / "token", std::ios::binary) << content;
    return (directory_ / "token").string();
  }

  std::unique_ptr<Moto> moto;
  const std::string repository = Moto::registry_host() + "/team/app";

 private:
  const std::filesystem::path directory_;
  int instances_ = 0;
};

TEST_F(Amazon, TagsDigestsAndTimesWithKeysOfTheSettings) {
  const std::string one = moto->put_image("team/app", "1.0.0"), two = moto->put_image("team/app", "1.1.0");
  const Registry ecr = with_keys(moto->keys());
  const auto tags = run(ecr.list_tags(repository));
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_THAT(tags->names, UnorderedElementsAre("1.0.0", "1.1.0"));
  EXPECT_THAT(tags->digests, UnorderedElementsAre(one, two));
  ASSERT_EQ(tags->pushed_ms.size(), 2u);
  EXPECT_GT(tags->pushed_ms[0], 1'700'000'000'000);
  const auto found = run(ecr.resolve(repository, "1.1.0"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, two);

  const auto missing = run(ecr.resolve(repository, "9.9.9"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  const auto unknown = run(ecr.list_tags(Moto::registry_host() + "/team/none"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::not_found);
  EXPECT_THAT(unknown.error().message, HasSubstr("RepositoryNotFoundException"));
}

TEST_F(Amazon, ASecretKeyThatDoesNotFitIsRefusedAndNotShown) {
  moto->put_image("team/app", "1.0.0");
  const auto tags = run(with_keys({moto->keys().id, "n0tTheSecretKey"}).list_tags(repository));
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, Code::denied);
  EXPECT_THAT(tags.error().message, Not(HasSubstr("n0tTheSecretKey")));
  const auto nobody = run(with_keys({"AKIANOBODY", "x"}).list_tags(repository));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Code::denied);
}

TEST_F(Amazon, AUserWithoutTheRightIsToldWhichActionItIs) {
  moto->query("iam", "Action=CreateUser&UserName=poor");
  const std::string answer = moto->query("iam", "Action=CreateAccessKey&UserName=poor");
  const auto element = [&](const std::string& name) {
    const auto from = answer.find("<" + name + ">") + name.size() + 2;
    return answer.substr(from, answer.find('<', from) - from);
  };
  const auto tags = run(with_keys({element("AccessKeyId"), element("SecretAccessKey")}).list_tags(repository));
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, Code::denied);
  EXPECT_THAT(tags.error().message, AllOf(HasSubstr("AccessDenied"), HasSubstr("ecr:DescribeImages")));
}

TEST_F(Amazon, ARoleByWebIdentityFromTheTokenService) {
  const std::string digest = moto->put_image("team/app", "1.0.0");
  const Registry ecr = with(R"("role_arn":")" + std::string(Moto::role) + R"(","web_identity_token_file":")" +
                            file("eyJhbGciOiJub25lIn0.e30.c2ln") + R"(","sts_endpoint":")" + moto->url() + "\"");
  moto->leave_unchecked(1);  // the request for the role's keys has no signature
  const auto found = run(ecr.resolve(repository, "1.0.0"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, digest);
  // The keys are kept: without a signature moto would not give others.
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(ecr.resolve(repository, "1.0.0")));
  EXPECT_THAT(moto->log(), Not(HasSubstr("169.254")));
}

TEST_F(Amazon, TheRoleOfAnInstanceFromItsMetadata) {
  const std::string digest = moto->put_image("team/app", "1.0.0");
  const Registry ecr = with(R"("imds_endpoint":")" + moto->url() + "\"");
  moto->leave_unchecked(1);  // moto's instance has keys that moto's IAM does not know
  const auto found = run(ecr.resolve(repository, "1.0.0"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, digest);
  EXPECT_THAT(moto->log(), AllOf(HasSubstr("PUT /latest/api/token"),
                                 HasSubstr("GET /latest/meta-data/iam/security-credentials/default-role")));
  const auto refused = run(ecr.resolve(repository, "1.0.0"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::denied);
}

TEST_F(Amazon, OneThatIsGoneIsUnavailable) {
  const Registry ecr = with_keys(moto->keys());
  moto->stop();
  const auto tags = run(ecr.list_tags(repository));
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, Code::unavailable);
  const auto silent = run(with(R"("imds_endpoint":")" + moto->url() + "\"").list_tags(repository));
  ASSERT_FALSE(silent);
  EXPECT_THAT(silent.error().message, HasSubstr("instance metadata service does not answer"));
}

}  // namespace
}  // namespace headwind::plugin
