// SPDX-License-Identifier: Apache-2.0
#include "fake_front.hpp"

#include <algorithm>
#include <stdexcept>

#include "call.hpp"
#include "core/clock.hpp"
#include "core/hash.hpp"

namespace headwind::end_to_end {
namespace {

constexpr const char* kIndex = "application/vnd.oci.image.index.v1+json";

void set(registries::Response& response, const std::string& name, const std::string& value) {
  std::erase_if(response.headers, [&](const auto& header) { return header.first == name; });
  response.headers.emplace_back(name, value);
}

}  // namespace

FakeFront::FakeFront(registries::Answer fake)
    : fake_(std::move(fake)), answer_([this](const registries::Request& request) { return answer(request); }) {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto listening = net::Server::listen(loop_.executor(), options, [this](net::ServerRequest request) {
    return registries::answer_over_http(answer_, std::move(request));
  });
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

FakeFront::~FakeFront() {
  loop_.run(server_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
}

std::string FakeFront::add_image(const std::string& content) {
  const std::string manifest = "sha256:" + sha256_hex(content);
  const Json index{{"schemaVersion", 2},
                   {"mediaType", kIndex},
                   {"manifests",
                    {{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                      {"digest", manifest},
                      {"size", content.size()},
                      {"platform", {{"os", "linux"}, {"architecture", "amd64"}}}}}}};
  const std::string body = index.dump(), digest = "sha256:" + sha256_hex(body);
  const std::lock_guard lock(mutex_);
  images_[digest] = body;
  return digest;
}

registries::Response FakeFront::answer(const registries::Request& request) {
  const std::lock_guard lock(mutex_);
  registries::Response response = fake_(request);
  const auto image = images_.find(response.header("docker-content-digest"));
  if (response.status == 200 && image != images_.end()) {
    set(response, "Content-Type", kIndex);
    if (request.method == "GET") response.body = image->second;
  }
  const auto host = std::find_if(request.headers.begin(), request.headers.end(),
                                 [](const auto& header) { return header.first == "Host"; });
  asked_.push_back({request.method + " " + request.url, host == request.headers.end() ? "" : host->second,
                    response.status, system_clock().unix_ms(), system_clock().mono_ms()});
  return response;
}

std::vector<FakeFront::Asked> FakeFront::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::size_t FakeFront::count(const std::string& beginning, int status) const {
  const auto all = asked();
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Asked& one) {
    return one.what.starts_with(beginning) && (status == 0 || one.status == status);
  }));
}

}  // namespace headwind::end_to_end
