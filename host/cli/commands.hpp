// SPDX-License-Identifier: Apache-2.0
// The commands behind the command line. Each returns the exit code: 0 done, 1 failed, 2 asked for something wrong.
// Results go to stdout, one sentence about a failure to stderr.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headwind::cli {

inline constexpr int done = 0, failed = 1, wrong_usage = 2;

int run_command(const std::string& config_file);  // empty: environment and defaults

struct DemoOptions {
  bool stay = false;
  std::string config_file;  // its ports, log level and the like; registries and cluster are the demo's own
  std::optional<std::uint16_t> webhooks, api, metrics;  // ports instead of the configured ones; 0: any free one
};
int demo_command(const DemoOptions& options);

struct PluginListOptions {
  std::vector<std::string> directories;  // empty: the configured ones, else the default
  std::string config_file;
  bool json = false;
};
int plugin_list_command(const PluginListOptions& options);
int plugin_rbac_command(const std::string& config_file);

struct PluginNewOptions {
  std::string kind, name, language = "c++";
  std::string directory;  // empty: that of the name, here
};
int plugin_new_command(const PluginNewOptions& options);

struct PolicyTestOptions {
  std::string policy, pattern, current;
  std::string python, callable = "choose";  // a script instead of `policy`, and the function or class in it
  std::string parameters;                   // as headwind.sh/policy-config has them
  std::vector<std::string> labels;          // of the workload: "track=canary"
  std::string tags;                         // a file with one tag a line, or "-" for stdin
  std::string config_file;
  bool json = false;
};
int policy_test_command(const PolicyTestOptions& options);

struct RegistryOptions {
  std::string image;
  std::string config_file;
  std::string name_space, service_account;  // of the cluster; empty: the kubeconfig's, "default"
  std::vector<std::string> pull_secrets;    // as a pod template lists them; none: the service account's
  std::string docker_config;                // a file instead of the cluster
  std::vector<std::string> platforms;       // check only: those that must be there; none: the configured ones
  unsigned timeout_seconds = 30;            // for all together
  bool sorted = false;                      // tags only
  bool json = false;
};
int registry_check_command(const RegistryOptions& options);
int registry_tags_command(const RegistryOptions& options);

struct ConfigCheckOptions {
  std::string file;
  bool here = false;  // Headwind is to run on this machine, so what is not here is missing
};
int config_check_command(const ConfigCheckOptions& options);
int config_keys_command(bool json);
int version_command(bool json);

// Prints "headwind: <sentence>" to stderr and returns `code`.
int complain(const std::string& sentence, int code);

}  // namespace headwind::cli
