// SPDX-License-Identifier: Apache-2.0
#include "kube/canonical.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace headwind::kube {
namespace {

using simdjson::dom::element_type;

// The length stands before it, so that nothing in it needs an escape.
void add_text(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(":").append(text);
}

template <class Number>
void add_number(std::string& out, char sign, Number value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(1, sign).append(digits, end).append(";");
}

// What is left of the pointer below that member; `here` where the member itself is meant.
std::string_view below(std::string_view pointer, std::string_view key, bool& here) {
  here = false;
  if (!pointer.starts_with('/') || !pointer.substr(1).starts_with(key)) return {};
  const std::string_view rest = pointer.substr(1 + key.size());
  here = rest.empty();
  return rest.starts_with('/') ? rest : std::string_view();
}

// As deep as the parser lets values be.
void add(std::string& out, simdjson::dom::element value, Canonical::Keep keep, std::string_view left_out);

void add_object(std::string& out, simdjson::dom::object object, Canonical::Keep keep, std::string_view left_out) {
  std::vector<std::pair<std::string_view, simdjson::dom::element>> members;
  for (const auto& [key, value] : object)
    if (keep == nullptr || keep(key)) members.emplace_back(key, value);
  const auto by_key = [](const auto& left, const auto& right) { return left.first < right.first; };
  if (!std::is_sorted(members.begin(), members.end(), by_key)) std::sort(members.begin(), members.end(), by_key);
  out += '{';
  for (const auto& [key, value] : members) {
    bool here = false;
    const std::string_view rest = below(left_out, key, here);
    if (here) continue;
    add_text(out, key);
    add(out, value, nullptr, rest);
  }
  out += '}';
}

void add(std::string& out, simdjson::dom::element value, Canonical::Keep keep, std::string_view left_out) {
  switch (value.type()) {
    case element_type::OBJECT: return add_object(out, value.get_object().value_unsafe(), keep, left_out);
    case element_type::ARRAY: {
      // By a name: of a result that is a temporary, the loop would keep a reference beyond its end.
      const simdjson::dom::array items = value.get_array().value_unsafe();
      out += '[';
      for (const simdjson::dom::element item : items) add(out, item, nullptr, {});
      out += ']';
      return;
    }
    case element_type::STRING: return add_text(out, value.get_string().value_unsafe());
    case element_type::INT64: return add_number(out, 'i', value.get_int64().value_unsafe());
    case element_type::UINT64: return add_number(out, 'i', value.get_uint64().value_unsafe());
    case element_type::DOUBLE: return add_number(out, 'd', value.get_double().value_unsafe());
    case element_type::BOOL: out += value.get_bool().value_unsafe() ? 't' : 'f'; return;
    case element_type::NULL_VALUE: out += 'n'; return;
  }
}

}  // namespace

std::string Canonical::text(simdjson::dom::element value) const {
  std::string out;
  add(out, value, keep_, left_out_);
  return out;
}

}  // namespace headwind::kube
