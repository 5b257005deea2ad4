// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/updates: an array of whole objects, each with the top-level keys that the kubectl script of 0.1.x reads.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"
#include "update/request.hpp"

namespace headwind::api {

struct ListQuery {  // each optional; none: everything, in one array
  std::string name_space, kind, name;
  std::optional<update::Phase> phase;
  std::optional<std::size_t> limit;         // of one page
  std::optional<update::RequestKey> after;  // from `continue`: the last one of the page before
};
// Code::invalid names the parameter. Parameters that are not ours are ignored.
Result<ListQuery> read_list_query(const TextMap& parameters);

struct UpdateList {
  std::string json;
  std::string next;  // what to give as `continue`, "namespace/name"; empty at the end, and where no limit was asked for
};
// `all` is sorted by key.
UpdateList list_updates(const std::vector<update::UpdateRequest>& all, const ListQuery& query);

}  // namespace headwind::api
