// SPDX-License-Identifier: Apache-2.0
// Indexes, manifests and configurations: digests are checked, platforms are told, one is chosen.
#include <gtest/gtest.h>

#include <map>

#include "plugins_registries/scripted_transport.hpp"
#include "registries/core/client.hpp"
#include "registries/core/digest.hpp"

namespace headwind::registries {
namespace {

using Texts = std::vector<std::string>;
const std::string index_type = "application/vnd.oci.image.index.v1+json";
const std::string manifest_type = "application/vnd.oci.image.manifest.v1+json";
const std::string config_type = "application/vnd.oci.image.config.v1+json";

// A registry of contents by their digests.
class Contents {
 public:
  std::string put(const std::string& body, const std::string& type) {
    const auto digest = sha256_digest(body);
    bodies_[digest] = {body, type};
    return digest;
  }
  std::string image(const std::string& config, const std::string& config_media_type = config_type) {
    const auto digest = put(config, "application/octet-stream");
    return put(R"({"schemaVersion":2,"mediaType":")" + manifest_type + R"(","config":{"mediaType":")" +
                   config_media_type + R"(","digest":")" + digest + R"(","size":2},"layers":[]})",
               manifest_type);
  }
  std::string index(const std::string& entries) {
    return put(R"({"schemaVersion":2,"mediaType":")" + index_type + R"(","manifests":[)" + entries + "]}", index_type);
  }
  static std::string entry(const std::string& digest, const std::string& platform,
                           const std::string& type = manifest_type) {
    return R"({"mediaType":")" + type + R"(","digest":")" + digest + R"(","size":2)" +
           (platform.empty() ? "" : ",\"platform\":" + platform) + "}";
  }

  Outcome<Response> operator()(const Request& request) const {
    const auto reference = request.url.substr(request.url.rfind('/') + 1);
    const auto tag = tags.find(reference);
    const auto content = bodies_.find(tag == tags.end() ? reference : tag->second);
    if (content == bodies_.end()) return Response{404, {}, ""};
    const auto& [body, type] = content->second;
    Response out{200, {{"Content-Type", type}, {"Docker-Content-Digest", content->first}}, ""};
    if (request.method != "HEAD") out.body = body;
    return out;
  }
  std::map<std::string, std::string> tags;

 private:
  std::map<std::string, std::pair<std::string, std::string>> bodies_;
};

Client client() { return Client(*Settings::parse("{}")); }
const Repository repository{"r.test", "org/app"};

Outcome<Texts> platforms(ScriptedTransport& transport, const std::string& digest) {
  return client().platforms(repository, digest, transport);
}

TEST(Platforms, of_an_index_are_those_of_its_images) {
  Contents contents;
  const std::string a = "sha256:" + std::string(64, '1');
  const auto top = contents.index(
      Contents::entry(a, R"({"os":"linux","architecture":"x86_64"})") + "," +
      Contents::entry(a, R"({"os":"linux","architecture":"arm64","variant":"v8"})") + "," +
      Contents::entry(a, R"({"os":"linux","architecture":"arm","variant":"7"})") + "," +
      Contents::entry(a, R"({"os":"Linux","architecture":"amd64"})") + "," +
      Contents::entry(a, R"({"os":"unknown","architecture":"unknown"})") + "," +
      Contents::entry(a, R"({"os":"linux","architecture":"s390x"})", "application/vnd.example.future+json") + "," +
      R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:short"},7,null)");
  ScriptedTransport transport(contents);
  const auto found = platforms(transport, top);
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(*found, (Texts{"linux/amd64", "linux/arm64", "linux/arm/v7"}));
  EXPECT_EQ(transport.requests.size(), 1u);
}

TEST(Platforms, of_a_single_image_are_in_its_configuration) {
  Contents contents;
  const auto image = contents.image(R"({"os":"linux","architecture":"arm"})");
  ScriptedTransport transport(contents);
  EXPECT_EQ(*platforms(transport, image), Texts{"linux/arm/v7"});
  ASSERT_EQ(transport.requests.size(), 2u);
  EXPECT_TRUE(transport.requests[1].url.starts_with("https://r.test/v2/org/app/blobs/sha256:"));
}

TEST(Platforms, a_configuration_in_another_storage_is_fetched_without_credentials_and_checked) {
  Contents contents;
  const auto image = contents.image(R"({"os":"linux","architecture":"amd64"})");
  bool changed = false;
  ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
    if (sent(request, "Authorization") == "-" && request.url.starts_with("https://r.test/"))
      return Response{401, {{"Www-Authenticate", "Basic"}}, ""};
    if (request.url.starts_with("https://r.test/v2/org/app/blobs/"))
      return Response{
          307, {{"Location", "https://storage.test/" + request.url.substr(request.url.rfind('/') + 1)}}, ""};
    auto response = contents(request);
    if (changed && request.url.starts_with("https://storage.test/")) response->body += " ";
    return response;
  });
  transport.pull = Credential{"x", "u", "p", "", ""};
  EXPECT_EQ(*platforms(transport, image), Texts{"linux/amd64"});
  EXPECT_TRUE(transport.requests.back().url.starts_with("https://storage.test/"));
  EXPECT_EQ(sent(transport.requests.back(), "Authorization"), "-");
  changed = true;
  const auto found = platforms(transport, image);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().code, HW_UNAVAILABLE);
}

TEST(Platforms, what_is_no_image_has_none) {
  Contents contents;
  const auto chart = contents.image("{}", "application/vnd.cncf.helm.config.v1+json");
  const auto signature = contents.image(R"({"os":"","architecture":""})");
  const auto empty = contents.index("");
  ScriptedTransport transport(contents);
  for (const auto& digest : {chart, signature, empty}) EXPECT_EQ(*platforms(transport, digest), Texts{});
}

TEST(Platforms, entries_without_one_and_inner_indexes_are_read) {
  Contents contents;
  const auto plain = contents.image(R"({"os":"linux","architecture":"riscv64"})");
  const auto inner = contents.index(Contents::entry(plain, ""));
  const auto top = contents.index(Contents::entry(inner, "", index_type));
  ScriptedTransport transport(contents);
  EXPECT_EQ(*platforms(transport, top), Texts{"linux/riscv64"});
}

TEST(Platforms, a_chain_of_indexes_ends) {
  Contents contents;
  std::string top = contents.index("");
  for (int i = 0; i < 8; ++i) top = contents.index(Contents::entry(top, "", index_type));
  ScriptedTransport deep(contents);
  EXPECT_EQ(platforms(deep, top).failure().code, HW_UNAVAILABLE);
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += (i ? "," : "") + Contents::entry(contents.index("{\"a\":" + std::to_string(i) + "}"), "", index_type);
  const auto wide = contents.index(many);
  ScriptedTransport transport(contents);
  EXPECT_EQ(platforms(transport, wide).failure().code, HW_UNAVAILABLE);
  EXPECT_LE(transport.requests.size(), 16u);
}

TEST(Manifests, contents_that_are_not_what_their_digest_or_type_says_are_doubt) {
  const auto asked = [](const std::string& body, const std::string& type, std::string digest = "") {
    if (digest.empty()) digest = sha256_digest(body);
    ScriptedTransport transport(
        [&](const Request&) -> Outcome<Response> { return Response{200, {{"Content-Type", type}}, body}; });
    return platforms(transport, digest);
  };
  const std::string index = R"({"mediaType":")" + index_type + R"(","manifests":[]})";
  EXPECT_TRUE(asked(index, index_type + "; charset=utf-8"));
  EXPECT_TRUE(asked(R"({"manifests":[]})", "application/json"));
  const std::vector<Outcome<Texts>> doubts{asked(index, index_type, "sha256:" + std::string(64, '0')),
                                           asked(index, manifest_type),
                                           asked(R"({"manifests":[],"config":{},"layers":[]})", index_type),
                                           asked(R"({"manifests":[],"layers":[]})", manifest_type),
                                           asked(R"({"manifests":{}})", index_type),
                                           asked("{}", index_type),
                                           asked("<html>", index_type)};
  for (const auto& found : doubts) {
    ASSERT_FALSE(found);
    EXPECT_EQ(found.failure().code, HW_UNAVAILABLE);
    EXPECT_NE(found.failure().message.find("r.test/org/app@sha256:"), std::string::npos) << found.failure().message;
  }
}

TEST(Select, the_manifest_of_a_platform_is_found_and_the_index_stays_the_index) {
  Contents contents;
  const std::string amd = "sha256:" + std::string(64, '1');
  const std::string arm6 = "sha256:" + std::string(64, '6');
  const std::string arm7 = "sha256:" + std::string(64, '7');
  const auto top = contents.index(Contents::entry(arm6, R"({"os":"linux","architecture":"arm","variant":"v6"})") + "," +
                                  Contents::entry(arm7, R"({"os":"linux","architecture":"arm","variant":"v7"})") + "," +
                                  Contents::entry(amd, R"({"os":"linux","architecture":"amd64"})"));
  contents.tags["1.0"] = top;
  const auto selected = [&](const std::string& platform) {
    ScriptedTransport transport(contents);
    const auto found = client().resolve(repository, "1.0", transport, platform);
    return found ? found->digest : std::to_string(found.failure().code);
  };
  EXPECT_EQ(selected(""), top);
  EXPECT_EQ(selected("linux/amd64"), amd);
  EXPECT_EQ(selected("linux/x86_64"), amd);
  EXPECT_EQ(selected("linux/arm"), arm7);
  EXPECT_EQ(selected("linux/arm/v7"), arm7);
  EXPECT_EQ(selected("linux/arm/v6"), arm6);
  EXPECT_EQ(selected("linux/arm64"), std::to_string(HW_NOT_FOUND));
  EXPECT_EQ(selected("windows/amd64"), std::to_string(HW_NOT_FOUND));
  for (const char* wrong : {"linux", "linux/", "/amd64", "linux/amd64/v1/x", "linux/a b"})
    EXPECT_EQ(selected(wrong), std::to_string(HW_INVALID)) << wrong;
}

TEST(Select, a_single_image_is_its_own_choice_or_none) {
  Contents contents;
  contents.tags["1.0"] = contents.image(R"({"os":"linux","architecture":"amd64"})");
  ScriptedTransport transport(contents);
  EXPECT_EQ(client().resolve(repository, "1.0", transport, "linux/amd64")->digest, contents.tags["1.0"]);
  EXPECT_EQ(client().resolve(repository, "1.0", transport, "linux/arm64").failure().code, HW_NOT_FOUND);
}

TEST(Platforms, are_spelled_as_containerd_does) {
  const std::vector<std::pair<const char*, const char*>> table{
      {"linux/x86_64", "linux/amd64"},   {"linux/amd64/v1", "linux/amd64"}, {"linux/amd64/v3", "linux/amd64/v3"},
      {"linux/aarch64", "linux/arm64"},  {"linux/arm64/8", "linux/arm64"},  {"linux/arm64/v9", "linux/arm64/v9"},
      {"linux/armhf", "linux/arm/v7"},   {"linux/armel", "linux/arm/v6"},   {"linux/arm", "linux/arm/v7"},
      {"linux/arm/5", "linux/arm/v5"},   {"linux/i386", "linux/386"},       {"macOS/arm64", "darwin/arm64"},
      {"Linux/PPC64LE", "linux/ppc64le"}};
  for (const auto& [text, spelled] : table) EXPECT_EQ(parse_platform(text)->text(), spelled);
  EXPECT_EQ(fitness(*parse_platform("linux/amd64"), *parse_platform("linux/amd64/v3")), 0);
  EXPECT_GT(fitness(*parse_platform("linux/amd64/v3"), *parse_platform("linux/amd64")), 0);
}

}  // namespace
}  // namespace headwind::registries
