// SPDX-License-Identifier: Apache-2.0
#include "app/kinds.hpp"

#include <algorithm>
#include <utility>

#include "app/chart_source.hpp"
#include "core/chart_reference.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"
#include "inventory/access.hpp"
#include "kube/facts.hpp"
#include "telemetry/log.hpp"
#include "update/settings.hpp"

namespace headwind::app {
namespace {

inventory::Slot slot_from(const plugin::Image& image) {
  inventory::Slot slot;
  slot.slot = image.slot;
  slot.image = image.reference;
  slot.pointer = image.pointer;
  slot.guard_pointer = image.guard_pointer;
  slot.guard_value = image.guard_value;
  slot.version_only = image.version_only;
  slot.object = image.object;
  if (is_chart_reference(image.reference)) {
    slot.chart = true;
    if (const auto chart = parse_chart_reference(image.reference)) {
      slot.repository = chart->repository;
      slot.image = chart->chart + ":" + chart->version;
    }
    return slot;
  }
  // What cannot be read has no repository, and so is never matched: it is for its owner to mend.
  if (const auto reference = parse_image_reference(image.reference)) slot.repository = reference->repository();
  return slot;
}

inventory::Workload workload_from(const WorkloadKind& kind, const kube::Object& object,
                                  const std::vector<plugin::Image>& images) {
  inventory::Workload workload;
  workload.key = {kind.kind, object.name_space, object.name};
  workload.api_version = kind.api_version;
  workload.plural = kind.plural;
  workload.uid = object.uid;
  workload.resource_version = object.resource_version;
  workload.generation = object.generation;
  for (const auto& [key, value] : object.annotations) {
    if (key == update::annotation::history)
      workload.set_history(value);
    else
      workload.annotations.emplace_back(key, value);
  }
  for (const plugin::Image& image : images) workload.slots.push_back(slot_from(image));
  return workload;
}

// Labels and foreign annotations are for policies that are no part of Headwind, labels also for routes of
// notifications: nobody else pays for them.
kube::Metadata metadata_for(const WorkloadKind& kind, const kube::Object& object) {
  const auto policy = object.annotations.find(update::annotation::policy);
  if (policy != object.annotations.end() && !update::is_built_in(to_lower(trim(policy->second))))
    return kube::Metadata::labels_and_annotations;
  return kind.keeps_labels ? kube::Metadata::labels : kube::Metadata::none;
}

// What is known of an object beside its slots, before its text is handed on.
struct Facts {
  inventory::Access access;
  Symbol owner;
  ChartSource source;
  std::shared_ptr<const std::string> metadata;
};

Facts facts_of(const WorkloadKind& kind, const kube::Object& object) {
  kube::Facts read = kube::read_facts(object.json, metadata_for(kind, object));
  Facts facts{
      {object.name_space, std::move(read.pulls.service_account), std::move(read.pulls.names)}, read.owner, {}, nullptr};
  if (!read.metadata.empty()) facts.metadata = std::make_shared<const std::string>(std::move(read.metadata));
  if (kind.related_objects) facts.source = chart_source(object.json, *kind.related_objects);
  if (facts.owner.empty()) facts.owner = facts.source.owner;
  return facts;
}

void add_facts(inventory::Workload& workload, Facts facts) {
  // What is not to be changed is no slot: whatever is asked for, by whomever, finds none.
  if (!facts.source.held.empty()) {
    std::erase_if(workload.slots, [](const inventory::Slot& slot) { return slot.chart; });
    facts.source.unread = std::move(facts.source.held);
  }
  for (const inventory::Slot& slot : workload.slots)
    if (slot.chart) {
      facts.access.chart_repository = slot.repository;
      facts.access.chart_secret = facts.source.secret;
      facts.access.chart_certificates = facts.source.certificates;
      facts.access.chart_identity = facts.source.identity;
    }
  workload.access = facts.access.text();
  workload.owner = facts.owner;
  workload.metadata = std::move(facts.metadata);
  workload.unread = std::move(facts.source.unread);
}

}  // namespace

const WorkloadKind* find_kind(const Kinds& kinds, Symbol kind) {
  const auto found = std::find_if(kinds->begin(), kinds->end(), [&](const WorkloadKind& k) { return k.kind == kind; });
  return found == kinds->end() ? nullptr : &*found;
}

void set_version(WorkloadKind& kind, const std::string& version) {
  const std::string api = (kind.group.empty() ? "" : kind.group + "/") + version;
  kind.api_version = api;
  kind.collection = (kind.group.empty() ? "/api/" : "/apis/") + api + "/" + kind.plural.str();
}

Task<Result<std::vector<WorkloadKind>>> describe_kinds(const plugin::Host& host) {
  std::vector<WorkloadKind> kinds;
  for (const plugin::Workload& reader : host.workloads()) {
    // Its objects are left alone until the next start; the other kinds are served.
    if (host.quarantined(reader.name())) continue;
    const Result<plugin::Target> target = co_await reader.describe();
    if (!target) co_return target.error();
    if (target->versions.empty())
      co_return make_error(Code::invalid, "workload plugin instance " + reader.name() + " names no API version");
    WorkloadKind kind{reader,           target->kind,   {}, target->plural, {}, target->companions, target->group,
                      target->versions, target->related};
    if (!kind.related.empty()) kind.related_objects = std::make_shared<RelatedObjects>();
    set_version(kind, target->versions.front());
    kinds.push_back(std::move(kind));
  }
  co_return kinds;
}

namespace {

// The call itself did not come about: nothing is known of any object.
bool is_of_the_call(const Error& error) {
  return error.code == Code::unavailable || error.code == Code::cancelled || error.code == Code::throttled;
}

// Takes the objects' texts.
std::vector<Facts> facts_of_all(const WorkloadKind& kind, std::vector<kube::Object>& objects,
                                std::vector<std::string>& texts) {
  std::vector<Facts> facts;
  facts.reserve(objects.size());
  texts.reserve(objects.size());
  for (kube::Object& object : objects) {
    facts.push_back(facts_of(kind, object));
    texts.push_back(std::move(object.json));
  }
  return facts;
}

std::vector<inventory::Workload> workloads_of(const WorkloadKind& kind, const std::vector<kube::Object>& objects,
                                              const std::vector<Result<std::vector<plugin::Image>>>& read,
                                              std::vector<Facts> facts) {
  std::vector<inventory::Workload> workloads;
  workloads.reserve(objects.size());
  for (std::size_t i = 0; i < objects.size() && i < read.size(); ++i) {
    workloads.push_back(workload_from(kind, objects[i], read[i] ? *read[i] : std::vector<plugin::Image>{}));
    add_facts(workloads.back(), std::move(facts[i]));
    if (read[i]) continue;
    workloads.back().not_read = true;
    workloads.back().unread = read[i].error().message;
  }
  return workloads;
}

void tell_not_read(const WorkloadKind& kind, const kube::Object& object, const std::string& why) {
  const std::string workload = kind.kind.str() + " " + object.name_space + "/" + object.name;
  telemetry::warn("app", "workload not understood", {{"workload", workload}, {"error", why}});
  if (kind.not_read)
    kind.not_read(kind, object.name_space, object.name, object.uid,
                  workload + ": its images cannot be read, so it is left alone: " + why +
                      "; mend the object, or the settings of the plugin instance " + kind.reader.name());
}

}  // namespace

Task<Result<std::vector<inventory::Workload>>> read_workloads(WorkloadKind kind, std::vector<kube::Object> objects) {
  // What other objects say is read with them, and belongs to the loop.
  const std::shared_ptr<Aside> aside = kind.related_objects ? nullptr : aside_for(kind.aside, objects.size());
  std::vector<std::string> texts, related;
  std::vector<Facts> facts = co_await run_aside(aside, [&] { return facts_of_all(kind, objects, texts); });
  if (kind.related_objects) related = kind.related_objects->texts();
  const std::vector<Result<std::vector<plugin::Image>>> read =
      co_await kind.reader.images(std::move(texts), std::move(related));
  for (const Result<std::vector<plugin::Image>>& images : read)
    if (!images && is_of_the_call(images.error()))
      co_return make_error(Code::unavailable,
                           kind.kind.str() + ": its plugin did not answer: " + images.error().message);
  std::vector<inventory::Workload> workloads =
      co_await run_aside(aside, [&] { return workloads_of(kind, objects, read, std::move(facts)); });
  for (std::size_t i = 0; i < workloads.size(); ++i)
    if (workloads[i].not_read) tell_not_read(kind, objects[i], workloads[i].unread);
  co_return workloads;
}

}  // namespace headwind::app
