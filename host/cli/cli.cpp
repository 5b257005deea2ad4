// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <utility>

#include "cli/audit_verify.hpp"
#include "cli/command_group.hpp"
#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/kubectl.hpp"
#include "cli/lint.hpp"
#include "cli/plugin_call.hpp"
#include "cli/plugin_check.hpp"
#include "cli/running_plugins.hpp"
#include "config/values.hpp"
#include "core/text.hpp"
#include "plugin/host.hpp"

namespace headwind::cli {
namespace {

constexpr const char* exit_codes = "Exit codes: 0 done; 1 failed; 2 wrong usage.";

// What the chosen command reads, and the command itself.
struct Chosen {
  std::function<int()> command = [] { return run_command({}); };
  std::string config_file, file, api_url;
  std::vector<std::filesystem::path> files;
  bool json = false;
  DemoOptions demo;
  PluginListOptions plugin_list;
  PluginNewOptions plugin_new;
  PolicyTestOptions policy_test;
  RegistryOptions registry;
  ConfigCheckOptions config_check;
  AuditVerifyOptions audit_verify;
};

void add_running(CLI::App& app, Chosen& chosen) {
  CLI::App* run = app.add_subcommand("run", "Run the operator (the default)");
  run->add_option("--config", chosen.config_file, "Configuration file (YAML)")->type_name("FILE");
  run->callback([&chosen] { chosen.command = [&chosen] { return run_command(chosen.config_file); }; });

  CLI::App* demo = app.add_subcommand("demo", "Show the main job on a cluster and a registry inside this process");
  demo->add_flag("--stay", chosen.demo.stay, "Keep serving at the end");
  demo->add_option("--config", chosen.demo.config_file,
                   "Configuration file (YAML) for all but cluster and registries; without one the environment is not "
                   "read either")
      ->type_name("FILE");
  const auto port = [demo](const char* name, std::optional<std::uint16_t>& to, const char* meaning) {
    demo->add_option(name, to, meaning)->check(CLI::Range(0, 65535))->type_name("PORT");
  };
  port("--webhook-port", chosen.demo.webhooks, "Instead of the configured one [8080]; 0: any free one");
  port("--api-port", chosen.demo.api, "[8081]");
  port("--metrics-port", chosen.demo.metrics, "[9090]");
  demo->callback([&chosen] { chosen.command = [&chosen] { return demo_command(chosen.demo); }; });
}

void add_plugin(CLI::App& app, Chosen& chosen) {
  CLI::App* plugin = app.add_subcommand("plugin", "Write and look at plugins")->require_subcommand(1);

  CLI::App* list = plugin->add_subcommand("list", "What each plugin file is, and why one was refused");
  list->add_option("--dir", chosen.plugin_list.directories, "Directory to look in, instead of the configured ones")
      ->type_name("DIR");
  list->add_option("--config", chosen.plugin_list.config_file, "Configuration file (YAML)")->type_name("FILE");
  list->add_option("--api", chosen.api_url, "Those of a running Headwind: the URL of its port 8081 (HEADWIND_TOKEN)")
      ->type_name("URL");
  list->add_flag("--json", chosen.plugin_list.json, "JSON instead of a table");
  list->callback([&chosen] {
    chosen.command = [&chosen] {
      return chosen.api_url.empty() ? plugin_list_command(chosen.plugin_list)
                                    : running_plugins_command(chosen.api_url, chosen.plugin_list.json);
    };
  });

  CLI::App* rbac = plugin->add_subcommand("rbac", "The rights that the configured workload kinds need, as YAML");
  rbac->add_option("--config", chosen.config_file, "Configuration file (YAML)")->type_name("FILE");
  rbac->callback([&chosen] { chosen.command = [&chosen] { return plugin_rbac_command(chosen.config_file); }; });

  CLI::App* fresh = plugin->add_subcommand("new", "Write a small project that builds, with its test");
  fresh->add_option("KIND", chosen.plugin_new.kind, "notifier, policy, registry or workload")->required();
  fresh->add_option("NAME", chosen.plugin_new.name, "Lower-case words joined by '-'")->required();
  fresh->add_option("--lang", chosen.plugin_new.language, "c, c++ or python [c++]")->type_name("LANGUAGE");
  fresh->add_option("--dir", chosen.plugin_new.directory, "The directory to make [NAME]")->type_name("DIR");
  fresh->callback([&chosen] { chosen.command = [&chosen] { return plugin_new_command(chosen.plugin_new); }; });

  CLI::App* probe = plugin->add_subcommand("probe", "Open plugin files in this process and describe them");
  probe->add_flag("--json", chosen.json, "As JSON (the only form there is)");
  probe->add_option("FILE", chosen.files, "The plugin files")->required();
  probe->callback([&chosen] { chosen.command = [&chosen] { return plugin::probe_main(chosen.files); }; });

  add_plugin_check(*plugin, chosen.command);
  add_plugin_call(*plugin, chosen.command);
}

void add_policy(CLI::App& app, Chosen& chosen) {
  CLI::App* policy = app.add_subcommand("policy", "Try policies offline")->require_subcommand(1);

  PolicyTestOptions& options = chosen.policy_test;
  CLI::App* test = policy->add_subcommand("test", "What a policy says of each tag, and which it would choose");
  CLI::Option* named = test->add_option("--policy", options.policy, "none, patch, minor, major, all, glob or force");
  CLI::Option* script = test->add_option("--python", options.python, "A policy in Python, instead of --policy")
                            ->type_name("FILE")
                            ->excludes(named);
  test->add_option("--callable", options.callable, "The function or class in that file [choose]")
      ->needs(script)
      ->type_name("NAME");
  test->add_option("--policy-config", options.parameters, "Parameters, as the annotation has them")->type_name("JSON");
  test->add_option("--label", options.labels, "A label of the workload; again for each")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  test->add_option("--pattern", options.pattern, "The pattern, for glob alone");
  test->add_option("--current", options.current, "The tag that runs now")->required()->type_name("TAG");
  test->add_option("--tags", options.tags, "File with one tag a line; - for standard input")
      ->required()
      ->type_name("FILE");
  test->add_option("--config", options.config_file, "Configuration file (YAML), for the plugin directories")
      ->type_name("FILE");
  test->add_flag("--json", options.json, "JSON instead of text");
  test->footer("Exit codes: 0 done; 1 failed; 2 wrong usage, or a policy or pattern that is none.");
  test->callback([&chosen] { chosen.command = [&chosen] { return policy_test_command(chosen.policy_test); }; });
}

// Refused before anything is asked: the API server would only call such a one not found.
std::string dns_label(const std::string& text) {
  return config::is_dns_label(text) ? "" : "'" + printable(text, 100) + "' is no name of a namespace";
}

std::string object_name(const std::string& text) {
  bool good = text.size() <= 253;
  for (const std::string_view label : split(text, '.'))
    good = good && !label.empty() && label.front() != '-' && label.back() != '-' &&
           label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
  return good ? "" : "'" + printable(text, 100) + "' is no name of an object of Kubernetes";
}

void add_registry_options(CLI::App& command, RegistryOptions& options) {
  command.add_option("IMAGE", options.image, "The image, as a pod template names it")->required();
  command
      .add_option("--namespace", options.name_space,
                  "Use the pull credentials of this namespace of the cluster [with one of the next two alone: the "
                  "namespace of the kubeconfig's context or of the pod, else default]")
      ->check(dns_label)
      ->type_name("NAMESPACE");
  command
      .add_option("--pull-secret", options.pull_secrets, "A Secret of imagePullSecrets, in --namespace; again for each")
      ->allow_extra_args(false)
      ->check(object_name)
      ->type_name("NAME");
  command
      .add_option("--service-account", options.service_account,
                  "Whose imagePullSecrets count where no --pull-secret is given, in --namespace [default]")
      ->check(object_name)
      ->type_name("NAME");
  command
      .add_option("--docker-config", options.docker_config,
                  "Pull credentials of a file: ~/.docker/config.json, or a .dockerconfigjson")
      ->type_name("FILE");
  command.add_option("--config", options.config_file, "Configuration file (YAML): registries, plugins, kubeconfig")
      ->type_name("FILE");
  command.add_option("--timeout", options.timeout_seconds, "Seconds for all together [30]")
      ->check(CLI::Range(1U, 86400U))
      ->type_name("SECONDS");
  command.add_flag("--json", options.json, "JSON instead of text");
}

void add_registry(CLI::App& app, Chosen& chosen) {
  CLI::App* registry = app.add_subcommand("registry", "Ask registries as a node would")->require_subcommand(1);
  RegistryOptions& options = chosen.registry;

  CLI::App* check = registry->add_subcommand(
      "check", "Could a node pull the image, with which credential, and how many requests are left");
  check->footer("Exit codes: 0 a node could pull it; 1 it could not, or nobody knows; 2 wrong usage.");
  add_registry_options(*check, options);
  check->add_option("--platform", options.platforms, "One that the image must have; again for each")
      ->allow_extra_args(false)
      ->type_name("OS/ARCH");
  check->callback([&chosen] { chosen.command = [&chosen] { return registry_check_command(chosen.registry); }; });

  CLI::App* tags = registry->add_subcommand("tags", "The tags of the image's repository, one a line");
  add_registry_options(*tags, options);
  tags->add_flag("--sort", options.sorted, "1.9 before 1.10, instead of the registry's order");
  tags->callback([&chosen] { chosen.command = [&chosen] { return registry_tags_command(chosen.registry); }; });
}

void add_config(CLI::App& app, Chosen& chosen) {
  CLI::App* config = app.add_subcommand("config", "Check and explain the configuration")->require_subcommand(1);

  CLI::App* check = config->add_subcommand("check", "Read a configuration file and tell every mistake");
  check->add_option("FILE", chosen.config_check.file, "The configuration file; - for standard input")->required();
  check->add_flag("--here", chosen.config_check.here,
                  "Headwind will run here: files, variables and plugins that are not here are mistakes, too");
  check->callback([&chosen] { chosen.command = [&chosen] { return config_check_command(chosen.config_check); }; });

  CLI::App* keys = config->add_subcommand("keys", "Every key of the file with its environment variable");
  keys->add_flag("--json", chosen.json, "JSON instead of a table");
  keys->callback([&chosen] { chosen.command = [&chosen] { return config_keys_command(chosen.json); }; });
}

void add_audit(CLI::App& app, Chosen& chosen) {
  CLI::App* audit = app.add_subcommand("audit", "Look at the audit stream")->require_subcommand(1);
  CLI::App* verify = audit->add_subcommand("verify", "Find the first line that is not as Headwind wrote it");
  verify->add_option("FILE", chosen.audit_verify.files, "Files of a rotation, the oldest first; - for standard input")
      ->required();
  verify->footer(
      "Exit codes: 0 as it was written; 1 it is not, or there is no entry; 2 wrong usage, or a file that cannot be "
      "read.");
  verify->add_option("--last", chosen.audit_verify.last, "The hash that the last entry must have")->type_name("HASH");
  verify->callback([&chosen] { chosen.command = [&chosen] { return audit_verify_command(chosen.audit_verify); }; });
}

// CLI11 ends some of its messages with a line about --help, and some without a full stop.
std::string sentence_of(const CLI::ParseError& mistake, const CLI::App& app) {
  std::string text = mistake.what();
  std::string known = unknown_command(app, mistake);
  if (known.empty()) known = unknown_option(app, mistake);
  if (!known.empty()) text = std::move(known);
  if (const auto line = text.find('\n'); line != std::string::npos) text.resize(line);
  return text + "; " + typed_command(app) + " --help shows what there is";
}

}  // namespace

int run(int argc, char** argv) {
  if (is_kubectl_plugin(argc, argv)) return kubectl_command(argc, argv);
  CLI::App app("Headwind keeps Kubernetes workloads on the right container image.", "headwind");
  Chosen chosen;
  app.footer(exit_codes);  // of all commands that have none of their own
  app.require_subcommand(0, 1);
  app.set_help_all_flag("--help-all", "Help of every command");
  app.set_version_flag("--version", std::string("headwind " HEADWIND_VERSION));
  add_running(app, chosen);
  add_plugin(app, chosen);
  add_policy(app, chosen);
  add_registry(app, chosen);
  add_config(app, chosen);
  add_audit(app, chosen);
  add_explain(app, chosen.command);
  add_lint(app, chosen.command);
  add_completion(app, chosen.command);
  // Taken before anything is parsed here; it stands in the list of commands.
  app.add_subcommand("kubectl", "See, approve and roll back image updates: headwind kubectl help, or kubectl headwind");
  CLI::App* version = app.add_subcommand("version", "The version of this program");
  version->add_flag("--json", chosen.json, "JSON: with commit, date, compiler, plugin ABI and libraries");
  version->callback([&chosen] { chosen.command = [&chosen] { return version_command(chosen.json); }; });
  app.footer(std::string(exit_codes) + "\nWithout a command, headwind runs on environment and defaults.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& mistake) {
    return complain(sentence_of(mistake, app), wrong_usage);
  }
  try {
    return chosen.command();
  } catch (const std::exception& bug) {
    return complain(std::string("a bug ended the command: ") + bug.what(), failed);
  }
}

}  // namespace headwind::cli
