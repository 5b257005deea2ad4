// SPDX-License-Identifier: Apache-2.0
#include "registries/harbor/artifact_page.hpp"

#include <simdjson.h>

#include <algorithm>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/webhook_json.hpp"

namespace headwind::registries {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

// What was never pushed or pulled has the time of year 1.
std::int64_t milliseconds(const std::string& time) { return std::max<std::int64_t>(parse_time(time).value_or(0), 0); }

void read_tags(const Value& artifact, const std::string& digest, hw::tag_page& tags) {
  simdjson::dom::array rows;
  if (artifact["tags"].get(rows)) return;  // null where it has none
  for (const simdjson::dom::element row : rows) {
    const Value tag(simdjson::dom::element{row});
    std::string name = text_of(tag["name"]);
    if (!is_valid_tag(name)) continue;
    tags.names.push_back(std::move(name));
    tags.digests.push_back(digest);
    tags.pushed_ms.push_back(milliseconds(text_of(tag["push_time"])));
  }
}

}  // namespace

std::optional<ArtifactPage> read_artifacts(std::string_view body) {
  constexpr std::size_t max_depth = 64;
  if (body.size() > max_artifact_page) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.allocate(body.size(), max_depth) || parser.parse(body.data(), body.size()).get(rows)) return std::nullopt;
  ArtifactPage page;
  for (const simdjson::dom::element row : rows) {
    const Value artifact(simdjson::dom::element{row});
    std::string digest = text_of(artifact["digest"]);
    if (!is_valid_digest(digest)) digest.clear();
    std::int64_t id = 0;
    const bool numbered = artifact["id"].get(id) == simdjson::SUCCESS;
    if (digest.empty() && !numbered) continue;  // no artifact
    read_tags(artifact, digest, page.tags);
    page.artifacts.push_back(digest.empty() ? "#" + std::to_string(id) : digest);
  }
  return page;
}

std::string escaped_link(std::string_view link) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : link) {
    const auto byte = static_cast<unsigned char>(c);
    if (c > ' ' && byte < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return out;
}

}  // namespace headwind::registries
