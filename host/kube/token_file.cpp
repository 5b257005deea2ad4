// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/clock.hpp"
#include "kube/credentials.hpp"

namespace headwind::kube {
namespace {

constexpr std::int64_t kReadAgainMs = 60'000;

struct TokenFile {
  std::string path;
  std::string header;
  std::int64_t read_ms = 0;

  Result<std::string> value() {
    const std::int64_t now = system_clock().mono_ms();
    if (!header.empty() && now - read_ms < kReadAgainMs) return header;
    const auto text = read_file(path, "the API server's token");
    if (!text) return header.empty() ? Result<std::string>(text.error()) : Result<std::string>(header);
    const std::string_view token = trim(*text);
    if (token.empty()) return make_error(Code::denied, "the token file " + path + " is empty; mount a token there.");
    header = "Bearer " + std::string(token);
    read_ms = now;
    return header;
  }
};

Task<Result<std::string>> answer(std::shared_ptr<TokenFile> file) { co_return file->value(); }

}  // namespace

Result<std::string> read_file(const std::string& path, std::string_view what) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return make_error(Code::invalid, "cannot read " + std::string(what) + " from " + path + ": " +
                                         std::strerror(errno) + "; check the path and its permissions.");
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestFile)
    return make_error(Code::invalid, std::string(what) + " in " + path + " is larger than 1 MiB.");
  return text;
}

void use_token_file(Access& access, std::string path) {
  auto file = std::make_shared<TokenFile>();
  file->path = std::move(path);
  access.authorization = [file] { return answer(file); };
  access.unauthorized = [file] { file->header.clear(); };
}

Result<Access> access_in_cluster(const std::string& root) {
  const char* host = std::getenv("KUBERNETES_SERVICE_HOST");
  const char* port = std::getenv("KUBERNETES_SERVICE_PORT");
  if (host == nullptr || port == nullptr || *host == '\0' || *port == '\0')
    return make_error(Code::invalid,
                      "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, so this is no pod; name a "
                      "kubeconfig instead.");
  auto authority = read_file(root + "/ca.crt", "the API server's certificate authority");
  if (!authority) return authority.error();
  if (auto token = read_file(root + "/token", "the API server's token"); !token) return token.error();
  Access access;
  const bool v6 = std::string_view(host).find(':') != std::string_view::npos;
  access.server = "https://" + (v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + port;
  auto tls = std::make_shared<net::TlsSettings>();
  tls->ca_pem = std::move(*authority);
  access.tls = std::move(tls);
  if (auto name_space = read_file(root + "/namespace", "the namespace"); name_space && !trim(*name_space).empty())
    access.default_namespace = trim(*name_space);
  access.in_cluster = true;
  use_token_file(access, root + "/token");
  return access;
}

}  // namespace headwind::kube
