// SPDX-License-Identifier: Apache-2.0
// Clouds, each through its own bus: Google by Pub/Sub, AWS by EventBridge, Azure by Event Grid; and Alibaba.
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

// {"action": "INSERT", "digest": "us-docker.pkg.dev/p/r/img@sha256:...", "tag": "us-docker.pkg.dev/p/r/img:1.0"}
std::vector<Push> pushes_of_google(const Value& event, const std::string& id) {
  std::vector<Push> pushes;
  if (text_of(event["action"]) != "INSERT") return pushes;
  const std::string image = text_of(event["tag"]), named = text_of(event["digest"]);
  const std::size_t colon = image.rfind(':'), at = named.rfind('@');
  if (colon == std::string::npos) return pushes;  // pushed without a tag
  add_push(pushes, parse_repository(image.substr(0, colon)), image.substr(colon + 1),
           at == std::string::npos ? std::string() : named.substr(at + 1), id);
  return pushes;
}

}  // namespace

// The event in the envelope of Pub/Sub, or alone where the subscription unwraps it.
Pushes read_pubsub(const Notice& notice) {
  const Value message = notice.root["message"];
  if (message.error() != simdjson::SUCCESS) {
    const std::string action = text_of(notice.root["action"]);
    if (action != "INSERT" && action != "DELETE") return std::nullopt;
    return pushes_of_google(notice.root, notice.head.delivery);
  }
  const std::string data = text_of(message["data"]);
  if (data.empty()) return std::nullopt;
  simdjson::dom::parser parser;
  const std::string event = decode_base64(data);
  const auto read = read_webhook(parser, event);
  if (!read) return unreadable("message.data of the body of Pub/Sub is no JSON object in base64");
  const std::string id = first_of(message, {"messageId", "message_id"});
  return pushes_of_google(Value(simdjson::dom::element{*read}), id);
}

std::string ecr_host(const std::string& account, const std::string& region) {
  struct Partition {
    std::string_view prefix, domain;
  };
  constexpr Partition partitions[] = {{"cn-", "amazonaws.com.cn"},    {"us-iso-", "c2s.ic.gov"},
                                      {"us-isob-", "sc2s.sgov.gov"},  {"us-isof-", "csp.hci.ic.gov"},
                                      {"eu-isoe-", "cloud.adc-e.uk"}, {"eusc-", "amazonaws.eu"}};
  std::string_view domain = "amazonaws.com";
  for (const Partition& partition : partitions)
    if (region.starts_with(partition.prefix)) domain = partition.domain;
  return account + ".dkr.ecr." + region + "." + std::string(domain);
}

Pushes read_eventbridge(const Notice& notice) {
  const Value& root = notice.root;
  if (text_of(root["detail-type"]).empty()) return std::nullopt;
  std::vector<Push> pushes;
  const Value detail = root["detail"];
  if (text_of(root["detail-type"]) != "ECR Image Action" || text_of(detail["action-type"]) != "PUSH" ||
      text_of(detail["result"]) != "SUCCESS")
    return pushes;
  const auto repository =
      make_repository(ecr_host(text_of(root["account"]), text_of(root["region"])), text_of(detail["repository-name"]));
  if (!repository) return unreadable("the event of ECR lacks account, region or detail.repository-name");
  add_push(pushes, repository, text_of(detail["image-tag"]), text_of(detail["image-digest"]), text_of(root["id"]),
           parse_time(text_of(root["time"])).value_or(0));
  return pushes;
}

Pushes read_event_grid(const Notice& notice) {
  simdjson::dom::array list;
  if (notice.root.get(list) || list.size() == 0) return std::nullopt;
  if (list.size() > max_webhook_events) return unreadable("the body holds more than 1000 events");
  std::vector<Push> pushes;
  bool bad = false, good = false;
  for (const simdjson::dom::element item : list) {
    const Value event(simdjson::dom::element{item});
    const std::string type = text_of(event["eventType"]);
    if (type.empty()) return std::nullopt;
    if (type != "Microsoft.ContainerRegistry.ImagePushed") continue;
    (add_distribution_event(pushes, event["data"], notice.settings) ? good : bad) = true;
  }
  if (bad && !good) return unreadable("no event of Event Grid has a request.host and a target.repository in its data");
  return pushes;
}

Pushes read_aliyun(const Notice& notice) {
  const Value repository = notice.root["repository"], data = notice.root["push_data"];
  const std::string region = text_of(repository["region"]);
  if (region.empty() || data.error() != simdjson::SUCCESS) return std::nullopt;
  std::string path = text_of(repository["repo_full_name"]);
  if (path.empty()) path = text_of(repository["namespace"]) + "/" + text_of(repository["name"]);
  const Place* place = notice.head.place_of("aliyun");
  std::vector<Push> pushes;
  add_push_at(pushes, notice.settings, place ? place->base : "registry." + region + ".aliyuncs.com", path,
              text_of(data["tag"]), text_of(data["digest"]), {}, parse_time(text_of(data["pushed_at"])).value_or(0));
  return pushes;
}

}  // namespace headwind::registries
