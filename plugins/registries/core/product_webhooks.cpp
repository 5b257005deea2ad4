// SPDX-License-Identifier: Apache-2.0
// Harbor and Quay, and the plain form for scripts.
#include "registries/core/sender.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

// Harbor before 2.8, of its chart repositories over HTTP: a resource is
// "https://harbor.dev/chartrepo/library/charts/app-1.2.3.tgz", and the chart is named by the repository's URL.
void add_harbor_charts(std::vector<Push>& pushes, const Value& data) {
  simdjson::dom::array resources;
  if (data["resources"].get(resources)) return;
  const std::string chart = text_of(data["repository"]["name"]);
  for (const simdjson::dom::element item : resources) {
    const Value resource(simdjson::dom::element{item});
    const std::string version = text_of(resource["tag"]), url = plain(text_of(resource["resource_url"]));
    const std::string file = "/charts/" + chart + "-" + version + ".tgz";
    if (chart.empty() || !is_valid_tag(version) || !url.ends_with(file) || !origin_of(url)) continue;
    Push push;
    push.repository = url.substr(0, url.size() - file.size()) + "/" + chart;
    push.tag = version;
    if (pushes.size() < max_webhook_events) pushes.push_back(std::move(push));
  }
}

}  // namespace

// An untagged artifact has its digest where others have their tag.
void add_harbor_event(std::vector<Push>& pushes, const Value& data, const std::string& id, const Settings& settings) {
  simdjson::dom::array resources;
  if (data["resources"].get(resources)) return;
  const Value repository = data["repository"];
  std::string path = text_of(repository["repo_full_name"]);
  if (path.empty()) path = text_of(repository["namespace"]) + "/" + text_of(repository["name"]);
  for (const simdjson::dom::element item : resources) {
    const Value resource(simdjson::dom::element{item});
    add_push_at(pushes, settings, authority_of_url(text_of(resource["resource_url"])), path, text_of(resource["tag"]),
                text_of(resource["digest"]), id);
  }
}

Pushes read_harbor(const Notice& notice) {
  const Value data = notice.root["event_data"];
  const std::string type = text_of(notice.root["type"]);
  std::vector<Push> pushes;
  if (data.error() != simdjson::SUCCESS) {  // a test of the endpoint, say
    if (notice.head.endpoint == "harbor" && !type.empty()) return pushes;
    return std::nullopt;
  }
  if (type == "PUSH_ARTIFACT" || type == "pushImage") add_harbor_event(pushes, data, {}, notice.settings);
  if (type == "UPLOAD_CHART" || type == "uploadChart") add_harbor_charts(pushes, data);
  return pushes;
}

Pushes read_quay(const Notice& notice) {
  const std::string name = text_of(notice.root["docker_url"]);
  simdjson::dom::array tags;
  if (name.empty() || notice.root["updated_tags"].get(tags)) return std::nullopt;
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return unreadable("docker_url of the body of Quay is no host with a repository");
  std::vector<Push> pushes;
  for (const simdjson::dom::element tag : tags)
    add_push_at(pushes, notice.settings, name.substr(0, slash), name.substr(slash + 1),
                text_of(Value(simdjson::dom::element{tag})));
  return pushes;
}

Pushes read_image(const Notice& notice) {
  std::string name = first_of(notice.root, {"image", "name", "repository"});
  std::string tag = text_of(notice.root["tag"]), digest = text_of(notice.root["digest"]);
  if (name.empty()) return std::nullopt;
  if (const std::size_t at = name.find('@'); at != std::string::npos) {
    digest = name.substr(at + 1);
    name.resize(at);
  }
  const std::size_t colon = name.rfind(':');
  if (colon != std::string::npos && name.find('/', colon) == std::string::npos) {
    if (tag.empty()) tag = name.substr(colon + 1);
    name.resize(colon);
  }
  std::vector<Push> pushes;
  add_push(pushes, parse_repository(name), tag, digest);
  if (pushes.empty())
    return unreadable(R"(the image must be a repository with a tag, such as {"image": "ghcr.io/acme/web:1.2.3"})");
  return pushes;
}

}  // namespace headwind::registries
