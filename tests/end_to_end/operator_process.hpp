// SPDX-License-Identifier: Apache-2.0
// `headwind run` as a child process, always on the same three ports: a restarted one is found by who knew the old one.
#pragma once
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "call.hpp"
#include "testbed/process.hpp"

namespace headwind::end_to_end {

// A registry that is spoken to without TLS, and who the operator is there; empty: nobody.
struct RegistryAccess {
  std::string host, username = {}, password = {};
  std::string endpoint = {};  // where it is really served; empty: at its host
};

struct OperatorSettings {
  std::string server = {};                                // of the API server; empty: the control plane's own address
  std::string auth = "none";                              // auth.mode
  std::string registry;                                   // its host: spoken to without TLS
  std::vector<RegistryAccess> registries = {};            // more of them
  std::string notified = {};                              // where the webhook notifier posts to; empty: there is none
  bool polling = false;                                   // read lists of tags every 10 s
  Json rollouts = {{"settle", 1}, {"checkInterval", 1}};  // of the configuration; in seconds
  std::string token = {};                                 // ours, on 8081, where auth is token
  std::string log = "info";                               // log.level
  Json instances = Json::array();                         // more plugin instances
  std::vector<std::string> environment = {};              // "NAME=value"
};

class OperatorProcess {
 public:
  explicit OperatorProcess(OperatorSettings settings);
  ~OperatorProcess();

  static std::string webhook_url();  // known before any process runs
  static std::string api_url();

  void start();                              // returns when it is ready; throws with its log where it is not
  void kill();                               // SIGKILL; returns when it is gone
  int stop();                                // SIGTERM; its exit code, or -1 where it is not gone after 15 seconds
  void hang_up() { process_.send(SIGHUP); }  // read the configuration again
  // Its files, by their names in its directory: "headwind.yaml". Written as an editor does it: in one go.
  const std::filesystem::path& directory() const { return directory_; }
  std::string read(const std::string& file) const;
  void write(const std::string& file, const std::string& text) const;
  void reconfigure(const std::function<void(Json& config)>& change) const;
  static std::filesystem::path build();  // the build directory
  pid_t pid() const { return process_.pid(); }
  bool running() { return process_.running(); }

  // 8081, with the token of the settings or with another one. An empty token: without.
  Reply api(const std::string& method, const std::string& path, const Json& body = {});
  Reply api_as(const std::string& token, const std::string& method, const std::string& path, const Json& body = {});
  // 8080: one push, as a registry tells it.
  Reply announce(const std::string& image_repository, const std::string& tag);
  // 8080: what a sender of that name posts.
  static Reply webhook(const std::string& sender, const Json& body);
  std::string metrics();                     // 9090: /metrics
  static std::string metrics_host();         // "127.0.0.1:40123"
  Reply ready();                             // 9090: /readyz
  double metric(const std::string& series);  // as it is written in /metrics; 0 where it is absent
  bool knows(const std::string& kind, const std::string& name_space, const std::string& name);
  std::string log() const;

 private:
  void write_files();
  Json registries() const;  // of the configuration; writes the passwords into files

  OperatorSettings settings_;
  std::filesystem::path directory_;
  testbed::Process process_;
};

}  // namespace headwind::end_to_end
