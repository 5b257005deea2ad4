// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

TEST(CommandLine, help_tells_the_commands_and_the_exit_codes) {
  const auto help = headwind({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* word : {"run", "demo", "plugin", "policy", "registry", "config", "version", "Exit codes: 0"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
}

TEST(CommandLine, version_is_one_line) {
  EXPECT_THAT(headwind({"version"}).out, MatchesRegex("headwind [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(headwind({"--version"}).out, headwind({"version"}).out);
}

TEST(CommandLine, version_for_machines_says_which_build_it_is_with_which_libraries) {
  const json build = json::parse(headwind({"version", "--json"}).out);
  EXPECT_EQ("headwind " + build.at("version").get<std::string>() + "\n", headwind({"version"}).out);
  EXPECT_THAT(build.at("commit").get<std::string>(), MatchesRegex("unknown|[0-9a-f]+(-dirty)?"));
  EXPECT_THAT(build.at("date").get<std::string>(), MatchesRegex("unknown|[0-9]+-[0-9]+-[0-9]+T[0-9:]+Z"));
  EXPECT_THAT(build.at("compiler").get<std::string>(), MatchesRegex("[A-Za-z]+ [0-9.]+"));
  EXPECT_THAT(build.at("abi").get<std::string>(), MatchesRegex("[0-9]+\\.[0-9]+"));
  for (const auto& [name, version] : build.at("libraries").items())
    EXPECT_THAT(version.get<std::string>(), MatchesRegex("[0-9]+\\.[0-9.]+.*")) << name;
  for (const char* linked : {"openssl", "zlib", "zstd", "fmt"}) EXPECT_TRUE(build.at("libraries").contains(linked));
}

TEST(CommandLine, what_it_does_not_know_exits_with_2_and_one_sentence) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"dance"}, {"run", "--colour"}, {"policy"}, {"policy", "test"}, {"plugin", "probe"}, {"config", "check"}}) {
    const auto done = headwind(words);
    EXPECT_EQ(done.code, 2) << words.back();
    EXPECT_THAT(done.out, IsEmpty());
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
  }
}

TEST(CommandLine, a_command_that_there_is_not_is_named_with_those_that_there_are) {
  for (const auto& [words, sentence] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"registry", "bogus"}, "registry: 'bogus' is no command; there are check and tags"},
           {{"registry"}, "registry: name a command: there are check and tags"},
           {{"policy", "tset"}, "policy: 'tset' is no command (did you mean 'test'?); there are test"},
           {{"config", "bogus"}, "config: 'bogus' is no command; there are check and keys"},
           {{"audit", "bogus"}, "audit: 'bogus' is no command; there are verify"},
           {{"plugin", "bogus"}, "plugin: 'bogus' is no command; there are list, rbac, new, probe, check and call"},
           {{"plugin", "call", "x.so", "bogus"},
            "plugin call: 'bogus' is no command; there are send, tags, resolve, webhook, choose, images and rollout"},
           {{"config", "--colour"}, "config: '--colour' is no option"}}) {
    const auto done = headwind(words);
    EXPECT_EQ(done.code, 2) << words.back();
    EXPECT_THAT(done.err, StartsWith("headwind: " + sentence + "; headwind " + words.front())) << done.err;
    EXPECT_THAT(done.err, EndsWith(" --help shows what there is\n"));
  }
  EXPECT_THAT(headwind({"dance"}).err, HasSubstr("headwind: 'dance' is no command; there are run, demo, plugin, "));
  EXPECT_THAT(headwind({"registry", "check"}).err, Not(HasSubstr("no command"))) << "an image is missing";
}

TEST(CommandLine, an_option_that_there_is_not_is_named_with_the_one_that_is_meant) {
  for (const auto& [words, sentence] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"run", "--confg", "x"},
            "run: '--confg' is no option (did you mean '--config'?); headwind run --help shows what there is"},
           {{"plugin", "list", "--dri", "x"},
            "plugin list: '--dri' is no option (did you mean '--dir'?); headwind plugin list --help shows what there "
            "is"},
           {{"plugin", "new", "notifier", "x", "--language", "python"},
            "plugin new: '--language' is no option (did you mean '--lang'?); headwind plugin new --help shows what "
            "there is"},
           {{"lint", "web.yaml"},
            "lint: -f or --filename is required: 'web.yaml' stands without it; headwind lint --help shows what there "
            "is"},
           {{"kubectl", "rollback", "api", "--idx", "1"},
            "rollback: '--idx' is no option (did you mean '--index'?); kubectl headwind help shows what there is"}}) {
    const auto done = headwind(words);
    EXPECT_EQ(done.code, 2) << words.back();
    EXPECT_EQ(done.err, "headwind: " + sentence + "\n");
  }
}

TEST(CommandLine, a_number_out_of_range_is_told_with_the_range) {
  EXPECT_THAT(headwind({"demo", "--api-port", "99999"}).err, HasSubstr("99999 not in range 0 to 65535"));
  EXPECT_THAT(headwind({"kubectl", "rollback", "api", "--index", "-1"}).err, HasSubstr("not in range 0 to 1000"));
}

TEST(CommandLine, kubectl_is_among_the_commands_and_has_help_of_each) {
  EXPECT_THAT(headwind({"--help"}).out, HasSubstr("  kubectl "));
  EXPECT_THAT(headwind({"dance"}).err, HasSubstr("kubectl"));
  EXPECT_THAT(headwind({"completion", "bash"}).out, Not(ContainsRegex("kubectl[^\n\"]*kubectl[^\n\"]*\" --")));
  EXPECT_THAT(headwind({"kubectl", "help", "rollback"}).out, HasSubstr("--index"));
  const auto unknown = headwind({"kubectl", "help", "dance"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no command 'dance'"));
}

TEST(CommandLine, a_file_that_cannot_be_opened_is_wrong_usage) {
  const TemporaryDirectory directory;
  const std::string tags = directory.write("tags", "1.0.0\n");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"policy", "test", "--policy", "minor", "--current", "1.0.0", "--tags", "/nope"},
           {"policy", "test", "--python", "/nope.py", "--current", "1.0.0", "--tags", tags}}) {
    const auto done = headwind(words);
    EXPECT_EQ(done.code, 2) << words[1];
    EXPECT_THAT(done.err, StartsWith("headwind: ")) << "and nothing before it";
    EXPECT_THAT(done.err, HasSubstr("/nope"));
  }
}

TEST(Demo, secrets_of_the_configuration_come_from_the_environment) {
  const TemporaryDirectory directory;
  const std::string file =
      directory.write("c.yaml",
                      "plugins:\n  instances:\n    - name: ops\n      plugin: headwind.notifier.webhook\n"
                      "      secrets: {url: {environment: HOOK_OF_THIS_TEST}}\n");
  const std::vector<std::string> words{"demo", "--config",       file, "--webhook-port", "0", "--api-port",
                                       "0",    "--metrics-port", "0"};
  const auto told = headwind(words, {}, {"HOOK_OF_THIS_TEST=http://127.0.0.1:1/hook", "http_proxy=http://127.0.0.1:2"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("That is the main job."));
  EXPECT_THAT(told.out + told.err, Not(HasSubstr("HOOK_OF_THIS_TEST")));
  const auto missing = headwind(words);
  EXPECT_THAT(missing.out + missing.err, HasSubstr("HOOK_OF_THIS_TEST that holds the secret is not set"));
}

TEST(ConfigCheck, a_good_file_is_said_to_be_good) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("c.yaml", "log: {level: debug}\n");
  const auto done = headwind({"config", "check", file});
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.out, file + ": no mistakes\n");
}

TEST(ConfigCheck, every_mistake_of_a_bad_file_is_told_with_its_place) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("c.yaml", "log: {levle: debug}\nports: {api: {port: x}}\n");
  const auto done = headwind({"config", "check", file});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr(file + ":1:7: log.levle: is not a key of Headwind (did you mean 'level'?)"));
  EXPECT_THAT(done.err, HasSubstr(file + ":2:21: ports.api.port: must be a whole number"));
}

TEST(ConfigCheck, settings_that_do_not_fit_the_plugin_are_told_with_their_place_and_field) {
  const TemporaryDirectory directory;
  const std::string file =
      directory.write("c.yaml",
                      "plugins:\n  instances:\n"
                      "    - {name: ops, plugin: headwind.notifier.slack, settings: {usrname: x}}\n"
                      "    - {name: late, plugin: headwind.policy.semver, deadlines: {chose: 1s}}\n"
                      "    - {name: poor, plugin: headwind.notifier.slack}\n");
  const auto done = headwind({"config", "check", file});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr(file + ":3:7: plugins.instances[0].settings"));
  EXPECT_THAT(done.err, HasSubstr("usrname"));
  EXPECT_THAT(done.err, HasSubstr(file + ":4:7: plugins.instances[1]: deadlines: there is no function \"chose\""));
  EXPECT_THAT(done.err, HasSubstr(file + ":5:7: plugins.instances[2]: the secret \"url\" is not granted"));
  EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 3) << done.err;
  EXPECT_THAT(done.out, IsEmpty());
}

TEST(ConfigCheck, a_plugin_that_is_not_here_is_a_note) {
  const TemporaryDirectory directory;
  const std::string file =
      directory.write("c.yaml", "plugins: {instances: [{name: mine, plugin: acme.notifier.pager}]}\n");
  const auto done = headwind({"config", "check", file});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("note: " + file + ":1:23: plugins.instances[0]: there is no plugin"));
}

TEST(ConfigKeys, names_each_variable) {
  const auto done = headwind({"config", "keys"});
  EXPECT_EQ(done.code, 0);
  EXPECT_TRUE(
      std::regex_search(done.out, std::regex("\nkubernetes\\.namespace +headwind-system +"
                                             "HEADWIND_KUBERNETES_NAMESPACE +HEADWIND_NAMESPACE +namespace of")))
      << done.out;
  std::set<std::size_t> columns;  // of the defaults
  for (const char* line : {"\nauth.mode ", "\nkubernetes.namespace ", "\nrollouts.maxConcurrentPerNamespace "}) {
    const std::size_t start = done.out.find(line) + 1;
    columns.insert(done.out.find_first_not_of(' ', done.out.find(' ', start)) - start);
  }
  EXPECT_EQ(columns.size(), 1U) << done.out;
}

TEST(ConfigKeys, are_told_to_machines_too) {
  const auto done = headwind({"config", "keys", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  const json keys = json::parse(done.out);
  const auto named = [&](const std::string& name) {
    const auto found = std::ranges::find_if(keys, [&](const json& one) { return one["key"] == name; });
    return found == keys.end() ? json() : *found;
  };
  EXPECT_EQ(named("kubernetes.namespace"), json({{"key", "kubernetes.namespace"},
                                                 {"default", "headwind-system"},
                                                 {"variable", "HEADWIND_KUBERNETES_NAMESPACE"},
                                                 {"former_variable", "HEADWIND_NAMESPACE"},
                                                 {"is_yaml", false},
                                                 {"meaning", named("kubernetes.namespace")["meaning"]}}));
  EXPECT_FALSE(named("registries").contains("default"));
  EXPECT_TRUE(named("registries")["is_yaml"]);
  for (const json& key : keys) EXPECT_FALSE(key["meaning"].get<std::string>().empty()) << key;
  const auto table = headwind({"config", "keys"}).out;
  EXPECT_EQ(keys.size() + 1, static_cast<std::size_t>(std::ranges::count(table, '\n')));
  EXPECT_THAT(headwind({"config", "check", "--help"}).out, HasSubstr("- for standard input"));
}

TEST(PluginList, shows_each_file_and_why_a_bad_one_was_refused) {
  const TemporaryDirectory directory;
  const auto bundle = build_directory() / "plugins";
  std::filesystem::copy_file(bundle / "headwind-policy-semver.so", directory.path() / "good.so");
  directory.write("text.so", "this is no shared object\n");
  std::filesystem::copy_file(bundle / "headwind-registry-oci.so", directory.path() / "truncated.so");
  std::filesystem::resize_file(directory.path() / "truncated.so", 5000);

  const auto done = headwind({"plugin", "list", "--json", "--dir", directory.path().string()});
  ASSERT_EQ(done.code, 0) << done.err;
  const json list = json::parse(done.out);
  ASSERT_EQ(list.size(), 3U);
  std::map<std::string, json> by_file;
  for (const auto& row : list) by_file[std::filesystem::path(row["file"].get<std::string>()).filename()] = row;
  EXPECT_EQ(by_file.at("good.so")["name"], "headwind.policy.semver");
  EXPECT_EQ(by_file.at("good.so")["kind"], "policy");
  EXPECT_EQ(by_file.at("good.so")["state"], "loaded");
  for (const char* bad : {"text.so", "truncated.so"}) {
    EXPECT_EQ(by_file.at(bad)["state"], "refused") << bad;
    EXPECT_NE(by_file.at(bad)["reason"], "") << bad;
  }
  const auto table = headwind({"plugin", "list", "--dir", directory.path().string()});
  EXPECT_THAT(table.out, HasSubstr("headwind.policy.semver"));
  EXPECT_THAT(table.out, HasSubstr("refused"));
}

TEST(PluginList, finds_the_bundle_beside_the_program) {
  const auto done = headwind({"plugin", "list", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("headwind.registry.oci"));
  EXPECT_THAT(done.out, HasSubstr("headwind.notifier.slack"));
}

TEST(PluginList, a_directory_that_is_not_there_is_named) {
  const auto done = headwind({"plugin", "list", "--dir", "/no/such/place"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("/no/such/place does not exist"));
}

TEST(PluginProbe, describes_a_plugin_and_refuses_what_is_none) {
  const auto good = headwind({"plugin", "probe", "--json", (build_directory() / "plugins/headwind-policy-semver.so")});
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(json::parse(good.out)["plugins"][0]["id"], "headwind.policy.semver");
  const auto bad = headwind({"plugin", "probe", "--json", "/etc/passwd"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_TRUE(json::parse(bad.out).contains("error"));
}

TEST(PluginList, with_a_configuration_its_instances_are_shown_too) {
  const TemporaryDirectory directory;
  const std::string file = directory.write(
      "c.yaml", "plugins: {instances: [{name: ops, plugin: headwind.notifier.slack, settings: {usrname: x}}]}\n");
  const auto done = headwind({"plugin", "list", "--json", "--config", file});
  ASSERT_EQ(done.code, 0) << done.err;
  std::map<std::string, json> instances;
  const json all = json::parse(done.out);
  for (const json& one : all["instances"]) instances[one["name"]] = one;
  EXPECT_EQ(instances["semver"]["settings"], "fit");
  EXPECT_EQ(instances["ops"]["settings"], "refused");
  EXPECT_THAT(std::string(instances["ops"]["reason"]), HasSubstr("usrname"));
  EXPECT_THAT(headwind({"plugin", "list", "--config", file}).out, HasSubstr("\nINSTANCE "));
}

}  // namespace
}  // namespace headwind::test
