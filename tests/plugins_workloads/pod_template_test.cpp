// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/pod_template.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace headwind::workloads {
namespace {

std::vector<Image> images(const std::string& object, std::string_view kind = "Deployment",
                          std::string_view pod_template = "/spec/template") {
  std::vector<Image> out;
  std::string error;
  EXPECT_TRUE(read_images(object, kind, pod_template, out, error)) << error;
  return out;
}

std::string with_containers(const std::string& containers, const std::string& more = "") {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":)" +
         containers + more + "}}}}";
}

TEST(PodTemplate, each_container_is_a_slot_with_its_guard) {
  const auto found = images(
      with_containers(R"([{"name":"app","image":"nginx:1.25"},{"name":"side","image":"ghcr.io/a/b:2@sha256:ff"}])"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].slot, "containers/side");
  EXPECT_EQ(found[1].reference, "ghcr.io/a/b:2@sha256:ff");
  EXPECT_EQ(found[1].pointer, "/spec/template/spec/containers/1/image");
  EXPECT_EQ(found[1].guard_pointer, "/spec/template/spec/containers/1/name");
  EXPECT_EQ(found[1].guard_value, "side");
}

TEST(PodTemplate, pointers_and_guards_hold_in_the_object_itself) {
  const std::string object =
      with_containers(R"([{"name":"a"},{"name":"b","image":"x:1"},{"image":"y:1"},{"name":"c","image":"z:1"}])");
  const auto json = nlohmann::json::parse(object);
  const auto found = images(object);
  ASSERT_EQ(found.size(), 2u);
  for (const auto& image : found) {
    EXPECT_EQ(json.at(nlohmann::json::json_pointer(image.pointer)), image.reference);
    EXPECT_EQ(json.at(nlohmann::json::json_pointer(image.guard_pointer)), image.guard_value);
  }
}

TEST(PodTemplate, T22_a_container_without_a_usable_image_does_not_hide_the_others) {
  const auto found = images(with_containers(
      R"([{"name":"a"},{"name":"b","image":""},{"name":"c","image":7},7,null,{"name":"web","image":"nginx:1.25.0"},{"name":"u","image":"busybox"}])"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].pointer, "/spec/template/spec/containers/5/image");
  EXPECT_EQ(found[1].reference, "busybox");
}

TEST(PodTemplate, init_containers_follow_as_slots_of_their_own) {
  const std::string object =
      with_containers(R"([{"name":"web","image":"nginx:1"}])",
                      R"(,"initContainers":[{"name":"wait"},{"name":"web","image":"x:1","restartPolicy":"Always"}])");
  const auto found = images(object);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].slot, "containers/web");
  EXPECT_EQ(found[1].slot, "initContainers/web");
  EXPECT_EQ(found[1].reference, "x:1");
  EXPECT_EQ(found[1].pointer, "/spec/template/spec/initContainers/1/image");
  EXPECT_EQ(found[1].guard_pointer, "/spec/template/spec/initContainers/1/name");
  EXPECT_EQ(found[1].guard_value, "web");
}

TEST(PodTemplate, init_containers_alone_are_found_too) {
  EXPECT_EQ(images(with_containers("null", R"(,"initContainers":[{"name":"i","image":"x:1"}])")).size(), 1u);
}

TEST(PodTemplate, the_template_of_a_cronjob_lies_deeper) {
  const std::string at = "/spec/jobTemplate/spec/template";
  const auto found = images(
      R"({"kind":"CronJob","spec":{"schedule":"@daily","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never",
      "containers":[{"name":"report","image":"ghcr.io/acme/report:1"}],"initContainers":[{"name":"wait","image":"x:1"}]}}}}}})",
      "CronJob", at);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].slot, "containers/report");
  EXPECT_EQ(found[0].pointer, at + "/spec/containers/0/image");
  EXPECT_EQ(found[0].guard_pointer, at + "/spec/containers/0/name");
  EXPECT_EQ(found[1].pointer, at + "/spec/initContainers/0/image");
  EXPECT_TRUE(images(with_containers(R"([{"name":"a","image":"x"}])"), "Deployment", at).empty());
}

TEST(PodTemplate, items_of_a_list_have_no_kind_and_are_read_all_the_same) {
  EXPECT_EQ(images(R"({"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x"}]}}}})", "DaemonSet").size(),
            1u);
}

TEST(PodTemplate, an_object_without_a_template_has_no_images) {
  EXPECT_TRUE(images("{}").empty());
  EXPECT_TRUE(images(R"({"spec":null})").empty());
  EXPECT_TRUE(images(with_containers("{}")).empty());
}

TEST(PodTemplate, what_is_no_such_object_is_refused_with_a_sentence) {
  const auto error_of = [](const std::string& object) {
    std::vector<Image> out;
    std::string error;
    EXPECT_FALSE(read_images(object, "Deployment", "/spec/template", out, error)) << object;
    EXPECT_TRUE(out.empty());
    return error;
  };
  for (const char* object : {"", "{", "[]", "null", "7", "{} x", "{\"a\":\"\xff\"}"})
    EXPECT_FALSE(error_of(object).empty()) << object;
  EXPECT_NE(error_of(std::string(100000, '[')).find("JSON"), std::string::npos);
  EXPECT_NE(error_of(std::string(9 << 20, ' ')).find("8 MiB"), std::string::npos);
  EXPECT_NE(error_of(R"({"kind":"Job"})").find("Job"), std::string::npos);
}

TEST(PodTemplate, the_parser_recovers_after_a_bad_object) {
  std::vector<Image> out;
  std::string error;
  EXPECT_FALSE(read_images("{", "Deployment", "/spec/template", out, error));
  EXPECT_EQ(images(with_containers(R"([{"name":"a","image":"x"}])")).size(), 1u);
}

TEST(PodTemplate, containers_beyond_256_are_not_read) {
  std::string many = "[";
  for (int i = 0; i < 300; ++i) many += (i ? "," : "") + (R"({"name":"c)" + std::to_string(i) + R"(","image":"x"})");
  EXPECT_EQ(images(with_containers(many + "]")).size(), 256u);
}

}  // namespace
}  // namespace headwind::workloads
