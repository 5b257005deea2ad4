// SPDX-License-Identifier: Apache-2.0
#include "fake/json_patch.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/text.hpp"

namespace headwind::fake {
namespace {

// The steps of an RFC 6901 pointer; nothing where it does not start with '/'. "" has no steps.
std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer) {
  std::vector<std::string> steps;
  if (pointer.empty()) return steps;
  if (!pointer.starts_with('/')) return std::nullopt;
  for (const std::string_view raw : split(pointer.substr(1), '/')) {
    std::string step;
    for (std::size_t at = 0; at < raw.size(); ++at) {
      if (raw[at] == '~' && at + 1 < raw.size() && (raw[at + 1] == '0' || raw[at + 1] == '1')) {
        step += raw[++at] == '0' ? '~' : '/';
      } else {
        step += raw[at];
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::optional<std::size_t> array_index(const std::string& step, std::size_t size) {
  std::int64_t index = 0;  // negative: from the end, as upstream's library has it
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (index < 0) index += static_cast<std::int64_t>(size);
  const bool number = error == std::errc() && end == step.data() + step.size();
  if (!number || index < 0 || index >= static_cast<std::int64_t>(size)) return std::nullopt;
  return static_cast<std::size_t>(index);
}

// The child of `parent` called `step`, or null.
Json* child(Json& parent, const std::string& step) {
  if (parent.is_object()) {
    const auto found = parent.find(step);
    return found == parent.end() ? nullptr : &*found;
  }
  if (!parent.is_array()) return nullptr;
  const auto index = array_index(step, parent.size());
  return index ? &parent[*index] : nullptr;
}

// What holds the last step: null where a step before it is missing.
Json* container(Json& document, const std::vector<std::string>& steps) {
  Json* at = &document;
  for (std::size_t step = 0; step + 1 < steps.size() && at != nullptr; ++step) at = child(*at, steps[step]);
  return at != nullptr && at->is_structured() ? at : nullptr;
}

bool add(Json& document, const std::vector<std::string>& steps, Json value) {
  if (steps.empty()) {
    document = std::move(value);
    return true;
  }
  Json* parent = container(document, steps);
  if (parent == nullptr) return false;
  if (parent->is_object()) {
    (*parent)[steps.back()] = std::move(value);
    return true;
  }
  if (steps.back() == "-") {
    parent->push_back(std::move(value));
    return true;
  }
  const auto index = array_index(steps.back(), parent->size() + 1);
  if (!index) return false;
  parent->insert(parent->begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
  return true;
}

bool remove(Json& document, const std::vector<std::string>& steps) {
  Json* parent = steps.empty() ? nullptr : container(document, steps);
  if (parent == nullptr || child(*parent, steps.back()) == nullptr) return false;
  if (parent->is_object()) {
    parent->erase(steps.back());
  } else {
    parent->erase(*array_index(steps.back(), parent->size()));
  }
  return true;
}

bool test(Json& document, const std::vector<std::string>& steps, const Json& expected) {
  if (steps.empty()) return document == expected;
  Json* parent = container(document, steps);
  if (parent == nullptr) return false;
  const Json* found = child(*parent, steps.back());
  if (found == nullptr) return parent->is_object() && expected.is_null();
  return *found == expected;
}

bool apply(Json& document, const Json& operation) {
  const std::string name = text_at(operation, {"op"});
  const auto path = pointer_steps(text_at(operation, {"path"}));
  const auto from = pointer_steps(text_at(operation, {"from"}));
  if (!path || !from || !operation.contains("path")) return false;
  const auto value_at = operation.find("value");
  const bool has_value = value_at != operation.end();
  const Json value = has_value ? *value_at : Json();
  if (name == "add") return has_value && add(document, *path, value);
  if (name == "remove") return remove(document, *path);
  if (name == "test") return test(document, *path, value);
  if (name == "replace") {
    Json* parent = path->empty() ? nullptr : container(document, *path);
    Json* found = parent != nullptr ? child(*parent, path->back()) : nullptr;
    if (found == nullptr || !has_value) return false;
    *found = value;
    return true;
  }
  if ((name != "move" && name != "copy") || from->empty()) return false;
  Json* parent = container(document, *from);
  const Json* found = parent != nullptr ? child(*parent, from->back()) : nullptr;
  if (found == nullptr) return false;
  Json moved = *found;
  if (name == "move" && !remove(document, *from)) return false;
  return add(document, *path, std::move(moved));
}

}  // namespace

Outcome<Json> apply_json_patch(Json document, const Json& operations) {
  constexpr std::size_t kMaxOperations = 10'000;
  if (!operations.is_array()) return failure(400, "error decoding patch: json: cannot unmarshal into Go value");
  if (operations.size() > kMaxOperations) {
    return failure(413, "The allowed maximum operations in a JSON patch is 10000", "RequestEntityTooLarge");
  }
  for (const Json& operation : operations) {
    if (!operation.is_object()) return failure(400, "error decoding patch: an operation is not an object");
    if (!apply(document, operation)) return patch_refused();
  }
  return Outcome<Json>(std::move(document));
}

}  // namespace headwind::fake
