// SPDX-License-Identifier: Apache-2.0
#include "kube/decode.hpp"

#include <simdjson.h>

#include <algorithm>

#include "core/clock.hpp"

namespace headwind::kube {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::SIMDJSON_PADDING;

constexpr std::string_view kOurs = "headwind.sh/";
// A parser's index is four bytes for each byte of the largest text it saw: a larger one than this is not kept.
constexpr std::size_t kKeptCapacity = 256U << 10U;

// An object that lies inside a larger text: what follows it there serves as its padding.
struct Slice {
  std::string_view json;
  std::size_t capacity = 0;
};

// Skipping over a malformed value may lose count of the braces: then the text is not used up to its end.
bool at_end(ondemand::document& document) { return document.current_location().error() == simdjson::OUT_OF_BOUNDS; }

// Not value.is_null() alone: its result throws where it is an error ("nu/l").
bool is_null(ondemand::value& value) {
  bool null = false;
  return value.is_null().get(null) == simdjson::SUCCESS && null;
}

bool get(ondemand::value value, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  out.assign(text);
  return true;
}

// Calls `visit(key, value)` for each member; false where the object is broken or a visit fails.
template <class Visit>
bool each_member(ondemand::object& object, Visit visit) {
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return false;
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    if (!visit(key, field.value())) return false;
  }
  return true;
}

// An object; null counts as an empty one.
template <class Visit>
bool each_member(ondemand::value value, Visit visit) {
  if (is_null(value)) return true;
  ondemand::object object;
  return value.get_object().get(object) == simdjson::SUCCESS && each_member(object, visit);
}

// The text of an array, without the white space behind it.
bool raw_array(ondemand::value value, std::string_view& out) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS || array.raw_json().get(out) != simdjson::SUCCESS) return false;
  out = out.substr(0, out.find_last_of(']') + 1);
  return true;
}

// `managed_fields` is where their text lies, where that is asked for.
bool read_metadata(ondemand::value value, Object& out, std::string_view* managed_fields) {
  return each_member(value, [&out, managed_fields](std::string_view key, ondemand::value member) {
    if (key == "managedFields" && managed_fields != nullptr)
      return is_null(member) || raw_array(member, *managed_fields);
    if (key == "name") return get(member, out.name);
    if (key == "namespace") return get(member, out.name_space);
    if (key == "uid") return get(member, out.uid);
    if (key == "resourceVersion") return get(member, out.resource_version);
    if (key == "generation") return member.get_int64().get(out.generation) == simdjson::SUCCESS;
    if (key == "creationTimestamp") {
      std::string time;
      if (is_null(member)) return true;
      if (!get(member, time)) return false;
      if (const auto parsed = parse_rfc3339(time)) out.created_ms = *parsed;
      return true;
    }
    if (key != "annotations") return true;
    return each_member(member, [&out](std::string_view name, ondemand::value text) {
      if (!name.starts_with(kOurs)) return true;
      const std::string owned(name);
      return get(text, out.annotations[owned]);
    });
  });
}

// `json` without the member whose value that is; whole where the server writes it otherwise.
std::string without(std::string_view json, std::string_view managed_fields) {
  constexpr std::string_view name = R"("managedFields":)";
  const auto value = static_cast<std::size_t>(managed_fields.data() - json.data());
  std::size_t end = value + managed_fields.size();
  if (managed_fields.empty() || value < name.size() || json.substr(value - name.size(), name.size()) != name ||
      json.substr(end, 1) != ",")
    return std::string(json);
  std::string rest;
  rest.reserve(json.size() - managed_fields.size());
  rest.append(json.substr(0, value - name.size())).append(json.substr(++end));
  return rest;
}

struct Keep {
  bool only_annotated = false, drop_managed_fields = false;
};

bool read_slice(ondemand::parser& parser, Slice slice, Keep keep, Object& out) {
  out = Object();
  std::string_view managed_fields;
  ondemand::document document;
  ondemand::object root;
  if (parser.iterate(slice.json.data(), slice.json.size(), slice.capacity).get(document) != simdjson::SUCCESS ||
      document.get_object().get(root) != simdjson::SUCCESS)
    return false;
  bool metadata = false;
  const bool whole = each_member(root, [&](std::string_view key, ondemand::value value) {
    if (key != "metadata" || metadata) return true;
    ondemand::json_type type{};
    metadata = value.type().get(type) == simdjson::SUCCESS && type == ondemand::json_type::object;
    return metadata && read_metadata(value, out, keep.drop_managed_fields ? &managed_fields : nullptr);
  });
  if (!whole || !metadata || !at_end(document)) return false;
  if (!keep.only_annotated || !out.annotations.empty()) out.json = without(slice.json, managed_fields);
  return true;
}

// The text of an object that stands in `buffer`, padding included, without the white space behind it.
bool slice_of(ondemand::value value, const std::string& buffer, Slice& out) {
  ondemand::object object;
  std::string_view raw;
  if (value.get_object().get(object) != simdjson::SUCCESS || object.raw_json().get(raw) != simdjson::SUCCESS)
    return false;
  const std::size_t end = raw.find_last_of('}');
  if (end == std::string_view::npos) return false;
  out.json = raw.substr(0, end + 1);
  out.capacity = buffer.size() + SIMDJSON_PADDING - static_cast<std::size_t>(raw.data() - buffer.data());
  return true;
}

bool read_list_metadata(ondemand::value value, Page& out) {
  return each_member(value, [&out](std::string_view key, ondemand::value member) {
    if (key == "resourceVersion") return get(member, out.resource_version);
    if (key == "continue") return get(member, out.continue_token);
    return true;
  });
}

bool read_items(ondemand::value value, const std::string& body, Keep keep, Page& out) {
  if (is_null(value)) return true;
  ondemand::array items;
  if (value.get_array().get(items) != simdjson::SUCCESS) return false;
  ondemand::parser inner;
  for (auto element : items) {
    ondemand::value item;
    Slice slice;
    Object object;
    if (std::move(element).get(item) != simdjson::SUCCESS || !slice_of(item, body, slice) ||
        !read_slice(inner, slice, keep, object))
      return false;
    if (!keep.only_annotated || !object.annotations.empty()) out.items.push_back(std::move(object));
  }
  return true;
}

void pad(std::string& text) { text.reserve(text.size() + SIMDJSON_PADDING); }

bool type_from(std::string_view text, WatchEvent::Type& out) {
  using Type = WatchEvent::Type;
  constexpr std::pair<std::string_view, Type> kTypes[] = {{"ADDED", Type::added},
                                                          {"MODIFIED", Type::modified},
                                                          {"DELETED", Type::deleted},
                                                          {"BOOKMARK", Type::bookmark},
                                                          {"ERROR", Type::error}};
  for (const auto& [name, type] : kTypes)
    if (name == text) {
      out = type;
      return true;
    }
  return false;
}

bool read_error(ondemand::parser& parser, Slice slice, WatchEvent& out) {
  ondemand::document document;
  ondemand::object root;
  return parser.iterate(slice.json.data(), slice.json.size(), slice.capacity).get(document) == simdjson::SUCCESS &&
         document.get_object().get(root) == simdjson::SUCCESS &&
         each_member(root, [&out](std::string_view key, ondemand::value member) {
           if (key == "code") return member.get_int64().get(out.code) == simdjson::SUCCESS;
           if (key == "message") return get(member, out.message);
           return true;
         });
}

}  // namespace

bool read_object(std::string_view json, Object& out) {
  std::string buffer;
  buffer.reserve(json.size() + SIMDJSON_PADDING);
  buffer.assign(json);
  ondemand::parser parser;
  return read_slice(parser, {buffer, buffer.size() + SIMDJSON_PADDING}, {}, out);
}

struct Decoder::Impl {
  Keep keep;
  std::unique_ptr<ondemand::parser> outer = std::make_unique<ondemand::parser>();
  std::unique_ptr<ondemand::parser> inner = std::make_unique<ondemand::parser>();
  std::string buffer;

  void shrink() {
    if (outer->capacity() > kKeptCapacity) outer = std::make_unique<ondemand::parser>();
    if (inner->capacity() > kKeptCapacity) inner = std::make_unique<ondemand::parser>();
    if (buffer.capacity() > kKeptCapacity) std::string().swap(buffer);
  }
};

Decoder::Decoder(bool only_annotated, bool drop_managed_fields) : impl_(std::make_unique<Impl>()) {
  impl_->keep = {only_annotated, drop_managed_fields};
}
Decoder::~Decoder() = default;

namespace {

// The metadata of a list, where it comes first (built-in kinds) or last (custom ones) as API servers write it: an
// object of plain values. Empty where it stands otherwise.
std::string_view list_metadata(std::string_view list) {
  constexpr std::size_t near = 256, longest = 16U << 10U;  // a token holds a key of etcd, twice encoded
  constexpr std::string_view name = R"("metadata":{)";
  const std::size_t first = list.substr(0, near).find(name);
  if (first != std::string_view::npos && list.substr(1, first).find_first_of("{[") == std::string_view::npos) {
    const std::string_view rest = list.substr(first + name.size() - 1, longest);
    return rest.substr(0, rest.find('}') + 1);
  }
  list = list.substr(0, list.find_last_not_of(" \n") + 1);
  if (!list.ends_with("}}")) return {};
  const std::string_view tail = list.substr(list.size() - std::min(longest, list.size()));
  const std::size_t last = tail.rfind(name);
  if (last == std::string_view::npos) return {};
  const std::string_view rest = tail.substr(last + name.size() - 1);
  return rest.find('}') == rest.size() - 2 ? rest.substr(0, rest.size() - 1) : std::string_view();
}

}  // namespace

std::string foreseen_token(std::string_view list) {
  std::string metadata(list_metadata(list)), token;
  pad(metadata);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::value value;
  if (parser.iterate(metadata.data(), metadata.size(), metadata.size() + SIMDJSON_PADDING).get(document) ==
          simdjson::SUCCESS &&
      document.find_field_unordered("continue").get(value) == simdjson::SUCCESS && !get(value, token))
    token.clear();
  return token;
}

bool Decoder::page(std::string body, Page& out) const {
  out = Page();
  pad(body);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object root;
  if (parser.iterate(body.data(), body.size(), body.size() + SIMDJSON_PADDING).get(document) != simdjson::SUCCESS ||
      document.get_object().get(root) != simdjson::SUCCESS)
    return false;
  bool metadata = false;
  bool items = false;
  const bool whole = each_member(root, [&](std::string_view key, ondemand::value value) {
    if (key == "metadata" && !metadata) return metadata = read_list_metadata(value, out);
    if (key == "items" && !items) return items = read_items(value, body, impl_->keep, out);
    return true;
  });
  return whole && metadata && items && at_end(document);
}

bool Decoder::event(std::string_view line, WatchEvent& out) {
  out = WatchEvent();
  impl_->shrink();
  impl_->buffer.reserve(line.size() + SIMDJSON_PADDING);
  impl_->buffer.assign(line);
  ondemand::document document;
  ondemand::object root;
  if (impl_->outer->iterate(impl_->buffer.data(), impl_->buffer.size(), impl_->buffer.size() + SIMDJSON_PADDING)
              .get(document) != simdjson::SUCCESS ||
      document.get_object().get(root) != simdjson::SUCCESS)
    return false;
  bool typed = false;
  Slice slice;
  const bool whole = each_member(root, [&](std::string_view key, ondemand::value value) {
    std::string type;
    if (key == "type" && !typed) return typed = get(value, type) && type_from(type, out.type);
    if (key == "object" && slice.json.empty()) return slice_of(value, impl_->buffer, slice);
    return true;
  });
  if (!whole || !typed || slice.json.empty() || !at_end(document)) return false;
  if (out.type == WatchEvent::Type::error) return read_error(*impl_->inner, slice, out);
  return read_slice(*impl_->inner, slice, impl_->keep, out.object);
}

}  // namespace headwind::kube
