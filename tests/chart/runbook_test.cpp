// SPDX-License-Identifier: Apache-2.0
// What docs/operations tells the person on call to type, typed: on the real control plane, by the real kubectl, with
// the chart installed as the documents say. Only what needs a kubelet (logs, exec, port-forward) is led past it.
#include <gmock/gmock.h>

#include <fstream>
#include <memory>
#include <regex>

#include "call.hpp"
#include "core/text.hpp"
#include "installed.hpp"
#include "registry.hpp"

namespace headwind::chart {
namespace {

namespace fs = std::filesystem;

struct Page {
  std::string name;
  std::vector<std::string> commands, blocks, paths;  // in `backquotes`, in ``` blocks of no language, GET /api/...
};

Page read_page(const fs::path& file) {
  Page page{file.filename(), {}, {}, {}};
  std::string text = read(file);
  static const std::regex fence("```([a-z]*)\n([^`]*)```"), quoted("`([^`]+)`");
  for (std::sregex_iterator it(text.begin(), text.end(), fence), end; it != end; ++it)
    if (const std::string body = (*it)[2]; (*it)[1].length() == 0 && body.starts_with("kubectl"))
      page.blocks.push_back(body);
  text = std::regex_replace(text, fence, "");
  for (std::sregex_iterator it(text.begin(), text.end(), quoted), end; it != end; ++it) {
    const std::string code = (*it)[1];
    // These only name what is meant.
    if (code == "kubectl describe" || code == "kubectl set image" || code == "headwind config check") continue;
    if (code.starts_with("GET /api/")) page.paths.push_back(code.substr(4));
    if (code.starts_with("kubectl ") || code.starts_with("headwind ") || code.starts_with("HEADWIND_TOKEN="))
      page.commands.push_back(code);
  }
  return page;
}

std::vector<Page> pages() {
  std::vector<Page> all{read_page(source() / "docs/operations/logs.md")};
  for (const auto& entry : fs::directory_iterator(source() / "docs/operations/runbooks"))
    all.push_back(read_page(entry.path()));
  return all;
}

std::string all_sources() {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(source() / "host"))
    if (entry.path().extension() == ".cpp") text += read(entry.path());
  return text;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

class Runbooks : public Installed {
 protected:
  void SetUp() override {
    Installed::SetUp();
    if (IsSkipped()) return;
    registry = std::make_unique<end_to_end::Registry>();
    registry->push("team/app", "1.0.0");
    const std::string endpoint =
        R"(config.registries={")" + registry->host() + R"(": {"endpoint": "http://)" + registry->host() + R"("}})";
    helm({"install", "headwind", directory().string(), "--create-namespace", "--set-json", endpoint});
    pod = std::make_unique<Pod>();
    // Something that there is to see: a workload, and a push that was taken.
    plane().create_namespace("night");
    plane().create_deployments({.name_space = "night",
                                .image = registry->host() + "/team/app:0.9.0",
                                .replicas = 0,
                                .annotations = {{"headwind.sh/policy", "minor"}}});
    ASSERT_TRUE(end_to_end::eventually([&] {
      pod->announce(registry->host() + "/team/app:1.0.0");
      return get(map_path("headwind-inbox")).is_object();
    }));
    ASSERT_TRUE(end_to_end::eventually([&] { return !pod_name().empty(); }));
  }
  void TearDown() override {
    if (!pod) return;
    pod.reset();
    helm({"uninstall", "headwind"});
  }
  static std::string pod_name() {
    const Json pods =
        get(std::string("/api/v1/namespaces/") + kHome + "/pods?labelSelector=app.kubernetes.io%2Fname%3Dheadwind");
    return pods.at("items").empty() ? "" : pods["items"][0].at("/metadata/name"_json_pointer).get<std::string>();
  }
  // As the reader fills it in, and as it can be run without a kubelet.
  std::string filled_in(std::string text) const {
    static const std::regex logs("logs (deployment/headwind)[^\n|]*"), kill("kill %1[^\n]*"),
        forward("port-forward (service/headwind-api) (8081)[^\n]*");
    text = std::regex_replace(text, logs, "get $1");
    text = std::regex_replace(text, forward, "get $1 -o jsonpath='{.spec.ports[*].port}' | grep -w $2");
    text = std::regex_replace(text, kill, "");
    const std::string file = (pod->directory() / "headwind.yaml").string(),
                      image = registry->host() + "/team/app:1.0.0";
    for (const auto& [what, by] : std::vector<std::pair<std::string, std::string>>{
             {"kubectl -n headwind-system exec deployment/headwind -- ", ""},
             {"/etc/headwind/headwind.yaml", file},
             {"http://localhost:8081", pod->url("API")},
             {"curl ", "curl --fail-with-body --silent --show-error "},
             {"check FILE", "check " + file},
             {"check IMAGE", "check " + image + " --config " + file},
             {"VERB RESOURCE", "patch deployments"},
             {" NS", std::string(" ") + kHome},
             {" NAME", " headwind"},
             {" POD", " " + pod_name()}})
      replace(text, what, by);
    return text;
  }
  end_to_end::Ended type(const std::string& script) const {
    const fs::path file = pod->directory() / "typed";
    std::ofstream(file) << "set -euo pipefail\n" << script << "\n";
    return end_to_end::run_shell("env -u HEADWIND_TOKEN PATH=" + (build() / "host").string() + ":" +
                                 testbed::binaries().string() + ":$PATH KUBECONFIG=" + plane().kubeconfig().string() +
                                 " HEADWIND_PLUGINS_DIRECTORIES='[" + (build() / "plugins").string() + "]' bash " +
                                 file.string());
  }

  std::unique_ptr<end_to_end::Registry> registry;
  std::unique_ptr<Pod> pod;
};

TEST_F(Runbooks, WhatIsTypedAtNightDoesWhatThePageSays) {
  const std::vector<Page> all = pages();
  const std::string known = all_sources();
  std::size_t typed = 0;
  // The account first, which the others' tokens are of.
  for (const bool accounts : {true, false})
    for (const Page& page : all)
      for (const std::string& block : page.blocks) {
        if ((block.find("create serviceaccount") != std::string::npos) != accounts) continue;
        const auto ended = type(filled_in(block));
        EXPECT_EQ(ended.status, 0) << page.name << ":\n" << block << "\n" << ended.text;
        ++typed;
      }
  const std::string token = "TOKEN=$(kubectl -n headwind-system create token oncall)\n";
  static const std::regex search(R"(\s*\|\s*grep (-[iE] )?("[^"]*"|\S+)$)");
  for (const Page& page : all) {
    for (const std::string& path : page.paths) {
      const std::string curl = "curl -H \"Authorization: Bearer $TOKEN\" http://localhost:8081" + path;
      const auto ended = type(token + filled_in(curl));
      EXPECT_EQ(ended.status, 0) << page.name << ": GET " << path << "\n" << ended.text;
      ++typed;
    }
    for (std::string command : page.commands) {
      // What is searched for is nothing that happened here, but the program must know how to say it.
      if (std::smatch found; std::regex_search(command, found, search)) {
        std::string words = found[2];
        if (words.front() == '"') words = words.substr(1, words.size() - 2);
        if (found[1] != "-i ")
          for (const std::string_view word : split(words, '|'))
            EXPECT_NE(known.find(word), std::string::npos) << page.name << ": nothing says '" << word << "'";
        command = found.prefix();
      }
      const auto ended = type(token + filled_in(command));
      EXPECT_EQ(ended.status, 0) << page.name << ": " << command << "\n" << ended.text;
      EXPECT_EQ(ended.text.find("No resources found in headwind-system"), std::string::npos) << page.name << command;
      ++typed;
    }
  }
  EXPECT_GE(typed, 35U) << "the pages are not read as they are written";
}

}  // namespace
}  // namespace headwind::chart
