// SPDX-License-Identifier: Apache-2.0
#include "config/changes.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/file_stamps.hpp"
#include "config/keys.hpp"

namespace headwind::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Config read(std::string_view yaml) {
  Result<Config> config = parse(yaml, "c.yaml");
  EXPECT_TRUE(config) << config.error().message;
  return config ? *config : Config();
}

TEST(Changes, every_key_is_compared) {
  std::vector<std::string> compared, known;
  for (const Comparison& one : comparisons()) compared.push_back(one.key);
  for (const Key& key : keys()) known.push_back(key.path);
  EXPECT_EQ(compared, known);
}

TEST(Changes, each_kind_of_value_is_seen) {
  const Config before;
  EXPECT_THAT(changed_keys(before, before), IsEmpty());
  EXPECT_THAT(changed_keys(before, read("ports: {api: {port: 7}, metrics: {address: '::'}}")),
              ElementsAre("ports.api.port", "ports.metrics.address"));
  EXPECT_THAT(changed_keys(before, read("polling: {interval: 20m}")), ElementsAre("polling.interval"));
  EXPECT_THAT(changed_keys(before, read("webhooks: {harbor: {secret: {file: /s}}}")), ElementsAre("webhooks"));
  EXPECT_THAT(changed_keys(before, read("registries: {r.test: {insecure: true}}")), ElementsAre("registries"));
  EXPECT_THAT(changed_keys(before, read("reload: signal")), ElementsAre("reload"));
  EXPECT_THAT(changed_keys(before, read("notifications: {keepTrying: 1h, routes: [{to: [a], kinds: [CronJob]}]}")),
              ElementsAre("notifications.keepTrying", "notifications.routes"));
}

TEST(Changes, what_only_moved_in_the_file_has_not_changed) {
  const Config before = read(
      "registries: {r.test: {plugin: oci}}\nnotifications: {routes: [{to: [a]}]}\nplugins: {instances: [{name: a, "
      "plugin: b.c}]}");
  const Config after = read(
      "\n\nplugins: {instances: [{name: a, plugin: b.c}]}\nnotifications: {routes: [{to: [a]}]}\nregistries: {r.test: "
      "{plugin: oci}}");
  EXPECT_THAT(changed_keys(before, after), IsEmpty());
}

TEST(Changes, only_live_keys_are_taken_over) {
  const Config running = read("log: {level: info}");
  const Config next = read(
      "log: {level: debug}\nports: {api: {port: 7}}\nregistries: {r.test: {insecure: true}}\nreload: signal\n"
      "notifications: {routes: [{to: [a]}]}\nplugins: {directories: [/p], instances: [{name: a, plugin: b.c}]}");
  const Config effective = with_live_keys(running, next);
  EXPECT_THAT(changed_keys(effective, next), ElementsAre("ports.api.port"));
  for (const std::string& key : changed_keys(running, effective)) EXPECT_TRUE(is_live(key)) << key;
  EXPECT_EQ(changed_keys(running, effective).size(), 6U);
}

TEST(Changes, who_leaves_keeps_its_routes_until_it_is_gone) {
  const Config running = read(
      "plugins: {instances: [{name: pager, plugin: b.notifier.c}, {name: chat, plugin: b.notifier.c}]}\n"
      "notifications: {routes: [{to: [pager, chat], events: [update_failed]}]}");
  const Config next = read("plugins: {instances: [{name: chat, plugin: b.notifier.c}]}");
  const std::vector<NotificationRoute> routes = routes_while_some_leave(running, next);
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_THAT(routes[0].to, ElementsAre("pager"));
  EXPECT_THAT(routes[0].events, ElementsAre("update_failed"));
  EXPECT_THAT(routes_while_some_leave(running, running), testing::SizeIs(1)) << "nobody leaves";
}

TEST(Changes, files_that_are_read_at_the_start_only_have_a_stamp_of_their_own) {
  std::string folder = (std::filesystem::temp_directory_path() / "headwind-start-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string secret = folder + "/secret", password = folder + "/password";
  for (const std::string& file : {secret, password}) std::ofstream(file) << "one";
  const Config config = read("webhooks: {harbor: {secret: {file: " + secret + "}}}\n" +
                             "registries: {r.test: {username: u, password: {file: " + password + "}}}");
  const auto before = stamps_of_start_files(config);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_TRUE(before.begin()->first.starts_with("webhooks.harbor.secret")) << before.begin()->first;
  std::ofstream(password) << "another";
  EXPECT_EQ(stamps_of_start_files(config), before);
  std::ofstream(secret) << "another";
  EXPECT_NE(stamps_of_start_files(config), before);
  std::filesystem::remove_all(folder);
}

TEST(Changes, a_swapped_link_is_another_stamp_and_reading_is_not) {
  std::string folder = (std::filesystem::temp_directory_path() / "headwind-stamp-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::filesystem::path at = folder;
  for (const char* version : {"1", "2"}) {
    std::filesystem::create_directory(at / version);
    std::ofstream(at / version / "headwind.yaml") << "log: {level: info}";
    std::ofstream(at / version / "token") << "t";
  }
  // As the kubelet mounts a ConfigMap: the file is a link through a link to a directory, which is swapped.
  std::filesystem::create_directory_symlink(at / "1", at / "..data");
  std::filesystem::create_symlink("..data/headwind.yaml", at / "headwind.yaml");
  const std::string file = at / "headwind.yaml";
  const FileStamps before = stamps_of_files(file, {});
  EXPECT_EQ(stamps_of_files(file, {}), before);
  std::filesystem::create_directory_symlink(at / "2", at / "..new");
  std::filesystem::rename(at / "..new", at / "..data");
  EXPECT_NE(stamps_of_files(file, {}), before);
  EXPECT_THAT(changed_files(before, stamps_of_files(file, {})), ElementsAre(file));

  Config config;
  config.registries.emplace_back();
  config.registries.back().password.file = at / "..data" / "token";
  config.registries.back().password.field = "registries.r.test.password";
  const FileStamps named = stamps_of_files(file, config);
  std::ofstream(at / "2" / "token") << "another";
  EXPECT_NE(stamps_of_files(file, config), named);
  EXPECT_THAT(changed_files(named, stamps_of_files(file, config)),
              ElementsAre("registries.r.test.password (" + config.registries.back().password.file + ")"));
  EXPECT_THAT(changed_files(named, stamps_of_files(file, {})), SizeIs(1)) << "named no more";
  EXPECT_NE(stamps_of_files(at / "absent", config), named);
  std::filesystem::remove_all(at);
}

}  // namespace
}  // namespace headwind::config
