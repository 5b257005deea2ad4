// SPDX-License-Identifier: Apache-2.0
// Webhook bodies from anywhere: whatever the bytes are, what comes out is a valid repository and a valid tag.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/sender.hpp"

namespace {

namespace registries = headwind::registries;

void check(const registries::Outcome<std::vector<registries::Push>>& pushes) {
  if (!pushes) {
    if (pushes.failure().code != HW_INVALID || pushes.failure().message.empty()) std::abort();
    return;
  }
  for (const auto& push : *pushes) {
    const auto repository = registries::parse_repository(push.repository);
    if (!repository || repository->text() != push.repository) std::abort();  // canonical: reading it changes nothing
    if (!registries::is_valid_tag(push.tag)) std::abort();
    if (!push.digest.empty() && !registries::is_valid_digest(push.digest)) std::abort();
    if (push.media_type.size() > 255 || push.event_id.size() > 255) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto settings = registries::Settings::parse(
      R"({"hosts":{"docker.io":{"endpoint":"http://127.0.0.1:5000"}},"aliases":{"registry.internal:5000":"registry.example.com"}})");
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  check(registries::parse_distribution(body, *settings));
  check(registries::parse_docker_hub(body));
  check(registries::parse_any(body, {}, *settings));
  check(registries::parse_any(body, {"package", "", ""}, *settings));
  check(registries::parse_any(body, {"", "com.amazon.ecr.image.push", "urn:aws:ecr:eu-west-1:1:r"}, *settings));
  return 0;
}
