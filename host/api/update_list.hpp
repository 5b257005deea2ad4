// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/updates: an array of whole objects, each with the top-level keys that the kubectl script of 0.1.x reads.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/field_selection.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "update/request.hpp"

namespace headwind::api {

struct ListQuery {  // each optional; none: everything, in one array
  std::string name_space, kind, name, container, policy;
  std::string part;                         // lower case: of a name or an image
  std::vector<update::Phase> phases;        // any of them
  std::optional<std::size_t> limit;         // of one page
  std::optional<update::RequestKey> after;  // from `continue`: the last one of the page before
  std::optional<FieldSelection> fields;     // only these of each item
};
// Code::invalid names the parameter. Parameters that are not ours are ignored.
Result<ListQuery> read_list_query(const TextMap& parameters);

struct UpdateList {
  std::string json;
  std::string next;  // what to give as `continue`, "namespace/name"; empty at the end, and where no limit was asked for
};
// Shows requests in order of their keys, from the first that is not below `from`, until it is told to stop.
using RequestSource =
    std::function<void(const update::RequestKey& from, const std::function<bool(const update::UpdateRequest&)>& visit)>;
// Copies no request, and looks at none beyond the page or the namespace that was asked for.
UpdateList list_updates(const RequestSource& all, const ListQuery& query);

}  // namespace headwind::api
