// SPDX-License-Identifier: Apache-2.0
#include "conformance/sinks.hpp"

#include <string>
#include <string_view>

#include "conformance/visit.hpp"
#include "plugin/abi.hpp"
#include "plugin/image_rules.hpp"
#include "plugin/result_rules.hpp"

namespace headwind::conformance {
namespace {

using plugin::is_name;
using plugin::is_sized;
using plugin::is_text;
using plugin::known;
using plugin::view;

constexpr std::size_t kMaxBytes = 8U << 20U;  // no answer that it gets here has so many
constexpr const char* kSize = "a struct of a wrong struct_size, or none; set it to sizeof";

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
    if (!is_sized(page)) return kSize;
    if (std::string problem = plugin::tags_problem(known(*page), visit->tags_); !problem.empty()) return problem;
    visit->tags_ += page->count;
    visit->bytes_ += plugin::bytes_of(known(*page));
    return visit->bytes_ > kMaxBytes ? "more than 8 MiB of tags, which no answer that it got has" : "";
  });
}

hw_status Sinks::put_artifact(void* ctx, const hw_artifact* artifact) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.artifact, "an artifact", [&]() -> std::string {
    if (!is_sized(artifact)) return kSize;
    if (visit->put > 0) return "several artifacts for one tag";
    return plugin::is_digest(artifact->digest) ? "" : "an artifact whose digest is not sha256:... or the like";
  });
}

hw_status Sinks::put_push(void* ctx, const hw_push* push) {
  Visit* visit = Visit::at(ctx);
  if (visit == nullptr) return HW_INVALID;
  return visit->take(visit->wants_.push, "a push",
                     [&] { return std::string(is_sized(push) ? plugin::push_problem(known(*push)) : kSize); });
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
    return std::string(visit->put > 0 ? "several targets" : plugin::target_problem(known(*target)));
  });
}

}  // namespace headwind::conformance
