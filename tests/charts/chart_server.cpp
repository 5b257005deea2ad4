// SPDX-License-Identifier: Apache-2.0
#include "chart_server.hpp"

#include <stdexcept>

#include "core/hash.hpp"

namespace headwind::end_to_end {

ChartServer::ChartServer() {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto listening = net::Server::listen(loop_.executor(), options,
                                       [this](net::ServerRequest request) { return answer(std::move(request)); });
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

ChartServer::~ChartServer() {
  loop_.run(server_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
}

std::string ChartServer::host() const { return "127.0.0.1:" + std::to_string(server_->port()); }

void ChartServer::publish(const std::string& repository, const std::string& chart, const std::string& version,
                          const std::string& package) {
  const std::lock_guard lock(mutex_);
  repositories_[repository].charts[chart].push_back({version, package});
}

void ChartServer::spoil(const std::string& repository, const std::string& entry) {
  const std::lock_guard lock(mutex_);
  repositories_[repository].spoilt += entry;
}

void ChartServer::guard(const std::string& repository, const std::string& user, const std::string& password) {
  const std::lock_guard lock(mutex_);
  repositories_[repository].authorization = "Basic " + base64_encode(user + ":" + password);
}

std::vector<unsigned> ChartServer::answers(const std::string& repository) const {
  const std::lock_guard lock(mutex_);
  const auto found = repositories_.find(repository);
  return found == repositories_.end() ? std::vector<unsigned>() : found->second.answers;
}

std::string ChartServer::Repository::index() const {
  std::string text = "apiVersion: v1\nentries:\n" + spoilt;
  for (const auto& [chart, packages] : charts) {
    text += "  " + chart + ":\n";
    for (auto one = packages.rbegin(); one != packages.rend(); ++one)
      text += "  - name: " + chart + "\n    apiVersion: v2\n    version: " + one->version +
              "\n    digest: " + sha256_hex(one->content) + "\n    created: \"2026-01-02T03:04:05Z\"\n    urls: [" +
              chart + "-" + one->version + ".tgz]\n";
  }
  return text;
}

const std::string* ChartServer::Repository::package(const std::string& file) const {
  for (const auto& [chart, packages] : charts)
    for (const Package& one : packages)
      if (chart + "-" + one.version + ".tgz" == file) return &one.content;
  return nullptr;
}

net::ServerResponse ChartServer::index_of(Repository& repository, const net::ServerRequest& request) const {
  net::ServerResponse response;
  const std::string text = repository.index(), tag = "\"" + sha256_hex(text).substr(0, 16) + "\"";
  if (!repository.authorization.empty() &&
      net::find_header(request.headers, "Authorization") != repository.authorization) {
    response.status = 404;  // as many private repositories answer strangers
  } else if (net::find_header(request.headers, "If-None-Match") == tag) {
    response.status = 304;
  } else {
    response.headers.push_back({"Content-Type", "text/yaml"});
    response.body = text;
  }
  if (response.status != 404) response.headers.push_back({"ETag", tag});
  repository.answers.push_back(response.status);
  return response;
}

Task<net::ServerResponse> ChartServer::answer(net::ServerRequest request) {
  const std::lock_guard lock(mutex_);
  const auto slash = request.path.rfind('/');
  const std::string name = request.path.substr(1, slash - 1), file = request.path.substr(slash + 1);
  net::ServerResponse response;
  const auto found = repositories_.find(name);
  if (found != repositories_.end() && file == "index.yaml") co_return index_of(found->second, request);
  const std::string* package = found == repositories_.end() ? nullptr : found->second.package(file);
  if (package == nullptr)
    response.status = 404;
  else
    response.body = *package;
  co_return response;
}

}  // namespace headwind::end_to_end
