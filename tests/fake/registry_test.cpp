// SPDX-License-Identifier: Apache-2.0
#include "fake/registry.hpp"

#include <boost/asio/post.hpp>

#include "core/hash.hpp"
#include "harness.hpp"

namespace headwind::fake {
namespace {

constexpr const char* kAccept = "application/vnd.oci.image.index.v1+json,application/vnd.oci.image.manifest.v1+json";

class RegistryServer : public Loop {
 protected:
  void start(RegistryOptions options = {}) {
    auto started = Registry::start(io_.get_executor(), std::move(options));
    ASSERT_TRUE(started) << started.error().message;
    registry_ = std::move(*started);
  }
  Reply get(const std::string& path, const std::string& authorization = {}, const std::string& method = "GET") {
    net::Request request;
    request.method = method;
    request.url = registry_->url() + path;
    request.headers = {{"Accept", kAccept}};
    if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
    return exchange(std::move(request));
  }
  std::unique_ptr<Registry> registry_;
};

TEST_F(RegistryServer, a_pushed_tag_is_found_with_the_digest_of_its_manifest) {
  start();
  const std::string digest = registry_->push("library/app", "1.0.0");
  EXPECT_EQ(registry_->push("library/app", "stable", "library/app:1.0.0"), digest);
  EXPECT_NE(registry_->push("library/app", "1.0.1"), digest);
  const Reply manifest = get("/v2/library/app/manifests/1.0.0");
  ASSERT_EQ(manifest.status, 200U) << manifest.text;
  EXPECT_EQ(net::find_header(manifest.headers, "Docker-Content-Digest"), digest);
  EXPECT_EQ(net::find_header(manifest.headers, "Content-Type"), "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ("sha256:" + sha256_hex(manifest.text), digest);
  const Reply head = get("/v2/library/app/manifests/" + digest, {}, "HEAD");
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.text, "");
  EXPECT_EQ(net::find_header(head.headers, "Content-Length"), std::to_string(manifest.text.size()));
  const std::string config = text_at(manifest.body, {"config", "digest"});
  EXPECT_EQ("sha256:" + sha256_hex(get("/v2/library/app/blobs/" + config).text), config);
}

TEST_F(RegistryServer, what_is_unknown_is_404_with_the_codes_of_the_specification) {
  start();
  registry_->push("library/app", "1.0.0");
  EXPECT_EQ(get("/v2/library/app/manifests/9").body["errors"][0]["code"], "MANIFEST_UNKNOWN");
  EXPECT_EQ(get("/v2/library/none/tags/list").body["errors"][0]["code"], "NAME_UNKNOWN");
  EXPECT_EQ(get("/v1/x").text, "404 page not found\n");
  ASSERT_TRUE(registry_->remove_tag("library/app", "1.0.0"));
  EXPECT_EQ(get("/v2/library/app/tags/list").text, R"({"name":"library/app","tags":null})");
}

TEST_F(RegistryServer, a_manifest_of_a_type_that_is_not_accepted_is_404) {
  start();
  registry_->push("app", "1");
  net::Request request;
  request.url = registry_->url() + "/v2/app/manifests/1";
  request.headers = {{"Accept", "application/vnd.docker.distribution.manifest.v2+json"}};
  EXPECT_EQ(exchange(request).body["errors"][0]["code"], "MANIFEST_UNKNOWN");
}

TEST_F(RegistryServer, tags_come_sorted_in_pages_with_links) {
  start();
  for (const char* tag : {"1.2.0", "1.10.0", "1.1.0", "latest", "1.0.0"}) registry_->push("app", tag);
  const Reply first = get("/v2/app/tags/list?n=2");
  EXPECT_EQ(first.body["tags"].dump(), R"(["1.0.0","1.1.0"])");
  EXPECT_EQ(net::find_header(first.headers, "Link"), R"(</v2/app/tags/list?last=1.1.0&n=2>; rel="next")");
  const Reply last = get("/v2/app/tags/list?last=1.10.0&n=2");
  EXPECT_EQ(last.body["tags"].dump(), R"(["1.2.0","latest"])");
  EXPECT_EQ(net::find_header(last.headers, "Link"), "");
  EXPECT_EQ(get("/v2/app/tags/list").body["tags"].size(), 5U);
  EXPECT_EQ(get("/v2/app/tags/list?n=-1").body["errors"][0]["code"], "PAGINATION_NUMBER_INVALID");
}

TEST_F(RegistryServer, without_pages_it_lists_all_tags_unsorted) {
  RegistryOptions options;
  options.pages = false;
  start(options);
  for (const char* tag : {"b", "a"}) registry_->push("app", tag);
  EXPECT_EQ(get("/v2/app/tags/list?n=1").body["tags"].dump(), R"(["b","a"])");
}

TEST_F(RegistryServer, basic_credentials_are_asked_for_and_checked) {
  RegistryOptions options;
  options.auth = RegistryAuth::basic;
  options.users = {{"ann", "secret"}};
  start(options);
  const Reply refused = get("/v2/");
  EXPECT_EQ(refused.status, 401U);
  EXPECT_EQ(net::find_header(refused.headers, "WWW-Authenticate"), "Basic realm=\"basic-realm\"");
  EXPECT_EQ(get("/v2/", "Basic " + base64_encode("ann:wrong")).status, 401U);
  EXPECT_EQ(get("/v2/", "Basic " + base64_encode("ann:secret")).status, 200U);
}

TEST_F(RegistryServer, tokens_open_the_repositories_of_their_scope_until_they_are_revoked) {
  RegistryOptions options;
  options.auth = RegistryAuth::token;
  options.users = {{"ann", "secret"}};
  options.closed = {"team/private"};
  start(options);
  registry_->push("library/app", "1");
  registry_->push("team/private", "1");
  const Reply challenged = get("/v2/library/app/tags/list");
  EXPECT_EQ(challenged.status, 401U);
  EXPECT_EQ(net::find_header(challenged.headers, "WWW-Authenticate"),
            "Bearer realm=\"" + registry_->url() +
                "/token\",service=\"registry.fake\",scope=\"repository:library/app:pull\"");
  const auto token = [&](const std::string& repository, const std::string& authorization = {}) {
    const Reply issued =
        get("/token?service=registry.fake&scope=repository%3A" + repository + "%3Apull", authorization);
    EXPECT_EQ(issued.body["expires_in"], 300);
    return "Bearer " + text_at(issued.body, {"token"});
  };
  const std::string open = token("library/app");
  EXPECT_EQ(get("/v2/library/app/tags/list", open).status, 200U);
  EXPECT_EQ(get("/v2/team/private/tags/list", open).status, 401U);
  EXPECT_EQ(get("/v2/team/private/tags/list", token("team/private")).status, 401U);
  EXPECT_EQ(get("/v2/team/private/tags/list", token("team/private", "Basic " + base64_encode("ann:secret"))).status,
            200U);
  EXPECT_EQ(get("/token?service=registry.fake", "Basic " + base64_encode("ann:no")).status, 401U);
  registry_->revoke_tokens();
  const Reply stale = get("/v2/library/app/tags/list", open);
  EXPECT_EQ(stale.status, 401U);
  EXPECT_NE(net::find_header(stale.headers, "WWW-Authenticate").find("error=\"invalid_token\""),
            std::string_view::npos);
}

TEST_F(RegistryServer, a_rate_limit_answers_429_with_the_time_to_wait) {
  start();
  registry_->push("app", "1");
  registry_->fail_next(429, 1, 30);
  const Reply slow = get("/v2/app/manifests/1");
  EXPECT_EQ(slow.status, 429U);
  EXPECT_EQ(net::find_header(slow.headers, "Retry-After"), "30");
  EXPECT_EQ(get("/v2/app/manifests/1").status, 200U);
  EXPECT_EQ(registry_->count("manifest"), 2U);
  EXPECT_EQ(registry_->requests()[0].repository, "app");
}

TEST_F(RegistryServer, a_hanging_registry_answers_when_it_is_released) {
  start();
  registry_->set_hanging(true);
  net::Request request;
  request.url = registry_->url() + "/v2/";
  request.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(exchange(request).status, 0U);
  registry_->set_hanging(false);
  EXPECT_EQ(get("/v2/").status, 200U);
}

TEST(RegistryEvents, are_in_the_form_of_their_senders) {
  const Json event = Json::parse(notification_body("library/app", "1.0", "sha256:ab", "reg:5000"))["events"][0];
  EXPECT_EQ(event["action"], "push");
  EXPECT_EQ(event["target"]["repository"], "library/app");
  EXPECT_EQ(event["target"]["tag"], "1.0");
  EXPECT_EQ(event["target"]["digest"], "sha256:ab");
  EXPECT_EQ(event["request"]["host"], "reg:5000");
  const Json hub = Json::parse(docker_hub_body("nginx", "1.27"));
  EXPECT_EQ(hub["repository"]["repo_name"], "library/nginx");
  EXPECT_EQ(hub["push_data"]["tag"], "1.27");
}

}  // namespace
}  // namespace headwind::fake
