// SPDX-License-Identifier: Apache-2.0
// One Kubernetes API server: paths in, JSON out; authentication, retries of 429 and error sentences are handled here.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/client.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::kube {

// Where the API server is and how we prove who we are.
struct Access {
  std::string server;  // "https://10.0.0.1:443"
  std::shared_ptr<const net::TlsSettings> tls;
  // The value of the Authorization header ("Bearer ..."), or empty. Called before each request: it caches and
  // refreshes (service account token rotation, exec plugins) by itself. Null: none.
  std::function<Task<Result<std::string>>()> authorization;
  // Told when the server answered 401, so that the next call of `authorization` asks again. Null: nothing to refresh.
  std::function<void()> unauthorized;
  // Where the client certificate may change (exec plugins): asked after `authorization`. Null: `tls`.
  std::function<std::shared_ptr<const net::TlsSettings>()> current_tls;
  std::string default_namespace = "default";
  bool in_cluster = false;
};

// From a kubeconfig already turned into JSON; `base` is its directory, for relative file names. Client certificates,
// tokens, token files and exec credential plugins (client.authentication.k8s.io/v1 and v1beta1).
Result<Access> access_from_kubeconfig(Executor executor, std::string_view json, const std::string& base,
                                      std::string_view context = {});
// From the pod's service account; the token is read again when the kubelet rotates it.
Result<Access> access_in_cluster(const std::string& root = "/var/run/secrets/kubernetes.io/serviceaccount");

// The error of a failed request: Code by status (401/403 denied, 404 and 410 not_found, 409 conflict, 422 with causes
// invalid and without conflict (decisions 10), 429 throttled, 5xx unavailable), message from the Status body.
struct ApiError : Error {};

class Client {
 public:
  Client(Access access, std::shared_ptr<net::Client> http, telemetry::Metrics& metrics);
  ~Client();
  const Access& access() const;
  // For a probe: that the server does not answer, since when and why. Empty while it does. The log says so, too.
  std::string trouble() const;

  // Bodies and answers are JSON text. A 429 with Retry-After is waited for and sent again, up to three times;
  // reads are retried with backoff and jitter on transport failures and 5xx, writes never on doubt.
  Task<Result<std::string>> get(std::string path) const;
  Task<Result<std::string>> create(std::string path, std::string body) const;               // POST
  Task<Result<std::string>> json_patch(std::string path, std::string operations) const;     // RFC 6902
  Task<Result<std::string>> merge_patch(std::string path, std::string body) const;          // RFC 7386
  Task<Result<std::string>> remove(std::string path, std::string options_body = {}) const;  // DELETE

  // A watch's stream of lines, each one event; returns when it ends. Not retried here.
  Task<Result<>> watch(std::string path, std::function<bool(std::string_view line)> on_event,
                       std::chrono::milliseconds idle) const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headwind::kube
