// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <optional>

#include "core/clock.hpp"
#include "kube/child_process.hpp"
#include "kube/credentials.hpp"

namespace headwind::kube {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kLongestRun{60};
constexpr std::chrono::milliseconds kPoll{10};
constexpr std::int64_t kEarlyMs = 10'000;  // renewed this long before it expires

struct State {
  Executor executor;
  ExecPlugin plugin;
  std::shared_ptr<const net::TlsSettings> base_tls, tls;
  bool known = false;    // there is a credential, perhaps without a token
  bool running = false;  // one run at a time, whoever asks
  std::string header;
  std::int64_t expires_ms = 0;  // 0: until a 401
};

struct Credential {
  std::string token, certificate, key;
  std::int64_t expires_ms = 0;
};

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What the plugin printed. Nothing of it goes into an error: it is a secret.
Result<Credential> parse(const std::string& output, const ExecPlugin& plugin) {
  const std::string who = "the credential plugin " + plugin.command.front();
  const Json json = Json::parse(output, nullptr, false);
  if (!json.is_object() || text(json, "kind") != "ExecCredential")
    return make_error(Code::invalid, who + " printed no ExecCredential; run it by hand to see what it prints.");
  if (text(json, "apiVersion") != plugin.api_version)
    return make_error(Code::invalid, who + " answered in another apiVersion than the kubeconfig's " +
                                         plugin.api_version + "; make them equal.");
  const auto status = json.find("status");
  if (status == json.end() || !status->is_object())
    return make_error(Code::invalid, who + " printed an ExecCredential without status.");
  Credential credential{text(*status, "token"), text(*status, "clientCertificateData"), text(*status, "clientKeyData"),
                        0};
  if (credential.certificate.empty() != credential.key.empty())
    return make_error(Code::invalid,
                      who + " gave only one of clientCertificateData and clientKeyData; both are needed.");
  if (credential.token.empty() && credential.certificate.empty())
    return make_error(Code::invalid, who + " gave neither status.token nor status.clientCertificateData.");
  if (const std::string expires = text(*status, "expirationTimestamp"); !expires.empty()) {
    const auto time = parse_rfc3339(expires);
    if (!time)
      return make_error(Code::invalid, who + ": status.expirationTimestamp is not a time: " + time.error().message);
    credential.expires_ms = *time;
  }
  return credential;
}

bool fresh(const State& state) {
  return state.known && (state.expires_ms == 0 || system_clock().unix_ms() < state.expires_ms - kEarlyMs);
}

Task<Result<Credential>> ask(std::shared_ptr<State> state) {
  Json spec{{"interactive", false}};
  if (!state->plugin.cluster_json.empty()) spec["cluster"] = Json::parse(state->plugin.cluster_json);
  const Json info{{"apiVersion", state->plugin.api_version}, {"kind", "ExecCredential"}, {"spec", std::move(spec)}};
  std::vector<std::string> environment = state->plugin.environment;
  environment.push_back("KUBERNETES_EXEC_INFO=" + info.dump());
  auto output = co_await run_child(state->executor, state->plugin.command, std::move(environment), kLongestRun);
  if (!output) {
    Error error = in_context(output.error(), "the credential plugin of the kubeconfig");
    if (!state->plugin.install_hint.empty()) error.message += ". " + state->plugin.install_hint;
    co_return error;
  }
  co_return parse(*output, state->plugin);
}

void keep(State& state, Credential credential) {
  state.header = credential.token.empty() ? std::string() : "Bearer " + credential.token;
  state.expires_ms = credential.expires_ms;
  state.known = true;
  if (credential.certificate.empty()) {
    state.tls = state.base_tls;
    return;
  }
  // Connections are pooled by these settings: the same certificate keeps its connections.
  if (state.tls && state.tls->certificate_pem == credential.certificate && state.tls->key_pem == credential.key) return;
  auto tls = std::make_shared<net::TlsSettings>(state.base_tls ? *state.base_tls : net::TlsSettings());
  tls->certificate_pem = std::move(credential.certificate);
  tls->key_pem = std::move(credential.key);
  state.tls = std::move(tls);
}

Task<Result<std::string>> header(std::shared_ptr<State> state) {
  while (state->running) co_await sleep_for(kPoll);
  if (fresh(*state)) co_return state->header;
  struct Running {
    State& state;
    explicit Running(State& s) : state(s) { state.running = true; }
    ~Running() { state.running = false; }
  } running(*state);
  auto credential = co_await ask(state);
  if (!credential) co_return credential.error();
  keep(*state, std::move(*credential));
  co_return state->header;
}

}  // namespace

void use_exec_plugin(Access& access, Executor executor, ExecPlugin plugin) {
  auto state = std::make_shared<State>();
  state->executor = std::move(executor);
  state->plugin = std::move(plugin);
  state->base_tls = access.tls;
  state->tls = access.tls;
  access.authorization = [state] { return header(state); };
  access.unauthorized = [state] { state->known = false; };
  access.current_tls = [state] { return state->tls; };
}

}  // namespace headwind::kube
