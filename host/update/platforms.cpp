// SPDX-License-Identifier: Apache-2.0
#include "update/platforms.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "update/baseline.hpp"

namespace headwind::update {
namespace {

constexpr std::size_t remembered_images = 4096;

struct Platform {
  std::string_view os, architecture;
  int variant = 0;  // "v7" is 7
};

// As container runtimes fill in what is left out.
int usual_variant(std::string_view architecture) {
  return architecture == "arm64" ? 8 : architecture == "arm" ? 7 : architecture == "amd64" ? 1 : 0;
}

Platform read(std::string_view text) {
  const auto parts = split(text, '/');
  Platform platform;
  platform.os = parts[0];
  if (parts.size() > 1) platform.architecture = parts[1];
  platform.variant = usual_variant(platform.architecture);
  if (parts.size() > 2 && parts[2].starts_with('v'))
    std::from_chars(parts[2].data() + 1, parts[2].data() + parts[2].size(), platform.variant);
  return platform;
}

bool is_gone(const Error& error) {
  return error.code == Code::not_found || error.code == Code::unsupported || error.code == Code::denied ||
         error.code == Code::invalid;
}

// Where the image that runs can run; empty: nobody can tell.
Task<Result<std::vector<std::string>>> platforms_now(Context& context, inventory::Workload workload,
                                                     inventory::Slot slot) {
  const auto image = inventory::read_reference(slot, slot.image);
  if (!image) co_return std::vector<std::string>();
  std::string digest = baseline_of(context, workload, slot);
  const Context::RunningImage key{slot.repository, image->tag.empty() ? "latest" : image->tag, workload.access};
  if (digest.empty()) {
    if (const auto known = context.running_platforms.find(key); known != context.running_platforms.end())
      co_return known->second;
    Result<std::string> named =
        co_await context.ports.registries.digest(slot.repository, std::get<1>(key), workload.access);
    if (!named && !is_gone(named.error())) co_return named.error();
    if (named) digest = *named;
    if (!named && named.error().code == Code::denied) co_return std::vector<std::string>();  // for now
  }
  std::vector<std::string> platforms;
  if (!digest.empty()) {
    Result<std::vector<std::string>> found =
        co_await context.ports.registries.platforms(slot.repository, digest, workload.access);
    if (!found && !is_gone(found.error())) co_return found.error();
    if (!found && found.error().code == Code::denied) co_return std::vector<std::string>();
    if (found) platforms = std::move(*found);
  }
  if (context.running_platforms.size() >= remembered_images) context.running_platforms.clear();
  context.running_platforms[key] = platforms;
  co_return platforms;
}

}  // namespace

bool runs_on(const std::vector<std::string>& offered, std::string_view needed) {
  const Platform on = read(needed);
  return std::any_of(offered.begin(), offered.end(), [&](const std::string& text) {
    const Platform one = read(text);
    return one.os == on.os && one.architecture == on.architecture && one.variant <= on.variant;
  });
}

Task<Result<std::string>> lacks_platform(Context& context, inventory::Workload workload, inventory::Slot slot,
                                         std::string tag, std::string digest) {
  const Result<std::vector<std::string>> offered =
      co_await context.ports.registries.platforms(slot.repository, digest, workload.access);
  if (!offered && offered.error().code == Code::unsupported) co_return std::string();
  if (!offered) co_return offered.error();
  if (offered->empty()) co_return std::string();
  std::vector<std::string> needed = context.options.platforms;
  if (needed.empty()) {
    Result<std::vector<std::string>> now = co_await platforms_now(context, workload, slot);
    if (!now) co_return now.error();
    needed = std::move(*now);
  }
  std::string lacking;
  for (const std::string& platform : needed)
    if (!runs_on(*offered, platform)) lacking += (lacking.empty() ? "" : ", ") + platform;
  if (lacking.empty()) co_return std::string();
  co_return tag + " does not run on " + lacking +
      (context.options.platforms.empty() ? ", which the image that runs does; push it for that platform, or name those "
                                           "of your nodes in the setting platforms"
                                         : ", which the setting platforms names; push it for that platform");
}

}  // namespace headwind::update
