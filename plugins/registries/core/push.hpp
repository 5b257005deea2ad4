// SPDX-License-Identifier: Apache-2.0
// What the webhooks of registries say, read without trust: a push is a hint, the registry is asked before anything
// moves.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/outcome.hpp"
#include "registries/core/settings.hpp"

namespace headwind::registries {

struct Push {
  std::string repository;  // canonical, with its host: "docker.io/library/nginx"
  std::string tag;
  std::string digest;      // empty where the sender told none that is well formed
  std::string media_type;  // tells charts from images
  std::string event_id;
  std::int64_t pushed_ms = 0;  // 0: unknown
  bool operator==(const Push&) const = default;
};

// The notification envelope of OCI distribution (v1 and v2), a single event without its envelope (Azure), and the
// short form {"repository": "myimage", "tag": "v1.2.3"}. Pulls, deletions and untagged pushes are no pushes here.
// An event that cannot be read is passed over; a body without a single readable one is HW_INVALID.
Outcome<std::vector<Push>> parse_distribution(std::string_view body, const Settings& settings);

// Docker Hub's webhook. `repository.repo_name` may name another registry's host.
Outcome<std::vector<Push>> parse_docker_hub(std::string_view body);

// "2026-11-22T11:02:03.4Z", with an offset or without a zone (then UTC), in Unix milliseconds.
std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace headwind::registries
