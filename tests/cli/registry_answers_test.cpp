// SPDX-License-Identifier: Apache-2.0
// Who answered, in whose name it was asked, and what to do where TLS fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "cli/serving.hpp"
#include "core/hash.hpp"
#include "net/certificates.hpp"
#include "testbed/process.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string config_blob = R"({"os":"linux","architecture":"amd64"})";
const std::string manifest = json({{"schemaVersion", 2},
                                   {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                                   {"config",
                                    {{"mediaType", "application/vnd.oci.image.config.v1+json"},
                                     {"digest", "sha256:" + sha256_hex(config_blob)},
                                     {"size", config_blob.size()}}},
                                   {"layers", json::array()}})
                                 .dump();

// One image for everybody, or for those alone who show the header.
Serving::Answer one_image(std::string authorization = {}) {
  return [authorization](const net::ServerRequest& request) {
    if (!authorization.empty() && net::find_header(request.headers, "Authorization") != authorization) {
      net::ServerResponse refusal = json_answer("{}", 401);
      refusal.headers.push_back({"WWW-Authenticate", "Basic realm=\"test\""});
      return refusal;
    }
    if (request.path.find("/blobs/") != std::string::npos) return json_answer(config_blob);
    net::ServerResponse response = json_answer(manifest);
    response.headers = {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"},
                        {"Docker-Content-Digest", "sha256:" + sha256_hex(manifest)}};
    return response;
  };
}

net::ServerResponse nothing(const net::ServerRequest&) { return json_answer("{}", 404); }

const std::string basic = "Basic " + base64_encode("ci:s3cret");

class Mirrored : public testing::Test {
 protected:
  Finished check(const Serving& registry, const Serving& mirror, bool as_json, const std::string& more = {}) {
    const std::string file = directory.write(
        "c.yaml", "registries:\n  " + registry.host() + ":\n    endpoint: " + registry.url() + "\n    mirrors: [" +
                      mirror.url() + "]\n    username: ci\n    password: {environment: REGISTRY_PASSWORD}\n" + more);
    std::vector<std::string> words{"registry", "check", registry.host() + "/team/app:1.0", "--config", file};
    if (as_json) words.emplace_back("--json");
    return headwind(words, {}, {"REGISTRY_PASSWORD=s3cret"});
  }
  TemporaryDirectory directory;
};

TEST_F(Mirrored, a_mirror_that_answers_was_asked_in_nobodys_name) {
  const Serving registry(one_image("Basic wrong")), mirror(one_image());
  const auto text = check(registry, mirror, false);
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("credential  none: anonymous, at the mirror " + mirror.url() + "\n"));
  EXPECT_THAT(text.out, HasSubstr("for the digest: mirror " + mirror.host() + " 200 in "));
  const json answer = json::parse(check(registry, mirror, true).out);
  EXPECT_EQ(answer["credential"]["used"], nullptr);
  EXPECT_EQ(answer["credential"]["source"], "anonymous");
  EXPECT_EQ(answer["answered"][0],
            json({{"for", "digest"}, {"place", "mirror"}, {"url", mirror.url()}, {"credential", nullptr}}));
  EXPECT_EQ(answer["requests"][0]["origin"], mirror.host());
}

TEST_F(Mirrored, what_a_mirror_has_not_is_told_of_the_registry) {
  const Serving registry(one_image(basic)), mirror(nothing);
  const auto done = check(registry, mirror, false);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("credential  the configured account ci, at the registry\n"));
  EXPECT_THAT(done.out, HasSubstr("for the digest: mirror " + mirror.host() + " 404 in "));
  EXPECT_THAT(done.out, HasSubstr("; registry 401 in "));
}

TEST_F(Mirrored, a_mirror_has_the_account_of_its_own_entry) {
  const Serving registry(nothing), mirror(one_image(basic));
  const auto done = check(registry, mirror, false,
                          "  " + mirror.host() + ":\n    endpoint: " + mirror.url() +
                              "\n    username: ci\n    password: {environment: REGISTRY_PASSWORD}\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("credential  the account ci of registries." + mirror.host() + ", at the mirror " +
                                  mirror.url() + "\n"));
}

TEST_F(Mirrored, a_registry_that_asks_for_no_name_was_told_none) {
  const Serving registry(one_image()), mirror(nothing);
  const auto done = check(registry, mirror, false);
  EXPECT_THAT(done.out, HasSubstr("credential  none: anonymous, at the registry, which asked for no name\n"));
}

TEST(RegistryNobodyKnows, where_nobody_was_asked_or_answered) {
  const TemporaryDirectory directory;
  const std::string host = "127.0.0.1:" + std::to_string(testbed::free_port());
  const std::string cut = directory.write("cut.json", R"({"auths": {"qu)");
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
           {}, {"--docker-config", "/no/such/file"}, {"--docker-config", cut}, {"--namespace", "shop"}}) {
    std::vector<std::string> words{"registry", "check", host + "/team/app", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto done = headwind(words, {}, {"KUBECONFIG=/no/such/kubeconfig"});
    EXPECT_EQ(done.code, 1);
    EXPECT_EQ(json::parse(done.out)["pullable"], nullptr) << done.out;
  }
  EXPECT_THAT(headwind({"registry", "check", "--help"}).out, HasSubstr("nobody knows"));
}

TEST(RegistryTls, one_that_speaks_plain_HTTP_is_told_with_the_key) {
  const Serving registry(one_image());
  const auto done = headwind({"registry", "check", registry.host() + "/team/app"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("seems to speak plain HTTP"));
  EXPECT_THAT(done.err, HasSubstr("registries." + registry.host() + ".endpoint: " + registry.url() + "\n"));
}

TEST(RegistryTls, an_unknown_CA_is_told_with_the_key) {
  const TemporaryDirectory directory;
  const net::test::Authority authority("Test CA");
  const net::test::Identity identity = authority.issue("registry", "IP:127.0.0.1");
  net::ServerOptions options;
  options.certificate_file = directory.write("tls.crt", identity.certificate_pem);
  options.key_file = directory.write("tls.key", identity.key_pem);
  const Serving registry(one_image(), false, options);
  const auto unknown = headwind({"registry", "check", registry.host() + "/team/app"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("give its CA, as registries." + registry.host() + ".caFile\n"));
  const std::string config =
      directory.write("c.yaml", "registries:\n  " + registry.host() +
                                    ":\n    caFile: " + directory.write("ca.crt", authority.certificate_pem()) + "\n");
  EXPECT_EQ(headwind({"registry", "check", registry.host() + "/team/app", "--config", config}).code, 0);
}

}  // namespace
}  // namespace headwind::test
