// SPDX-License-Identifier: Apache-2.0
#include "testbed/control_plane.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "testbed/connection.hpp"

namespace headwind::testbed {
namespace {

constexpr std::chrono::seconds kStartLimit{90};
constexpr std::chrono::milliseconds kPoll{20};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string tail_of(const std::filesystem::path& log) {
  const std::string text = read_file(log);
  return text.size() > 1500 ? text.substr(text.size() - 1500) : text;
}

std::string local(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

std::string audit_policy(const std::string& with_bodies) {
  using nlohmann::json;
  json rules = json::array();
  const json verbs{"create", "update", "patch", "delete"};
  if (!with_bodies.empty())
    rules.push_back({{"level", "Request"}, {"users", json::array({with_bodies})}, {"verbs", verbs}});
  const json all{{"level", "Metadata"}};
  rules.push_back(all);
  const json stages = json::array({"RequestReceived"});
  return json{{"apiVersion", "audit.k8s.io/v1"}, {"kind", "Policy"}, {"omitStages", stages}, {"rules", rules}}.dump();
}

}  // namespace

ControlPlane::ControlPlane(Options options)
    : options_(std::move(options)),
      directory_(make_temporary_directory("testbed")),
      audit_(directory_ / "audit.log"),
      etcd_port_(free_port()),
      etcd_peer_port_(free_port()),
      api_port_(free_port()),
      connection_(std::make_unique<Connection>()) {
  if (std::getenv("HEADWIND_TESTBED_KEEP") != nullptr) options_.keep_directory = true;
}

ControlPlane::~ControlPlane() {
  stop();
  std::error_code ignored;
  if (!options_.keep_directory) std::filesystem::remove_all(directory_, ignored);
}

Result<std::unique_ptr<ControlPlane>> ControlPlane::start(Options options) {
  if (!available()) return make_error(Code::unavailable, why_unavailable());
  std::unique_ptr<ControlPlane> plane(new ControlPlane(std::move(options)));
  if (auto started = plane->start_all(); !started) return started.error();
  return plane;
}

Result<> ControlPlane::start_all() {
  if (auto result = make_files(); !result) return result;
  if (auto result = start_etcd(); !result) return result;
  if (auto result = start_api_server(); !result) return result;
  if (options_.controllers)
    if (auto result = start_controllers(); !result) return result;
  if (options_.nodes) return start_nodes();
  return {};
}

Result<> ControlPlane::make_files() {
  for (const std::vector<std::string>& command : std::initializer_list<std::vector<std::string>>{
           {"openssl", "genrsa", "-out", "sa.key", "2048"},
           {"openssl", "rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub"},
           {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            "client-ca.key", "-out", "client-ca.crt", "-subj", "/CN=testbed-clients", "-days", "30"}})
    if (auto result = run(command, directory_); !result) return result.error();
  std::string tokens = token("admin") + ",admin,uid-admin,\"system:masters\"\n";
  for (const User& user : options_.users) {
    std::string groups;
    for (const std::string& group : user.groups) groups += (groups.empty() ? "" : ",") + group;
    tokens += token(user.name) + "," + user.name + ",uid-" + user.name + ",\"" + groups + "\"\n";
  }
  write_file(directory_ / "tokens.csv", tokens);
  write_file(directory_ / "audit-policy.json", audit_policy(options_.audited_user));
  return {};
}

Result<> ControlPlane::until_ready(Process& process, const char* name, const std::function<bool()>& ready) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  const std::filesystem::path log = directory_ / (std::string(name) + ".log");
  while (!ready()) {
    if (!process.running()) return make_error(Code::unavailable, std::string(name) + " ended: " + tail_of(log));
    if (std::chrono::steady_clock::now() > deadline)
      return make_error(Code::unavailable, std::string(name) + " does not become ready: " + tail_of(log));
    std::this_thread::sleep_for(kPoll);
  }
  return {};
}

Result<> ControlPlane::start_etcd() {
  auto started = Process::start(
      {{(binaries() / "etcd").string(), "--unsafe-no-fsync", "--data-dir", "etcd", "--listen-client-urls",
        local(etcd_port_), "--advertise-client-urls", local(etcd_port_), "--listen-peer-urls", local(etcd_peer_port_),
        "--initial-advertise-peer-urls", local(etcd_peer_port_), "--initial-cluster",
        "default=" + local(etcd_peer_port_), "--log-level", "warn"},
       directory_ / "etcd.log",
       directory_});
  if (!started) return started.error();
  etcd_ = std::move(*started);
  return {};  // the API server waits for it
}

Result<> ControlPlane::start_api_server() {
  std::vector<std::string> arguments{
      (binaries() / "kube-apiserver").string(), "--etcd-servers=" + local(etcd_port_), "--cert-dir=certs",
      "--secure-port=" + std::to_string(api_port_), "--bind-address=127.0.0.1",
      "--service-cluster-ip-range=10.0.0.0/24", "--allow-privileged", "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file=sa.pub",
      "--service-account-signing-key-file=sa.key", "--token-auth-file=tokens.csv", "--client-ca-file=client-ca.crt",
      // ServiceAccount wants a token controller; the taint would never be removed.
      "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition", "--audit-policy-file=audit-policy.json",
      "--audit-log-path=audit.log", "--audit-log-maxsize=4000"};
  arguments.insert(arguments.end(), options_.apiserver_arguments.begin(), options_.apiserver_arguments.end());
  auto started = Process::start({arguments, directory_ / "kube-apiserver.log", directory_});
  if (!started) return started.error();
  api_server_ = std::move(*started);
  return until_ready(api_server_, "kube-apiserver", [this] {
    if (!tls_) {
      std::string pem = read_file(directory_ / "certs" / "apiserver.crt");  // the leaf, then its authority
      if (pem.find("END CERTIFICATE", pem.find("END CERTIFICATE") + 1) == std::string::npos) return false;
      auto tls = std::make_shared<net::TlsSettings>();
      tls->ca_pem = std::move(pem);
      tls_ = std::move(tls);
    }
    for (const char* path : {"/readyz", "/api/v1/namespaces/default", "/apis/apps/v1"}) {
      const auto answer = try_call("GET", path, {}, {}, {});
      if (!answer || !answer->ok()) return false;
    }
    return true;
  });
}

Result<> ControlPlane::start_controllers() {
  const std::string config = kubeconfig().string();
  auto started = Process::start(
      {{(binaries() / "kube-controller-manager").string(), "--kubeconfig=" + config,
        "--authentication-kubeconfig=" + config, "--authorization-kubeconfig=" + config,
        "--service-account-private-key-file=sa.key", "--use-service-account-credentials=false", "--leader-elect=false",
        "--bind-address=127.0.0.1", "--secure-port=" + std::to_string(free_port()), "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--controllers=deployment-controller,replicaset-controller,statefulset-controller,daemonset-controller,"
        "garbage-collector-controller,namespace-controller,serviceaccount-controller,cronjob-controller,"
        "job-controller"},
       directory_ / "kube-controller-manager.log",
       directory_});
  if (!started) return started.error();
  controllers_ = std::move(*started);
  // The service account controller has acted: the others are running too.
  return until_ready(controllers_, "kube-controller-manager", [this] {
    const auto answer = try_call("GET", "/api/v1/namespaces/default/serviceaccounts/default", {}, {}, {});
    return answer && answer->ok();
  });
}

Result<> ControlPlane::start_nodes() {
  auto started = Process::start({{(binaries() / "kwok").string(), "--kubeconfig", kubeconfig().string(),
                                  "--manage-all-nodes=true", "--config", (binaries() / "stages.yaml").string(),
                                  "--config", std::string(HEADWIND_TESTBED_SOURCE) + "/tests/testbed/pod-fates.yaml"},
                                 directory_ / "kwok.log",
                                 directory_});
  if (!started) return started.error();
  kwok_ = std::move(*started);
  const nlohmann::json room{{"cpu", "1000"}, {"memory", "1000Gi"}, {"pods", "100000"}};
  const nlohmann::json node{{"apiVersion", "v1"},
                            {"kind", "Node"},
                            {"metadata",
                             {{"name", "node-0"},
                              {"annotations", {{"kwok.x-k8s.io/node", "fake"}}},
                              {"labels", {{"type", "kwok"}, {"kubernetes.io/hostname", "node-0"}}}}},
                            {"status", {{"allocatable", room}, {"capacity", room}}}};
  const auto made = try_call("POST", "/api/v1/nodes", node.dump(), {}, {});
  if (!made) return made.error();
  if (!made->ok()) return make_error(Code::internal, "the node was refused: " + made->body);
  return until_ready(kwok_, "kwok", [this] {
    const auto answer = try_call("GET", "/api/v1/nodes/node-0", {}, {}, {});
    if (!answer || !answer->ok()) return false;
    const nlohmann::json node = nlohmann::json::parse(answer->body);
    for (const auto& condition : node["status"].value("conditions", nlohmann::json::array()))
      if (condition.value("type", "") == "Ready" && condition.value("status", "") == "True") return true;
    return false;
  });
}

void ControlPlane::stop() {
  kwok_.stop(std::chrono::seconds(2));
  controllers_.stop(std::chrono::seconds(2));
  // Without etcd an API server that drains hangs and keeps its port: wholly, and first.
  api_server_.send(SIGCONT);
  api_server_.stop(std::chrono::seconds(1));
  etcd_.stop(std::chrono::seconds(3));
}

void ControlPlane::restart_api_server(std::chrono::milliseconds grace) {
  api_server_.send(SIGCONT);
  api_server_.stop(grace);
  {
    const std::lock_guard lock(mutex_);
    connection_ = std::make_unique<Connection>();
  }
  if (auto started = start_api_server(); !started) throw std::runtime_error(started.error().message);
}

void ControlPlane::pause_api_server(bool paused) { api_server_.send(paused ? SIGSTOP : SIGCONT); }

std::string ControlPlane::url() const { return "https://127.0.0.1:" + std::to_string(api_port_); }

std::string ControlPlane::ca_pem() const { return tls_ ? tls_->ca_pem : std::string(); }

ControlPlane& shared(const Options& options) {
  static const std::unique_ptr<ControlPlane> plane = [&] {
    auto started = ControlPlane::start(options);
    if (!started) throw std::runtime_error(started.error().message);
    return std::move(*started);
  }();
  return *plane;
}

}  // namespace headwind::testbed
