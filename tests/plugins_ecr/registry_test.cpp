// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/registry.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "plugins_ecr/scripted_amazon.hpp"
#include "registries/core/digest.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const std::string oci = "https://" + host + "/v2/";
const std::string first = "sha256:" + std::string(64, 'a'), second = "sha256:" + std::string(64, 'b');

json image(const std::string& digest, const std::vector<std::string>& tags, double pushed = 1.7e9) {
  return {{"registryId", "123456789012"}, {"repositoryName", "team/app"},
          {"imageDigest", digest},        {"imageTags", tags},
          {"imagePushedAt", pushed},      {"imageManifestMediaType", "application/vnd.oci.image.index.v1+json"}};
}
Response error(const std::string& type) { return answer(400, json{{"__type", type}}.dump()); }

class Ecr : public testing::Test {
 protected:
  Ecr() { configure("{}"); }
  void configure(const std::string& settings) {
    auto parsed = EcrSettings::parse(settings);
    ASSERT_TRUE(parsed) << parsed.failure().message;
    registry = std::make_unique<EcrRegistry>(
        std::move(*parsed), Environment({{"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", "s3cr3t"}}));
  }
  Outcome<Response> serve(const Request& request) {
    if (request.method != "POST") return registry_side(request);
    const auto target = sent(request, "X-Amz-Target");
    operations.push_back(target.substr(target.find('.') + 1));
    if (operations.back() == "GetAuthorizationToken") return answer(200, login);
    return api(operations.back(), json::parse(request.body));
  }
  Failure list(const std::string& name = host + "/team/app") {
    listed = {};
    const auto count = registry->list_tags(*parse_repository(name), amazon, [&](const TagRows& page) {
      listed.names.insert(listed.names.end(), page.names.begin(), page.names.end());
      listed.digests.insert(listed.digests.end(), page.digests.begin(), page.digests.end());
      listed.pushed_ms.insert(listed.pushed_ms.end(), page.pushed_ms.begin(), page.pushed_ms.end());
      return stop;
    });
    return count ? Failure{HW_OK, "", 0} : count.failure();
  }
  Outcome<Artifact> resolve(const std::string& tag, const std::string& name = host + "/team/app") {
    return registry->resolve(*parse_repository(name), tag, amazon);
  }
  Outcome<std::vector<std::string>> platforms(const std::string& digest) {
    return registry->platforms(*parse_repository(host + "/team/app"), digest, amazon);
  }

  std::function<Response(const std::string&, const json&)> api = [](const auto&, const auto&) {
    return error("RepositoryNotFoundException");
  };
  std::function<Response(const Request&)> registry_side = [](const Request&) { return answer(404, ""); };
  // "AWS:s3cr3t", for twelve hours
  std::string login =
      R"({"authorizationData":[{"authorizationToken":"QVdTOnMzY3IzdA==","expiresAt":1440981360.5,"proxyEndpoint":"x"}]})";
  ScriptedAmazon amazon{[this](const Request& request) { return serve(request); }};
  std::unique_ptr<EcrRegistry> registry;
  std::vector<std::string> operations;
  TagRows listed;
  hw_status stop = HW_OK;
};

// ---------------------------------------------------------------- tags

TEST_F(Ecr, TagsComePageByPageWithDigestsAndTheImagesTimes) {
  std::vector<json> asked;
  api = [&](const std::string&, const json& arguments) {
    asked.push_back(arguments);
    if (!arguments.contains("nextToken"))
      return answer(
          200, json{{"imageDetails", {image(first, {"1.0.0", "latest"}, 1700000000.25)}}, {"nextToken", "opaque/+="}}
                   .dump());
    return answer(200, json{{"imageDetails", {image(second, {"1.1.0"})}}, {"nextToken", nullptr}}.dump());
  };
  EXPECT_EQ(list().code, HW_OK);
  EXPECT_THAT(listed.names, ElementsAre("1.0.0", "latest", "1.1.0"));
  EXPECT_THAT(listed.digests, ElementsAre(first, first, second));
  EXPECT_THAT(listed.pushed_ms, ElementsAre(1700000000250, 1700000000250, 1700000000000));
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0], json::parse(R"({"registryId":"123456789012","repositoryName":"team/app","maxResults":1000,
                                      "filter":{"tagStatus":"TAGGED"}})"));
  EXPECT_EQ(asked[1]["nextToken"], "opaque/+=");
}

TEST_F(Ecr, APageChainThatRepeatsItselfIsBroken) {
  api = [](const std::string&, const json&) {
    return answer(200, json{{"imageDetails", {image(first, {"1.0.0"})}}, {"nextToken", "again"}}.dump());
  };
  const auto failure = list();
  EXPECT_EQ(failure.code, HW_INVALID);
  EXPECT_THAT(failure.message, HasSubstr("repeats pages"));
  EXPECT_EQ(amazon.requests.size(), 2u);
}

TEST_F(Ecr, ThePagesHaveAnEnd) {
  int page = 0;
  api = [&](const std::string&, const json&) {
    return answer(200, json{{"imageDetails", json::array()}, {"nextToken", std::to_string(++page)}}.dump());
  };
  const auto failure = list();
  EXPECT_EQ(failure.code, HW_INVALID);
  EXPECT_THAT(failure.message, HasSubstr("too many pages"));
  EXPECT_EQ(page, 2000);
}

TEST_F(Ecr, AListThatBreaksInItsMiddleIsNoList) {
  api = [](const std::string&, const json& arguments) {
    if (arguments.contains("nextToken")) return error("ServerException");
    return answer(200, json{{"imageDetails", {image(first, {"1.0.0"})}}, {"nextToken", "n"}}.dump());
  };
  EXPECT_EQ(list().code, HW_UNAVAILABLE);
  api = [](const std::string&, const json&) { return answer(200, "{}"); };
  EXPECT_EQ(list().code, HW_INVALID) << "no outage";
}

TEST_F(Ecr, OddRowsRepeatedTagsAndArchivedImagesAreLeftOut) {
  auto archived = image(second, {"0.9.0"});
  archived["imageStatus"] = "ARCHIVED";
  auto untagged = image(second, {});
  untagged.erase("imageTags");
  api = [&](const std::string&, const json&) {
    return answer(200, json{{"imageDetails",
                             {image(first, {"1.0.0", "1.0.0", "not a tag"}), image("sha256:short", {"2.0.0"}), archived,
                              untagged, 7, nullptr, json{{"imageTags", {"3.0.0"}}}}}}
                           .dump());
  };
  EXPECT_EQ(list().code, HW_OK);
  EXPECT_THAT(listed.names, ElementsAre("1.0.0"));
}

TEST_F(Ecr, AnEmptyRepositoryHasNoTagsAndAMissingOneIsNotFound) {
  api = [](const std::string&, const json&) { return answer(200, R"({"imageDetails":[]})"); };
  EXPECT_EQ(list().code, HW_OK);
  EXPECT_THAT(listed.names, IsEmpty());
  api = [](const std::string&, const json&) { return error("RepositoryNotFoundException"); };
  EXPECT_EQ(list().code, HW_NOT_FOUND);
  EXPECT_THAT(operations, ElementsAre("DescribeImages", "DescribeImages"));
}

TEST_F(Ecr, TheHostMayStopReading) {
  api = [](const std::string&, const json&) {
    return answer(200, json{{"imageDetails", {image(first, {"1.0.0"})}}, {"nextToken", "n"}}.dump());
  };
  stop = HW_CANCELLED;
  EXPECT_EQ(list().code, HW_CANCELLED);
  EXPECT_EQ(amazon.requests.size(), 1u);
}

// ---------------------------------------------------------------- digests

TEST_F(Ecr, ATagIsResolvedWithOneCall) {
  json asked;
  api = [&](const std::string&, const json& arguments) {
    asked = arguments;
    return answer(200, json{{"imageDetails", {image(first, {"1.0.0", "latest"})}}}.dump());
  };
  const auto found = resolve("latest");
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(found->digest, first);
  EXPECT_EQ(found->media_type, "application/vnd.oci.image.index.v1+json");
  EXPECT_EQ(asked["imageIds"], json::parse(R"([{"imageTag":"latest"}])"));
  EXPECT_FALSE(asked.contains("maxResults"));  // Amazon refuses both together
  EXPECT_THAT(operations, ElementsAre("DescribeImages"));
}

TEST_F(Ecr, WhatIsMissingIsNotFound) {
  for (const char* type : {"ImageNotFoundException", "RepositoryNotFoundException"}) {
    api = [&](const std::string&, const json&) { return error(type); };
    EXPECT_EQ(resolve("9.9.9").failure().code, HW_NOT_FOUND) << type;
  }
  auto archived = image(first, {"1.0.0"});
  archived["imageStatus"] = "ARCHIVED";
  api = [&](const std::string&, const json&) { return answer(200, json{{"imageDetails", {archived}}}.dump()); };
  EXPECT_EQ(resolve("1.0.0").failure().code, HW_NOT_FOUND);
  EXPECT_EQ(resolve("not a tag").failure().code, HW_INVALID);
}

TEST_F(Ecr, ImagesOfOthersAreNotServed) {
  EXPECT_EQ(resolve("1", "ghcr.io/org/app").failure().code, HW_UNSUPPORTED);
  EXPECT_EQ(list("nginx").code, HW_UNSUPPORTED);
  EXPECT_THAT(amazon.requests, IsEmpty());
}

TEST_F(Ecr, EachHostIsAskedAtItsOwnApiUnlessTheSettingsNameAnother) {
  const std::string china = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn";
  configure(R"({"hosts":{")" + host + R"(":{"api_endpoint":"https://vpce-1.api.ecr.eu-west-1.vpce.amazonaws.com/"}}})");
  EXPECT_EQ(resolve("1", china + "/a").failure().code, HW_NOT_FOUND);
  EXPECT_EQ(resolve("1").failure().code, HW_NOT_FOUND);
  ASSERT_EQ(amazon.requests.size(), 2u);
  EXPECT_EQ(amazon.requests[0].url, "https://api.ecr.cn-north-1.amazonaws.com.cn/");
  EXPECT_THAT(sent(amazon.requests[0], "Authorization"), HasSubstr("/cn-north-1/ecr/"));
  EXPECT_EQ(amazon.requests[1].url, "https://vpce-1.api.ecr.eu-west-1.vpce.amazonaws.com/");
}

// ---------------------------------------------------------------- platforms

Response manifest(const std::string& content) {
  return answer(200, json{{"images", {{{"imageManifest", content}}}}, {"failures", json::array()}}.dump());
}

const std::string index_of_two = [] {
  const auto child = [](const std::string& digest, json platform) {
    return json{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                {"digest", digest},
                {"size", 2},
                {"platform", std::move(platform)}};
  };
  return json{{"schemaVersion", 2},
              {"mediaType", "application/vnd.oci.image.index.v1+json"},
              {"manifests",
               {child(first, {{"os", "linux"}, {"architecture", "amd64"}}),
                child(second, {{"os", "linux"}, {"architecture", "arm64"}, {"variant", "v8"}}),
                child(second, {{"os", "unknown"}, {"architecture", "unknown"}})}}}
      .dump();
}();

TEST_F(Ecr, AnIndexTellsItsPlatformsWithOneCall) {
  json asked;
  api = [&](const std::string&, const json& arguments) {
    asked = arguments;
    return manifest(index_of_two);
  };
  const auto found = platforms(sha256_digest(index_of_two));
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_THAT(*found, ElementsAre("linux/amd64", "linux/arm64"));
  EXPECT_THAT(operations, ElementsAre("BatchGetImage"));
  EXPECT_EQ(asked["imageIds"][0], (json{{"imageDigest", sha256_digest(index_of_two)}}));
  EXPECT_EQ(asked["acceptedMediaTypes"].size(), 4u);
  EXPECT_THAT(platforms(first).failure().message, HasSubstr("another content"));
}

TEST_F(Ecr, ATagIsResolvedForAPlatform) {
  api = [&](const std::string& operation, const json&) {
    if (operation == "BatchGetImage") return manifest(index_of_two);
    return answer(200, json{{"imageDetails", {image(sha256_digest(index_of_two), {"1"})}}}.dump());
  };
  const auto repository = *parse_repository(host + "/team/app");
  EXPECT_EQ(registry->resolve(repository, "1", amazon, "linux/arm64")->digest, second);
  EXPECT_EQ(registry->resolve(repository, "1", amazon, "linux/s390x").failure().code, HW_NOT_FOUND);
  EXPECT_EQ(registry->resolve(repository, "1", amazon, "mars").failure().code, HW_INVALID);
}

class SingleImage : public Ecr {
 protected:
  SingleImage() {
    api = [this](const std::string& operation, const json&) {
      return operation == "BatchGetImage" ? manifest(content()) : answer(200, json{{"downloadUrl", url}}.dump());
    };
    registry_side = [this](const Request&) { return answer(status, blob); };
  }
  std::string content() const {
    return json{{"schemaVersion", 2},
                {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                {"config", {{"mediaType", config_type}, {"digest", sha256_digest(config)}, {"size", config.size()}}},
                {"layers", json::array()}}
        .dump();
  }
  Outcome<std::vector<std::string>> ask() { return platforms(sha256_digest(content())); }

  std::string config = R"({"os":"linux","architecture":"arm","variant":"v6"})", blob = config;
  std::string config_type = "application/vnd.oci.image.config.v1+json";
  std::string url = "https://layers.s3.eu-west-1.amazonaws.com/x?X-Amz-Signature=s3cr3t";
  int status = 200;
};

TEST_F(SingleImage, TellsItsPlatformByItsConfig) {
  const auto found = ask();
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_THAT(*found, ElementsAre("linux/arm/v6"));
  EXPECT_THAT(operations, ElementsAre("BatchGetImage", "GetDownloadUrlForLayer"));
  EXPECT_EQ(amazon.requests.back().url, url);
  EXPECT_EQ(sent(amazon.requests.back(), "Authorization"), "-");
}

TEST_F(SingleImage, WhatTheStoreSaysIsNotBelievedUnseen) {
  blob = R"({"os":"linux","architecture":"amd64"})";
  EXPECT_THAT(ask().failure().message, HasSubstr("another content"));
  status = 403;
  EXPECT_THAT(ask().failure().message, AllOf(HasSubstr("403"), Not(HasSubstr("s3cr3t"))));
  EXPECT_EQ(ask().failure().code, HW_UNAVAILABLE) << "of an image, where the host would take HW_INVALID for good";
  const auto asked = amazon.requests.size();
  for (const char* elsewhere : {"http://layers.s3.amazonaws.com/x", "https://169.254.169.254/x", "https://localhost/x",
                                "file:///etc/passwd", ""}) {
    url = elsewhere;
    EXPECT_EQ(ask().failure().code, HW_UNAVAILABLE) << elsewhere;
  }
  EXPECT_EQ(amazon.requests.size(), asked + 10);  // the API only
}

TEST_F(SingleImage, AChartHasNoPlatforms) {
  config_type = "application/vnd.cncf.helm.config.v1+json";
  EXPECT_THAT(*ask(), IsEmpty());
  EXPECT_THAT(operations, ElementsAre("BatchGetImage"));
}

TEST_F(Ecr, AnImageThatIsMissingOrNoManifestIsToldApart) {
  api = [](const std::string&, const json&) {
    return answer(200, R"({"images":[],"failures":[{"failureCode":"ImageNotFound"}]})");
  };
  EXPECT_EQ(platforms(first).failure().code, HW_NOT_FOUND);
  api = [](const std::string&, const json&) { return manifest("<xml>"); };
  EXPECT_EQ(platforms(sha256_digest("<xml>")).failure().code, HW_UNAVAILABLE);
  EXPECT_EQ(platforms("sha256:x").failure().code, HW_INVALID);
}

// ---------------------------------------------------------------- the OCI side

// Amazon's /v2/: wants Basic, and knows one image.
class OciSide : public Ecr {
 protected:
  OciSide() {
    registry_side = [this](const Request& request) -> Response {
      const auto authorization = sent(request, "Authorization");
      if (authorization != accepted)
        return {401, {{"WWW-Authenticate", "Basic realm=\"https://" + host + "/\",service=\"ecr.amazonaws.com\""}}, ""};
      if (request.url.find("/manifests/") != std::string::npos)
        return {
            200, {{"Docker-Content-Digest", first}, {"Content-Type", "application/vnd.oci.image.index.v1+json"}}, ""};
      return {200, {{"Content-Type", "application/json"}}, R"({"name":"x","tags":["1.0.0"]})"};
    };
  }
  std::string accepted = "Basic QVdTOnMzY3IzdA==";  // AWS:s3cr3t
};

TEST_F(OciSide, ACallWithAPullCredentialUsesNoOther) {
  amazon.pull = Credential{"secret a", "AWS", "s3cr3t", {}, {}};
  EXPECT_EQ(list().code, HW_OK);
  EXPECT_THAT(listed.names, ElementsAre("1.0.0"));
  const auto found = resolve("1.0.0");
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(found->digest, first);
  EXPECT_THAT(operations, IsEmpty());
  for (const auto& request : amazon.requests) EXPECT_TRUE(request.url.starts_with(oci)) << request.url;
  amazon.pull->password = "wrong", amazon.pull->identity = "secret b";
  EXPECT_EQ(resolve("1.0.0").failure().code, HW_DENIED);
  EXPECT_THAT(operations, IsEmpty());
}

TEST_F(OciSide, AnAccountOfTheSettingsIsUsedThere) {
  configure(R"({"hosts":{")" + host + R"(":{"username":"AWS","password_secret":"pw"}}})");
  amazon.secrets["pw"] = "s3cr3t";
  EXPECT_TRUE(resolve("1.0.0"));
  EXPECT_THAT(operations, IsEmpty());
}

TEST_F(OciSide, APullThroughCacheIsFilledWhereItsPrefixIsSet) {
  const std::string cached = host + "/docker-hub/library/nginx";
  EXPECT_EQ(resolve("1.0.0", cached).failure().code, HW_NOT_FOUND);
  EXPECT_THAT(operations, ElementsAre("DescribeImages"));
  configure(R"({"pull_through":["docker-hub/"]})");
  operations.clear();
  const auto found = resolve("1.0.0", cached);
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(found->digest, first);
  EXPECT_THAT(operations, ElementsAre("DescribeImages", "GetAuthorizationToken"));
  EXPECT_EQ(list(cached).code, HW_OK);
  EXPECT_THAT(listed.names, ElementsAre("1.0.0"));
  EXPECT_EQ(resolve("1.0.0").failure().code, HW_NOT_FOUND);  // team/app is no cache
  EXPECT_EQ(std::count(operations.begin(), operations.end(), "GetAuthorizationToken"), 1);
}

TEST_F(OciSide, TheLoginIsRenewedAtHalfOfItsLife) {
  configure(R"({"pull_through":[""]})");
  const auto logins = [&] { return std::count(operations.begin(), operations.end(), "GetAuthorizationToken"); };
  EXPECT_TRUE(resolve("1.0.0"));
  amazon.pass(5 * 3600);
  EXPECT_TRUE(resolve("1.0.0"));
  EXPECT_EQ(logins(), 1);
  amazon.pass(2 * 3600);
  EXPECT_TRUE(resolve("1.0.0"));
  EXPECT_EQ(logins(), 2);
}

TEST_F(OciSide, ALoginThatIsRefusedIsReplacedAtTheNextCall) {
  configure(R"({"pull_through":[""]})");
  EXPECT_TRUE(resolve("1.0.0"));
  amazon.pass(120);
  accepted = "Basic QVdTOm5ldw==";  // AWS:new
  login = R"({"authorizationData":[{"authorizationToken":"QVdTOm5ldw==","expiresAt":1440981360}]})";
  EXPECT_EQ(resolve("1.0.0").failure().code, HW_DENIED);
  EXPECT_TRUE(resolve("1.0.0"));
}

TEST_F(OciSide, ALoginThatHasExpiredWhenItComesIsAskedOnce) {
  configure(R"({"pull_through":[""]})");
  login = R"({"authorizationData":[{"authorizationToken":"QVdTOnMzY3IzdA==","expiresAt":1420070400}]})";
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(resolve("1.0.0"));
  EXPECT_EQ(std::count(operations.begin(), operations.end(), "GetAuthorizationToken"), 1);
}

TEST_F(OciSide, ThePublicRegistryIsReadAsNobodyUnlessALoginIsSet) {
  accepted = "-";
  const std::string name = "public.ecr.aws/docker/library/alpine";
  EXPECT_TRUE(resolve("3", name));
  EXPECT_EQ(list(name).code, HW_OK);
  EXPECT_THAT(operations, IsEmpty());
  EXPECT_TRUE(amazon.requests[0].url.starts_with("https://public.ecr.aws/v2/docker/library/alpine/"));

  configure(R"({"public_login":true})");
  accepted = "Basic QVdTOnMzY3IzdA==";
  login = R"({"authorizationData":{"authorizationToken":"QVdTOnMzY3IzdA==","expiresAt":1440981360}})";
  amazon.requests.clear();
  const auto found = resolve("3", name);
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(amazon.requests[0].url, "https://api.ecr-public.us-east-1.amazonaws.com/");
  EXPECT_EQ(sent(amazon.requests[0], "X-Amz-Target"), "SpencerFrontendService.GetAuthorizationToken");
}

TEST_F(OciSide, APasswordThatCannotBeReadIsNoLogin) {
  configure(R"({"pull_through":[""]})");
  for (const char* token : {"", "!!!!", "QVdT", "OnM=", "QVdTOg=="}) {  // none, no base64, "AWS", ":s", "AWS:"
    login = json{{"authorizationData", {{{"authorizationToken", token}}}}}.dump();
    EXPECT_EQ(resolve("1.0.0").failure().code, HW_UNAVAILABLE) << token;
    amazon.pass(11);
  }
}

}  // namespace
}  // namespace headwind::registries::ecr
