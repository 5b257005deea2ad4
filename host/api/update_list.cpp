// SPDX-License-Identifier: Apache-2.0
#include "api/update_list.hpp"

#include <algorithm>
#include <charconv>

#include "api/json_body.hpp"
#include "api/request_summary.hpp"
#include "api/response.hpp"

namespace headwind::api {
namespace {

using update::RequestKey;
using update::UpdateRequest;

constexpr std::size_t kLongestPage = 1000, kLongestPart = 256, kMostPhases = 9;

// Null where the parameter is absent.
const std::string* find(const TextMap& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? nullptr : &found->second;
}

bool has_part(std::string_view text, const std::string& part) {
  return text.size() >= part.size() && to_lower(text).find(part) != std::string::npos;
}

bool fits(const UpdateRequest& request, const ListQuery& query) {
  const auto is = [](const std::string& wanted, std::string_view found) { return wanted.empty() || wanted == found; };
  if (!is(query.name_space, request.key.name_space) || !is(query.kind, request.target_kind) ||
      !is(query.name, request.target_name) || !is(query.container, request.container) ||
      !is(query.policy, request.policy))
    return false;
  const auto& phases = query.phases;
  if (!phases.empty() && std::find(phases.begin(), phases.end(), request.phase) == phases.end()) return false;
  return query.part.empty() || has_part(request.key.name, query.part) || has_part(request.key.name_space, query.part) ||
         has_part(request.target_name, query.part) || has_part(request.container, query.part) ||
         has_part(request.current_image, query.part) || has_part(request.new_image, query.part);
}

// The stored object with the summary's keys before its own; or what is selected of it.
void append_item(const UpdateRequest& request, const ListQuery& query, std::string& out) {
  if (query.fields) {
    out += query.fields->apply(request);
    return;
  }
  out += "{";
  for (const auto& [key, value] : summary_of(request))
    out.append(out.back() == '{' ? "" : ",").append(json_string(key)).append(":").append(json_string(value));
  const bool has_members = request.json.size() > 2;  // more than {}
  if (has_members)
    out.append(",").append(request.json, 1);
  else
    out += "}";
}

Result<std::vector<update::Phase>> read_phases(std::string_view text) {
  std::vector<update::Phase> phases;
  for (const std::string_view part : split(text, ',')) {
    const update::Phase phase = update::phase_from(part);
    if (update::to_string(phase) != part) {
      return make_error(Code::invalid,
                        "phase must be of Pending, Approved, Applying, Completed, Failed, Rejected, Expired, "
                        "Superseded, RolledBack, with commas between them.");
    }
    if (phases.size() < kMostPhases) phases.push_back(phase);
  }
  return phases;
}

Result<std::size_t> read_limit(std::string_view limit) {
  std::size_t value = 0;
  const auto [end, failure] = std::from_chars(limit.data(), limit.data() + limit.size(), value);
  if (failure != std::errc{} || end != limit.data() + limit.size() || value == 0 || value > kLongestPage) {
    return make_error(Code::invalid, "limit must be a whole number from 1 to 1000.");
  }
  return value;
}

}  // namespace

Result<ListQuery> read_list_query(const TextMap& parameters) {
  ListQuery query;
  for (const auto& [name, member] :
       std::initializer_list<std::pair<const char*, std::string*>>{{"namespace", &query.name_space},
                                                                   {"kind", &query.kind},
                                                                   {"deployment", &query.name},
                                                                   {"container", &query.container},
                                                                   {"policy", &query.policy}})
    if (const auto* text = find(parameters, name)) *member = *text;
  if (const auto* part = find(parameters, "q")) {
    if (characters(*part) > kLongestPart) return make_error(Code::invalid, "q must not be longer than 256 characters.");
    query.part = to_lower(*part);
  }
  if (const auto* text = find(parameters, "phase")) {
    auto phases = read_phases(*text);
    if (!phases) return phases.error();
    query.phases = std::move(*phases);
  }
  if (const auto* text = find(parameters, "limit")) {
    const auto limit = read_limit(*text);
    if (!limit) return limit.error();
    query.limit = *limit;
  }
  if (const auto* text = find(parameters, "fields")) {
    auto fields = FieldSelection::parse(*text);
    if (!fields) return fields.error();
    query.fields = std::move(*fields);
  }
  if (const auto* next = find(parameters, "continue")) {
    const std::size_t slash = std::min(next->find('/'), next->size());
    query.after = RequestKey{next->substr(0, slash), next->substr(std::min(slash + 1, next->size()))};
  }
  return query;
}

UpdateList list_updates(const RequestSource& all, const ListQuery& query) {
  UpdateList list;
  std::size_t count = 0;
  RequestKey last;
  list.json = "[";
  const auto take = [&](const UpdateRequest& request) {
    if (query.after && request.key <= *query.after) return true;
    if (!query.name_space.empty() && request.key.name_space > query.name_space) return false;
    if (!fits(request, query)) return true;
    if (query.limit && count == *query.limit) {
      list.next = last.text();
      return false;
    }
    if (count++ > 0) list.json += ",";
    append_item(request, query, list.json);
    last = request.key;
    return true;
  };
  all(std::max(query.after.value_or(RequestKey()), RequestKey{query.name_space, ""}), take);
  list.json += "]";
  return list;
}

}  // namespace headwind::api
