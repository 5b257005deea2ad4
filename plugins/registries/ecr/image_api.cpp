// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/image_api.hpp"

#include <algorithm>
#include <unordered_set>

#include "registries/core/json_text.hpp"
#include "registries/core/tag_set.hpp"
#include "registries/core/url.hpp"
#include "registries/ecr/image_answers.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;

constexpr std::size_t page_size = 1000;  // the most that Amazon allows
constexpr std::size_t max_pages = 2000;

// Asked for in full, or Amazon converts manifests to what the oldest clients read.
const json& accepted_types() {
  static const json types = [] {
    auto out = json::array();
    for (std::string_view rest = manifest_types; !rest.empty();) {
      const auto type = rest.substr(0, rest.find(','));
      out.push_back(type);
      rest.remove_prefix(std::min(rest.size(), type.size() + 1));
    }
    return out;
  }();
  return types;
}

}  // namespace

json ImageApi::arguments() const { return {{"registryId", host_.account}, {"repositoryName", path_}}; }

Failure ImageApi::doubt(const std::string& why, const std::string& what) const {
  return {HW_UNAVAILABLE, "Amazon ECR " + why + " for " + what, 0};
}

Outcome<std::size_t> ImageApi::list(const OnTags& on_tags) {
  const std::string what = "the tags of " + name();
  // As registries::broken_list: Amazon is there, but its list is none to go by.
  const auto broken = [&](const std::string& why) {
    return Failure{HW_INVALID, "Amazon ECR " + why + " for " + what, 0};
  };
  auto question = arguments();
  question["maxResults"] = page_size;
  question["filter"] = {{"tagStatus", "TAGGED"}};
  TagSet seen;
  std::unordered_set<std::string> tokens;
  for (std::size_t pages = 0; pages < max_pages; ++pages) {
    const auto answer = api_.call("DescribeImages", question, what, transport_);
    if (!answer) return answer.failure();
    auto page = read_image_page(*answer);
    if (!page) return broken("answered something else than images");
    TagRows fresh;
    for (std::size_t i = 0; i < page->tags.names.size(); ++i) {
      if (!seen.insert(page->tags.names[i])) continue;  // moved while we read
      fresh.names.push_back(std::move(page->tags.names[i]));
      fresh.digests.push_back(std::move(page->tags.digests[i]));
      fresh.pushed_ms.push_back(page->tags.pushed_ms[i]);
    }
    if (seen.size() > static_cast<std::size_t>(HW_MAX_TAGS)) return broken("has more than a million tags");
    if (!fresh.names.empty())
      if (const auto status = on_tags(fresh); status != HW_OK) return Failure{status, "the host stopped reading", 0};
    if (page->next_token.empty()) return seen.size();
    if (!tokens.insert(page->next_token).second) return broken("repeats pages");
    question["nextToken"] = std::move(page->next_token);
  }
  return broken("has too many pages");
}

Outcome<Artifact> ImageApi::resolve(std::string_view tag) {
  const std::string what = name() + ":" + std::string(tag);
  auto question = arguments();
  question["imageIds"] = json::array({{{"imageTag", tag}}});
  const auto answer = api_.call("DescribeImages", question, what, transport_);
  if (!answer) return answer.failure();
  auto image = read_image(*answer);
  if (!image) return Failure{HW_NOT_FOUND, "Amazon ECR has no image that can be pulled as " + what, 0};
  return Artifact{std::move(image->digest), std::move(image->media_type)};
}

Outcome<ImageApi::Content> ImageApi::fetch_manifest(const std::string& digest, const std::string& what) {
  auto question = arguments();
  question["imageIds"] = json::array({{{"imageDigest", digest}}});
  question["acceptedMediaTypes"] = accepted_types();
  const auto answer = api_.call("BatchGetImage", question, what, transport_);
  if (!answer) return answer.failure();
  auto text = read_manifest(*answer);
  if (text.empty()) return Failure{HW_NOT_FOUND, "Amazon ECR has no image " + what, 0};
  return Content{std::move(text), {}};
}

// The config is a blob: the API gives a signed URL of Amazon's store for it.
Outcome<std::string> ImageApi::fetch_config(const std::string& digest, const std::string& what) {
  auto question = arguments();
  question["layerDigest"] = digest;
  const auto answer = api_.call("GetDownloadUrlForLayer", question, what, transport_);
  if (!answer) return answer.failure();
  const auto url = text_at(*answer, "downloadUrl");  // whoever has it may read: it never gets into a message
  const auto origin = origin_of(url);
  if (!origin || origin->scheme != "https" || is_private_host(origin->host))
    return doubt("names a place that is not read", what);
  auto response = transport_.exchange({"GET", url, {{"Accept", "*/*"}}, max_config_body});
  if (!response) return Failure{response.failure().code, origin->authority() + " gave no answer about " + what, 0};
  if (response->status != 200) return doubt("answered " + std::to_string(response->status) + " in its store", what);
  return std::move(response->body);
}

}  // namespace headwind::registries::ecr
