// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "cli/lint.hpp"
#include "config/yaml_json.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "update/mistakes_beside.hpp"
#include "update/settings.hpp"

namespace headwind::cli {
namespace {

using config::YamlNode;
using Findings = std::vector<LintFinding>;

constexpr std::string_view prefix = update::annotation::prefix;

const YamlNode* below(const YamlNode* node, const std::vector<std::string_view>& path) {
  for (const std::string_view key : path) {
    if (node == nullptr || node->kind != YamlNode::Kind::map) return nullptr;
    node = node->find(key);
  }
  return node;
}

std::string text_of(const YamlNode* node) {
  return node != nullptr && node->kind == YamlNode::Kind::scalar ? node->text : std::string();
}

// One object of a file, and where in it things stand.
struct Manifest {
  std::string file;
  const YamlNode* object;
  std::string api_version, kind, name;

  // As sentences name it: with its namespace where the manifest names one.
  std::string title() const {
    const std::string space = text_of(below(object, {"metadata", "namespace"}));
    return kind + (name.empty() ? "" : " " + (space.empty() ? "" : space + "/") + name);
  }
  const YamlNode* annotations() const { return below(object, {"metadata", "annotations"}); }
  bool speaks_of_headwind() const {
    const YamlNode* all = annotations();
    return all != nullptr && std::any_of(all->fields.begin(), all->fields.end(),
                                         [](const auto& field) { return field.key.text.starts_with(prefix); });
  }
  bool has(std::string_view annotation) const {
    return below(object, {"metadata", "annotations", annotation}) != nullptr;
  }
  LintFinding at(const YamlNode& node, std::string_view rule, bool error, std::string sentence) const {
    return {file, node.line, node.column, std::string(rule), error, std::move(sentence)};
  }
  // At the annotation, else at the policy, else at the object.
  LintFinding at_annotation(std::string_view annotation, std::string_view rule, bool error,
                            std::string sentence) const {
    const YamlNode* all = annotations();
    for (const std::string_view wanted : {annotation, update::annotation::policy})
      if (all != nullptr)
        for (const auto& field : all->fields)
          if (field.key.text == wanted) return at(field.key, rule, error, std::move(sentence));
    return at(*object, rule, error, std::move(sentence));
  }
};

// What Kubernetes itself would refuse, whatever it is meant to say.
void check_strings(const Manifest& manifest, Findings& findings) {
  const YamlNode* all = manifest.annotations();
  if (all == nullptr) return;
  for (const auto& field : all->fields) {
    if (!field.key.text.starts_with(prefix)) continue;
    const auto json = config::to_json(field.value);
    if (json && json->starts_with('"')) continue;
    // What is empty stands where the next thing begins.
    const YamlNode& place = field.value.kind == YamlNode::Kind::null ? field.key : field.value;
    findings.push_back(manifest.at(place, "not-a-string", true,
                                   manifest.title() + ": annotation " + field.key.text +
                                       " is no string, and Kubernetes refuses the object; put its value in quotes"));
  }
}

void check_elsewhere(const Manifest& manifest, Findings& findings) {
  struct Elsewhere {
    std::vector<std::string_view> path;
    std::string_view rule, what, where;
  };
  static const std::vector<Elsewhere> places{
      {{"metadata", "labels"}, "label", "label", "among the labels"},
      {{"spec", "template", "metadata", "annotations"}, "pod-template", "annotation", "on the pod template"},
      {{"spec", "jobTemplate", "metadata", "annotations"}, "pod-template", "annotation", "on the job template"},
      {{"spec", "jobTemplate", "spec", "template", "metadata", "annotations"},
       "pod-template",
       "annotation",
       "on the pod template"}};
  for (const Elsewhere& one : places) {
    const YamlNode* all = below(manifest.object, one.path);
    if (all == nullptr || all->kind != YamlNode::Kind::map) continue;
    for (const auto& field : all->fields)
      if (field.key.text.starts_with(prefix))
        findings.push_back(manifest.at(field.key, one.rule, true,
                                       manifest.title() + ": " + std::string(one.what) + " " + field.key.text +
                                           " stands " + std::string(one.where) +
                                           ", where Headwind does not read it; move it to metadata.annotations of "
                                           "the " +
                                           manifest.kind));
  }
}

// Of a namespace only headwind.sh/suspend is read.
void check_namespace(const Manifest& manifest, Findings& findings) {
  for (const auto& field : manifest.annotations()->fields) {
    if (!field.key.text.starts_with(prefix)) continue;
    if (field.key.text != update::annotation::suspend) {
      findings.push_back(manifest.at(field.key, "no-effect", false,
                                     manifest.title() + ": annotation " + field.key.text +
                                         " has no effect on a namespace, where only headwind.sh/suspend is read"));
      continue;
    }
    const std::string value = to_lower(trim(field.value.text));
    if (field.value.kind == YamlNode::Kind::scalar && value != "true" && value != "false")
      findings.push_back(manifest.at(field.key, "suspend", false,
                                     manifest.title() + ": annotation headwind.sh/suspend is '" +
                                         printable(field.value.text, 100) +
                                         "'; write true or false (it counts as true meanwhile)"));
  }
}

void check_place(const Manifest& manifest, const OfflinePlugins& plugins, Findings& findings) {
  const std::string_view group = std::string_view(manifest.api_version).substr(0, manifest.api_version.find('/'));
  if (group == "headwind.sh" || group == "kustomize.config.k8s.io") return;
  if (group == "apiextensions.k8s.io" && manifest.name.ends_with(".headwind.sh")) return;  // our own definition
  if (manifest.api_version.empty() || manifest.kind.empty()) {
    findings.push_back(manifest.at(*manifest.object, "kind", true,
                                   (manifest.kind.empty() ? "kind" : manifest.title() + ": apiVersion") +
                                       std::string(" is missing, so nobody knows what this is; write both, such as "
                                                   "apiVersion: apps/v1 and kind: Deployment")));
    return;
  }
  if (manifest.api_version == "v1" && manifest.kind == "Namespace") return check_namespace(manifest, findings);
  if (!plugins.follows(manifest.api_version, manifest.kind)) {
    const std::string near = plugins.nearest_kind(manifest.kind);
    findings.push_back(manifest.at_annotation(
        update::annotation::policy, "kind", true,
        manifest.title() + ": objects of " + manifest.api_version + " " + manifest.kind + " are not followed; " +
            (near.empty() ? "name the configuration that follows them with --config, or remove the annotations"
                          : "did you mean " + near + "?")));
    return;
  }
  if (!manifest.has(update::annotation::policy))
    findings.push_back(manifest.at_annotation("", "no-policy", true,
                                              manifest.title() +
                                                  ": without headwind.sh/policy its other annotations of Headwind say "
                                                  "nothing; write none, patch, minor, major, all, glob or force"));
}

std::string rule_of(const update::Mistake& mistake) {
  if (!mistake.annotation.empty()) return "unknown-annotation";
  if (mistake.reason == update::managed_elsewhere) return "managed-elsewhere";
  if (mistake.reason == "VersionRange") return "version-range";
  if (mistake.reason == "ChartSource") return "chart-source";
  return std::string(mistake.field.substr(std::min(prefix.size(), mistake.field.size())));
}

// An instance that only a configuration names, as python/team.
bool names_instance(const std::string& policy) {
  for (const std::string_view start : {"python/", "plugin/"})
    if (policy.starts_with(start) && policy.size() > start.size()) return true;
  return false;
}

// What is written without a mistake, and says nothing beside the rest.
void check_effect(const Manifest& manifest, const update::Settings& settings, Findings& findings) {
  using Source = update::Settings::Source;
  const auto no_effect = [&](std::string_view annotation, const std::string& why) {
    findings.push_back(
        manifest.at_annotation(annotation, "no-effect", false,
                               manifest.title() + ": annotation " + std::string(annotation) + " has no effect" + why));
  };
  if (settings.polling_interval.count() != 0 && settings.source != Source::polling && settings.source != Source::both)
    no_effect(update::annotation::polling_interval, " without headwind.sh/event-source: polling or both");
  if (!settings.pattern.empty() && update::is_built_in(settings.policy) && settings.policy != "glob")
    no_effect(update::annotation::pattern, ": policy " + settings.policy + " has none, only glob");
  if (!settings.require_approval)
    for (const std::string_view one : {update::annotation::approvals, update::annotation::approval_timeout})
      if (manifest.has(one))
        no_effect(one, " beside headwind.sh/require-approval: \"false\", with which nobody is asked");
}

// What a tag may hold, with the "+" of a chart's version and the two characters that stand for others.
bool may_match(const std::string& pattern) {
  return pattern.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-+*?") ==
         std::string::npos;
}

// The operator's own reading of the annotations.
void check_settings(const Manifest& manifest, const inventory::Workload& workload, const update::Settings& settings,
                    LintScope& scope, Findings& findings) {
  const bool unchecked = !scope.all_policies && names_instance(settings.policy);
  if (unchecked) scope.unchecked.insert(settings.policy);
  for (const update::Mistake& mistake : settings.mistakes) {
    if (unchecked && mistake.field == update::annotation::policy) continue;
    if (mistake.reason == "ChartSource") continue;  // it may stand in another file
    const std::string key = workload.key.text();
    findings.push_back(manifest.at_annotation(
        mistake.annotation.empty() ? mistake.field : mistake.annotation, rule_of(mistake), mistake.skips,
        mistake.sentence.starts_with(key) ? manifest.title() + mistake.sentence.substr(key.size()) : mistake.sentence));
  }
  if (settings.policy == "glob" && !may_match(settings.pattern))
    findings.push_back(manifest.at_annotation(
        update::annotation::pattern, "pattern", true,
        manifest.title() + ": annotation headwind.sh/pattern is '" + printable(settings.pattern, 100) +
            "', which no tag ever matches: * stands for any characters and ? for one, all others for themselves; write "
            "one such as v1.*"));
  if (unchecked && !settings.policy_config.empty() && !nlohmann::json::accept(settings.policy_config))
    findings.push_back(manifest.at_annotation(update::annotation::policy_config, "policy-config", true,
                                              manifest.title() +
                                                  ": annotation headwind.sh/policy-config is not JSON; write an "
                                                  "object such as {\"min\": 3}"));
  check_effect(manifest, settings, findings);
}

// The operator sees no container whose image is empty: it is followed by nobody, and nothing else would tell.
void check_empty_images(const Manifest& manifest, const update::Settings& settings, Findings& findings) {
  for (const std::string list : {"containers", "initContainers"})
    for (const std::vector<std::string_view>& pods : {std::vector<std::string_view>{"spec", "template", "spec", list},
                                                      {"spec", "jobTemplate", "spec", "template", "spec", list}}) {
      const YamlNode* all = below(manifest.object, pods);
      if (all == nullptr) continue;
      for (const YamlNode& container : all->items) {
        const YamlNode* image = below(&container, {"image"});
        const bool empty = image != nullptr && (image->kind == YamlNode::Kind::null ||
                                                (image->kind == YamlNode::Kind::scalar && image->text.empty()));
        const std::string name = text_of(below(&container, {"name"}));
        inventory::Slot slot;
        slot.slot = list + "/" + name;
        if (!empty || !settings.selects(slot)) continue;
        findings.push_back(manifest.at(container, "image", true,
                                       manifest.title() + ", " + (name.empty() ? "a container" : printable(name, 100)) +
                                           ": its image is empty, so nothing updates it; write NAME:TAG, or name the "
                                           "other containers in headwind.sh/images"));
      }
    }
}

// Whether there is anything to update, and anything that could tell of it.
void check_slots(const Manifest& manifest, const OfflinePlugins& plugins, const inventory::Workload& workload,
                 const update::Settings& settings, bool configured, Findings& findings) {
  if (settings.policy == "none" || settings.skipped()) return;
  if (workload.slots.empty() && workload.unread.empty())
    findings.push_back(manifest.at_annotation(update::annotation::policy, "image", true,
                                              manifest.title() +
                                                  ": nothing of it is followed: it has no container with an image; "
                                                  "write NAME:TAG there, or remove the annotations"));
  else
    check_empty_images(manifest, settings, findings);
  bool charts = false;
  for (const inventory::Slot& slot : workload.slots) {
    charts = charts || slot.chart;
    if (slot.chart || !settings.selects(slot) ||
        (!slot.repository.empty() && inventory::read_reference(slot, slot.image)))
      continue;
    findings.push_back(manifest.at_annotation(
        update::annotation::policy, "image", true,
        manifest.title() + ", " + std::string(slot.container()) + ": its image '" + printable(slot.image, 300) +
            "' cannot be read, so nothing updates it; write NAME:TAG, in lower-case letters"));
  }
  if (configured && settings.source == update::Settings::Source::polling && !plugins.config().polling && !charts)
    findings.push_back(manifest.at_annotation(
        update::annotation::event_source, "no-effect", true,
        manifest.title() +
            ": headwind.sh/event-source asks for polling, which polling.enabled of the configuration switches off, so "
            "it never moves; write webhook or both, or set polling.enabled"));
}

// Whether the policy can make anything of what runs: asked of the policy itself, with a version beside it.
Task<Result<>> check_policy(const Manifest& manifest, OfflinePlugins& plugins, inventory::Workload workload,
                            update::Settings settings, Findings& findings) {
  if (settings.policy == "none" || !plugins.policies().knows(settings.policy)) co_return Result<>{};
  if (settings.policy == "glob" && (settings.pattern.empty() || !may_match(settings.pattern)))
    co_return Result<>{};  // told
  for (const inventory::Slot& slot : workload.slots) {
    const auto current = inventory::read_reference(slot, slot.image);
    if (!settings.selects(slot) || slot.repository.empty() || !current) continue;
    if (current->tag.empty() && !current->digest.empty()) {
      findings.push_back(manifest.at_annotation(
          update::annotation::policy, "not-comparable", true,
          manifest.title() + ", " + std::string(slot.container()) + ": " + slot.image +
              " names a digest and no tag; write a tag beside it so that versions can be compared"));
      continue;
    }
    const std::string tag = current->tag.empty() ? "latest" : current->tag;
    update::PolicyQuery query{settings.policy, settings.pattern,      slot.repository, tag, {}, slot.slot, &workload,
                              false,           settings.policy_config};
    query.judged = true;
    const Result<update::Choice> choice = co_await plugins.policies().choose(
        query, std::vector<update::Candidate>{{tag, {}}, {tag == "1.2.3" ? "1.2.4" : "1.2.3", {}}});
    if (!choice) {
      if (choice.error().code != Code::invalid) co_return choice.error();
      findings.push_back(manifest.at_annotation(update::annotation::policy_config, "policy-config", true,
                                                manifest.title() + ": " + choice.error().message));
      co_return Result<>{};
    }
    for (const update::Judgement& judgement : choice->judgements)
      if (judgement.reason.starts_with("cannot be compared") && settings.policy != "glob") {
        findings.push_back(
            manifest.at_annotation(update::annotation::policy, "not-comparable", true,
                                   manifest.title() + ", " + std::string(slot.container()) + ": with policy " +
                                       settings.policy + " nothing ever updates " + slot.image + ", since " + tag +
                                       " is not a version; write the tag of a version, or use policy force or glob"));
        break;
      }
  }
  co_return Result<>{};
}

// The object with what Kubernetes refuses among its annotations taken for the text that was meant, so that the rest of
// it can be checked, too.
YamlNode with_strings(YamlNode object) {
  for (auto& field : object.fields) {
    if (field.key.text != "metadata") continue;
    for (auto& inner : field.value.fields) {
      if (inner.key.text != "annotations") continue;
      std::erase_if(inner.value.fields, [](const auto& one) { return one.value.kind != YamlNode::Kind::scalar; });
      for (auto& one : inner.value.fields) one.value.quoted = true;
    }
  }
  return object;
}

Task<Result<>> check_object(OfflinePlugins& plugins, Manifest manifest, LintScope& scope, Findings& findings) {
  if (plugins.follows(manifest.api_version, manifest.kind)) check_elsewhere(manifest, findings);
  if (!manifest.speaks_of_headwind()) co_return Result<>{};
  check_strings(manifest, findings);
  const std::size_t before = findings.size();
  check_place(manifest, plugins, findings);
  const YamlNode* policy = below(manifest.object, {"metadata", "annotations", update::annotation::policy});
  if (findings.size() != before || policy == nullptr || policy->kind != YamlNode::Kind::scalar) co_return Result<>{};
  auto json = config::to_json(with_strings(*manifest.object));
  if (!json) co_return Result<>{};  // told by who read the file
  Result<std::optional<inventory::Workload>> read = co_await plugins.read(std::move(*json));
  if (!read) co_return read.error();
  if (!*read) co_return Result<>{};
  const inventory::Workload& workload = **read;
  update::Settings settings = update::read_settings(workload, std::chrono::seconds(300), system_clock().unix_ms());
  update::add_mistakes_beside(settings, workload, plugins.policies());
  check_settings(manifest, workload, settings, scope, findings);
  check_slots(manifest, plugins, workload, settings, scope.all_policies, findings);
  co_return co_await check_policy(manifest, plugins, workload, settings, findings);
}

void gather(const std::string& file, const YamlNode& node, std::vector<Manifest>& manifests) {
  if (node.kind != YamlNode::Kind::map) return;
  const YamlNode* items = node.find("items");
  const std::string kind = text_of(node.find("kind"));
  if (kind.ends_with("List") && items != nullptr && items->kind == YamlNode::Kind::sequence) {
    for (const YamlNode& item : items->items) gather(file, item, manifests);
    return;
  }
  manifests.push_back(
      {file, &node, text_of(node.find("apiVersion")), kind, text_of(below(&node, {"metadata", "name"}))});
}

std::pair<int, int> place_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t start = before.rfind('\n');
  return {line, static_cast<int>(at - (start == std::string_view::npos ? 0 : start + 1)) + 1};
}

// A part of a file that begins after so many lines.
struct Part {
  std::string_view text;
  int lines = 0;
};

// A line "---" begins a document, within whatever it stands.
std::vector<Part> documents_of(std::string_view text) {
  std::vector<Part> parts;
  std::size_t start = 0;
  int line = 0, started = 0;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view one = text.substr(at, end - at);
    if (at > start && one.starts_with("---") &&
        (one.size() == 3 || std::string_view(" \t\r\n").find(one[3]) != std::string_view::npos)) {
      parts.push_back({text.substr(start, at - start), started});
      start = at, started = line;
    }
    at = end;
  }
  parts.push_back({text.substr(start), started});
  return parts;
}

void move_down(YamlNode& node, int lines) {
  node.line += lines;
  for (YamlNode& item : node.items) move_down(item, lines);
  for (auto& field : node.fields) move_down(field.key, lines), move_down(field.value, lines);
}

LintFinding unreadable(const std::string& file, const Part& part, const config::YamlMistake& mistake) {
  // Only where it cannot be read: "{{" within a string is YAML, as rules of alerts and workflows have it.
  if (const std::size_t at = part.text.find("{{"); at != std::string_view::npos) {
    const auto [line, column] = place_of(part.text, at);
    return {file,   line + part.lines,
            column, "template",
            true,   "this is a template and not YAML: lint what helm template or kustomize build print"};
  }
  return {file,           mistake.line + part.lines,
          mistake.column, "not-yaml",
          true,           (mistake.sentence.starts_with("is ") ? "this " : "this cannot be read: ") + mistake.sentence};
}

// All documents that can be read, and what is wrong with the others: one that is broken hides none beside it.
std::vector<YamlNode> read_documents(const std::string& file, std::string_view text, Findings& findings) {
  config::YamlDocuments whole = config::parse_yaml(text);
  if (whole) return std::move(*whole);
  std::vector<YamlNode> documents;
  const std::size_t before = findings.size();
  bool is_template = false;
  for (const Part& part : documents_of(text)) {
    config::YamlDocuments read = config::parse_yaml(part.text);
    if (!read) {
      LintFinding finding = unreadable(file, part, read.error());
      const bool again = is_template && finding.rule == "template";  // said once a file
      is_template = is_template || finding.rule == "template";
      if (!again) findings.push_back(std::move(finding));
      continue;
    }
    for (YamlNode& document : *read) {
      move_down(document, part.lines);
      documents.push_back(std::move(document));
    }
  }
  // It is too long, say: then the whole of it is what cannot be read.
  if (findings.size() != before) return documents;
  findings.push_back(unreadable(file, {text, 0}, whole.error()));
  return {};
}

}  // namespace

Task<Result<std::vector<LintFinding>>> lint_file(OfflinePlugins& plugins, std::string file, std::string text,
                                                 LintScope& scope) {
  Findings findings;
  const std::vector<YamlNode> documents = read_documents(file, text, findings);
  std::vector<Manifest> manifests;
  for (const YamlNode& document : documents) gather(file, document, manifests);
  for (const Manifest& manifest : manifests) {
    const Result<> checked = co_await check_object(plugins, manifest, scope, findings);
    if (!checked) co_return checked.error();
  }
  std::sort(findings.begin(), findings.end(), [](const LintFinding& a, const LintFinding& b) {
    return std::tie(a.line, a.column, a.rule, a.sentence) < std::tie(b.line, b.column, b.rule, b.sentence);
  });
  co_return findings;
}

}  // namespace headwind::cli
