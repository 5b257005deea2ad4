// SPDX-License-Identifier: Apache-2.0
#include "chart.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "config/config.hpp"
#include "core/text.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::chart {

std::filesystem::path source() {
  const char* root = std::getenv("HEADWIND_SOURCE");
  if (root == nullptr) throw std::runtime_error("HEADWIND_SOURCE is not set: run this by ctest");
  return root;
}

std::filesystem::path directory() { return source() / "deploy/helm/headwind"; }

std::vector<std::filesystem::path> values_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory() / "ci")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Json> documents(const std::string& yaml) {
  std::vector<std::string> texts(1);
  for (const std::string_view line : split(yaml, '\n')) {
    if (line == "---") {
      texts.emplace_back();
    } else {
      texts.back() += std::string(line) + "\n";
    }
  }
  std::vector<Json> objects;
  for (const std::string& text : texts) {
    const Result<std::string> json = config::yaml_to_json(text);
    if (!json) throw std::runtime_error(json.error().message + " in:\n" + text);
    if (Json object = Json::parse(*json); object.is_object() && !object.empty()) objects.push_back(std::move(object));
  }
  return objects;
}

std::string program(const std::string& name) { return (testbed::chart_binaries() / name).string(); }

std::string run(const std::vector<std::string>& command) {
  auto printed = testbed::run(command);
  if (!printed) throw std::runtime_error(printed.error().message);
  return *printed;
}

std::string rendered(std::vector<std::string> arguments) {
  std::vector<std::string> command{program("helm"),      "template",    "headwind",
                                   directory().string(), "--namespace", "headwind-system"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command);
}

const Json& one(const std::vector<Json>& objects, const std::string& kind, const std::string& name) {
  for (const Json& object : objects)
    if (object.value("kind", "") == kind && object.value("/metadata/name"_json_pointer, "") == name) return object;
  throw std::runtime_error("there is no " + kind + " " + name);
}

bool has(const std::vector<Json>& objects, const std::string& kind) {
  return std::any_of(objects.begin(), objects.end(), [&](const Json& o) { return o.value("kind", "") == kind; });
}

namespace {

// The document says of these that they are strings; the server takes numbers, too.
void mend(Json& definitions) {
  const Json either{{"type", {"string", "integer", "number"}}};
  for (const char* name :
       {"io.k8s.apimachinery.pkg.util.intstr.IntOrString", "io.k8s.apimachinery.pkg.api.resource.Quantity"})
    if (definitions.contains(name)) definitions[name] = either;
  // Strict: a misspelt field is a mistake.
  for (auto& [name, definition] : definitions.items())
    if (definition.contains("properties") && !definition.contains("additionalProperties"))
      definition["additionalProperties"] = false;
}

}  // namespace

void write_schemas(const Json& openapi, const std::filesystem::path& into) {
  Json definitions = openapi.at("definitions");
  mend(definitions);
  std::filesystem::create_directories(into);
  std::ofstream(into / "_definitions.json") << Json{{"definitions", definitions}};
  for (const auto& [name, definition] : definitions.items()) {
    for (const Json& served : definition.value("x-kubernetes-group-version-kind", Json::array())) {
      // kubeconform's default layout: "deployment-apps-v1.json"; of a group, what stands before its first dot.
      std::string group = served.value("group", "");
      group = group.substr(0, group.find('.'));
      const std::string file = to_lower(served.value("kind", "")) + (group.empty() ? "" : "-" + group) + "-" +
                               served.value("version", "") + ".json";
      std::ofstream(into / file) << Json{{"$ref", "_definitions.json#/definitions/" + name}};
    }
  }
}

}  // namespace headwind::chart
