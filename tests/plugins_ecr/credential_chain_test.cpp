// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/credential_chain.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "plugins_ecr/scripted_amazon.hpp"

namespace headwind::registries::ecr {
namespace {

using testing::HasSubstr;
using testing::Not;

using Variables = std::map<std::string, std::string, std::less<>>;

constexpr const char* metadata_keys =
    R"({"Code":"Success","AccessKeyId":"ASIAMETA","SecretAccessKey":"s3cr3t","Token":"t0k3n","Expiration":"2015-08-30T18:36:00Z"})";

std::string sts_answer(const std::string& expiration = "2015-08-30T13:36:00Z") {
  return "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
         "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s3cr3t</SecretAccessKey>"
         "<SessionToken>t0k3n</SessionToken><Expiration>" +
         expiration +
         "</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
}

class Chain : public testing::Test {
 protected:
  Chain()
      : directory_(
            std::filesystem::temp_directory_path() /
            ("ecr-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)) + "-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~Chain() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& content) const {
    const auto path = directory_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  CredentialChain& use(Variables variables, AwsSettings settings = {}) {
    chain_ = std::make_unique<CredentialChain>(
        std::move(settings), std::make_shared<const Environment>(Environment(std::move(variables))), "eu-west-1");
    return *chain_;
  }
  // What no error may hold.
  static void expect_no_secret(const Failure& failure) {
    for (const char* secret : {"s3cr3t", "t0k3n", "eyJ", "podtoken"})
      EXPECT_THAT(failure.message, Not(HasSubstr(secret)));
  }

  ScriptedAmazon amazon{[this](const Request& request) { return reply(request); }};
  std::function<Outcome<Response>(const Request&)> reply = [](const Request&) { return answer(404, ""); };

 private:
  const std::filesystem::path directory_;
  std::unique_ptr<CredentialChain> chain_;
};

// ---------------------------------------------------------------- order

TEST_F(Chain, TheFirstSourceThatIsSetIsTheOneAndTheOnlyOne) {
  AwsSettings keys;
  keys.access_key_id = "AKIASETTINGS", keys.secret_access_key_secret = "key";
  AwsSettings role;
  role.role_arn = "arn:aws:iam::1:role/own", role.web_identity_token_file = file("token", "eyJ.a.b\n");
  Variables all{{"AWS_ACCESS_KEY_ID", "AKIAENV"},
                {"AWS_SECRET_ACCESS_KEY", "s"},
                {"AWS_ROLE_ARN", "arn:aws:iam::1:role/env"},
                {"AWS_WEB_IDENTITY_TOKEN_FILE", role.web_identity_token_file},
                {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"}};
  amazon.secrets["key"] = "s";
  std::vector<std::string> asked;
  reply = [&](const Request& request) -> Outcome<Response> {
    asked.push_back(request.url);
    return answer(403, "");
  };
  EXPECT_EQ(use(all, keys).keys(amazon)->id, "AKIASETTINGS");
  EXPECT_EQ(use(all).keys(amazon)->id, "AKIAENV");
  EXPECT_TRUE(asked.empty());

  EXPECT_FALSE(use(all, role).keys(amazon));
  EXPECT_EQ(asked, std::vector<std::string>{"https://sts.eu-west-1.amazonaws.com/"});
  EXPECT_THAT(amazon.requests.back().body, HasSubstr("role%2Fown"));

  asked.clear();
  all.erase("AWS_ACCESS_KEY_ID");
  EXPECT_FALSE(use(all).keys(amazon));
  EXPECT_EQ(asked, std::vector<std::string>{"https://sts.eu-west-1.amazonaws.com/"});
  EXPECT_THAT(amazon.requests.back().body, HasSubstr("role%2Fenv"));

  asked.clear();
  all.erase("AWS_ROLE_ARN");
  EXPECT_FALSE(use(all).keys(amazon));
  EXPECT_EQ(asked, std::vector<std::string>{"http://169.254.170.23/v1/credentials"});

  asked.clear();
  all.erase("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  EXPECT_FALSE(use(all).keys(amazon));
  EXPECT_EQ(asked.front(), "http://169.254.169.254/latest/api/token");

  asked.clear();
  const auto none = use({{"AWS_EC2_METADATA_DISABLED", "TRUE"}}).keys(amazon);
  EXPECT_TRUE(asked.empty());
  EXPECT_EQ(none.failure().code, HW_DENIED);
  EXPECT_THAT(none.failure().message, HasSubstr("IRSA"));
}

TEST_F(Chain, SecretsOfTheSettingsAreReadForEachRequest) {
  AwsSettings settings;
  settings.access_key_id = "AKIA", settings.secret_access_key_secret = "key", settings.session_token_secret = "session";
  auto& chain = use({}, settings);
  amazon.secrets = {{"key", "one"}, {"session", "t"}};
  EXPECT_EQ(chain.keys(amazon)->secret, "one");
  amazon.secrets["key"] = "two";
  EXPECT_EQ(chain.keys(amazon)->secret, "two");
  EXPECT_EQ(chain.keys(amazon)->session_token, "t");
  amazon.secrets["key"] = "with line end\n";
  EXPECT_EQ(chain.keys(amazon).failure().code, HW_INVALID);
  EXPECT_THAT(chain.keys(amazon).failure().message, Not(HasSubstr("with line end")));
}

// ---------------------------------------------------------------- web identity

class Irsa : public Chain {
 protected:
  Irsa() {
    reply = [](const Request&) { return answer(200, sts_answer()); };
  }
  Variables variables() {
    return {{"AWS_ROLE_ARN", "arn:aws:iam::1:role/r"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", file("token", "eyJ.a+b/c=\n")}};
  }
};

TEST_F(Irsa, TheTokenIsSentUnsignedToTheRegionalService) {
  auto set = variables();
  set["AWS_REGION"] = "cn-north-1";
  set["AWS_ROLE_SESSION_NAME"] = "blue";
  const auto keys = use(set).keys(amazon);
  ASSERT_TRUE(keys) << keys.failure().message;
  EXPECT_EQ(keys->id, "ASIAROLE");
  EXPECT_EQ(keys->session_token, "t0k3n");
  const Request& request = amazon.requests.front();
  EXPECT_EQ(request.method + " " + request.url, "POST https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(request.body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&DurationSeconds=3600&RoleArn="
            "arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=blue&WebIdentityToken=eyJ.a%2Bb%2Fc%3D");
  EXPECT_EQ(sent(request, "Authorization"), "-");
}

TEST_F(Irsa, TheRegionAndTheEndpointOfTheSettingsComeFirst) {
  auto set = variables();
  set["AWS_REGION"] = "us-east-1";
  AwsSettings settings;
  settings.region = "eu-central-1";
  EXPECT_TRUE(use(set, settings).keys(amazon));
  EXPECT_EQ(amazon.requests.back().url, "https://sts.eu-central-1.amazonaws.com/");
  settings.sts_endpoint = "http://127.0.0.1:5000";
  EXPECT_TRUE(use(set, settings).keys(amazon));
  EXPECT_EQ(amazon.requests.back().url, "http://127.0.0.1:5000/");
}

TEST_F(Irsa, RenewedFiveMinutesAheadWithTheTokenThatIsThereThen) {
  auto& chain = use(variables());
  EXPECT_TRUE(chain.keys(amazon));
  amazon.pass(54 * 60);
  EXPECT_TRUE(chain.keys(amazon));
  EXPECT_EQ(amazon.requests.size(), 1u);
  file("token", "eyJ.second");
  amazon.pass(2 * 60);
  EXPECT_TRUE(chain.keys(amazon));
  ASSERT_EQ(amazon.requests.size(), 2u);
  EXPECT_THAT(amazon.requests[1].body, HasSubstr("WebIdentityToken=eyJ.second"));
}

TEST_F(Irsa, KeysThatHaveExpiredWhenTheyComeMakeNoLoop) {
  reply = [](const Request&) { return answer(200, sts_answer("2015-01-01T00:00:00Z")); };
  auto& chain = use(variables());
  for (int i = 0; i < 50; ++i) {
    const auto keys = chain.keys(amazon);
    ASSERT_TRUE(keys);
    EXPECT_FALSE(chain.refuse(*keys, amazon));
  }
  EXPECT_EQ(amazon.requests.size(), 1u);
}

TEST_F(Irsa, ErrorsNameTheRoleAndTheRemedy) {
  const auto error = [](const char* code) {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>" + std::string(code) +
           "</Code><Message>eyJ.a+b/c= is bad</Message></Error></ErrorResponse>";
  };
  struct Row {
    int status;
    std::string body;
    hw_status code;
    const char* part;
  };
  for (const auto& [status, body, code, part] :
       {Row{403, error("AccessDenied"), HW_DENIED, "trust policy"},
        Row{400, error("InvalidIdentityToken"), HW_DENIED, "OIDC provider"},
        Row{400, error("ExpiredTokenException"), HW_DENIED, "clock"},
        Row{400, error("IDPCommunicationError"), HW_UNAVAILABLE, "IDPCommunicationError"},
        Row{400, error("Throttling"), HW_THROTTLED, "Throttling"}, Row{503, "<html>", HW_UNAVAILABLE, "503"},
        Row{200, "<html>", HW_UNAVAILABLE, "usable keys"}}) {
    reply = [&](const Request&) { return answer(status, body); };
    const auto keys = use(variables()).keys(amazon);
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.failure().code, code) << status << body;
    EXPECT_THAT(keys.failure().message, HasSubstr(part));
    expect_no_secret(keys.failure());
  }
  reply = [](const Request&) -> Outcome<Response> { return Failure{HW_UNAVAILABLE, "reset", 0}; };
  EXPECT_EQ(use(variables()).keys(amazon).failure().code, HW_UNAVAILABLE);
}

TEST_F(Irsa, ATokenFileThatCannotBeUsedIsNamed) {
  auto set = variables();
  for (const auto& [path, part] : {std::pair{std::string("/nowhere/token"), "cannot be opened"},
                                   {file("empty", " \n"), "is empty"},
                                   {file("long", std::string(20'000, 'x')), "longer"},
                                   {file("odd", "a b"), "control characters"}}) {
    set["AWS_WEB_IDENTITY_TOKEN_FILE"] = path;
    const auto keys = use(set).keys(amazon);
    ASSERT_FALSE(keys);
    EXPECT_THAT(keys.failure().message, testing::AllOf(HasSubstr(path), HasSubstr(part)));
  }
  EXPECT_TRUE(amazon.requests.empty());
}

TEST_F(Chain, ARoleOfTheSettingsWithoutATokenIsAMistake) {
  AwsSettings settings;
  settings.role_arn = "arn:aws:iam::1:role/r";
  EXPECT_EQ(use({}, settings).keys(amazon).failure().code, HW_INVALID);
  EXPECT_TRUE(amazon.requests.empty());
}

// ---------------------------------------------------------------- container

TEST_F(Chain, PodIdentityIsAskedWithTheTokenOfItsFile) {
  reply = [](const Request&) { return answer(200, metadata_keys); };
  Variables set{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
                {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file("pod", "podtoken\n")},
                {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "unused"}};
  const auto keys = use(set).keys(amazon);
  ASSERT_TRUE(keys) << keys.failure().message;
  EXPECT_EQ(keys->id, "ASIAMETA");
  EXPECT_EQ(amazon.requests[0].url, "http://169.254.170.23/v1/credentials");
  EXPECT_EQ(sent(amazon.requests[0], "Authorization"), "podtoken");

  set.erase("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  set["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
  EXPECT_TRUE(use(set).keys(amazon));
  EXPECT_EQ(amazon.requests[1].url, "http://169.254.170.2/v2/credentials/x");
  EXPECT_EQ(sent(amazon.requests[1], "Authorization"), "unused");
}

TEST_F(Chain, PlainHttpGoesOnlyToTheContainersNeighbours) {
  reply = [](const Request&) { return answer(200, metadata_keys); };
  for (const char* url :
       {"http://127.0.0.1:5000/x", "http://127.9.9.9/x", "http://localhost/x", "http://[::1]/x",
        "http://169.254.170.2/x", "http://169.254.170.23/x", "http://[fd00:ec2::23]/x", "https://vault.example.com/x"})
    EXPECT_TRUE(use({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}).keys(amazon)) << url;
  const auto asked = amazon.requests.size();
  for (const char* url : {"http://vault.example.com/x", "http://169.254.169.254/x", "http://10.0.0.1/x",
                          "http://127.evil.test/x", "http://169.254.170.23.evil.test/x", "ftp://127.0.0.1/x", "x"})
    EXPECT_FALSE(use({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}).keys(amazon)) << url;
  EXPECT_FALSE(use({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.test/x"}}).keys(amazon));
  EXPECT_FALSE(use({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x"},
                    {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "podtoken\r\nX-Evil: 1"}})
                   .keys(amazon));
  EXPECT_EQ(amazon.requests.size(), asked);
}

TEST_F(Chain, ASilentContainerServiceIsAskedThreeTimesForASecondEach) {
  reply = [](const Request&) -> Outcome<Response> { return Failure{HW_UNAVAILABLE, "no answer", 0}; };
  const Variables set{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x"}};
  EXPECT_EQ(use(set).keys(amazon).failure().code, HW_UNAVAILABLE);
  EXPECT_EQ(amazon.patience, (std::vector<std::int64_t>{1000, 1000, 1000}));
  reply = [](const Request&) { return answer(403, R"({"Code":"AccessDenied","Message":"podtoken"})"); };
  const auto denied = use(set).keys(amazon);
  EXPECT_EQ(denied.failure().code, HW_DENIED);
  expect_no_secret(denied.failure());
  EXPECT_EQ(amazon.requests.size(), 4u);
}

// ---------------------------------------------------------------- instance metadata

class Metadata : public Chain {
 protected:
  Outcome<Response> serve(const Request& request) {
    const auto path = request.url.substr(request.url.find('/', 8));
    if (request.method == "PUT") {
      if (put_status == 0) return Failure{HW_UNAVAILABLE, "no answer", 0};
      return answer(put_status, put_status == 200 ? "session" + std::to_string(++sessions) : "");
    }
    const auto token = sent(request, "X-aws-ec2-metadata-token");
    if (token == "session1" && ended) return answer(401, "");
    if (token == "-" && v2_only) return answer(401, "");
    if (path == "/latest/meta-data/iam/security-credentials/") return answer(role_status, role);
    if (path == "/latest/meta-data/iam/security-credentials/node-role") return answer(200, metadata_keys);
    return answer(404, "");
  }
  Metadata() {
    reply = [this](const Request& request) { return serve(request); };
  }
  int put_status = 200, role_status = 200, sessions = 0;
  bool ended = false, v2_only = true;
  std::string role = "node-role";
};

TEST_F(Metadata, VersionTwoGivesTheKeysOfTheInstancesRole) {
  const auto keys = use({}).keys(amazon);
  ASSERT_TRUE(keys) << keys.failure().message;
  EXPECT_EQ(keys->id, "ASIAMETA");
  ASSERT_EQ(amazon.requests.size(), 3u);
  EXPECT_EQ(amazon.requests[0].method + " " + amazon.requests[0].url, "PUT http://169.254.169.254/latest/api/token");
  EXPECT_EQ(sent(amazon.requests[0], "X-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(sent(amazon.requests[2], "X-aws-ec2-metadata-token"), "session1");
  EXPECT_EQ(amazon.patience.size(), 3u);
}

TEST_F(Metadata, TheEndpointMayBeSet) {
  AwsSettings settings;
  settings.imds_endpoint = "http://127.0.0.1:5000";
  EXPECT_TRUE(use({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://unused"}}, settings).keys(amazon));
  EXPECT_THAT(amazon.requests.back().url, HasSubstr("http://127.0.0.1:5000/latest/"));
  EXPECT_TRUE(use({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[fd00:ec2::254]/"}}).keys(amazon));
  EXPECT_THAT(amazon.requests.back().url, HasSubstr("http://[fd00:ec2::254]/latest/"));
}

TEST_F(Metadata, ASessionThatHasEndedIsOpenedAgainOnce) {
  ended = true;
  EXPECT_TRUE(use({}).keys(amazon));
  EXPECT_EQ(sessions, 2);
  reply = [this](const Request& request) -> Outcome<Response> {
    return request.method == "PUT" ? serve(request) : answer(401, "");
  };
  EXPECT_FALSE(use({}).keys(amazon));
  EXPECT_EQ(sessions, 4);
}

TEST_F(Metadata, VersionOneOnlyWhereTwoIsUnknownAndOneIsAllowed) {
  v2_only = false;
  for (const int status : {403, 404, 405}) {
    put_status = status;
    EXPECT_TRUE(use({}).keys(amazon)) << status;
    EXPECT_EQ(sent(amazon.requests.back(), "X-aws-ec2-metadata-token"), "-");
    const auto disabled = use({{"AWS_EC2_METADATA_V1_DISABLED", "true"}}).keys(amazon);
    EXPECT_EQ(disabled.failure().code, HW_DENIED) << status;
  }
  for (const int status : {0, 400, 500}) {
    put_status = status;
    const auto before = amazon.requests.size();
    const auto keys = use({}).keys(amazon);
    EXPECT_EQ(keys.failure().code, HW_DENIED) << status;
    EXPECT_THAT(keys.failure().message, HasSubstr("hop limit"));
    EXPECT_EQ(amazon.requests.size(), before + 1) << status;
  }
}

TEST_F(Metadata, AnInstanceWithoutARoleOrWithAnOddOneIsToldApart) {
  role_status = 404;
  EXPECT_THAT(use({}).keys(amazon).failure().message, HasSubstr("no role"));
  role_status = 200;
  for (const char* odd : {"", "../../latest/user-data", "a b", "<html>"}) {
    role = odd;
    const auto before = amazon.requests.size();
    EXPECT_FALSE(use({}).keys(amazon)) << odd;
    EXPECT_EQ(amazon.requests.size(), before + 2) << odd;
  }
}

}  // namespace
}  // namespace headwind::registries::ecr
