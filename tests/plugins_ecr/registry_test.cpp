// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/registry.hpp"

#include <gmock/gmock.h>

#include "plugins_ecr/scripted_amazon.hpp"
#include "registries/core/json_text.hpp"
#include "registries/ecr/sigv4.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;
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
    const auto count = registry->list_tags(*parse_repository(name), amazon, [&](const TagPage& page) {
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
  Outcome<std::vector<std::string>> platforms(const std::string& digest = first) {
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
  TagPage listed;
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
  EXPECT_EQ(failure.code, HW_UNAVAILABLE);
  EXPECT_THAT(failure.message, HasSubstr("repeats pages"));
  EXPECT_EQ(amazon.requests.size(), 2u);
}

TEST_F(Ecr, ThePagesHaveAnEnd) {
  int page = 0;
  api = [&](const std::string&, const json&) {
    return answer(200, json{{"imageDetails", json::array()}, {"nextToken", std::to_string(++page)}}.dump());
  };
  EXPECT_THAT(list().message, HasSubstr("too many pages"));
  EXPECT_EQ(page, 2000);
}

TEST_F(Ecr, AListThatBreaksInItsMiddleIsNoList) {
  api = [](const std::string&, const json& arguments) {
    if (arguments.contains("nextToken")) return error("ServerException");
    return answer(200, json{{"imageDetails", {image(first, {"1.0.0"})}}, {"nextToken", "n"}}.dump());
  };
  EXPECT_EQ(list().code, HW_UNAVAILABLE);
  api = [](const std::string&, const json&) { return answer(200, "{}"); };
  EXPECT_EQ(list().code, HW_UNAVAILABLE);
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

Response manifest(const json& content) {
  return answer(200, json{{"images", {{{"imageManifest", content.dump()}}}}, {"failures", json::array()}}.dump());
}

TEST_F(Ecr, AnIndexTellsItsPlatformsWithOneCall) {
  json asked;
  api = [&](const std::string&, const json& arguments) {
    asked = arguments;
    const auto child = [](const char* os, const char* architecture) {
      return json{{"digest", second}, {"platform", {{"os", os}, {"architecture", architecture}}}};
    };
    auto arm = child("linux", "arm64");
    arm["platform"]["variant"] = "v8";
    return manifest(
        {{"manifests", {child("linux", "amd64"), arm, child("unknown", "unknown"), json{{"digest", "x"}}}}});
  };
  const auto found = platforms();
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_THAT(*found, ElementsAre("linux/amd64", "linux/arm64/v8"));
  EXPECT_THAT(operations, ElementsAre("BatchGetImage"));
  EXPECT_EQ(asked["imageIds"], json::parse(R"([{"imageDigest":")" + first + R"("}])"));
  EXPECT_EQ(asked["acceptedMediaTypes"].size(), 4u);
}

class SingleImage : public Ecr {
 protected:
  SingleImage() {
    api = [this](const std::string& operation, const json&) {
      if (operation == "BatchGetImage")
        return manifest({{"config",
                          {{"mediaType", "application/vnd.oci.image.config.v1+json"},
                           {"digest", "sha256:" + sha256_hex(config)}}}});
      return answer(200, json{{"downloadUrl", url}}.dump());
    };
    registry_side = [this](const Request&) { return answer(status, blob); };
  }
  std::string config = R"({"os":"linux","architecture":"arm64","variant":"v8"})", blob = config;
  std::string url = "https://layers.s3.eu-west-1.amazonaws.com/x?X-Amz-Signature=s3cr3t";
  int status = 200;
};

TEST_F(SingleImage, TellsItsPlatformByItsConfig) {
  const auto found = platforms();
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_THAT(*found, ElementsAre("linux/arm64/v8"));
  EXPECT_THAT(operations, ElementsAre("BatchGetImage", "GetDownloadUrlForLayer"));
  EXPECT_EQ(amazon.requests.back().url, url);
  EXPECT_EQ(sent(amazon.requests.back(), "Authorization"), "-");
}

TEST_F(SingleImage, WhatTheStoreSaysIsNotBelievedUnseen) {
  blob = R"({"os":"linux","architecture":"amd64"})";
  EXPECT_THAT(platforms().failure().message, HasSubstr("other bytes"));
  status = 403;
  EXPECT_THAT(platforms().failure().message, Not(HasSubstr("s3cr3t")));
  const auto asked = amazon.requests.size();
  for (const char* elsewhere : {"http://layers.s3.amazonaws.com/x", "https://169.254.169.254/x", "https://localhost/x",
                                "file:///etc/passwd", ""}) {
    url = elsewhere;
    EXPECT_EQ(platforms().failure().code, HW_UNAVAILABLE) << elsewhere;
  }
  EXPECT_EQ(amazon.requests.size(), asked + 10);  // the API only
}

TEST_F(Ecr, WhatIsNoImageHasNoPlatforms) {
  api = [](const std::string&, const json&) {
    return manifest({{"config", {{"mediaType", "application/vnd.cncf.helm.config.v1+json"}, {"digest", first}}}});
  };
  EXPECT_THAT(*platforms(), IsEmpty());
  EXPECT_EQ(operations.size(), 1u);
  api = [](const std::string&, const json&) {
    return answer(200, R"({"images":[],"failures":[{"failureCode":"ImageNotFound"}]})");
  };
  EXPECT_EQ(platforms().failure().code, HW_NOT_FOUND);
  api = [](const std::string&, const json&) { return answer(200, R"({"images":[{"imageManifest":"<xml>"}]})"); };
  EXPECT_EQ(platforms().failure().code, HW_UNAVAILABLE);
  EXPECT_EQ(platforms("sha256:x").failure().code, HW_INVALID);
}

}  // namespace
}  // namespace headwind::registries::ecr
