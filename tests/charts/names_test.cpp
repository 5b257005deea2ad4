// SPDX-License-Identifier: Apache-2.0
// The names of UpdateRequests: those of 0.1.x where they can be, and what the server takes where they cannot.
#include <map>
#include <regex>
#include <set>

#include "charts_fixture.hpp"

namespace headwind::end_to_end {
namespace {

class Names : public Charts {
 protected:
  // The name of the request that is to bring `image` to that workload, once there is one.
  std::string request_of(const std::string& kind, const std::string& name, const std::string& image) const {
    std::string found;
    eventually(
        [&] {
          for (const Json& one : requests(space)) {
            const Json& spec = one.at("spec");
            if (spec["targetRef"]["kind"] == kind && spec["targetRef"]["name"] == name && spec["newImage"] == image)
              found = name_of(one);
          }
          return !found.empty();
        },
        std::chrono::seconds(10));
    return found;
  }
};

TEST_F(Names, T57_workloads_of_one_name_have_requests_of_their_own) {
  const std::vector<std::string> kinds{"Deployment", "StatefulSet", "DaemonSet"};
  for (const char* tag : {"1.0.0", "1.1.0"}) chart_server().publish(space, "app", tag);
  registry().push(repository(), "1.0.0");
  start();
  for (const std::string& kind : kinds) deploy({kind, "web", {{"app", image("1.0.0")}}, on_approval()});
  registry().push(repository(), "1.1.0");
  add_repository(chart_server().url(space));
  HelmRelease chart;
  chart.version = "1.0.0";
  add_release(chart);

  std::map<std::string, std::string> names{{"HelmRelease", request_of("HelmRelease", "web", "app:1.1.0")}};
  for (const std::string& kind : kinds) names[kind] = request_of(kind, "web", image("1.1.0"));
  EXPECT_EQ(names["Deployment"], "web-app-1-1-0");
  int plain = 0;
  std::set<std::string> distinct;
  for (const auto& [kind, name] : names) {
    EXPECT_TRUE(name == "web-app-1-1-0" || name.starts_with("web-1-1-0")) << kind << " " << name;
    plain += name == "web-1-1-0" ? 1 : 0;
    distinct.insert(name);
  }
  EXPECT_EQ(distinct.size(), 4u) << Json(requests(space));
  EXPECT_EQ(plain, 1) << "whoever came first has the name of 0.1.x";

  // Each is about its own workload.
  EXPECT_EQ(approve(names["StatefulSet"]).status, 200u);
  EXPECT_EQ(image_of(workload("web", "StatefulSet")), image("1.1.0"));
  EXPECT_EQ(image_of(workload("web", "DaemonSet")), image("1.0.0"));
  EXPECT_EQ(version_of(release()), "1.0.0");
  EXPECT_EQ(approve(names["HelmRelease"]).status, 200u);
  EXPECT_EQ(version_of(release()), "1.1.0");
  EXPECT_EQ(phase_of(get(requests_path(space, names["DaemonSet"]))), "Pending");
}

TEST_F(Names, T57_any_tag_and_any_length_gives_a_name_that_the_server_takes_and_nobody_else_has) {
  const Annotations follow{{"policy", "force"}, {"min-update-interval", "0"}};
  const std::string deployment = "n" + std::string(199, 'o'), container(63, 'c');  // with a tag: more than 300
  registry().push(repository(), "start");
  for (const char* version : {"1.2.3", "1.3.0+build.7"}) chart_server().publish(space, "app", version);
  start();
  deploy({"Deployment", "web", {{"app", image("start")}}, follow});
  deploy({"StatefulSet", "set", {{"app", image("start")}}, follow});
  Workload lengthy{"Deployment", deployment, {{container, image("start")}}, follow};
  lengthy.adjust = [](Json& object) {  // a label has 63 characters at most
    object["spec"]["selector"]["matchLabels"]["app"] = object["spec"]["template"]["metadata"]["labels"]["app"] = "long";
    object["spec"]["replicas"] = 0;
  };
  deploy(lengthy);
  add_repository(chart_server().url(space));
  add_release({});

  const std::string tag(50, 't');
  const std::vector<std::string> tags{"V1.0_RC", "v1.0-rc", "V1.0-RC", tag + "1", tag + "2"};
  std::set<std::string> names;
  for (const std::string& one : tags) {
    registry().push(repository(), one);
    const std::string web = request_of("Deployment", "web", image(one));
    const std::string set = request_of("StatefulSet", "set", image(one));
    if (one == "v1.0-rc") EXPECT_EQ(web, "web-app-v1-0-rc") << "as 0.1.x named it";
    if (one == "v1.0-rc") EXPECT_EQ(set, "set-v1-0-rc") << "as 0.1.x named it";
    const std::string third = request_of("Deployment", deployment, image(one));
    ASSERT_FALSE(web.empty() || set.empty() || third.empty()) << one << " " << Json(requests(space));
    names.insert({web, set, third});
    for (const std::string& request : {web, set, third}) EXPECT_EQ(approve(request).status, 200u) << request;
  }
  names.insert(request_of("HelmRelease", "web", "app:1.3.0+build.7"));
  EXPECT_EQ(names.size(), 3 * tags.size() + 1) << "all distinct";
  const std::regex subdomain("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  std::size_t longest = 0;
  for (const std::string& name : names) {
    EXPECT_TRUE(std::regex_match(name, subdomain)) << name;
    longest = std::max(longest, name.size());
  }
  EXPECT_EQ(longest, 253u);
  EXPECT_EQ(image_of(workload(deployment), container), image(tags.back()));
  EXPECT_EQ(approve(request_of("HelmRelease", "web", "app:1.3.0+build.7")).status, 200u);
  EXPECT_EQ(version_of(release()), "1.3.0+build.7");
}

}  // namespace
}  // namespace headwind::end_to_end
