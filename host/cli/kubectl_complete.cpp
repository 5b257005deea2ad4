// SPDX-License-Identifier: Apache-2.0
#include "cli/kubectl_complete.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "cli/api_way.hpp"
#include "cli/commands.hpp"
#include "cli/kubectl_print.hpp"
#include "cli/registry_job.hpp"
#include "config/config.hpp"

namespace headwind::cli {
namespace {

constexpr std::chrono::seconds patience{3};  // somebody waits at the Tab key
constexpr const char* no_files = ":4";       // Cobra's ShellCompDirectiveNoFileComp

const std::map<std::string, std::string>& commands() {
  static const std::map<std::string, std::string> all{{"list", "UpdateRequests of the namespace"},
                                                      {"show", "one UpdateRequest as it is stored"},
                                                      {"approve", "approve an UpdateRequest"},
                                                      {"reject", "refuse an UpdateRequest"},
                                                      {"release", "forget a rejected, failed or rolled-back version"},
                                                      {"history", "what ran before"},
                                                      {"rollback", "go back to an earlier version"},
                                                      {"explain", "why a workload runs what it runs"},
                                                      {"help", "what there is"}};
  return all;
}

const std::vector<std::string> flags{"--namespace", "--all-namespaces", "--kubeconfig", "--context",   "--output",
                                     "--api-url",   "--api-namespace",  "--ca-file",    "--kind",      "--approver",
                                     "--comment",   "--digest",         "--reason",     "--container", "--index",
                                     "--phase",     "--annotate"};
const std::vector<std::string> flags_alone{"-A", "--all-namespaces", "--annotate", "-h", "--help"};

struct Asked {
  ApiOptions api;
  std::string command, partial;
  std::size_t names = 0;                // that stand behind the command already
  std::optional<std::string> value_of;  // the flag whose value is being written
};

Asked understood(const std::vector<std::string>& words) {
  Asked asked;
  asked.partial = words.empty() ? std::string() : words.back();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-')) {
      if (asked.command.empty())
        asked.command = word;
      else
        ++asked.names;
      continue;
    }
    if (std::find(flags_alone.begin(), flags_alone.end(), word) != flags_alone.end()) continue;
    const std::size_t equals = word.find('=');
    const std::string flag = word.substr(0, equals);
    if (equals == std::string::npos && i + 2 == words.size()) {
      asked.value_of = flag;
      break;
    }
    const std::string value = equals != std::string::npos ? word.substr(equals + 1) : words[++i];
    if (flag == "-n" || flag == "--namespace") asked.api.name_space = value;
    if (flag == "--context") asked.api.context = value;
    if (flag == "--kubeconfig") asked.api.kubeconfig = value;
  }
  return asked;
}

void print(const Asked& asked, const std::string& word, const std::string& about = {}) {
  if (word.starts_with(asked.partial)) std::printf("%s%s\n", word.c_str(), about.empty() ? "" : ("\t" + about).c_str());
}

int end() {
  std::puts(no_files);
  return done;
}

// Which phases an order can be about.
bool fits(const std::string& command, const std::string& phase) {
  if (command == "approve" || command == "reject") return phase == "Pending" || phase.empty();
  if (command == "release") return phase == "Rejected" || phase == "Failed" || phase == "RolledBack";
  return true;
}

Task<int> names(Executor executor, Asked asked) {
  static std::unique_ptr<ApiWay> way;
  way = std::make_unique<ApiWay>(executor, asked.api, config::process_environment());
  if (!way->open() || !way->has_cluster()) co_return end();
  const bool requests = asked.command != "history" && asked.command != "rollback" && asked.command != "explain";
  const std::string in = "/namespaces/" + in_path(way->name_space());
  std::vector<std::pair<std::string, std::string>> places{{"", "/apis/apps/v1" + in + "/deployments"},
                                                          {"statefulset/", "/apis/apps/v1" + in + "/statefulsets"},
                                                          {"daemonset/", "/apis/apps/v1" + in + "/daemonsets"}};
  if (requests) places = {{"", "/apis/headwind.sh/v1alpha1" + in + "/updaterequests"}};
  if (asked.value_of == "-n" || asked.value_of == "--namespace") places = {{"", "/api/v1/namespaces"}};
  for (const auto& [before, path] : places) {
    const Result<ApiAnswer> answer = co_await way->kube("GET", path + "?limit=500");
    if (!answer || answer->status != 200) continue;
    const auto document = nlohmann::ordered_json::parse(answer->body, nullptr, false);
    if (!document.is_object() || !document.contains("items") || !document["items"].is_array()) continue;
    for (const auto& item : document["items"]) {
      const std::string name = text_at(item, "/metadata/name");
      const std::string policy = text_at(item, "/metadata/annotations/headwind.sh~1policy");
      if (asked.value_of)
        print(asked, name);
      else if (requests && fits(asked.command, text_at(item, "/status/phase")))
        print(asked, name, text_at(item, "/spec/newImage"));
      else if (!requests && !policy.empty())
        print(asked, before + name, policy);
    }
  }
  co_return end();
}

}  // namespace

int complete_kubectl(std::vector<std::string> words) {
  const Asked asked = understood(words);
  if (!asked.value_of && asked.partial.starts_with('-')) {
    for (const std::string& flag : flags) print(asked, flag);
    return end();
  }
  if (asked.value_of == "-o" || asked.value_of == "--output") {
    for (const char* format : {"json", "yaml", "wide"}) print(asked, format);
    return end();
  }
  const bool of_namespace = asked.value_of == "-n" || asked.value_of == "--namespace";
  if (asked.value_of && !of_namespace) return end();
  if (!asked.value_of && asked.command.empty()) {
    for (const auto& [command, about] : commands()) print(asked, command, about);
    return end();
  }
  const bool several = asked.command == "approve" || asked.command == "release" || asked.command == "show";
  const bool takes_names = commands().contains(asked.command) && asked.command != "list" && asked.command != "help";
  if (!of_namespace && (!takes_names || (asked.names > 0 && !several))) return end();
  run_and_leave([&](Executor executor) { return names(std::move(executor), asked); }, patience, end);
}

}  // namespace headwind::cli
