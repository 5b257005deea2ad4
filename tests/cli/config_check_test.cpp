// SPDX-License-Identifier: Apache-2.0
// What `headwind config check` tells of what a configuration leads to: secrets, plugins, scripts.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string notifier(const std::string& plugin, const std::string& more) {
  return "plugins:\n  instances:\n    - name: ops\n      plugin: " + plugin + "\n      " + more + "\n";
}

Finished check(const std::string& file, std::vector<std::string> more = {}, std::vector<std::string> environment = {}) {
  std::vector<std::string> words{"config", "check", file};
  words.insert(words.end(), more.begin(), more.end());
  return headwind(words, {}, environment);
}

TEST(ConfigCheckLog, a_room_that_there_is_not_is_a_note_since_filters_of_01x_named_rooms_of_libraries) {
  const TemporaryDirectory directory;
  const Finished done = check(directory.write("c.yaml", "log: {level: 'info,updaet=debug,kube=warn'}\n"));
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("note: log.level (or RUST_LOG): 'updaet' is no room of the log (did you mean "
                                  "'update'?), so what is said of it has no effect; there are api, app, "));
  EXPECT_THAT(done.err, Not(HasSubstr("'kube'")));
  const Finished former = check(directory.write("d.yaml", ""), {"--here"}, {"RUST_LOG=headwind=info,hyper=warn"});
  EXPECT_THAT(former.err, HasSubstr("note: log.level (or RUST_LOG): 'hyper' is no room of the log, so"));
  EXPECT_THAT(check(directory.write("e.yaml", ""), {}, {"RUST_LOG=headwind=info,kube=info"}).err, IsEmpty());
}

TEST(ConfigCheckSecrets, a_file_or_a_variable_that_is_not_here_is_a_note_and_a_mistake_where_headwind_is_to_run) {
  const TemporaryDirectory directory;
  const std::string file = directory.write(
      "c.yaml", notifier("headwind.notifier.webhook",
                         "secrets: {url: {file: /no/such/url}, secret: {environment: NO_SUCH_VARIABLE}}"));
  const Finished elsewhere = check(file);
  EXPECT_EQ(elsewhere.code, 0) << elsewhere.err;
  EXPECT_THAT(elsewhere.err, AllOf(HasSubstr("note: " + file +
                                             ":5:22: plugins.instances[0].secrets.url: the secret file /no/such/url "
                                             "cannot be opened: mount it"),
                                   HasSubstr("note: " + file +
                                             ":5:52: plugins.instances[0].secrets.secret: the variable "
                                             "NO_SUCH_VARIABLE that holds the secret is not set")));
  const Finished here = check(file, {"--here"});
  EXPECT_EQ(here.code, 1);
  EXPECT_THAT(here.err, AllOf(HasSubstr("/no/such/url"), HasSubstr("NO_SUCH_VARIABLE"), Not(HasSubstr("note:"))));
  EXPECT_THAT(here.out, IsEmpty());
  const std::string secret = directory.write("url", "https://hooks.example.com/hunter2hunter2\n");
  const std::string good =
      directory.write("d.yaml", notifier("headwind.notifier.webhook",
                                         "secrets: {url: {file: " + secret + "}, secret: {environment: HOOK_SECRET}}"));
  const Finished there = check(good, {"--here"}, {"HOOK_SECRET=hunter2hunter2"});
  EXPECT_EQ(there.code, 0) << there.err;
  EXPECT_THAT(there.out + there.err, Not(HasSubstr("hunter2")));
}

TEST(ConfigCheckSecrets, one_that_is_here_but_empty_is_a_mistake) {
  const TemporaryDirectory directory;
  const std::string file =
      directory.write("c.yaml", "registries:\n  r.example.com:\n    username: ci\n    password: {file: " +
                                    directory.write("empty", "\n") + "}\n");
  const Finished done = check(file);
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr(file + ":4:15: registries.r.example.com.password: the secret file " +
                                  (directory.path() / "empty").string() + " is empty: write the secret into it"));
}

TEST(ConfigCheckSecrets, one_that_is_empty_is_told_among_mistakes_of_the_text) {
  const TemporaryDirectory directory;
  const std::string empty = directory.write("empty", "\n");
  const std::string text =
      "log: {levle: debug}\nregistries:\n  r.example.com:\n    username: ci\n    password: {file: " + empty +
      "}\n  s.example.com:\n    username: ci\n    password: {file: /no/such}\n";
  const Finished done = check(directory.write("c.yaml", text));
  EXPECT_THAT(done.err, AllOf(HasSubstr("c.yaml:1:7: log.levle: is not a key"), HasSubstr(empty + " is empty"),
                              Not(HasSubstr("/no/such"))));
  EXPECT_THAT(check(directory.write("c.yaml", text), {"--here"}).err, HasSubstr("/no/such cannot be opened"));
}

TEST(ConfigCheckInput, the_text_may_come_by_a_pipe_and_one_that_cannot_be_read_is_wrong_usage) {
  const Finished good = headwind({"config", "check", "-"}, "log: {level: debug}\n");
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("<stdin>: no mistakes"));
  const Finished wrong =
      headwind({"config", "check", "-"},
               "log: {levle: debug}\n" + notifier("headwind.notifier.slack",
                                                  "settings: {usrname: x}\n      secrets: {url: {environment: A}}"));
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("<stdin>:1:7: log.levle"), HasSubstr("usrname"))) << "it is read once";
  const Finished none = check("/no/such.yaml");
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("headwind: the configuration file /no/such.yaml cannot be read"));
}

TEST(ConfigCheckFiles, are_told_with_their_line_but_where_a_variable_speaks) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("c.yaml",
                                           "registries:\n  r.example.com:\n    caFile: /no/such.pem\n"
                                           "  r.example.com:5000:\n    caFile: /no/other.pem\n");
  EXPECT_THAT(check(file).err,
              AllOf(HasSubstr("note: " + file + ":3:13: registries.r.example.com.caFile: /no/such.pem"),
                    HasSubstr(file + ":5:13: registries.r.example.com:5000.caFile: /no/other.pem")));
  EXPECT_THAT(check(file, {}, {"HEADWIND_REGISTRIES={r.example.com: {caFile: /no/third.pem}}"}).err,
              HasSubstr("note: registries.r.example.com.caFile: /no/third.pem"));
}

TEST(ConfigCheckAudit, the_directory_of_its_file_must_be_there) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("c.yaml", "audit: {sink: file, file: /no/such/audit.log}\n");
  EXPECT_THAT(check(file).err, HasSubstr("note: " + file + ":1:27: audit.file: the directory /no/such is not here"));
  EXPECT_EQ(check(file, {"--here"}).code, 1);
  const std::string there = (directory.path() / "audit.log").string();
  EXPECT_THAT(check(directory.write("c.yaml", "audit: {sink: file, file: " + there + "}\n")).err,
              Not(HasSubstr("audit")));
  const Finished relative = check(directory.write("c.yaml", "audit: {sink: file, file: rel.log}\n"));
  EXPECT_THAT(relative.err, AllOf(HasSubstr("must be an absolute path"), Not(HasSubstr("must name a file"))));
}

TEST(ConfigCheckPlugins, a_directory_that_is_not_there_is_noted_beside_others) {
  const TemporaryDirectory directory;
  const std::string bundle = (build_directory() / "plugins").string();
  const Finished done = check(directory.write("c.yaml", "plugins: {directories: [" + bundle + ", /no/such]}\n"));
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("note: plugins.directories: /no/such is no directory here"), Not(HasSubstr(bundle))));
}

TEST(ConfigCheckPlugins, an_id_of_the_bundle_that_is_none_is_a_mistake) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("c.yaml", notifier("headwind.notifier.slak", "settings: {}"));
  const Finished done = check(file);
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err,
              HasSubstr(file + ":3:7: plugins.instances[0]: there is no plugin \"headwind.notifier.slak\"; did "
                               "you mean \"headwind.notifier.slack\"?"));
  const std::string own = directory.write("d.yaml", notifier("acme.notifier.pager", "settings: {}"));
  EXPECT_EQ(check(own).code, 0);
  EXPECT_EQ(check(own, {"--here"}).code, 1);
}

TEST(ConfigCheckPlugins, a_mistake_of_the_text_does_not_hide_those_of_other_instances) {
  const TemporaryDirectory directory;
  const std::string file = directory.write(
      "c.yaml",
      "log: {levle: debug}\nplugins:\n  instances:\n"
      "    - {name: a, plugin: headwind.notifier.slack, settings: {usrname: x}, secrets: {url: {environment: A}}}\n"
      "    - {name: b, plugin: headwind.notifier.slack, setings: {usrname: x}, secrets: {url: {environment: A}}}\n");
  const Finished done = check(file);
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err,
              AllOf(HasSubstr(file + ":1:7: log.levle: is not a key"), HasSubstr("plugins.instances[1].setings"),
                    HasSubstr(file + ":4:7: plugins.instances[0].settings"), HasSubstr("usrname")));
  EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 3) << done.err;
}

TEST(ConfigCheckPlugins, an_instance_that_would_not_be_created_is_told) {
  const TemporaryDirectory directory;
  const std::string preset = directory.write(
      "c.yaml",
      "plugins:\n  instances:\n    - {name: a, plugin: headwind.workload.generic, settings: {preset: argo-rolout}}\n");
  const Finished wrong = check(preset);
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err,
              AllOf(HasSubstr("c.yaml:3:7: plugins.instances[0]: "), HasSubstr("argo-rolout is none: choose")));

  const std::string ungranted = directory.write("d.yaml", notifier("headwind.notifier.slack", "settings: {}"));
  const Finished refused = check(ungranted);
  EXPECT_EQ(refused.code, 1) << "no machine has what the configuration does not name";
  EXPECT_THAT(refused.err, HasSubstr("plugins.instances[0]: the secret \"url\" is not granted"));
}

TEST(ConfigCheckScripts, one_that_is_not_here_or_does_not_load_is_told_with_its_line) {
  const TemporaryDirectory directory;
  const auto with = [&](const std::string& plugin, const std::string& script) {
    return directory.write("c.yaml", notifier(plugin, "settings: {file: " + script + "}"));
  };
  const Finished absent = check(with("headwind.policy.python", "/no/such/canary.py"));
  EXPECT_EQ(absent.code, 0) << absent.err;
  EXPECT_THAT(absent.err, HasSubstr("c.yaml:3:7: plugins.instances[0].settings.file: the script /no/such/canary.py "
                                    "cannot be read here"));
  EXPECT_EQ(check(with("headwind.policy.python", "/no/such/canary.py"), {"--here"}).code, 1);

  const Finished broken =
      check(with("headwind.notifier.python", directory.write("pager.py", "def send(event)\n  pass\n")));
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err,
              HasSubstr("settings.file: script not loaded: pager.py:1: SyntaxError: expected ':' (in: def send"));

  const Finished empty = check(with("headwind.policy.python", directory.write("none.py", "x = 1\n")));
  EXPECT_EQ(empty.code, 1);
  EXPECT_THAT(empty.err, HasSubstr("the file defines no choose; settings.callable names the function or class"));

  const Finished good =
      check(with("headwind.notifier.python", directory.write("good.py", "def send(event):\n  pass\n")), {"--here"});
  EXPECT_EQ(good.code, 0) << good.err;
}

}  // namespace
}  // namespace headwind::test
