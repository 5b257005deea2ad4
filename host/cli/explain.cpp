// SPDX-License-Identifier: Apache-2.0
#include "cli/explain.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/registry_job.hpp"
#include "config/config.hpp"

namespace headwind::cli {
namespace {

Task<int> ask(Executor executor, ExplainOptions options, std::vector<std::string> parts) {
  // Lives until the process ends: a kept connection outlasts the question.
  static std::unique_ptr<ApiWay> way;
  way = std::make_unique<ApiWay>(executor, options.api, config::process_environment());
  if (const Result<> opened = way->open(); !opened) co_return complain(opened.error().message, wrong_usage);
  if (parts[0].empty()) parts[0] = way->name_space();
  const std::string path = "/api/v1/explain/" + in_path(parts[0]) + "/" + in_path(kind_named(parts[1])) + "/" +
                           in_path(parts[2]) + (options.json ? "" : "?format=text");
  const Result<ApiAnswer> answer = co_await way->api("GET", path);
  if (!answer) co_return complain(answer.error().message, failed);
  if (answer->status != 200) co_return complain(refusal_of(*answer), failed);
  std::fputs(answer->body.c_str(), stdout);
  if (options.json) std::puts("");
  co_return done;
}

int explain_command(const ExplainOptions& options) {
  if (!options.manifest.empty()) {
    for (const auto& [name, value] : {std::pair{"--api-url", &options.api.api_url},
                                      {"--ca-file", &options.api.ca_file},
                                      {"--kubeconfig", &options.api.kubeconfig},
                                      {"--context", &options.api.context},
                                      {"--namespace", &options.api.name_space}})
      if (!value->empty())
        return complain(std::string(name) + " and -f exclude each other: with -f nobody is asked", wrong_usage);
    return explain_offline(options);
  }
  if (!options.tags.empty() || !options.config_file.empty())
    return complain("--tags and --config belong to -f: what runs is explained by the operator itself", wrong_usage);
  std::vector<std::string> parts;
  for (const std::string_view part : split(options.workload, '/')) parts.emplace_back(part);
  if (parts.size() == 2) parts.insert(parts.begin(), std::string());
  if (parts.size() == 1) parts = {std::string(), "Deployment", parts[0]};
  if (parts.size() != 3 || parts[1].empty() || parts[2].empty())
    return complain("name the workload as NAMESPACE/KIND/NAME, such as shop/deployment/web; or give a manifest with -f",
                    wrong_usage);
  run_and_leave([&](Executor executor) { return ask(std::move(executor), options, parts); }, std::chrono::seconds(60),
                [] { return complain("no answer within 60 s; is the operator running?", failed); });
}

}  // namespace

std::string kind_named(const std::string& word) {
  static const std::map<std::string, std::string, std::less<>> kinds{
      {"deploy", "Deployment"}, {"deployment", "Deployment"},   {"deployments", "Deployment"},
      {"sts", "StatefulSet"},   {"statefulset", "StatefulSet"}, {"statefulsets", "StatefulSet"},
      {"ds", "DaemonSet"},      {"daemonset", "DaemonSet"},     {"daemonsets", "DaemonSet"},
      {"cj", "CronJob"},        {"cronjob", "CronJob"},         {"cronjobs", "CronJob"},
      {"hr", "HelmRelease"},    {"helmrelease", "HelmRelease"}, {"helmreleases", "HelmRelease"},
      {"ro", "Rollout"},        {"rollout", "Rollout"},         {"rollouts", "Rollout"}};
  const auto known = kinds.find(to_lower(word));
  return known == kinds.end() ? word : known->second;
}

void add_explain(CLI::App& app, std::function<int()>& chosen) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App* explain = app.add_subcommand("explain", "Why a workload runs what it runs, and what it waits for");
  CLI::Option* workload =
      explain->add_option("WORKLOAD", options->workload, "NAMESPACE/KIND/NAME, of a running Headwind");
  CLI::Option* manifest =
      explain->add_option("-f,--filename", options->manifest, "Offline: a manifest; - for standard input")
          ->type_name("FILE")
          ->excludes(workload);
  explain->add_option("--tags", options->tags, "Offline: a file with one tag a line; again for each container")
      ->needs(manifest)
      ->allow_extra_args(false)
      ->type_name("[CONTAINER=]FILE");
  explain->add_option("--config", options->config_file, "Offline: configuration file (YAML), for policies of your own")
      ->needs(manifest)
      ->type_name("FILE");
  explain->add_flag("--json", options->json, "JSON instead of text");
  add_api_options(*explain, options->api);
  explain->callback([options, &chosen] { chosen = [options] { return explain_command(*options); }; });
}

}  // namespace headwind::cli
