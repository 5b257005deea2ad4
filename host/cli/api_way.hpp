// SPDX-License-Identifier: Apache-2.0
// How a person's command reaches a running Headwind and the API server, under the person's own name: see
// docs/adr/0027-the-way-to-the-api.md.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/async.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "kube/client.hpp"
#include "net/client.hpp"

namespace CLI {
class App;
}

namespace headwind::cli {

struct ApiOptions {
  std::string api_url;                            // of port 8081; empty: HEADWIND_API_URL, else by the API server
  std::string api_namespace = "headwind-system";  // where api_service is
  std::string api_service = "headwind-api";       // NAME, NAME:PORT or SCHEME:NAME:PORT, as the API server has it
  std::string ca_file;                            // who signed the certificate of api_url
  std::string kubeconfig, context, name_space;    // as kubectl has them
};
// --api-url, --api-service, --api-namespace, --ca-file, --kubeconfig, --context and -n.
void add_api_options(CLI::App& command, ApiOptions& options);

struct ApiAnswer {
  unsigned status = 0;
  std::string body;
  bool of_api_server = false;  // not Headwind's: who stands between refused, or found nobody
};

// One user. Belongs to the loop of its executor; stays until the process ends.
class ApiWay {
 public:
  ApiWay(Executor executor, ApiOptions options, TextMap environment);

  // Reads the kubeconfig (inside a pod: the service account). A failure is the caller's mistake.
  Result<> open();
  const std::string& name_space() const { return options_.name_space; }  // -n, else that of the context
  bool has_cluster() const { return access_.has_value(); }
  bool is_direct() const { return !options_.api_url.empty(); }

  // Port 8081: `path` begins with /api/v1. An error where nobody answered, or where there is no token for it.
  Task<Result<ApiAnswer>> api(std::string method, std::string path, std::string body = {});
  // The Kubernetes API itself.
  Task<Result<ApiAnswer>> kube(std::string method, std::string path, std::string body = {},
                               std::string content_type = "application/json");

  // Whether the user has a token that can be shown to Headwind; certificates cannot.
  Task<Result<bool>> has_token();
  // Whether that token is HEADWIND_TOKEN: perhaps of another user than the kubeconfig's.
  bool has_given_token() const;
  // The user's name, as the API server knows it.
  Task<Result<std::string>> user_name();

 private:
  Task<Result<std::string>> token();  // empty: none
  Task<Result<ApiAnswer>> send(net::Request request, bool of_api_server);

  Executor executor_;
  ApiOptions options_;
  TextMap environment_;
  std::string service_;  // in the path of the API server's proxy
  std::optional<kube::Access> access_;
  std::optional<Error> no_access_;
  std::shared_ptr<const net::TlsSettings> direct_tls_;
  std::unique_ptr<net::Client> direct_, cluster_;
};

// What an answer that is no success says, and what can be done: one sentence.
std::string refusal_of(const ApiAnswer& answer);
// Every byte but the unreserved ones as %XX.
std::string in_path(std::string_view text);

}  // namespace headwind::cli
