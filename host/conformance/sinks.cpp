// SPDX-License-Identifier: Apache-2.0
#include "conformance/sinks.hpp"

#include <string>
#include <string_view>

#include "conformance/visit.hpp"
#include "core/image_reference.hpp"
#include "plugin/abi.hpp"
#include "plugin/image_rules.hpp"

namespace headwind::conformance {
namespace {

using plugin::is_name;
using plugin::is_sized;
using plugin::is_text;
using plugin::known;
using plugin::view;

constexpr std::size_t kMaxBytes = 8U << 20U, kMaxList = 64;  // no answer that it gets here has so many
constexpr const char* kSize = "a struct of a wrong struct_size, or none; set it to sizeof";

bool is_digest(hw_str text) { return is_name(text) && is_valid_digest(view(text)); }
bool is_digest_or_empty(hw_str text) { return text.len == 0 || is_digest(text); }

bool is_list(const char* const* list, bool may_be_empty) {
  std::size_t count = 0;
  for (; list != nullptr && list[count] != nullptr; ++count)
    if (count == kMaxList || *list[count] == '\0' || !is_name(plugin::lend(list[count]))) return false;
  return may_be_empty || count > 0;
}

std::string tags_problem(const hw_tags& page, std::size_t& before, std::size_t& bytes) {
  if (page.count > HW_MAX_TAGS - before || (page.count > 0 && page.names == nullptr))
    return "more than " + std::to_string(HW_MAX_TAGS) + " tags, or a page whose names are null";
  for (std::size_t i = 0; i < page.count; ++i) {
    if (page.names[i].len == 0 || !is_name(page.names[i]))
      return "a tag that is empty, longer than 256 bytes, not UTF-8, or holds a control character";
    bytes += page.names[i].len;
    if (page.digests != nullptr && !is_digest_or_empty(page.digests[i]))
      return "a digest of a tag that is not sha256:... or the like";
  }
  before += page.count;
  return bytes > kMaxBytes ? "more than 8 MiB of tags, which no answer that it got has" : "";
}

std::string push_problem(const hw_push& push) {
  if ((push.flags & ~std::uint32_t{HW_PUSH_DELETED}) != 0) return "a push with flags that nobody defined";
  if (push.repository.len == 0 || !is_name(push.repository)) return "a push whose repository is not a name";
  if (push.tag.len == 0 && push.digest.len == 0) return "a push with neither tag nor digest";
  if (push.tag.len != 0 && (!is_name(push.tag) || !is_valid_tag(view(push.tag)))) return "a push whose tag is not one";
  if (!is_digest_or_empty(push.digest)) return "a push whose digest is not one";
  if (!is_name(push.media_type) || !is_name(push.event_id)) return "a push whose media type or id is not a name";
  return {};
}

std::string target_problem(const hw_target& target) {
  if (!is_name(target.group) || target.plural.len == 0 || !is_name(target.plural) || target.kind.len == 0 ||
      !is_name(target.kind))
    return "a target whose group, plural or kind is not a name";
  if (!is_list(target.versions, false) || !is_list(target.related, true) || !is_list(target.companions, true))
    return "a target whose versions, related kinds or companions are not lists of names";
  return {};
}

}  // namespace

hw_sink Sinks::text(void* ctx) { return {ctx, put_text}; }
hw_verdict_sink Sinks::verdicts(void* ctx) { return {sizeof(hw_verdict_sink), 0, ctx, put_verdict}; }
hw_registry_sink Sinks::registry(void* ctx) {
  return {sizeof(hw_registry_sink), 0, ctx, put_tags, put_artifact, put_push, put_platform};
}
hw_image_sink Sinks::images(void* ctx) { return {sizeof(hw_image_sink), 0, ctx, put_image}; }
hw_target_sink Sinks::targets(void* ctx) { return {sizeof(hw_target_sink), 0, ctx, put_target}; }

hw_status Sinks::put_text(void* ctx, hw_str chunk) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.text, "text", [&]() -> std::string {
    if (chunk.ptr == nullptr && chunk.len != 0) return "text with a length but no bytes";
    if (chunk.len > HW_MAX_TEXT - std::min<std::size_t>(visit->text.size(), HW_MAX_TEXT))
      return "a sentence of more than 4096 bytes";
    visit->text += view(chunk);
    return {};
  });
}

hw_status Sinks::put_verdict(void* ctx, std::size_t row, std::int32_t verdict, hw_str reason) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.verdicts, "verdicts", [&]() -> std::string {
    if (row >= visit->judged.size())
      return "a verdict on row " + std::to_string(row) + " of " + std::to_string(visit->judged.size()) + " candidates";
    if (verdict < HW_HOLD || verdict > HW_IGNORED) return "the unknown verdict " + std::to_string(verdict);
    if (!is_text(reason)) return "a reason that is not UTF-8 of at most 4096 bytes";
    visit->judged[row] = true;
    return {};
  });
}

hw_status Sinks::put_tags(void* ctx, const hw_tags* page) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.tags, "tags", [&]() -> std::string {
    return is_sized(page) ? tags_problem(known(*page), visit->tags_, visit->bytes_) : kSize;
  });
}

hw_status Sinks::put_artifact(void* ctx, const hw_artifact* artifact) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.artifact, "an artifact", [&]() -> std::string {
    if (!is_sized(artifact)) return kSize;
    if (visit->put > 0) return "several artifacts for one tag";
    return is_digest(artifact->digest) ? "" : "an artifact whose digest is not sha256:... or the like";
  });
}

hw_status Sinks::put_push(void* ctx, const hw_push* push) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.push, "a push",
                     [&] { return is_sized(push) ? push_problem(known(*push)) : std::string(kSize); });
}

hw_status Sinks::put_platform(void* ctx, hw_str platform) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.platform, "a platform", [&]() -> std::string {
    return platform.len != 0 && is_name(platform) ? "" : "a platform that is not a name";
  });
}

hw_status Sinks::put_image(void* ctx, const hw_image* image) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  const hw_status taken = visit->take(visit->wants_.images, "an image", [&]() -> std::string {
    if (!is_sized(image)) return kSize;
    if (visit->put == plugin::kMaxImages)
      return "more than " + std::to_string(plugin::kMaxImages) + " images of one object";
    return std::string(plugin::image_problem(known(*image)));
  });
  if (taken == HW_OK && visit->on_image) visit->on_image(known(*image));
  return taken;
}

hw_status Sinks::put_target(void* ctx, const hw_target* target) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.target, "a target", [&]() -> std::string {
    if (!is_sized(target)) return kSize;
    return visit->put > 0 ? "several targets" : target_problem(known(*target));
  });
}

}  // namespace headwind::conformance
