// SPDX-License-Identifier: Apache-2.0
#include "core/hash.hpp"
#include "fake/json.hpp"
#include "fake/registry.hpp"

namespace headwind::fake {

std::string notification_body(std::string_view repository, std::string_view tag, std::string_view digest,
                              std::string_view host, std::string_view action) {
  const std::string name(repository);
  const std::string now = format_rfc3339(system_clock().unix_ms());
  const std::string id = sha256_hex(name + ":" + std::string(tag) + "@" + std::string(digest) + now);
  Json event = {{"id", id.substr(0, 32)}, {"timestamp", now}, {"action", action}, {"actor", Json::object()}};
  Json& target = event["target"] = {{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                                    {"size", 417},
                                    {"length", 417},
                                    {"repository", name}};
  target["digest"] = digest;
  target["tag"] = tag;
  target["url"] = "http://" + std::string(host) + "/v2/" + name + "/manifests/" + std::string(digest);
  event["request"] = {{"id", id.substr(32)}, {"addr", "127.0.0.1:47112"}, {"host", host}, {"method", "PUT"}};
  event["source"] = {{"addr", host}, {"instanceID", "fake"}};
  return Json{{"events", Json::array({event})}}.dump();
}

std::string docker_hub_body(std::string_view repository, std::string_view tag) {
  const std::size_t slash = repository.find('/');
  const std::string_view owner = slash == std::string_view::npos ? "library" : repository.substr(0, slash);
  const std::string_view name = slash == std::string_view::npos ? repository : repository.substr(slash + 1);
  const std::string full = std::string(owner) + "/" + std::string(name);
  const std::int64_t pushed_at = system_clock().unix_ms() / 1000;
  return Json{{"callback_url", "https://registry.hub.docker.com/u/" + full + "/hook/fake/"},
              {"push_data", {{"pushed_at", pushed_at}, {"pusher", owner}, {"tag", tag}}},
              {"repository",
               {{"repo_name", full},
                {"namespace", owner},
                {"name", name},
                {"owner", owner},
                {"repo_url", "https://hub.docker.com/r/" + full},
                {"is_private", false},
                {"is_official", owner == "library"},
                {"status", "Active"}}}}
      .dump();
}

}  // namespace headwind::fake
