// SPDX-License-Identifier: Apache-2.0
// Charts in OCI registries: announced by a push, named by a HelmRepository or by an OCIRepository.
#include "charts_fixture.hpp"
#include "core/clock.hpp"

namespace headwind::end_to_end {
namespace {

class OciCharts : public Charts {
 protected:
  std::string home() const { return space + "/charts"; }
  std::string url() const { return "oci://" + silent_registry().host() + "/" + home(); }
  void begin() {
    OperatorSettings with = settings();
    with.registry = silent_registry().host();
    EndToEnd::start(with);
  }
  // What docker-registry tells of a push of a chart.
  void announce(const std::string& tag, const std::string& media_type) const {
    const Json event{{"action", "push"},
                     {"target", {{"mediaType", media_type}, {"repository", home() + "/app"}, {"tag", tag}}},
                     {"request", {{"host", silent_registry().host()}}}};
    EXPECT_EQ(OperatorProcess::webhook("registry", {{"events", {event}}}).status, 200u);
  }
};

TEST_F(OciCharts, T31_a_push_of_a_chart_is_proposed_at_once) {
  push_chart(home() + "/app", "1.2.3");
  OperatorSettings quiet = settings();
  quiet.registry = silent_registry().host();
  quiet.environment.emplace_back("HEADWIND_HELM_AUTO_DISCOVERY=false");
  EndToEnd::start(quiet);
  add_repository(url());
  add_release({});
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  push_chart(home() + "/app", "1.2.4");
  announce("1.2.4", "application/vnd.cncf.helm.config.v1+json");
  const Json request = request_for("web-1-2-4", "Pending");
  ASSERT_TRUE(request.is_object()) << Json(requests(space));
  EXPECT_EQ(request.at("/spec/updateType"_json_pointer), "helmChart");
  EXPECT_EQ(request.at("/spec/currentImage"_json_pointer), "app:1.2.3");
  EXPECT_EQ(request.at("/spec/newImage"_json_pointer), "app:1.2.4");
  push_chart(home() + "/app", "1.2.5");
  announce("1.2.5", "application/vnd.oci.image.manifest.v1+json");
  EXPECT_TRUE(request_for("web-1-2-5", "Pending").is_object()) << "the media type of its manifest";
}

TEST_F(OciCharts, a_push_of_a_chart_that_Harbor_tells_is_proposed_at_once) {
  push_chart(home() + "/app", "1.2.3");
  OperatorSettings quiet = settings();
  quiet.registry = silent_registry().host();
  quiet.environment.emplace_back("HEADWIND_HELM_AUTO_DISCOVERY=false");
  EndToEnd::start(quiet);
  add_repository(url());
  add_release({});
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  push_chart(home() + "/app", "1.2.4");
  const std::string chart = home() + "/app";
  const Json resource{{"digest", "sha256:" + std::string(64, 'a')},  // a hint: the registry is asked
                      {"tag", "1.2.4"},
                      {"resource_url", silent_registry().host() + "/" + chart + ":1.2.4"}};
  const Json event{
      {"type", "PUSH_ARTIFACT"},
      {"occur_at", 1782000000},
      {"operator", "robot"},
      {"event_data",
       {{"resources", {resource}},
        {"repository",
         {{"name", "charts/app"}, {"namespace", space}, {"repo_full_name", chart}, {"repo_type", "private"}}}}}};
  EXPECT_EQ(OperatorProcess::webhook("harbor", event).status, 200u);
  const Json request = request_for("web-1-2-4", "Pending");
  ASSERT_TRUE(request.is_object()) << Json(requests(space));
  EXPECT_EQ(request.at("/spec/updateType"_json_pointer), "helmChart");
  EXPECT_EQ(request.at("/spec/newImage"_json_pointer), "app:1.2.4");
}

TEST_F(OciCharts, T77_what_comes_within_the_interval_is_applied_after_it_without_a_new_event) {
  push_chart(home() + "/app", "1.2.3");
  OperatorSettings quiet = settings();
  quiet.registry = silent_registry().host();
  quiet.environment.emplace_back("HEADWIND_HELM_AUTO_DISCOVERY=false");  // nobody reads a list
  EndToEnd::start(quiet);
  add_repository(url());
  HelmRelease wanted;
  wanted.annotations = {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "6"}};
  add_release(wanted);
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  for (const char* version : {"1.2.4", "1.2.5"}) {
    push_chart(home() + "/app", version);
    announce(version, "application/vnd.cncf.helm.config.v1+json");
    ASSERT_TRUE(has_version("1.2.4"));
  }
  EXPECT_TRUE(eventually([&] { return headwind->metric("headwind_updates_skipped_interval_total") == 1; }));
  EXPECT_EQ(version_of(release()), "1.2.4");
  EXPECT_TRUE(has_version("1.2.5"));
  const Json history = history_of(release());
  ASSERT_EQ(history.size(), 3u) << history;
  const auto moment = [&](int entry) {
    const auto read = parse_rfc3339(history.at(entry).at("timestamp").get<std::string>());
    return read ? *read : 0;
  };
  EXPECT_GE(moment(0) - moment(1), 5'900);
  EXPECT_EQ(headwind->metric("headwind_updates_skipped_interval_total"), 1);
}

TEST_F(OciCharts, tags_of_a_registry_are_versions_of_the_chart) {
  for (const char* tag : {"1.2.3", "1.2.4", "latest"}) push_chart(home() + "/app", tag);
  begin();
  add_repository(url());
  HelmRelease wanted;
  wanted.annotations = automatic();
  add_release(wanted);
  EXPECT_TRUE(has_version("1.2.4"));
}

TEST_F(OciCharts, T98_a_release_that_refers_to_an_OCIRepository_hinders_no_other) {
  for (const char* tag : {"1.2.3", "1.2.4"}) push_chart(home() + "/app", tag);
  begin();
  add_repository(url());
  HelmRelease referring;
  referring.name = "referring", referring.source = "OCIRepository/missing";
  add_release(referring);
  add_release({});
  EXPECT_TRUE(request_for("web-1-2-4", "Pending").is_object());
}

TEST_F(OciCharts, a_chart_that_is_referred_to_is_updated_in_its_OCIRepository) {
  for (const char* tag : {"1.2.3", "1.2.4"}) push_chart(home() + "/app", tag);
  const std::uint64_t mark = plane().audit().mark();
  begin();
  put(sources("ocirepositories"),
      {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
       {"kind", "OCIRepository"},
       {"metadata", {{"name", "app"}}},
       {"spec", {{"url", url() + "/app"}, {"interval", "5m"}, {"ref", {{"tag", "1.2.3"}}}}}});
  HelmRelease wanted;
  wanted.source = "OCIRepository/app";
  wanted.annotations = automatic();
  add_release(wanted);
  EXPECT_TRUE(eventually(
      [&] { return get(sources("ocirepositories") + "/app").value("/spec/ref/tag"_json_pointer, "") == "1.2.4"; }));
  EXPECT_TRUE(eventually([&] { return history_of(release()).size() == 2; }));
  EXPECT_EQ(history_of(release())[0].at("image"), "app:1.2.4");
  for (const auto& entry : plane().audit().entries({.user = operator_user}, mark))
    if (entry.resource != "namespaces") {
      EXPECT_NE(entry.code, 403) << entry.verb << " " << entry.uri;
    }
}

TEST_F(OciCharts, one_version_as_semver_of_an_OCIRepository_is_moved_and_a_range_is_told) {
  for (const char* tag : {"1.2.3", "1.2.4"}) push_chart(home() + "/app", tag);
  begin();
  for (const auto& [name, range] : {std::pair{"one", "1.2.3"}, std::pair{"several", ">=1.2.3 <2"}}) {
    put(sources("ocirepositories"),
        {{"apiVersion", "source.toolkit.fluxcd.io/v1"},
         {"kind", "OCIRepository"},
         {"metadata", {{"name", name}}},
         {"spec", {{"url", url() + "/app"}, {"interval", "5m"}, {"ref", {{"semver", range}}}}}});
    HelmRelease wanted;
    wanted.name = name, wanted.source = std::string("OCIRepository/") + name;
    wanted.annotations = automatic();
    add_release(wanted);
  }
  const auto range_of = [&](const std::string& name) {
    return get(sources("ocirepositories") + "/" + name).value("/spec/ref/semver"_json_pointer, "");
  };
  EXPECT_TRUE(eventually([&] { return range_of("one") == "1.2.4"; })) << range_of("one");
  EXPECT_TRUE(eventually([&] { return !events_about(space, "several", "VersionRange").empty(); }));
  EXPECT_EQ(range_of("several"), ">=1.2.3 <2");
}

TEST_F(OciCharts, a_tag_in_the_values_is_updated_where_the_annotation_names_it) {
  const std::string image_repository = space + "/web";
  silent_registry().push(image_repository, "1.0.0");
  begin();
  HelmRelease wanted;
  wanted.source = "GitRepository/charts";
  wanted.annotations = automatic();
  wanted.annotations.emplace_back("values-images", "image.tag");
  wanted.values = {{"image", {{"repository", silent_registry().host() + "/" + image_repository}, {"tag", "1.0.0"}}},
                   {"replicas", 2}};
  add_release(wanted);
  ASSERT_TRUE(eventually([&] { return headwind->knows("HelmRelease", space, "web"); }));
  silent_registry().push(image_repository, "1.1.0");
  headwind->announce(silent_registry().host() + "/" + image_repository, "1.1.0");
  EXPECT_TRUE(eventually([&] { return release().value("/spec/values/image/tag"_json_pointer, "") == "1.1.0"; }));
  wanted.values["image"]["tag"] = "1.1.0";
  EXPECT_EQ(release().at("/spec/values"_json_pointer), wanted.values);
}

}  // namespace
}  // namespace headwind::end_to_end
