// SPDX-License-Identifier: Apache-2.0
#include "api/update_list.hpp"

#include <algorithm>
#include <charconv>

#include "api/response.hpp"

namespace headwind::api {
namespace {

using update::RequestKey;
using update::UpdateRequest;

constexpr std::size_t kLongestPage = 1000;

// Null where the parameter is absent.
const std::string* find(const TextMap& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? nullptr : &found->second;
}

bool fits(const UpdateRequest& request, const ListQuery& query) {
  return (query.name_space.empty() || request.key.name_space == query.name_space) &&
         (query.kind.empty() || request.target_kind == query.kind) &&
         (query.name.empty() || request.target_name == query.name) && (!query.phase || request.phase == *query.phase) &&
         (!query.after || request.key > *query.after);
}

// The stored object with the summary's keys before its own.
std::string item(const UpdateRequest& request) {
  std::string text =
      "{\"namespace\":" + json_string(request.key.name_space) + ",\"name\":" + json_string(request.key.name) +
      ",\"deployment\":" + json_string(request.target_name) +
      ",\"currentImage\":" + json_string(request.current_image) + ",\"newImage\":" + json_string(request.new_image) +
      ",\"phase\":" + json_string(update::to_string(request.phase));
  const bool has_members = request.json.size() > 2;  // more than {}
  return has_members ? text + "," + request.json.substr(1) : text + "}";
}

}  // namespace

Result<ListQuery> read_list_query(const TextMap& parameters) {
  ListQuery query;
  if (const auto* name_space = find(parameters, "namespace")) query.name_space = *name_space;
  if (const auto* kind = find(parameters, "kind")) query.kind = *kind;
  if (const auto* name = find(parameters, "deployment")) query.name = *name;
  if (const auto* phase = find(parameters, "phase")) {
    query.phase = update::phase_from(*phase);
    if (update::to_string(*query.phase) != *phase) {
      return make_error(Code::invalid,
                        "phase must be one of Pending, Approved, Applying, Completed, Failed, Rejected, "
                        "Expired, Superseded, RolledBack.");
    }
  }
  if (const auto* text = find(parameters, "limit")) {
    const std::string_view limit = *text;
    std::size_t value = 0;
    const auto [end, failure] = std::from_chars(limit.data(), limit.data() + limit.size(), value);
    if (failure != std::errc{} || end != limit.data() + limit.size() || value == 0 || value > kLongestPage) {
      return make_error(Code::invalid, "limit must be a whole number from 1 to 1000.");
    }
    query.limit = value;
  }
  if (const auto* next = find(parameters, "continue")) {
    const std::size_t slash = std::min(next->find('/'), next->size());
    query.after = RequestKey{next->substr(0, slash), next->substr(std::min(slash + 1, next->size()))};
  }
  return query;
}

UpdateList list_updates(const std::vector<UpdateRequest>& all, const ListQuery& query) {
  UpdateList list;
  std::size_t count = 0;
  const UpdateRequest* last = nullptr;
  list.json = "[";
  for (const UpdateRequest& request : all) {
    if (!fits(request, query)) continue;
    if (query.limit && count == *query.limit) {
      list.next = last->key.text();
      break;
    }
    if (count++ > 0) list.json += ",";
    list.json += item(request);
    last = &request;
  }
  list.json += "]";
  return list;
}

}  // namespace headwind::api
