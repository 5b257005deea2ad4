// SPDX-License-Identifier: Apache-2.0
#include "cli/offline_plugins.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "app/instances.hpp"
#include "cli/plugin_directories.hpp"
#include "kube/object.hpp"
#include "net/client.hpp"

namespace headwind::cli {
namespace {

using nlohmann::json;

bool takes_part(const config::Plugin& plugin) {
  return plugin.plugin.find(".notifier.") == std::string::npos && plugin.plugin.find(".registry.") == std::string::npos;
}

// The bundle's file of each plugin; all directories where one of them is in no file of that name.
std::vector<std::filesystem::path> places_of(const std::vector<config::Plugin>& wanted, const config::Config& config) {
  const std::vector<std::filesystem::path> directories = plugin_directories(config);
  std::set<std::filesystem::path> files;
  for (const config::Plugin& plugin : wanted) {
    std::string name = plugin.plugin + ".so";
    std::replace(name.begin(), name.end() - 3, '.', '-');
    const auto holds = [&](const std::filesystem::path& directory) {
      std::error_code failure;
      return std::filesystem::is_regular_file(directory / name, failure);
    };
    const auto found = std::find_if(directories.begin(), directories.end(), holds);
    if (found == directories.end()) return directories;
    files.insert(*found / name);
  }
  return {files.begin(), files.end()};
}

std::string group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return std::string(slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash));
}

}  // namespace

Task<Result<>> OfflinePlugins::open(Executor executor, std::string config_file) {
  const TextMap environment = config::process_environment();
  const Result<config::Config> config = config::load(config_file, environment);
  if (!config) co_return config.error();
  config_ = *config;
  std::vector<config::Plugin> wanted = config::plugin_instances(*config);
  std::erase_if(wanted, [](const config::Plugin& plugin) { return !takes_part(plugin); });
  plugin::HostOptions options;
  options.directories = places_of(wanted, *config);
  options.executable = this_executable();
  options.version = std::string("headwind/") + HEADWIND_VERSION;
  host_ = std::make_unique<plugin::Host>(executor, std::make_shared<net::Client>(executor, net::ClientOptions{}),
                                         metrics_, std::move(options));
  host_->load();
  for (const config::Plugin& plugin : wanted) {
    Result<plugin::InstanceConfig> instance = app::instance_from(plugin, environment);
    if (!instance) co_return instance.error();
    const Result<> made = co_await host_->create(std::move(*instance));
    if (!made) co_return in_context(made.error(), "plugin instance " + plugin.name + " (see headwind plugin list)");
  }
  Result<std::vector<app::WorkloadKind>> described = co_await app::describe_kinds(*host_);
  if (!described) co_return described.error();
  kinds_ = std::move(*described);
  policies_ = std::make_unique<app::PluginPolicies>(host_->policies());
  co_return Result<>{};
}

const app::WorkloadKind* OfflinePlugins::find(std::string_view api_version, std::string_view kind) const {
  const std::string group = group_of(api_version);
  const auto found = std::find_if(kinds_.begin(), kinds_.end(),
                                  [&](const app::WorkloadKind& one) { return one.kind == kind && one.group == group; });
  return found == kinds_.end() ? nullptr : &*found;
}

bool OfflinePlugins::follows(std::string_view api_version, std::string_view kind) const {
  return find(api_version, kind) != nullptr;
}

std::string OfflinePlugins::nearest_kind(std::string_view kind) const {
  std::vector<std::string_view> names;
  for (const app::WorkloadKind& one : kinds_) {
    names.emplace_back(one.kind.str());
    if (to_lower(one.kind.str()) == to_lower(kind)) return one.kind.str() + " of " + one.api_version.str();
  }
  const std::string_view near = nearest(kind, names);
  const auto found =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const app::WorkloadKind& one) { return one.kind.str() == near; });
  return found == kinds_.end() ? std::string() : found->kind.str() + " of " + found->api_version.str();
}

Task<Result<std::optional<inventory::Workload>>> OfflinePlugins::read(std::string text) {
  std::optional<inventory::Workload> nothing;
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) co_return nothing;
  const auto word = [&](const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const app::WorkloadKind* kind = find(word("apiVersion"), word("kind"));
  kube::Object object;
  if (kind == nullptr || !kube::read_object(text, object) || object.name.empty()) co_return nothing;
  if (object.name_space.empty()) object.name_space = "default";
  object.json = std::move(text);
  std::vector<kube::Object> objects;
  objects.push_back(std::move(object));
  Result<std::vector<inventory::Workload>> workloads = co_await app::read_workloads(*kind, std::move(objects));
  if (!workloads) co_return workloads.error();
  if (workloads->empty()) co_return nothing;
  co_return std::optional<inventory::Workload>(std::move(workloads->front()));
}

}  // namespace headwind::cli
