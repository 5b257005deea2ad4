// SPDX-License-Identifier: Apache-2.0
// Packages of forges: GitHub in both of its events, Gitea and Forgejo.
#include "sender_world.hpp"

namespace headwind::registries {
namespace {

WebhookHead event(const std::string& name, const std::string& endpoint = "") {
  WebhookHead head = to(endpoint);
  head.event = name;
  head.delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
  return head;
}

std::string package(const std::string& action, const std::string& tag, const std::string& type = "CONTAINER") {
  return R"({"action":")" + action + R"(","package":{"id":1,"name":"repo/img","namespace":"Owner","ecosystem":")" +
         type + R"(","package_type":")" + type +
         R"(","owner":{"login":"Owner"},"html_url":"https://github.com/x","registry":{"url":"https://ghcr.io/Owner"},
      "package_version":{"name":"sha256:00","version":"sha256:00","container_metadata":{"tag":{"name":")" +
         tag + R"(","digest":")" + digest + R"("}}}}})";
}

TEST(GithubPackage, is_read_in_lower_case) {
  for (const char* endpoint : {"", "ghcr"}) {
    const WebhookHead head = event("package", endpoint);
    EXPECT_EQ(told(package("published", "1.0"), head), Told{"ghcr.io/owner/repo/img:1.0@" + digest});
    EXPECT_EQ(told(package("updated", "1.0"), head), Told{"ghcr.io/owner/repo/img:1.0@" + digest});
    EXPECT_TRUE(told(package("published", ""), head).empty()) << "an untagged push is not a tag named sha256:...";
    EXPECT_TRUE(told(package("deleted", "1.0"), head).empty());
    EXPECT_TRUE(told(package("published", "1.0", "npm"), head).empty());
  }
  EXPECT_EQ(parse(package("published", "1.0"), event("package"))[0].event_id, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
}

TEST(GithubPackage, other_events_are_no_pushes) {
  for (const char* endpoint : {"", "ghcr"}) {
    EXPECT_TRUE(told(R"({"zen":"Design for failure.","hook_id":1,"hook":{}})", event("ping", endpoint)).empty());
    EXPECT_TRUE(told(R"({"ref":"refs/heads/main"})", event("push", endpoint)).empty());
  }
  EXPECT_NE(refusal(R"({"zen":"Design for failure."})", to("ghcr")), "taken") << "without the header it is nobody's";
}

// As GitHub documents it: the whole package.
std::string registry_package(const std::string& url, const std::string& metadata) {
  return R"({"action":"published","registry_package":{"id":1,"name":"img","namespace":"Owner","ecosystem":"CONTAINER",
      "package_type":"CONTAINER","owner":{"login":"Owner"},"package_version":{"id":2,"version":"sha256:00","name":"sha256:00",
      "package_url":")" +
         url + R"(","container_metadata":)" + metadata + R"(}},"repository":{"full_name":"Owner/another"}})";
}
const std::string tagged = R"({"tag":{"name":"1.0","digest":")" + digest + R"("}})";

TEST(GithubRegistryPackage, is_named_by_its_url_and_its_metadata) {
  for (const char* endpoint : {"", "ghcr"}) {
    const WebhookHead head = event("registry_package", endpoint);
    EXPECT_EQ(told(registry_package("ghcr.io/Owner/img:", tagged), head), Told{"ghcr.io/owner/img:1.0@" + digest});
    EXPECT_EQ(told(registry_package("ghcr.io/owner/img:1.0", tagged), head), Told{"ghcr.io/owner/img:1.0@" + digest});
    EXPECT_EQ(told(registry_package("ghcr.io/owner/img:1.1", "{}"), head), Told{"ghcr.io/owner/img:1.1"});
    EXPECT_EQ(told(registry_package("", tagged), head), Told{"ghcr.io/owner/img:1.0@" + digest});
    EXPECT_TRUE(told(registry_package("ghcr.io/owner/img:", R"({"tag":{"name":"","digest":""}})"), head).empty());
  }
}

TEST(GithubRegistryPackage, in_its_short_form_is_named_after_the_source_or_the_package) {
  const std::string body =
      R"({"action":"published","registry_package":{"name":"img","package_type":"CONTAINER","package_version":{"version":"1.0"},
      "updated_at":"2026-01-01T00:00:00Z"},"repository":{"full_name":"Owner/repo"}})";
  EXPECT_EQ(told(body, event("registry_package")), (Told{"ghcr.io/owner/repo:1.0", "ghcr.io/owner/img:1.0"}));
  EXPECT_EQ(told(body), (Told{"ghcr.io/owner/repo:1.0", "ghcr.io/owner/img:1.0"}));
}

TEST(GiteaPackage, is_read_at_the_host_of_its_page) {
  const auto body = [](const std::string& action, const std::string& version) {
    return R"({"action":")" + action + R"(","package":{"id":1,"type":"container","name":"Img","version":")" + version +
           R"(","owner":{"login":"Org"},"html_url":"https://git.example.com:3000/Org/-/packages/container/img/1.0"}})";
  };
  for (const char* endpoint : {"", "gitea", "forgejo"}) {
    const WebhookHead head = event("package", endpoint);
    EXPECT_EQ(told(body("created", "1.0"), head), Told{"git.example.com:3000/org/img:1.0"});
    EXPECT_TRUE(told(body("created", digest), head).empty()) << "a child manifest";
    EXPECT_TRUE(told(body("deleted", "1.0"), head).empty());
    EXPECT_TRUE(told(R"({"ref":"refs/heads/main"})", event("push", endpoint)).empty());
  }
  EXPECT_EQ(parse(body("created", "1.0"), event("package"))[0].event_id, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
}

}  // namespace
}  // namespace headwind::registries
