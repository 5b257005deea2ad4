// SPDX-License-Identifier: Apache-2.0
#include "plugins_helm/fake_charts.hpp"

#include "plugins_harbor/http_call.hpp"

namespace headwind::registries::helm {

void FakeCharts::put(const std::string& path, std::string body) {
  const std::lock_guard lock(mutex_);
  files_[path] = {std::move(body), "\"v" + std::to_string(++versions_) + "\""};
}

Response FakeCharts::answer(const Request& request) {
  const HttpCall call(request);
  const std::lock_guard lock(mutex_);
  const auto file = files_.find(call.path);
  std::string known;
  for (const auto& [name, value] : request.headers)
    if (name == "If-None-Match" || name == "if-none-match") known = value;
  Response response{404, {{"Content-Type", "text/plain"}}, "404 page not found\n"};
  if (status != 0) {
    response = {status, {}, "no\n"};
  } else if (!authorization.empty() && call.authorization != authorization) {
    response = {401, {{"WWW-Authenticate", "Basic realm=\"charts\""}}, "unauthorized\n"};
  } else if (file != files_.end() && known == file->second.etag) {
    response = {304, {{"ETag", file->second.etag}}, ""};
  } else if (file != files_.end()) {
    response = {200, {{"Content-Type", "application/yaml"}, {"ETag", file->second.etag}}, file->second.body};
  }
  log_.push_back(request.method + " " + call.path + " -> " + std::to_string(response.status));
  return response;
}

std::vector<std::string> FakeCharts::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

}  // namespace headwind::registries::helm
