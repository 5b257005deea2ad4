// SPDX-License-Identifier: Apache-2.0
#include "cli/api_way.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/cluster.hpp"
#include "cli/tag_file.hpp"
#include "config/config.hpp"
#include "kube/paths.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

namespace headwind::cli {
namespace {

using nlohmann::json;

constexpr std::size_t longest_answer = 64U << 20U;

std::string variable(const TextMap& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

// Where a token may go unencrypted: this machine, and the Service from inside the cluster.
bool is_near(std::string_view url) {
  const Result<net::Url> parsed = net::parse_url(url);
  if (!parsed) return false;
  const std::string& host = parsed->host;
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || host.ends_with(".svc") ||
         host.ends_with(".svc.cluster.local");
}

bool is_encrypted(std::string_view url) {
  const Result<net::Url> parsed = net::parse_url(url);
  return parsed && parsed->tls;
}

// Does not repeat the URL in an error: somebody may have put a password into it.
Result<std::string> checked_url(std::string url, std::string_view given_by) {
  while (url.ends_with('/')) url.pop_back();
  if (url.empty()) return url;
  const Result<net::Url> parsed = net::parse_url(url);
  if (!parsed) return in_context(parsed.error(), given_by);
  if (url.find('?') != std::string::npos)
    return make_error(Code::invalid, std::string(given_by) +
                                         ": the URL has a query; paths are added to it, so it ends "
                                         "before the '?', as in http://localhost:8081");
  return url;
}

struct Service {
  std::string scheme, name, port = "8081";
};

// NAME, NAME:PORT or SCHEME:NAME:PORT.
Result<Service> read_service(const std::string& text) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, ':')) parts.emplace_back(part);
  Service service;
  if (parts.size() == 3) {
    service.scheme = parts.front();
    parts.erase(parts.begin());
  }
  if (!parts.empty()) service.name = parts.front();
  if (parts.size() == 2) service.port = parts.back();
  const auto is_name = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == part.npos;
  };
  const bool has_scheme = service.scheme.empty() || service.scheme == "http" || service.scheme == "https";
  if (parts.size() > 2 || !has_scheme || !is_name(service.name) || !is_name(service.port))
    return make_error(Code::invalid, "--api-service (HEADWIND_API_SERVICE) " + printable(text, 200) +
                                         " names no Service; write its name, such as headwind-api, or "
                                         "https:headwind-api:8081 where the port serves TLS");
  return service;
}

}  // namespace

void add_api_options(CLI::App& command, ApiOptions& options) {
  command
      .add_option("--api-url", options.api_url,
                  "Headwind's port 8081 (HEADWIND_API_URL) [that of --api-service, through the API server]")
      ->type_name("URL");
  command
      .add_option("--api-service", options.api_service,
                  "The Service of that port (HEADWIND_API_SERVICE); https:NAME:8081 where it serves TLS [headwind-api]")
      ->envname("HEADWIND_API_SERVICE")
      ->type_name("SERVICE");
  command
      .add_option("--api-namespace", options.api_namespace,
                  "Where that Service is (HEADWIND_NAMESPACE) [headwind-system]")
      ->envname("HEADWIND_NAMESPACE")
      ->type_name("NAMESPACE");
  command.add_option("--ca-file", options.ca_file, "Who signed the certificate of --api-url")->type_name("FILE");
  command.add_option("--kubeconfig", options.kubeconfig, "As kubectl has it (KUBECONFIG)")->type_name("FILE");
  command.add_option("--context", options.context, "The context of the kubeconfig")->type_name("NAME");
  command.add_option("-n,--namespace", options.name_space, "The namespace [that of the context]")
      ->type_name("NAMESPACE");
}

ApiWay::ApiWay(Executor executor, ApiOptions options, TextMap environment)
    : executor_(std::move(executor)), options_(std::move(options)), environment_(std::move(environment)) {}

Result<> ApiWay::open() {
  if (options_.api_url.empty()) options_.api_url = variable(environment_, "HEADWIND_API_URL");
  Result<std::string> url = checked_url(options_.api_url, "--api-url (HEADWIND_API_URL)");
  if (!url) return url.error();
  options_.api_url = std::move(*url);
  Result<Service> service = Service{};
  if (!is_direct()) service = read_service(options_.api_service);
  if (!service) return service.error();
  service_ = (service->scheme.empty() ? "" : service->scheme + ":") + service->name + ":" + service->port;
  config::Config config;
  config.kubeconfig = options_.kubeconfig;
  config.context = options_.context;
  Result<kube::Access> access = app::find_cluster(executor_, config, environment_);
  if (access) {
    access_ = std::move(*access);
    if (options_.name_space.empty()) options_.name_space = access_->default_namespace;
  } else {
    const bool asked_for = !options_.kubeconfig.empty() || !options_.context.empty();
    if (!asked_for && !is_direct() && access.error().code == Code::invalid &&
        access.error().message.starts_with("no cluster:"))
      return make_error(Code::invalid,
                        "no cluster: give --kubeconfig or set KUBECONFIG, or give --api-url with Headwind's port 8081");
    if (asked_for || !is_direct()) return access.error();
    no_access_ = access.error();
  }
  if (options_.name_space.empty()) options_.name_space = "default";
  if (!is_direct() && access_->in_cluster) {
    url = checked_url((service->scheme.empty() ? "http" : service->scheme) + "://" + service->name + "." +
                          options_.api_namespace + ".svc:" + service->port,
                      "--api-service and --api-namespace, in a pod");
    if (!url) return url.error();
    options_.api_url = std::move(*url);
  }
  net::ClientOptions client;
  client.user_agent = std::string("headwind/") + HEADWIND_VERSION;
  Result<net::Proxies> proxies = net::Proxies::of_environment(environment_);
  if (!proxies) return proxies.error();
  cluster_ = std::make_unique<net::Client>(executor_, client);
  if (!is_near(options_.api_url)) client.proxies = *proxies;
  direct_ = std::make_unique<net::Client>(executor_, client);
  if (options_.ca_file.empty()) return {};
  Result<std::string> pem = read_input(options_.ca_file, "--ca-file");
  if (!pem) return pem.error();
  direct_tls_ = std::make_shared<const net::TlsSettings>(net::TlsSettings{.ca_pem = std::move(*pem)});
  return {};
}

Task<Result<std::string>> ApiWay::token() {
  if (std::string given = variable(environment_, "HEADWIND_TOKEN"); !given.empty()) co_return given;
  if (!access_ || !access_->authorization) co_return std::string();
  Result<std::string> header = co_await access_->authorization();
  if (!header) co_return header.error();
  constexpr std::string_view bearer = "Bearer ";
  co_return header->starts_with(bearer) ? header->substr(bearer.size()) : std::string();
}

bool ApiWay::has_given_token() const { return !variable(environment_, "HEADWIND_TOKEN").empty(); }

Task<Result<bool>> ApiWay::has_token() {
  const Result<std::string> found = co_await token();
  if (!found) co_return found.error();
  co_return !found->empty();
}

Task<Result<ApiAnswer>> ApiWay::send(net::Request request, bool of_api_server) {
  request.max_body = longest_answer;
  request.timeout = std::chrono::seconds(60);
  net::Client& client = of_api_server ? *cluster_ : *direct_;
  const Result<net::Response> response = co_await client.send(std::move(request));
  if (!response) co_return response.error();
  ApiAnswer answer{response->status, response->body, of_api_server};
  co_return answer;
}

Task<Result<ApiAnswer>> ApiWay::kube(std::string method, std::string path, std::string body, std::string content_type) {
  if (!access_) co_return *no_access_;
  net::Request request;
  request.method = std::move(method);
  request.url = access_->server + path;
  request.body = std::move(body);
  request.headers = {{"Accept", "application/json"}};
  if (!request.body.empty()) request.headers.push_back({"Content-Type", std::move(content_type)});
  if (access_->authorization) {
    const Result<std::string> header = co_await access_->authorization();
    if (!header) co_return header.error();
    if (!header->empty()) request.headers.push_back({"Authorization", *header});
  }
  request.tls = access_->current_tls ? access_->current_tls() : access_->tls;
  co_return co_await send(std::move(request), true);
}

Task<Result<ApiAnswer>> ApiWay::api(std::string method, std::string path, std::string body) {
  const Result<std::string> shown = co_await token();
  if (!shown) co_return shown.error();
  net::Request request;
  request.method = std::move(method);
  request.headers = {{"Accept", "application/json, text/plain"}};
  if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  request.body = std::move(body);
  if (is_direct()) {
    if (!shown->empty() && !is_encrypted(options_.api_url) && !is_near(options_.api_url))
      co_return make_error(Code::invalid, "your token is not sent to " + options_.api_url +
                                              " unencrypted: use https, or leave --api-url and HEADWIND_API_URL out");
    if (!shown->empty()) request.headers.push_back({"Authorization", "Bearer " + *shown});
    request.url = options_.api_url + path;
    request.tls = direct_tls_;
    Result<ApiAnswer> answer = co_await send(std::move(request), false);
    if (!answer) co_return in_context(answer.error(), "Headwind's API at " + options_.api_url + " cannot be reached");
    co_return answer;
  }
  // The API server takes Authorization off a request that it passes on, so the token goes along in a header of ours.
  if (!shown->empty()) request.headers.push_back({"Headwind-Authorization", "Bearer " + *shown});
  if (access_->authorization) {
    const Result<std::string> header = co_await access_->authorization();
    if (!header) co_return header.error();
    if (!header->empty()) request.headers.push_back({"Authorization", *header});
  }
  request.tls = access_->current_tls ? access_->current_tls() : access_->tls;
  request.url = access_->server + "/api/v1/namespaces/" + in_path(options_.api_namespace) + "/services/" + service_ +
                "/proxy" + path;
  Result<ApiAnswer> answer = co_await send(std::move(request), true);
  if (!answer) co_return answer;
  // What the API server says itself is a Status; Headwind never sends one.
  const json document = answer->status >= 400 ? json::parse(answer->body, nullptr, false) : json();
  answer->of_api_server = document.is_object() && document.value("kind", json()) == "Status";
  co_return answer;
}

Task<Result<std::string>> ApiWay::user_name() {
  const std::string review = R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})";
  const Result<ApiAnswer> answer = co_await kube("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review);
  if (!answer) co_return answer.error();
  const json document = json::parse(answer->body, nullptr, false);
  const auto pointer = "/status/userInfo/username"_json_pointer;
  if (answer->status / 100 != 2 || !document.is_object() || !document.contains(pointer))
    co_return make_error(Code::denied, "the API server does not say who you are: " + refusal_of(*answer));
  co_return document.at(pointer).get<std::string>();
}

std::string refusal_of(const ApiAnswer& answer) {
  const json document = json::parse(answer.body, nullptr, false);
  const auto text = [&](const char* key) {
    const auto found = document.is_object() ? document.find(key) : document.end();
    return document.is_object() && found != document.end() && found->is_string() ? printable(found->get<std::string>())
                                                                                 : std::string();
  };
  std::string sentence = answer.of_api_server ? text("message") : text("error");
  if (sentence.empty()) sentence = text("message");
  if (sentence.empty()) sentence = "no reason was given";
  if (!answer.of_api_server && answer.status == 401)
    sentence += "; sign in with a token: HEADWIND_TOKEN, or a kubectl context that has one";
  if (answer.of_api_server && sentence.find("services/proxy") != std::string::npos)
    sentence += "; bind the Role headwind-api-proxy to yourself in that namespace, or give --api-url";
  return sentence + " (HTTP " + std::to_string(answer.status) + ")";
}

std::string in_path(std::string_view text) { return kube::percent_encode(text); }

}  // namespace headwind::cli
