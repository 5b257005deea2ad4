// SPDX-License-Identifier: Apache-2.0
// A real Kubernetes control plane on this machine: etcd and kube-apiserver, on request kube-controller-manager and
// kwok, which makes pods run that no kubelet has. For tests, crash tests and benchmarks alike.
//
//   auto cluster = testbed::ControlPlane::start({.controllers = true, .nodes = true});
//   if (!cluster) return complain(cluster.error().message);
//   (*cluster)->create_namespace("shop");
//   (*cluster)->create_deployments({.name_space = "shop", .count = 100});
//   const auto answer = (*cluster)->call("GET", "/apis/apps/v1/namespaces/shop/deployments/web-0");
//
// Ready in 2 to 3 seconds (5 with controllers). The binaries come from `make testbed`; where they are missing,
// available() is false and why_unavailable() is the sentence to show. In a GoogleTest program see testbed/gtest.hpp.
// What goes wrong in the helpers below is a broken test, so they throw std::runtime_error with the server's words.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/client.hpp"
#include "testbed/audit_log.hpp"
#include "testbed/process.hpp"

namespace headwind::testbed {

bool available();
// "The real control plane is not built: run `make testbed`." Empty where it is.
std::string why_unavailable();
// Where the programs are (etcd, kube-apiserver, crane, ...) and the definitions (argo-rollouts.yaml, ...), or empty.
std::filesystem::path binaries();
// Where source-controller and helm-controller are besides, or empty: `make test-flux` builds them.
std::filesystem::path flux_binaries();
// Where helm and kubeconform are besides, or empty: .ci/testbed builds them.
std::filesystem::path chart_binaries();

// Somebody with a static token. The token of user "alice" is "alice-token".
struct User {
  std::string name;
  std::vector<std::string> groups;
};

struct Options {
  bool controllers = false;  // Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs, garbage collection
  bool nodes = false;  // one node, "node-0", whose pods run and become ready at once; see pod-fates.yaml for others
  // Beside "admin" (system:masters). They may do nothing until roles are bound. More can be had at any time:
  // service_account_token() and client_certificate().
  std::vector<User> users = {{"alice", {}}, {"bob", {}}, {"carol", {"team"}}};
  std::vector<std::string> apiserver_arguments = {};  // e.g. "--min-request-timeout=5"
  std::string audited_user = {};                      // whose writes the audit log holds with their bodies
  bool keep_directory = false;                        // logs stay behind; also with HEADWIND_TESTBED_KEEP=1
};

enum class SubjectKind : std::uint8_t { user, group };

struct Answer {
  unsigned status = 0;
  std::string body;
  net::Headers headers;
  bool ok() const { return status / 100 == 2; }
};

// What to make in bulk. Names are <prefix>-0, <prefix>-1, ...
struct Deployments {
  std::string name_space = "default";
  std::string prefix = "web";
  std::size_t count = 1;
  std::string image = "nginx:1.25.0";
  std::string container = "web";
  int replicas = 1;  // 0: no pods, for benchmarks of the API server alone
  std::vector<std::pair<std::string, std::string>> annotations = {{"headwind.sh/policy", "minor"}};
  // Called with each object (JSON text) before it is sent, to change what the fields above do not cover.
  std::function<std::string(std::size_t index, std::string json)> adjust = {};
};

class ControlPlane {
 public:
  static Result<std::unique_ptr<ControlPlane>> start(Options options = {});
  ~ControlPlane();
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  // --- where it is and how to speak to it
  std::string url() const;                                               // "https://127.0.0.1:40123"
  std::string ca_pem() const;                                            // of the serving certificate
  const std::filesystem::path& directory() const { return directory_; }  // logs, certificates, kubeconfigs
  const AuditLog& audit() const { return audit_; }
  static std::string token(const std::string& user) { return user + "-token"; }
  // A kubeconfig (in JSON, which is YAML) with that user's token.
  std::filesystem::path kubeconfig(const std::string& user = "admin", const std::string& name_space = "default");
  // A token of a service account, which is made where it is missing. Its user is system:serviceaccount:<ns>:<name>.
  std::string service_account_token(const std::string& name_space, const std::string& name, int seconds = 3600);
  // Certificate and key (PEM) of a new client; any user, any groups.
  std::pair<std::string, std::string> client_certificate(const std::string& user,
                                                         const std::vector<std::string>& groups = {});

  // --- one call, synchronous; thread-safe. `token` empty: admin's. A PATCH is a merge patch, or a JSON patch where
  // the body is an array; `content_type` overrules.
  Answer call(const std::string& method, const std::string& path, const std::string& body = {},
              const std::string& token = {}, const std::string& content_type = {});
  // Many calls at once over `connections`; throws at the first that fails.
  struct Call {
    std::string method, path, body;
  };
  void call_all(std::vector<Call> calls, std::size_t connections = 16);

  // --- usual objects
  // Applies each document of a YAML file (server-side apply, forced), definitions first made ready.
  void apply(const std::filesystem::path& file);
  void apply_crd();  // deploy/10-crd.yaml
  void create_namespace(const std::string& name);
  void create_deployments(const Deployments& what);
  // Lets `subject` ("alice", "system:serviceaccount:ns:name", or a group) do `rules` (a JSON array of RBAC rules)
  // everywhere; returns when the server has taken notice.
  void grant(const std::string& subject, const std::string& rules, SubjectKind kind = SubjectKind::user);
  // Asks again until `condition` holds for the answer of GET `path`. False after `limit`: the test hangs no longer.
  bool wait_until(const std::string& path, const std::function<bool(const Answer&)>& condition,
                  std::chrono::milliseconds limit = std::chrono::seconds(30));

  // --- trouble
  // Same port, same data; returns when it is ready again. SIGTERM, then SIGKILL after `grace` (at once where it is 0).
  void restart_api_server(std::chrono::milliseconds grace = std::chrono::seconds(1));
  void pause_api_server(bool paused);  // SIGSTOP and SIGCONT: connections stay open, nothing is answered
  void stop();                         // API server first and wholly, then etcd; the destructor does the same

 private:
  explicit ControlPlane(Options options);
  Result<> start_all();
  Result<> start_etcd();
  Result<> start_api_server();
  Result<> start_controllers();
  Result<> start_nodes();
  Result<> make_files();
  Result<> until_ready(Process& process, const char* name, const std::function<bool()>& ready);
  Result<Answer> try_call(const std::string& method, const std::string& path, const std::string& body,
                          const std::string& token, const std::string& content_type);
  std::string path_of(const std::string& api_version, const std::string& kind, const std::string& name_space,
                      const std::string& name);

  Options options_;
  std::filesystem::path directory_;
  AuditLog audit_;
  std::uint16_t etcd_port_ = 0, etcd_peer_port_ = 0, api_port_ = 0;
  Process etcd_, api_server_, controllers_, kwok_;
  std::shared_ptr<const net::TlsSettings> tls_;
  struct Connection;  // the client and the loop that drives it
  std::unique_ptr<Connection> connection_;
  std::mutex mutex_;
  std::atomic<int> certificates_ = 0;
};

// The one of this program, started at first use with those options (later calls get the same one whatever they ask)
// and stopped at exit. Throws where it cannot start: check available() first.
ControlPlane& shared(const Options& options = {});

}  // namespace headwind::testbed
