// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/hash.hpp"
#include "core/image_reference.hpp"
#include "update/settings.hpp"

namespace headwind::update::testing {
namespace {

using nlohmann::json;

void read_containers(const json& object, inventory::Workload& workload) {
  std::size_t index = 0;
  for (const json& container : object["spec"]["template"]["spec"]["containers"]) {
    inventory::Slot slot;
    const std::string base = "/spec/template/spec/containers/" + std::to_string(index++);
    slot.slot = "containers/" + container["name"].get<std::string>();
    slot.image = container["image"];
    if (const auto image = parse_image_reference(slot.image)) slot.repository = image->repository();
    slot.pointer = base + "/image";
    slot.guard_pointer = base + "/name";
    slot.guard_value = container["name"].get<std::string>();
    workload.slots.push_back(slot);
  }
}

// A HelmRelease of the tests says itself where its chart comes from.
void read_chart(const json& object, const std::map<std::string, json>& others, inventory::Workload& workload) {
  inventory::Slot slot;
  const json& spec = object["spec"];
  slot.slot = "chart", slot.chart = slot.version_only = true;
  slot.repository = spec["repository"].get<std::string>();
  const std::string& repository = slot.repository.str();
  slot.object = spec["object"].get<std::string>();
  slot.pointer = slot.object.empty() ? "/spec/chart/spec/version" : "/spec/ref/tag";
  const json& holder = slot.object.empty() ? object : others.at(slot.object.str());
  slot.image = repository.substr(repository.rfind('/') + 1) + ":" +
               holder.at(json::json_pointer(slot.pointer.str())).get<std::string>();
  workload.slots.push_back(slot);
}

// As the real server: an absent value equals null; a failed test is a conflict (decisions 10).
Result<> apply(json& object, const std::string& operations) {
  json rest = json::array();
  for (const json& operation : json::parse(operations)) {
    const json::json_pointer pointer(operation["path"].get<std::string>());
    if (operation["op"] != "test") {
      rest.push_back(operation);
      continue;
    }
    const json now = object.contains(pointer) ? object.at(pointer) : json(nullptr);
    if (now != operation["value"])
      return make_error(Code::conflict, "the server rejected our request: test of " + pointer.to_string() + " failed");
  }
  object = object.patch(rest);
  return {};
}

inventory::Workload workload_from(const json& object, const std::map<std::string, json>& others) {
  inventory::Workload workload;
  workload.key = {object["kind"].get<std::string>(), object["metadata"]["namespace"].get<std::string>(),
                  object["metadata"]["name"].get<std::string>()};
  workload.api_version = "apps/v1";
  workload.plural = "deployments";
  workload.uid = object["metadata"]["uid"];
  workload.resource_version = object["metadata"]["resourceVersion"];
  const json annotations = object["metadata"].value("annotations", json::object());
  for (const auto& [key, value] : annotations.items()) {
    if (key == annotation::history)
      workload.set_history(value.get<std::string>());
    else if (key.starts_with("headwind.sh/"))
      workload.annotations.emplace_back(key, value.get<std::string>());
  }
  if (workload.key.kind == "HelmRelease") {
    read_chart(object, others, workload);
    return workload;
  }
  // Who pulls for it: a name of the tests' own.
  workload.owner = object["metadata"].value("labels", json::object()).value("owner", "");
  workload.access = object["spec"]["template"]["spec"].value("serviceAccountName", "");
  read_containers(object, workload);
  return workload;
}

}  // namespace

inventory::WorkloadKey deployment(const std::string& name) { return {"Deployment", "prod", name}; }

void Store::stamp(json& object) { object["metadata"]["resourceVersion"] = std::to_string(++version); }

void Store::roll_out(const inventory::WorkloadKey& key) {
  const json& object = workloads.at(key);
  if (!object["spec"].contains("template")) return;
  auto& sets = replica_sets[key];
  if (!sets.empty() && sets.back()["template"] == object["spec"]["template"]) return;
  std::erase_if(sets, [&](const json& set) { return set["template"] == object["spec"]["template"]; });
  const std::int64_t revision = sets.empty() ? 1 : sets.back()["revision"].get<std::int64_t>() + 1;
  sets.push_back({{"revision", revision},
                  {"template", object["spec"]["template"]},
                  {"annotations", object["metadata"]["annotations"]}});
}

void Store::deploy(const std::string& kind, const std::string& name, std::vector<Container> containers,
                   std::map<std::string, std::string> annotations) {
  json list = json::array();
  for (const Container& container : containers)
    list.push_back({{"name", container.name},
                    {"image", container.image},
                    {"env", json::array({{{"name", "A"}, {"value", "b"}}})}});
  json object = {{"apiVersion", "apps/v1"},
                 {"kind", kind},
                 {"metadata", {{"namespace", "prod"}, {"name", name}, {"uid", kind + "-" + name}}}};
  for (const auto& [key, value] : annotations) object["metadata"]["annotations"]["headwind.sh/" + key] = value;
  object["spec"]["template"]["spec"]["containers"] = list;
  stamp(object);
  const inventory::WorkloadKey key{kind, "prod", name};
  workloads[key] = object;
  roll_out(key);
}

void Store::set_owner(const inventory::WorkloadKey& key, const std::string& owner) {
  edit(key, [&](json& object) { object["metadata"]["labels"]["owner"] = owner; });
}

void Store::release(const std::string& name, const std::string& repository, const std::string& at,
                    std::map<std::string, std::string> annotations, const std::string& object) {
  json release = {{"apiVersion", "helm.toolkit.fluxcd.io/v2"},
                  {"kind", "HelmRelease"},
                  {"metadata", {{"namespace", "prod"}, {"name", name}, {"uid", "HelmRelease-" + name}}},
                  {"spec", {{"repository", repository}, {"object", object}}}};
  for (const auto& [key, value] : annotations) release["metadata"]["annotations"]["headwind.sh/" + key] = value;
  if (object.empty())
    release["spec"]["chart"]["spec"]["version"] = at;
  else
    others[object]["spec"]["ref"]["tag"] = at;
  stamp(release);
  workloads[{"HelmRelease", "prod", name}] = release;
}

std::string Store::chart_version(const std::string& name) const {
  const json& spec = workloads.at({"HelmRelease", "prod", name})["spec"];
  const std::string object = spec["object"];
  return object.empty() ? spec["chart"]["spec"]["version"] : others.at(object)["spec"]["ref"]["tag"];
}

void Store::set_access(const inventory::WorkloadKey& key, const std::string& access) {
  edit(key, [&](json& object) { object["spec"]["template"]["spec"]["serviceAccountName"] = access; });
}

void Store::push(const std::string& repository, const std::string& tag, std::string digest) {
  registry[repository + ":" + tag] = digest.empty() ? "sha256:" + sha256_hex(repository + tag) : std::move(digest);
}

void Store::edit(const inventory::WorkloadKey& key, const std::function<void(json&)>& change) {
  change(workloads.at(key));
  stamp(workloads.at(key));
  roll_out(key);
}

void Store::remove(const inventory::WorkloadKey& key) { workloads.erase(key); }

void Store::undo(const inventory::WorkloadKey& key) {
  const auto& sets = replica_sets.at(key);
  const json before = sets.at(sets.size() - 2);
  edit(key, [&](json& object) {
    object["spec"]["template"] = before["template"];
    object["metadata"]["annotations"] = before["annotations"];
  });
}

Result<inventory::Workload> Store::read(const inventory::WorkloadKey& key) const {
  const auto found = workloads.find(key);
  if (found == workloads.end()) return make_error(Code::not_found, key.text() + " not found");
  return workload_from(found->second, others);
}

Result<> Store::patch_object(const std::string& object, const std::string& operations) {
  const auto found = others.find(object);
  if (found == others.end()) return make_error(Code::not_found, object + " not found");
  const Result<> applied = apply(found->second, operations);
  if (!applied) return applied.error();
  ++patches;
  return {};
}

Result<inventory::Workload> Store::patch(const inventory::WorkloadKey& key, const std::string& operations) {
  const auto found = workloads.find(key);
  if (found == workloads.end()) return make_error(Code::not_found, key.text() + " not found");
  const Result<> applied = apply(found->second, operations);
  if (!applied) return applied.error();
  if (admission) admission(found->second);
  stamp(found->second);
  roll_out(key);
  ++patches;
  return workload_from(found->second, others);
}

Result<UpdateRequest> Store::create(const UpdateRequest& request) {
  if (terminating) return make_error(Code::not_found, "unable to create new content: it is being terminated");
  json object = json::parse(request_to_json(request));
  if (requests.contains(request.key))
    return make_error(Code::conflict, "updaterequests \"" + request.key.name + "\" already exists");
  object["metadata"]["uid"] = "ur-" + std::to_string(version);
  object["metadata"]["generation"] = 1;
  object["status"] = {{"phase", "Pending"}};
  stamp(object);
  requests[request.key] = object;
  return request_from_json(object.dump());
}

Result<UpdateRequest> Store::merge(const RequestKey& key, const std::string& patch_text, const std::string& expected,
                                   bool status) {
  const auto found = requests.find(key);
  if (found == requests.end()) return make_error(Code::not_found, "updaterequests \"" + key.name + "\" not found");
  if (!expected.empty() && found->second["metadata"]["resourceVersion"] != expected)
    return make_error(Code::conflict, "the object has been modified");
  const json patch = json::parse(patch_text);
  const char* section = status ? "status" : "spec";
  if (patch.contains(section)) found->second[section].merge_patch(patch[section]);
  if (!status && patch.contains("metadata")) found->second["metadata"].merge_patch(patch["metadata"]);
  stamp(found->second);
  Result<UpdateRequest> merged = request_from_json(found->second.dump());
  if (intended && merged && merged->phase == Phase::applying) std::exchange(intended, nullptr)();
  return merged;
}

Result<> Store::erase(const RequestKey& key, const std::string& uid) {
  const auto found = requests.find(key);
  if (found == requests.end()) return make_error(Code::not_found, "not found");
  if (found->second["metadata"]["uid"] != uid) return make_error(Code::conflict, "uid differs");
  requests.erase(found);
  return {};
}

std::string Store::image(const std::string& name, const std::string& container, const std::string& kind) const {
  for (const json& item : workloads.at({kind, "prod", name})["spec"]["template"]["spec"]["containers"])
    if (item["name"] == container) return item["image"];
  return {};
}

UpdateRequest Store::request(const std::string& name) const {
  const auto found = requests.find({"prod", name});
  if (found == requests.end()) return {};
  return *request_from_json(found->second.dump());
}

std::vector<std::string> Store::request_names() const {
  std::vector<std::string> names;
  for (const auto& [key, object] : requests) names.push_back(key.name);
  return names;
}

}  // namespace headwind::update::testing
