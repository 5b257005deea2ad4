// SPDX-License-Identifier: Apache-2.0
// `headwind explain -f`: the operator's own engine over a world that holds a manifest and lists of tags, and nothing
// else. It explains; there is nothing that it could change.
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/offline_plugins.hpp"
#include "cli/registry_job.hpp"
#include "cli/tag_file.hpp"
#include "config/yaml_json.hpp"
#include "update/engine.hpp"
#include "update/explanation.hpp"

namespace headwind::cli {
namespace {

Error offline() { return make_error(Code::unsupported, "nothing is asked offline"); }

class OfflineWorld final : public update::Registries,
                           public update::Workloads,
                           public update::Requests,
                           public update::InboxStore,
                           public update::Notifiers,
                           public update::EventRecorder {
 public:
  std::map<std::string, std::vector<update::Candidate>> lists;  // by repository

  Task<Result<Symbol>> identity(std::string, Symbol) override { co_return Symbol(); }
  Task<Result<std::string>> digest(std::string, std::string, Symbol) override { co_return std::string(); }
  Task<Result<std::vector<update::Candidate>>> tags(std::string repository, Symbol) override {
    const auto list = lists.find(repository);
    if (list == lists.end()) co_return make_error(Code::invalid, "no list of tags was given for " + repository);
    co_return list->second;
  }
  Task<Result<std::vector<std::string>>> platforms(std::string, std::string, Symbol) override { co_return offline(); }
  Task<Result<inventory::Workload>> patch(inventory::Workload, std::string) override { co_return offline(); }
  Task<Result<>> patch_object(inventory::Workload, std::string, std::string) override { co_return offline(); }
  Task<Result<inventory::Workload>> read(inventory::WorkloadKey) override { co_return offline(); }
  Task<Result<std::vector<update::RanBefore>>> ran_before(inventory::Workload) override { co_return offline(); }
  Task<Result<update::UpdateRequest>> create(update::UpdateRequest) override { co_return offline(); }
  Task<Result<update::UpdateRequest>> patch_spec(update::RequestKey, std::string, std::string) override {
    co_return offline();
  }
  Task<Result<update::UpdateRequest>> patch_status(update::RequestKey, std::string, std::string) override {
    co_return offline();
  }
  Task<Result<>> remove(update::RequestKey, std::string) override { co_return offline(); }
  Task<Result<std::vector<update::Hint>>> load() override { co_return std::vector<update::Hint>{}; }
  Task<Result<>> write(std::vector<update::Hint>, std::vector<std::string>) override { co_return Result<>{}; }
  void tell(const update::Notification&) override {}
  void record(const inventory::WorkloadKey&, const std::string&, const std::string&, bool, std::string_view,
              std::string_view) override {}
};

// Lives until the process ends, as the plugins' threads do.
struct Offline {
  explicit Offline(const Executor& executor, update::Policies& policies)
      : engine(executor, inventory, {policies, world, world, world, world, world, world}, metrics, compat,
               system_clock(), {}) {}
  OfflineWorld world;
  inventory::Inventory inventory;
  telemetry::Metrics metrics;
  telemetry::CompatMetrics compat{metrics};
  update::Engine engine;
};

Result<std::vector<update::Candidate>> read_list(const std::string& file) {
  const Result<std::vector<std::string>> tags = read_tags(file);
  if (!tags) return tags.error();
  std::vector<update::Candidate> candidates;
  for (const std::string& tag : *tags) candidates.push_back({tag, {}});
  return candidates;
}

// FILE is for the containers that none is named for.
Result<> give_lists(const ExplainOptions& options, const inventory::Workload& workload, OfflineWorld& world) {
  for (const std::string& given : options.tags) {
    const std::size_t equals = given.find('=');
    const std::string container = equals == std::string::npos ? std::string() : given.substr(0, equals);
    const Result<std::vector<update::Candidate>> list = read_list(given.substr(equals + 1));
    if (!list) return list.error();
    bool used = false;
    for (const inventory::Slot& slot : workload.slots) {
      const bool meant =
          container.empty() ? !world.lists.contains(slot.repository.str()) : container == slot.container();
      used = used || meant;
      if (meant) world.lists[slot.repository.str()] = *list;
    }
    if (!used && !container.empty())
      return make_error(Code::invalid, "--tags " + printable(given, 300) + ": " + workload.key.text() +
                                           " has no container " + printable(container, 100));
  }
  return {};
}

// All workloads of the manifest that Headwind would follow.
Task<Result<std::vector<inventory::Workload>>> read_manifest(OfflinePlugins& plugins, std::string file) {
  Result<std::string> text = read_input(file, "the manifest");
  if (!text) co_return text.error();
  const Result<std::vector<std::string>> documents = config::yaml_stream_to_json(*text);
  if (!documents)
    co_return in_context(documents.error(), text->find("{{") != std::string::npos
                                                ? "the manifest is a template; explain what helm template prints"
                                                : "the manifest is not YAML");
  std::vector<inventory::Workload> workloads;
  for (const std::string& document : *documents) {
    Result<std::optional<inventory::Workload>> read = co_await plugins.read(document);
    if (!read) co_return read.error();
    if (*read && (*read)->annotation(update::annotation::policy) != nullptr) workloads.push_back(std::move(**read));
  }
  if (workloads.empty())
    co_return make_error(
        Code::invalid,
        "the manifest has no workload with headwind.sh/policy; headwind lint tells what is wrong with it");
  co_return workloads;
}

Task<int> explain(Executor executor, ExplainOptions options) {
  static OfflinePlugins plugins;
  const Result<> opened = co_await plugins.open(executor, options.config_file);
  if (!opened) co_return complain(opened.error().message, failed);
  const Result<std::vector<inventory::Workload>> workloads = co_await read_manifest(plugins, options.manifest);
  if (!workloads) co_return complain(workloads.error().message, wrong_usage);
  static std::unique_ptr<Offline> world;
  world = std::make_unique<Offline>(executor, plugins.policies());
  bool first = true;
  for (const inventory::Workload& workload : *workloads) {
    world->world.lists.clear();
    const Result<> given = give_lists(options, workload, world->world);
    if (!given) co_return complain(given.error().message, wrong_usage);
    world->engine.workload_changed(workload);
    const Result<update::Explanation> explanation = co_await world->engine.explain(workload.key);
    if (!explanation) co_return complain(explanation.error().message, failed);
    if (options.json)
      std::puts(update::to_json(*explanation).c_str());
    else
      std::printf("%s%s", first ? "" : "\n---\n\n", update::to_text(*explanation).c_str());
    first = false;
  }
  co_return done;
}

}  // namespace

int explain_offline(const ExplainOptions& options) {
  if (options.tags.empty())
    return complain("-f needs --tags with a file of tags, such as headwind registry tags prints", wrong_usage);
  run_and_leave([&](Executor executor) { return explain(std::move(executor), options); }, std::chrono::seconds(120),
                [] { return complain("a plugin did not answer within two minutes", failed); });
}

}  // namespace headwind::cli
