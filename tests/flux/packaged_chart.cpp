// SPDX-License-Identifier: Apache-2.0
#include "packaged_chart.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "testbed/process.hpp"

namespace headwind::end_to_end {
namespace {

// Not the chart's version: to that Flux adds the digest of a chart out of an OCIRepository.
constexpr const char* config_map = R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  version: {{ .Chart.AppVersion | quote }}
)";
// There is no scheduler: the pod names its node.
constexpr const char* deployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: REPLICAS
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      nodeName: node-0
      containers:
      - name: app
        image: example.com/app:{{ .Chart.AppVersion }}
)";

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string deployment_with(const std::string& replicas) {
  std::string text = deployment;
  return text.replace(text.find("REPLICAS"), 8, replicas);
}

}  // namespace

std::string package_chart(const std::string& version, Flaw flaw) {
  const auto scratch = testbed::make_temporary_directory("chart");
  write(scratch / "app" / "Chart.yaml",
        "apiVersion: v2\nname: app\nversion: " + version + "\nappVersion: " + version + "\n");
  write(scratch / "app" / "templates" / "config.yaml", config_map);
  write(scratch / "app" / "templates" / "deployment.yaml", deployment_with(flaw == Flaw::refused ? "-1" : "1"));
  if (flaw == Flaw::unrenderable)
    write(scratch / "app" / "templates" / "broken.yaml", "{{ fail \"this version cannot be rendered\" }}\n");
  if (auto ran = testbed::run({"tar", "czf", "app.tgz", "app"}, scratch); !ran)
    throw std::runtime_error(ran.error().message);
  std::ifstream file(scratch / "app.tgz", std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  file.close();
  std::filesystem::remove_all(scratch);
  return bytes;
}

}  // namespace headwind::end_to_end
