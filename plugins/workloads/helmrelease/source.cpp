// SPDX-License-Identifier: Apache-2.0
#include "workloads/helmrelease/source.hpp"

#include "workloads/core/json_object.hpp"

namespace headwind::workloads {
namespace {

constexpr std::size_t max_url = 2048, max_version = 256;

std::string kept_text(Value value, std::size_t most) {
  const std::string_view text = text_of(value);
  return text.size() > most ? std::string() : std::string(text);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string_view::npos &&
         (text.size() == 1 || text.front() != '0');
}

// Of a prerelease or a build: dot-separated, none empty.
bool are_identifiers(std::string_view text) {
  bool empty = true;
  for (const char c : text) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    if (!letter && (c != '.' || empty)) return false;
    empty = c == '.';
  }
  return !empty;
}

// A digest goes before a range, and a range before a tag. A version is a range of one, unless a filter has a say, too.
void read_followed(Value ref, Source& out) {
  if (!text_of(ref["digest"]).empty()) return;
  const bool by_range = !text_of(ref["semver"]).empty();
  if (by_range && !text_of(ref["semverFilter"]).empty()) return;
  out.field = by_range ? "semver" : "tag";
  out.followed = kept_text(ref[out.field], max_version);
}

}  // namespace

bool find_source(const Objects& related, const SourceName& wanted, Source& out) {
  for (const std::string_view text : related) {
    Value root;
    std::string error;
    if (!parse_object(text, root, error)) continue;
    const Value metadata = root["metadata"], spec = root["spec"];
    if (text_of(root["kind"]) != wanted.kind || text_of(metadata["name"]) != wanted.name ||
        text_of(metadata["namespace"]) != wanted.name_space)
      continue;
    const std::string_view api = text_of(root["apiVersion"]);
    out.version = api.substr(api.find('/') + 1);
    out.url = kept_text(spec["url"], max_url);
    while (out.url.ends_with('/')) out.url.pop_back();
    out.oci = out.url.starts_with("oci://");
    read_followed(spec["ref"], out);
    return out.oci || out.url.starts_with("https://") || out.url.starts_with("http://");
  }
  return false;
}

bool is_exact_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!are_identifiers(text.substr(plus + 1))) return false;
    text = text.substr(0, plus);
  }
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    if (!are_identifiers(text.substr(dash + 1))) return false;
    text = text.substr(0, dash);
  }
  const auto first = text.find('.'), last = text.rfind('.');
  return first != std::string_view::npos && first != last && is_number(text.substr(0, first)) &&
         is_number(text.substr(first + 1, last - first - 1)) && is_number(text.substr(last + 1));
}

}  // namespace headwind::workloads
