// SPDX-License-Identifier: Apache-2.0
#include "registries/core/client.hpp"

#include <gtest/gtest.h>

#include "plugins_registries/scripted_transport.hpp"

namespace headwind::registries {
namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

Client client(const std::string& settings = R"({"hosts":{"r.test":{"endpoint":"http://r.test:5000"}}})") {
  auto parsed = Settings::parse(settings);
  EXPECT_TRUE(parsed) << parsed.failure().message;
  return Client(*parsed);
}

struct Listing {
  std::vector<std::string> tags;
  Failure failure{HW_OK, "", 0};
};

Listing list(Client&& client, ScriptedTransport& transport, const std::string& name = "r.test/org/app") {
  Listing out;
  const auto count = client.list_tags(*parse_repository(name), transport, [&](const std::vector<std::string>& page) {
    out.tags.insert(out.tags.end(), page.begin(), page.end());
    return HW_OK;
  });
  if (count) {
    EXPECT_EQ(*count, out.tags.size());
  } else {
    out.failure = count.failure();
  }
  return out;
}

TEST(ListTags, follows_links_absolute_relative_and_unquoted) {
  ScriptedTransport transport([](const Request& request) -> Outcome<Response> {
    if (request.url.ends_with("?n=1000"))
      return tags(R"(["a","b"])", "</v2/org/app/tags/list?n=1000&last=b>; rel=\"next\"");
    if (request.url.ends_with("last=b"))
      return tags(R"(["c"])", "<http://r.test:5000/v2/org/app/tags/list?last=c>; rel=next");
    return tags(R"(["d"])");
  });
  EXPECT_EQ(list(client(), transport).tags, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(transport.requests.front().url, "http://r.test:5000/v2/org/app/tags/list?n=1000");
  EXPECT_EQ(transport.requests.size(), 3u);
}

TEST(ListTags, never_leaves_the_registry_s_host) {
  for (const char* link :
       {"<https://evil.test/v2/x>; rel=next", "<//evil.test/x>; rel=next", "<https://r.test:5000/x>; rel=next",
        "<http://r.test:5001/x>; rel=next", "<file:///etc/passwd>; rel=next", "<http://[>; rel=next"}) {
    ScriptedTransport transport([&](const Request&) -> Outcome<Response> { return tags(R"(["a"])", link); });
    EXPECT_EQ(list(client(), transport).failure.code, HW_INVALID) << link;
    EXPECT_EQ(transport.requests.size(), 1u) << link;
  }
}

TEST(ListTags, a_loop_of_links_ends) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> {
    return tags(R"(["a","b"])", "</v2/org/app/tags/list?n=1000>; rel=next");
  });
  const auto listing = list(client(), transport);
  EXPECT_EQ(listing.failure.code, HW_INVALID);
  EXPECT_NE(listing.failure.message.find("repeats pages"), std::string::npos);
  EXPECT_EQ(transport.requests.size(), 1u);
}

TEST(ListTags, a_full_page_without_a_link_is_asked_on_until_nothing_new_comes) {
  std::string thousand = "[";
  for (int i = 0; i < 1000; ++i) thousand += (i ? ",\"t" : "\"t") + std::to_string(i) + "\"";
  thousand += "]";
  ScriptedTransport transport(
      [&](const Request&) -> Outcome<Response> { return tags(thousand); });  // ignores n and last
  EXPECT_EQ(list(client(), transport).tags.size(), 1000u);
  EXPECT_EQ(transport.requests.size(), 2u);
  EXPECT_NE(transport.requests[1].url.find("&last=t999"), std::string::npos);
}

TEST(ListTags, null_and_odd_rows_are_no_tags) {
  ScriptedTransport none([](const Request&) -> Outcome<Response> { return tags("null"); });
  EXPECT_EQ(list(client(), none).failure.code, HW_OK);
  ScriptedTransport odd(
      [](const Request&) -> Outcome<Response> { return tags(R"(["ok",7,null,"not a tag","ok",""])"); });
  EXPECT_EQ(list(client(), odd).tags, (std::vector<std::string>{"ok"}));
}

TEST(ListTags, statuses_become_codes_with_a_sentence) {
  const std::vector<std::pair<int, hw_status>> table{{404, HW_NOT_FOUND}, {403, HW_DENIED},      {401, HW_DENIED},
                                                     {429, HW_THROTTLED}, {500, HW_UNAVAILABLE}, {503, HW_UNAVAILABLE},
                                                     {400, HW_INVALID}};
  for (const auto& [status, code] : table) {
    ScriptedTransport transport([status = status](const Request&) -> Outcome<Response> {
      return Response{status, {{"Retry-After", "7"}}, R"({"errors":[{"code":"SOME_CODE","message":"m"}]})"};
    });
    const auto failure = list(client(), transport).failure;
    EXPECT_EQ(failure.code, code) << status;
    EXPECT_NE(failure.message.find("r.test"), std::string::npos);
    EXPECT_EQ(failure.retry_after_ms, code == HW_THROTTLED || status >= 500 ? 7000 : 0) << status;
  }
  ScriptedTransport down([](const Request&) -> Outcome<Response> { return Failure{HW_UNAVAILABLE, "refused", 0}; });
  EXPECT_EQ(list(client(), down).failure.code, HW_UNAVAILABLE);
  ScriptedTransport html([](const Request&) -> Outcome<Response> { return Response{200, {}, "<html>"}; });
  EXPECT_EQ(list(client(), html).failure.code, HW_UNAVAILABLE);
}

TEST(ListTags, stops_when_the_host_has_enough) {
  ScriptedTransport transport(
      [](const Request&) -> Outcome<Response> { return tags(R"(["a"])", "<?last=a>; rel=next"); });
  const auto count = client().list_tags(*parse_repository("r.test/a/b"), transport,
                                        [](const std::vector<std::string>&) { return HW_CANCELLED; });
  ASSERT_FALSE(count);
  EXPECT_EQ(count.failure().code, HW_CANCELLED);
  EXPECT_EQ(transport.requests.size(), 1u);
}

TEST(Endpoints, default_to_https_and_docker_hub_s_api_host) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> { return tags("[]"); });
  list(client("{}"), transport, "nginx");
  list(client("{}"), transport, "ghcr.io/a/b");
  list(client(R"({"hosts":{"index.docker.io":{"endpoint":"http://127.0.0.1:5000/"}}})"), transport, "docker.io/nginx");
  EXPECT_EQ(transport.requests[0].url, "https://registry-1.docker.io/v2/library/nginx/tags/list?n=1000");
  EXPECT_EQ(transport.requests[1].url, "https://ghcr.io/v2/a/b/tags/list?n=1000");
  EXPECT_EQ(transport.requests[2].url, "http://127.0.0.1:5000/v2/library/nginx/tags/list?n=1000");
}

TEST(Settings, mistakes_are_refused_with_the_field_s_name) {
  for (const char* settings :
       {R"({"hosts":{"r":{"endpoint":"r.test"}}})", R"({"hosts":{"r":{"endpoint":"http://r/v2"}}})",
        R"({"hosts":{"r":{"endpoint":"http://u:p@r"}}})", R"({"hosts":{"r":{"username":"u"}}})", "[]"}) {
    const auto parsed = Settings::parse(settings);
    ASSERT_FALSE(parsed) << settings;
    EXPECT_EQ(parsed.failure().code, HW_INVALID);
    EXPECT_EQ(parsed.failure().message.find("u:p"), std::string::npos);
  }
}

Outcome<Artifact> resolve(ScriptedTransport& transport, const std::string& tag = "1.0") {
  return client().resolve(*parse_repository("r.test/org/app"), tag, transport);
}

TEST(Resolve, takes_the_digest_of_a_head) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> {
    return Response{
        200,
        {{"docker-content-digest", digest}, {"content-type", "application/vnd.oci.image.index.v1+json; charset=x"}},
        ""};
  });
  const auto found = resolve(transport);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, digest);
  EXPECT_EQ(found->media_type, "application/vnd.oci.image.index.v1+json");
  ASSERT_EQ(transport.requests.size(), 1u);
  EXPECT_EQ(transport.requests[0].method, "HEAD");
  EXPECT_EQ(transport.requests[0].url, "http://r.test:5000/v2/org/app/manifests/1.0");
  const std::string accept = sent(transport.requests[0], "Accept");
  for (const char* type : {"oci.image.index.v1", "docker.distribution.manifest.list.v2", "oci.image.manifest.v1",
                           "docker.distribution.manifest.v2"})
    EXPECT_NE(accept.find(type), std::string::npos) << type;
}

TEST(Resolve, hashes_the_manifest_where_the_head_tells_no_digest) {
  for (const int head_status : {200, 405}) {
    ScriptedTransport transport([&](const Request& request) -> Outcome<Response> {
      if (request.method == "HEAD") return Response{head_status, {{"docker-content-digest", "sha256:short"}}, ""};
      return Response{200, {}, "{}"};
    });
    const auto found = resolve(transport);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->digest, "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    EXPECT_EQ(transport.requests[1].method, "GET");
  }
}

TEST(Resolve, T30_a_missing_tag_is_not_found) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> { return Response{404, {}, ""}; });
  const auto found = resolve(transport);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().code, HW_NOT_FOUND);
  EXPECT_NE(found.failure().message.find("r.test/org/app:1.0"), std::string::npos);
}

TEST(Resolve, a_bad_tag_never_reaches_the_registry) {
  ScriptedTransport transport([](const Request&) -> Outcome<Response> { return Response{200, {}, ""}; });
  for (const char* tag : {"", "../../x", "a b", "a?b"})
    EXPECT_EQ(resolve(transport, tag).failure().code, HW_INVALID) << tag;
  EXPECT_TRUE(transport.requests.empty());
}

}  // namespace
}  // namespace headwind::registries
