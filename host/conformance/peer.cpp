// SPDX-License-Identifier: Apache-2.0
#include "conformance/peer.hpp"

#include <string_view>

#include "core/hash.hpp"

namespace headwind::conformance {
namespace {

constexpr std::string_view kConfig =
    R"({"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}})";

std::string digest_of(std::string_view bytes) { return "sha256:" + sha256_hex(bytes); }

const std::string& manifest() {
  static const std::string text =
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":)"
      R"("application/vnd.oci.image.config.v1+json","digest":")" +
      digest_of(kConfig) + R"(","size":)" + std::to_string(kConfig.size()) + R"(},"layers":[]})";
  return text;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

Reply with_body(std::string type, std::string body) {
  return {.headers = {{"content-type", std::move(type)}, {"content-length", std::to_string(body.size())}},
          .body = std::move(body)};
}

}  // namespace

Reply obliging_peer(const Request& request) {
  const std::string_view url = request.url;
  if (has(url, "/tags/list"))
    return with_body("application/json", R"({"name":"team/web","tags":["1.0.0","1.1.0","latest"]})");
  if (has(url, "/manifests/")) {
    Reply reply = with_body("application/vnd.oci.image.manifest.v1+json", manifest());
    reply.headers.emplace_back("docker-content-digest", digest_of(manifest()));
    if (request.method == "HEAD") reply.body.clear();
    return reply;
  }
  if (has(url, "/blobs/")) return with_body("application/octet-stream", std::string(kConfig));
  if (has(url, "index.yaml")) return with_body("application/yaml", "apiVersion: v1\nentries: {}\n");
  return with_body("application/json", R"({"ok":true})");
}

Peer always(Reply reply) {
  return [reply = std::move(reply)](const Request&) { return reply; };
}

}  // namespace headwind::conformance
