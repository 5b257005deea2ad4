// SPDX-License-Identifier: Apache-2.0
#include "api/field_selection.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "api/request_summary.hpp"
#include "api/response.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

constexpr std::size_t kMostFields = 50, kLongestField = 200, kMostParts = 8;
constexpr std::array<std::string_view, 5> kRoots{"apiVersion", "kind", "metadata", "spec", "status"};

Error wrong(std::string_view field, std::string_view sentence) {
  return make_error(Code::invalid, "fields: " + printable(field, kLongestField) + " " + std::string(sentence));
}

}  // namespace

struct FieldSelection::Reader {
  simdjson::dom::parser parser;

  static void write(const Tree& tree, const simdjson::dom::element& from, std::string& out) {
    for (const auto& [name, below] : tree.children) {
      simdjson::dom::element value;
      if (from[name].get(value) != simdjson::SUCCESS) continue;
      if (!below.children.empty() && !value.is_object()) continue;
      out.append(out.empty() || out.back() == '{' ? "" : ",").append(json_string(name)).append(":");
      if (below.children.empty()) {
        out += simdjson::minify(value);
        continue;
      }
      out += "{";
      write(below, value, out);
      out += "}";
    }
  }
};

FieldSelection::FieldSelection() : reader_(std::make_unique<Reader>()) {}
FieldSelection::FieldSelection(FieldSelection&&) noexcept = default;
FieldSelection& FieldSelection::operator=(FieldSelection&&) noexcept = default;
FieldSelection::~FieldSelection() = default;

Result<FieldSelection> FieldSelection::parse(std::string_view fields) {
  static const update::UpdateRequest nothing;
  const auto keys = summary_of(nothing);
  FieldSelection selection;
  std::size_t count = 0;
  for (const std::string_view part : split(fields, ',')) {
    const std::string_view field = trim(part);
    if (field.size() > kLongestField) return wrong(field, "is too long.");
    if (++count > kMostFields) return wrong(field, "is one too many: there may be 50.");
    const bool in_summary =
        std::any_of(keys.begin(), keys.end(), [field](const auto& one) { return one.first == field; });
    if (in_summary) {
      selection.summary_.emplace_back(field);
      continue;
    }
    const auto names = split(field, '.');
    if (std::find(kRoots.begin(), kRoots.end(), names.front()) == kRoots.end())
      return wrong(field, "is no field of an item; begin with metadata, spec or status.");
    if (names.size() > kMostParts || std::find(names.begin(), names.end(), "") != names.end())
      return wrong(field, "is no path of at most 8 names with dots between them.");
    Tree* tree = &selection.tree_;
    bool whole = false;  // something above it is asked for as a whole
    for (std::size_t at = 0; at < names.size() && !whole; ++at) {
      const auto [child, fresh] = tree->children.try_emplace(std::string(names[at]));
      whole = !fresh && child->second.children.empty();
      tree = &child->second;
    }
    if (!whole) tree->children.clear();
  }
  return selection;
}

std::string FieldSelection::apply(const update::UpdateRequest& request) const {
  std::string out = "{";
  const auto values = summary_of(request);
  for (const std::string& key : summary_) {
    const auto* value = std::find_if(values.begin(), values.end(), [&](const auto& one) { return one.first == key; });
    out.append(out.size() > 1 ? "," : "").append(json_string(key)).append(":").append(json_string(value->second));
  }
  simdjson::dom::element object;
  if (!tree_.children.empty() && reader_->parser.parse(request.json).get(object) == simdjson::SUCCESS)
    Reader::write(tree_, object, out);
  return out + "}";
}

}  // namespace headwind::api
