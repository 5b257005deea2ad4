// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_page.hpp"

#include <simdjson.h>

#include <algorithm>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/webhook_json.hpp"

namespace headwind::registries {

std::optional<HubPage> read_hub_tags(std::string_view body) {
  constexpr std::size_t max_depth = 64;
  if (body.size() > max_hub_page) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.allocate(body.size(), max_depth) || parser.parse(body.data(), body.size()).get(root)) return std::nullopt;
  simdjson::dom::array rows;
  if (root["results"].get(rows)) return std::nullopt;
  HubPage page;
  std::uint64_t count = 0;
  if (!root["count"].get(count)) page.count = count;
  page.next = text_of(root["next"]);  // null on the last page
  for (const simdjson::dom::element row : rows) {
    ++page.rows;
    std::string name = text_of(row["name"]), digest = text_of(row["digest"]);
    if (!is_valid_tag(name)) continue;
    if (!is_valid_digest(digest)) digest.clear();  // null for tags of long ago
    page.tags.names.push_back(std::move(name));
    page.tags.digests.push_back(std::move(digest));
    page.tags.pushed_ms.push_back(std::max<std::int64_t>(parse_time(text_of(row["tag_last_pushed"])).value_or(0), 0));
  }
  return page;
}

}  // namespace headwind::registries
