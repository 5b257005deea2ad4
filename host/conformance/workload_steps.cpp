// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "conformance/repertoire.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

using Json = nlohmann::json;

constexpr std::array kKinds = {"Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease", "Widget"};

Json containers(std::size_t count) {
  Json out = Json::array();
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({{"name", "web" + std::to_string(i)}, {"image", "registry.example.com/team/web:1.0.0"}});
  return out;
}

// What several kinds have, in one object: each plugin finds its own part.
Json object(const std::string& kind, std::size_t count = 1) {
  const Json pod_template{{"metadata", {{"labels", {{"app", "web"}}}}}, {"spec", {{"containers", containers(count)}}}};
  return {{"apiVersion", "apps/v1"},
          {"kind", kind},
          {"metadata",
           {{"name", "web"},
            {"namespace", "shop"},
            {"uid", "0a1b2c3d"},
            {"generation", 2},
            {"resourceVersion", "7"},
            {"annotations", {{"headwind.sh/policy", "minor"}}}}},
          {"spec",
           {{"replicas", 2},
            {"selector", {{"matchLabels", {{"app", "web"}}}}},
            {"template", pod_template},
            {"jobTemplate", {{"spec", {{"template", pod_template}}}}},
            {"schedule", "0 0 * * *"},
            {"chart",
             {{"spec",
               {{"chart", "podinfo"},
                {"version", "6.0.0"},
                {"sourceRef", {{"kind", "HelmRepository"}, {"name", "podinfo"}}}}}}},
            {"values", {{"image", {{"repository", "registry.example.com/team/web"}, {"tag", "1.0.0"}}}}}}},
          {"status", {{"observedGeneration", 2}, {"replicas", 2}, {"updatedReplicas", 2}, {"availableReplicas", 2}}}};
}

const Json* find(const Json& root, hw_str pointer) {
  try {
    const Json::json_pointer path{std::string(plugin::view(pointer))};
    return root.contains(path) ? &root.at(path) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
}

// What the host will replace must be there, and the guard must hold: else every patch of it fails.
void look_at(const hw_image& image, const Json& root, Visit& visit) {
  if (image.object.len != 0) return;  // it lies in another one
  const std::string pointer(plugin::view(image.pointer));
  const std::string_view reference = plugin::view(image.reference);
  const Json* value = find(root, image.pointer);
  if (value == nullptr || !value->is_string()) {
    visit.breach("names " + pointer + ", where the object has no text; the host could replace nothing there");
  } else if (!reference.ends_with(value->get_ref<const std::string&>())) {
    visit.breach("names " + pointer + ", but what stands there is no part of the reference that it puts");
  }
  if (image.guard_pointer.len == 0) return;
  const Json* guard = find(root, image.guard_pointer);
  if (guard == nullptr || !guard->is_string() ||
      guard->get_ref<const std::string&>() != plugin::view(image.guard_value))
    visit.breach("guards " + pointer + " with a value that the object does not have at " +
                 std::string(plugin::view(image.guard_pointer)));
}

Step describe() {
  return {.function = "describe",
          .situation = "after create",
          .wants = {.target = true},
          .computes = true,
          .call = [](const Callee& callee, Visit& visit) {
            const hw_status status =
                callee.api<hw_workload_api>().describe(callee.self, visit.call(), visit.target_sink());
            if (status == HW_OK && visit.put == 0) visit.breach("answers ok but puts no target; put exactly one");
            return status;
          }};
}

Step images(std::string situation, std::string text) {
  return {.function = "images",
          .situation = std::move(situation),
          .wants = {.images = true},
          .computes = true,
          .call = [text = std::move(text)](const Callee& callee, Visit& visit) {
            const Json root = Json::parse(text, nullptr, false);
            visit.on_image = [&](const hw_image& image) { look_at(image, root, visit); };
            const hw_status status = callee.api<hw_workload_api>().images(
                callee.self, visit.call(), visit.lent().text(text), nullptr, 0, visit.image_sink());
            visit.on_image = {};
            return status;
          }};
}

Step rollout(std::string situation, std::string text, std::vector<std::string> companions = {}) {
  return {.function = "rollout",
          .situation = std::move(situation),
          .wants = {.text = true},
          .computes = true,
          .call = [text = std::move(text), companions = std::move(companions)](const Callee& callee, Visit& visit) {
            Lent& lent = visit.lent();
            std::vector<hw_str> rows;
            for (const std::string& companion : companions) rows.push_back(lent.text(companion));
            hw_rollout* out = lent.one(hw_rollout{sizeof(hw_rollout), HW_ROLLOUT_RUNNING, 0, 0});
            const hw_status status = callee.api<hw_workload_api>().rollout(
                callee.self, visit.call(), lent.text(text), lent.row(rows), rows.size(), out, visit.text_sink());
            if (status == HW_OK && (out->state < HW_ROLLOUT_RUNNING || out->state > HW_ROLLOUT_HELD))
              visit.breach("gives the unknown state " + std::to_string(out->state) + "; use those of HW_ROLLOUT_*");
            if (!plugin::is_text(plugin::lend(visit.text))) visit.breach("gives a reason that is not UTF-8");
            return status;
          }};
}

std::vector<Step> all(Inputs inputs) {
  std::vector<Step> out;
  const auto both = [&](const std::string& situation, const std::string& text,
                        const std::vector<std::string>& companions = {}) {
    out.push_back(images(situation, text));
    out.push_back(rollout(situation, text, companions));
  };
  switch (inputs) {
    case Inputs::ordinary:
      out.push_back(describe());
      for (const char* kind : kKinds) both("a " + std::string(kind), object(kind).dump());
      break;
    case Inputs::empty:
      both("no object", "");
      both("an empty object", "{}");
      both("an object whose containers are none", object("Deployment", 0).dump());
      break;
    case Inputs::huge: {
      const std::vector<std::string> companions(500, object("ReplicaSet").dump());
      for (const char* kind : kKinds) {
        Json large = object(kind, 200);
        large["metadata"]["annotations"]["note"] = std::string(1U << 20U, 'x');
        both("a " + std::string(kind) + " of a megabyte with 200 containers", large.dump(), companions);
      }
      break;
    }
    case Inputs::foreign:
      both("no JSON", "{\"spec\":");
      both("null", "null");
      both("a list", "[]");
      for (const char* kind : kKinds) {
        const std::string head = R"({"kind":")" + std::string(kind) + '"';
        both("a " + std::string(kind) + " whose parts are of another shape",
             head + R"(,"metadata":7,"spec":[],"status":"x"})", {"null", "7", "[]", "{\"spec\":null}"});
        both("a " + std::string(kind) + " whose containers are of another shape",
             head + R"(,"spec":{"template":{"spec":{"containers":[null,7,{"name":{},"image":[]}]}},)"
                    R"("jobTemplate":{"spec":[]},"chart":{"spec":{"chart":7,"sourceRef":[]}},"values":[1]}})");
      }
      both("brackets 100,000 deep", std::string(100'000, '['));
      break;
  }
  return out;
}

}  // namespace

std::vector<Step> workload_steps(const hw_workload_api& api, Inputs inputs) {
  std::vector<Step> out;
  for (Step& step : all(inputs))
    if (step.function != "rollout" || HW_CAN(hw_workload_api, &api, rollout)) out.push_back(std::move(step));
  return out;
}

}  // namespace headwind::conformance
