// SPDX-License-Identifier: Apache-2.0
// `headwind explain -f`: the operator's own engine over a world that holds a manifest and lists of tags, and nothing
// else. It explains; there is nothing that it could change.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include "app/engine_options.hpp"
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
  struct List {
    std::string file;
    std::vector<update::Candidate> tags;
  };
  std::map<std::string, List> lists;  // by repository

  Task<Result<Symbol>> identity(std::string, Symbol) override { co_return Symbol(); }
  Task<Result<std::string>> digest(std::string, std::string, Symbol) override { co_return std::string(); }
  Task<Result<std::vector<update::Candidate>>> tags(std::string repository, Symbol) override {
    const auto list = lists.find(repository);
    if (list == lists.end()) co_return make_error(Code::invalid, "no list of tags was given for " + repository);
    co_return list->second.tags;
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
  Offline(const Executor& executor, update::Policies& policies, update::EngineOptions options)
      : engine(executor, inventory, {policies, world, world, world, world, world, world}, metrics, compat,
               system_clock(), std::move(options)) {}
  OfflineWorld world;
  inventory::Inventory inventory;
  telemetry::Metrics metrics;
  telemetry::CompatMetrics compat{metrics};
  update::Engine engine;
};

// One --tags: a file, and the container that it is for; empty: those that none is named for.
struct GivenList {
  std::string container;
  OfflineWorld::List list;
};

std::pair<std::string, std::string> container_and_file(const std::string& given) {
  const std::size_t equals = given.find('=');
  return {equals == std::string::npos ? std::string() : given.substr(0, equals), given.substr(equals + 1)};
}

// Each is read once, whatever the number of workloads, and its container must be one of theirs.
Result<std::vector<GivenList>> read_lists(const std::vector<std::string>& options,
                                          const std::vector<inventory::Workload>& workloads) {
  std::vector<GivenList> lists;
  for (const std::string& given : options) {
    const auto [container, file] = container_and_file(given);
    bool known = container.empty();
    std::string names;
    for (const inventory::Workload& workload : workloads) {
      names += (names.empty() ? "" : ", ") + workload.key.text();
      for (const inventory::Slot& slot : workload.slots) known = known || slot.container() == container;
    }
    if (!known)
      return make_error(Code::invalid, "--tags " + printable(given, 300) + ": " + printable(names, 500) +
                                           (workloads.size() == 1 ? " has" : " have") + " no container " +
                                           printable(container, 100));
    const Result<std::vector<std::string>> tags = read_tags(file);
    if (!tags) return tags.error();
    if (tags->empty())
      return make_error(Code::invalid, "the " +
                                           (file == "-" ? "list on standard input" : "file " + printable(file, 300)) +
                                           " has no tags; did headwind registry tags fail, which should have "
                                           "written it?");
    GivenList list{container, {file == "-" ? "list on standard input" : "file " + file, {}}};
    for (const std::string& tag : *tags) list.list.tags.push_back({tag, {}});
    lists.push_back(std::move(list));
  }
  return lists;
}

void give_lists(const std::vector<GivenList>& lists, const inventory::Workload& workload, OfflineWorld& world) {
  for (const GivenList& given : lists)
    for (const inventory::Slot& slot : workload.slots)
      if (given.container.empty() ? !world.lists.contains(slot.repository.str()) : given.container == slot.container())
        world.lists[slot.repository.str()] = given.list;
}

// No registry was asked.
void name_lists(const OfflineWorld& world, update::Explanation& explanation) {
  for (update::ExplainedSlot& place : explanation.slots)
    if (const auto list = world.lists.find(place.repository); list != world.lists.end())
      place.registry.list = list->second.file;
}

// All workloads of the manifest that Headwind would follow.
Task<Result<std::vector<inventory::Workload>>> read_manifest(OfflinePlugins& plugins, std::string file) {
  Result<std::string> text = read_input(file, "the manifest");
  if (!text) co_return text.error();
  const Result<std::vector<std::string>> documents = config::yaml_stream_to_json(*text);
  if (!documents)
    co_return in_context(documents.error(), text->find("{{") != std::string::npos
                                                ? "the manifest is a template; explain what helm template prints"
                                                : "the manifest cannot be read");
  std::vector<inventory::Workload> workloads;
  std::vector<std::string> left_out;
  for (const std::string& document : *documents) {
    Result<std::optional<inventory::Workload>> read = co_await plugins.read(document);
    if (!read) co_return read.error();
    if (!*read) continue;
    if ((*read)->annotation(update::annotation::policy) != nullptr)
      workloads.push_back(std::move(**read));
    else
      left_out.push_back((*read)->key.text());
  }
  if (workloads.empty())
    co_return make_error(
        Code::invalid,
        "the manifest has no workload with headwind.sh/policy; headwind lint tells what is wrong with it");
  for (const std::string& name : left_out)
    std::fprintf(stderr, "note: %s has no headwind.sh/policy and is left out\n", printable(name).c_str());
  co_return workloads;
}

bool asks_for_polling(const inventory::Workload& workload) {
  using Source = update::Settings::Source;
  const Source source = update::read_settings(workload, std::chrono::seconds(0), system_clock().unix_ms()).source;
  return source == Source::polling || source == Source::both;
}

Task<int> explain(Executor executor, ExplainOptions options) {
  static OfflinePlugins plugins;
  const Result<> opened = co_await plugins.open(executor, options.config_file);
  if (!opened) co_return complain(opened.error().message, failed);
  const Result<std::vector<inventory::Workload>> workloads = co_await read_manifest(plugins, options.manifest);
  if (!workloads) co_return complain(workloads.error().message, wrong_usage);
  const Result<std::vector<GivenList>> lists = read_lists(options.tags, *workloads);
  if (!lists) co_return complain(lists.error().message, wrong_usage);
  static std::vector<std::unique_ptr<Offline>> worlds;
  update::EngineOptions engine_options = app::engine_options(plugins.config(), {});
  engine_options.namespaces = false;  // nobody tells of them here
  bool first = true, polls = false;
  for (const inventory::Workload& workload : *workloads) {
    // One for each: an engine remembers the list of a repository, and another container may have another one.
    const auto& world = worlds.emplace_back(std::make_unique<Offline>(executor, plugins.policies(), engine_options));
    give_lists(*lists, workload, world->world);
    world->engine.workload_changed(workload);
    polls = polls || asks_for_polling(workload);
    Result<update::Explanation> explanation = co_await world->engine.explain(workload.key);
    if (!explanation) co_return complain(explanation.error().message, failed);
    name_lists(world->world, *explanation);
    if (options.json)
      std::puts(update::to_json(*explanation).c_str());
    else
      std::printf("%s%s", first ? "" : "\n---\n\n", update::to_text(*explanation).c_str());
    first = false;
  }
  std::fflush(stdout);
  if (polls && options.config_file.empty() && !plugins.config().polling)
    std::fputs("note: polling.enabled is false by default; --config names the operator's own configuration\n", stderr);
  co_return done;
}

}  // namespace

int explain_offline(const ExplainOptions& options) {
  if (options.tags.empty())
    return complain("-f needs --tags with a file of tags, such as headwind registry tags prints", wrong_usage);
  const auto from_input = std::count_if(options.tags.begin(), options.tags.end(), [](const std::string& given) {
    return container_and_file(given).second == "-";
  });
  if (from_input + (options.manifest == "-" ? 1 : 0) > 1)
    return complain("-f and --tags: only one of them can be standard input; name files for the others", wrong_usage);
  run_and_leave([&](Executor executor) { return explain(std::move(executor), options); }, std::chrono::seconds(120),
                [] { return complain("a plugin did not answer within two minutes", failed); });
}

}  // namespace headwind::cli
