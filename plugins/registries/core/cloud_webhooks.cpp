// SPDX-License-Identifier: Apache-2.0
// Clouds: Google by Pub/Sub, AWS by EventBridge, Alibaba; and CloudEvents of whoever sends them.
#include <openssl/evp.h>

#include "registries/core/sender.hpp"

namespace headwind::registries {
namespace {

// Empty where it is no base64.
std::string decode_base64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return {};
  bytes.resize(static_cast<std::size_t>(size));
  while (!bytes.empty() && bytes.back() == '\0') bytes.pop_back();  // what "=" stood for
  return bytes;
}

std::string ecr_host(const std::string& account, const std::string& region) {
  return account + ".dkr.ecr." + region + ".amazonaws.com" + (region.starts_with("cn-") ? ".cn" : "");
}

// "urn:aws:ecr:us-west-2:123456789012:repository/my-repo", or the same as an ARN.
void add_ecr_event(std::vector<Push>& pushes, const std::string& source, const Value& data, const std::string& id) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; parts.size() < 5;) {
    const std::size_t end = source.find(':', at);
    if (end == std::string::npos) return;
    parts.push_back(source.substr(at, end - at));
    at = end + 1;
  }
  const std::string registry = text_of(data["registryId"]);
  add_push(pushes,
           make_repository(ecr_host(registry.empty() ? parts[4] : registry, parts[3]), text_of(data["repositoryName"])),
           text_of(data["imageTag"]), text_of(data["imageDigest"]), id);
}

std::string first_of(const Value& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (std::string text = text_of(object[key]); !text.empty()) return text;
  return {};
}

}  // namespace

Pushes read_pubsub(const Value& root) {
  const std::string data = text_of(root["message"]["data"]);
  if (data.empty()) return std::nullopt;
  const std::string event = decode_base64(data);
  simdjson::dom::parser parser;
  const auto read = read_webhook(parser, event);
  if (!read) return std::nullopt;
  const Value body(simdjson::dom::element{*read});
  std::vector<Push> pushes;
  if (text_of(body["action"]) != "INSERT") return pushes;
  const std::string image = text_of(body["tag"]), named = text_of(body["digest"]);
  const std::size_t colon = image.rfind(':'), at = named.rfind('@');
  if (colon == std::string::npos) return pushes;  // pushed without a tag
  add_push(pushes, parse_repository(image.substr(0, colon)), image.substr(colon + 1),
           at == std::string::npos ? std::string() : named.substr(at + 1), text_of(root["message"]["messageId"]));
  return pushes;
}

Pushes read_eventbridge(const Value& root) {
  if (text_of(root["detail-type"]).empty()) return std::nullopt;
  std::vector<Push> pushes;
  const Value detail = root["detail"];
  if (text_of(root["detail-type"]) != "ECR Image Action" || text_of(detail["action-type"]) != "PUSH" ||
      text_of(detail["result"]) != "SUCCESS")
    return pushes;
  add_push(
      pushes,
      make_repository(ecr_host(text_of(root["account"]), text_of(root["region"])), text_of(detail["repository-name"])),
      text_of(detail["image-tag"]), text_of(detail["image-digest"]), text_of(root["id"]),
      parse_time(text_of(root["time"])).value_or(0));
  return pushes;
}

Pushes read_aliyun(const Value& root) {
  const Value repository = root["repository"];
  const std::string region = text_of(repository["region"]);
  if (region.empty() || root["push_data"].error() != simdjson::SUCCESS) return std::nullopt;
  std::string path = text_of(repository["repo_full_name"]);
  if (path.empty()) path = text_of(repository["namespace"]) + "/" + text_of(repository["name"]);
  std::vector<Push> pushes;
  add_push(pushes, make_repository("registry." + region + ".aliyuncs.com", path), text_of(root["push_data"]["tag"]),
           text_of(root["push_data"]["digest"]), {}, parse_time(text_of(root["push_data"]["pushed_at"])).value_or(0));
  return pushes;
}

Pushes read_cloud_event(const Value& root, const WebhookHead& head, const Settings& settings) {
  const bool binary = !head.ce_type.empty();
  if (!binary && text_of(root["specversion"]).empty()) return std::nullopt;
  const std::string type = binary ? head.ce_type : text_of(root["type"]);
  const std::string source = binary ? head.ce_source : text_of(root["source"]);
  const std::string id = text_of(root["id"]);
  const Value data = binary ? root : root["data"];
  std::vector<Push> pushes;
  if (type.starts_with("com.amazon.ecr.")) {
    if (type.find("push") != std::string::npos) add_ecr_event(pushes, source, data, id);
  } else if (type.starts_with("harbor.")) {
    simdjson::dom::array resources;
    if (type != "harbor.artifact.pushed" || data["resources"].get(resources)) return pushes;
    for (const simdjson::dom::element item : resources) {
      const Value resource(simdjson::dom::element{item});
      const std::string url = text_of(resource["resource_url"]);
      add_push(
          pushes,
          make_repository(canonical_host(url.substr(0, url.find('/'))), text_of(data["repository"]["repo_full_name"])),
          text_of(resource["tag"]), text_of(resource["digest"]), id);
    }
  } else if (type.starts_with("zotregistry.") && type != "zotregistry.image.updated") {
    return pushes;
  } else {  // zot names no host: its source stands for it, and the settings say which host that is
    const std::string named = first_of(data, {"registryUrl", "registry"});
    const std::string name = first_of(data, {"repositoryName", "repository", "name"});
    const std::string tag = first_of(data, {"imageTag", "tag", "reference"});
    const std::string digest = first_of(data, {"imageDigest", "digest"});
    const std::string first = name.substr(0, name.find('/'));
    if (first.size() < name.size() && looks_like_host(first)) {
      add_push(pushes, parse_repository(name), tag, digest, id);
    } else {
      for (const std::string& host : settings.names_of(canonical_host(named.empty() ? source : named)))
        add_push(pushes, make_repository(host, name), tag, digest, id);
    }
  }
  return pushes;
}

}  // namespace headwind::registries
