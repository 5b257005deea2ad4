// SPDX-License-Identifier: Apache-2.0
// `headwind plugin call PLUGIN images|rollout`.
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/images_left_out.hpp"
#include "cli/plugin_call.hpp"
#include "cli/tag_file.hpp"
#include "config/yaml_json.hpp"
#include "core/text.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

// Each object of a manifest; those of a List one by one.
Result<std::vector<Json>> read_objects(const std::string& file, const std::string& what) {
  Result<std::string> text = read_input(file, what);
  if (!text) return text.error();
  Result<std::vector<std::string>> documents = config::yaml_stream_to_json(*text);
  if (!documents) return make_error(Code::invalid, printable(file, 500) + ": " + documents.error().message);
  std::vector<Json> out;
  for (const std::string& document : *documents) {
    Json json = Json::parse(document, nullptr, false);
    if (!json.is_object())
      return make_error(Code::invalid, printable(file, 500) + " holds something that is no object");
    const auto items = json.find("items");
    if (items == json.end() || !items->is_array()) {
      out.push_back(std::move(json));
    } else {
      for (Json& item : *items) out.push_back(std::move(item));
    }
  }
  if (out.empty()) return make_error(Code::invalid, printable(file, 500) + " holds no object");
  return out;
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string name_of(const Json& object) {
  const Json metadata = object.is_object() ? object.value("metadata", Json::object()) : Json::object();
  const std::string name_space = text_of(metadata, "namespace");
  return text_of(object, "kind") + " " + (name_space.empty() ? "" : name_space + "/") + text_of(metadata, "name");
}

// The objects of the plugin's kind; the others are told on stderr.
Task<Result<std::vector<Json>>> objects_of_kind(PluginSession& session, std::vector<Json> objects) {
  session.enter("describe");
  const Result<plugin::Target> target = co_await session.host().workloads().front().describe();
  if (!target) co_return target.error();
  std::vector<Json> out;
  for (Json& object : objects) {
    if (text_of(object, "kind") == target->kind) {
      out.push_back(std::move(object));
    } else {
      std::fprintf(stderr, "left out: %s is no %s\n", printable(name_of(object), 300).c_str(), target->kind.c_str());
    }
  }
  if (out.empty())
    co_return make_error(Code::not_found, "the manifest holds no " + target->kind + ", the kind of this plugin");
  co_return out;
}

Json row_of(const plugin::Image& image) {
  Json row{{"slot", image.slot}, {"reference", image.reference}, {"pointer", image.pointer}};
  if (!image.guard_pointer.empty()) row["guard"] = {{"pointer", image.guard_pointer}, {"value", image.guard_value}};
  if (image.version_only) row["version_only"] = true;
  if (!image.object.empty()) row["object"] = image.object;
  return row;
}

Task<int> images(PluginSession& session, std::vector<Json> all, bool json) {
  Result<std::vector<Json>> objects = co_await objects_of_kind(session, std::move(all));
  if (!objects) co_return complain_of_call(objects.error());
  std::vector<std::string> texts;
  for (const Json& object : *objects) texts.push_back(object.dump(-1, ' ', false, Json::error_handler_t::replace));
  session.enter("images");
  const auto answers = co_await session.host().workloads().front().images(texts);
  int code = done;
  Json rows = Json::array();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string name = name_of((*objects)[i]);
    if (!answers[i]) {
      code = complain_of_call(in_context(answers[i].error(), name));
      continue;
    }
    Json found = Json::array();
    for (const plugin::Image& image : *answers[i]) {
      found.push_back(row_of(image));
      if (!json)
        std::printf("%s  %s  %s  %s\n", printable(name).c_str(), printable(image.slot).c_str(),
                    printable(image.reference).c_str(), printable(image.pointer).c_str());
    }
    for (const std::string& sentence : images_left_out((*objects)[i], *answers[i]))
      std::fprintf(stderr, "left out: %s %s\n", printable(name, 300).c_str(), sentence.c_str());
    if (!json && answers[i]->empty()) std::printf("%s  no images\n", printable(name).c_str());
    rows.push_back({{"object", name}, {"images", std::move(found)}});
  }
  if (json) std::puts(dump({{"objects", std::move(rows)}}).c_str());
  co_return code;
}

const char* word(plugin::Rollout::State state) {
  switch (state) {
    case plugin::Rollout::State::running: return "running";
    case plugin::Rollout::State::done: return "done";
    case plugin::Rollout::State::failed: return "failed";
    case plugin::Rollout::State::held: return "held";
  }
  return "running";
}

Task<int> rollout(PluginSession& session, std::vector<Json> all, std::vector<std::string> companions, bool json) {
  Result<std::vector<Json>> objects = co_await objects_of_kind(session, std::move(all));
  if (!objects) co_return complain_of_call(objects.error());
  if (objects->size() > 1)
    co_return complain("the manifest holds several objects of this kind: give one, since companions belong to one",
                       wrong_usage);
  const Json& object = objects->front();
  session.enter("rollout");
  const Result<plugin::Rollout> answer = co_await session.host().workloads().front().rollout(
      object.dump(-1, ' ', false, Json::error_handler_t::replace), std::move(companions));
  if (!answer) co_return complain_of_call(answer.error());
  if (json) {
    std::puts(dump({{"object", name_of(object)},
                    {"state", word(answer->state)},
                    {"ready", answer->ready},
                    {"wanted", answer->wanted},
                    {"reason", answer->reason}})
                  .c_str());
  } else {
    std::printf("%s  %s  %d of %d ready%s%s\n", printable(name_of(object)).c_str(), word(answer->state), answer->ready,
                answer->wanted, answer->reason.empty() ? "" : "  ", printable(answer->reason).c_str());
  }
  co_return done;
}

}  // namespace

Result<PreparedCall> prepare_images(const CallOptions& options) {
  Result<std::vector<Json>> objects = read_objects(options.manifest, "the manifest");
  if (!objects) return objects.error();
  return PreparedCall{plugin::Kind::workload, "images",
                      [objects = std::move(*objects), json = options.json](PluginSession& session) {
                        return images(session, objects, json);
                      }};
}

Result<PreparedCall> prepare_rollout(const CallOptions& options) {
  Result<std::vector<Json>> objects = read_objects(options.manifest, "the manifest");
  if (!objects) return objects.error();
  std::vector<std::string> companions;
  if (!options.companions.empty()) {
    Result<std::vector<Json>> read = read_objects(options.companions, "the file of --companions");
    if (!read) return read.error();
    for (const Json& one : *read) companions.push_back(one.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return PreparedCall{plugin::Kind::workload, "rollout",
                      [objects = std::move(*objects), companions, json = options.json](PluginSession& session) {
                        return rollout(session, objects, companions, json);
                      }};
}

}  // namespace headwind::cli
