// SPDX-License-Identifier: Apache-2.0
#include "plugin/result_rules.hpp"

#include "core/image_reference.hpp"
#include "plugin/abi.hpp"

namespace headwind::plugin {
namespace {

constexpr std::size_t kMaxList = 64;

bool is_digest_or_empty(hw_str text) { return text.len == 0 || is_digest(text); }

// NULL-terminated.
bool is_list(const char* const* list, bool may_be_empty) {
  std::size_t count = 0;
  for (; list != nullptr && list[count] != nullptr; ++count)
    if (count == kMaxList || *list[count] == '\0' || !is_name(lend(list[count]))) return false;
  return may_be_empty || count > 0;
}

}  // namespace

bool is_digest(hw_str text) { return is_name(text) && is_valid_digest(view(text)); }

std::string tags_problem(const hw_tags& page, std::size_t before) {
  if (page.count > HW_MAX_TAGS - before || (page.count > 0 && page.names == nullptr))
    return "more than " + std::to_string(HW_MAX_TAGS) + " tags, or a page whose names are null";
  for (std::size_t i = 0; i < page.count; ++i) {
    if (page.names[i].len == 0 || !is_name(page.names[i]))
      return "a tag that is empty, longer than 256 bytes, not UTF-8, or holds a control character";
    if (page.digests != nullptr && !is_digest_or_empty(page.digests[i]))
      return "a digest of a tag that is not sha256:... or the like";
  }
  return {};
}

std::size_t bytes_of(const hw_tags& page) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < page.count; ++i) bytes += page.names[i].len;
  return bytes;
}

std::string_view push_problem(const hw_push& push) {
  if ((push.flags & ~std::uint32_t{HW_PUSH_DELETED}) != 0) return "a push with flags that nobody defined";
  if (push.repository.len == 0 || !is_name(push.repository)) return "a push whose repository is not a name";
  if (push.tag.len == 0 && push.digest.len == 0) return "a push with neither tag nor digest";
  if (push.tag.len != 0 && (!is_name(push.tag) || !is_valid_tag(view(push.tag)))) return "a push whose tag is not one";
  if (!is_digest_or_empty(push.digest)) return "a push whose digest is not one";
  if (!is_name(push.media_type) || !is_name(push.event_id)) return "a push whose media type or id is not a name";
  return {};
}

std::string_view target_problem(const hw_target& target) {
  if (!is_name(target.group) || target.plural.len == 0 || !is_name(target.plural) || target.kind.len == 0 ||
      !is_name(target.kind))
    return "a target whose group, plural or kind is not a name";
  if (!is_list(target.versions, false) || !is_list(target.related, true) || !is_list(target.companions, true))
    return "a target whose versions, related kinds or companions are not lists of names";
  return {};
}

}  // namespace headwind::plugin
